import { refuse } from '#kernel';
import { type LineQuantity, most, type OrderedLine } from './line-fields.js';
import type { PlacedOrder, Shipment } from './order-state.js';
import { type Line, type Move, open, quantityOf } from './quantities.js';

export type OrderedLineFact = Pick<Line, 'lineId' | 'productId' | 'description' | 'quantity' | 'unitPrice' | 'charge'> & {
  readonly amount: number;
};
type NewId = (label: string) => string;

/** The lines of a new order as its fact states them. */
export function placedLines(wanted: readonly OrderedLine[], newId: NewId): OrderedLineFact[] {
  const lines = wanted.map((line, index) => stated({ ...line, lineId: line.lineId ?? newId(`line ${index}`) }));
  eachOnce(lines.map(({ lineId }) => lineId));
  return lines;
}

/** The lines of an order after some are replaced, added and removed, as the fact states them. */
export function amendedLines(
  lines: readonly Line[],
  wanted: readonly OrderedLine[],
  remove: readonly string[],
  newId: NewId,
): OrderedLineFact[] {
  const changes = wanted.map((line, index) => ({ ...line, lineId: line.lineId ?? newId(`line ${index}`) }));
  eachOnce([...changes.map(({ lineId }) => lineId), ...remove]);
  for (const lineId of remove) mayGo(lineOf(lines, lineId));

  const kept = lines
    .filter(({ lineId }) => !remove.includes(lineId))
    .map((line) => {
      const change = changes.find(({ lineId }) => lineId === line.lineId);
      if (change) mayBecome(line, change);
      return stated(change ?? line);
    });
  const added = changes.filter(({ lineId }) => !lines.some((line) => line.lineId === lineId)).map(stated);
  const after = [...kept, ...added];
  if (after.length === 0) refuse('no-lines', 'An order has at least one line; cancel it instead.');
  if (after.length > most.lines) refuse('too-many-lines', `An order has at most ${most.lines} lines.`);
  return after;
}

/** Sum of the lines in minor units. */
export function amountOf(lines: readonly { readonly amount: number }[]): number {
  const amount = lines.reduce((sum, line) => sum + line.amount, 0);
  return Number.isSafeInteger(amount)
    ? amount
    : refuse('amount-too-large', 'The sum of the lines is more than can be counted exactly.');
}

/** Refuses: nothing is open, or less than a command names. */
export interface Refuses {
  readonly nothing: () => never;
  readonly beyond: (quantity: number, left: number, lineId: string) => never;
}

/** The quantities that a command names, at most what is open of each line; all that is open where it names none. */
export function upToOpen(
  lines: readonly Line[],
  wanted: readonly LineQuantity[] | undefined,
  openOf: (line: Line) => number,
  refuses: Refuses,
): Move[] {
  const moves = wanted
    ? summed(lines, wanted)
    : lines.map((line) => ({ lineId: line.lineId, quantity: openOf(line) })).filter(({ quantity }) => quantity > 0);
  if (moves.length === 0) refuses.nothing();
  for (const { lineId, quantity } of moves) {
    const left = openOf(lineOf(lines, lineId));
    if (quantity > left) refuses.beyond(quantity, left, lineId);
  }
  return moves;
}

/** Units of the goods, each line once, that are not invoiced: what came back before is taken for what was invoiced. */
export const notInvoiced = ({ lines }: PlacedOrder, goods: readonly Move[]): Move[] =>
  goods
    .map(({ lineId, quantity }) => {
      const { returned, invoiced } = lineOf(lines, lineId);
      return { lineId, quantity: Math.min(quantity, returned + quantity - invoiced) };
    })
    .filter(({ quantity }) => quantity > 0);

/** Of those the ones that were invoiced once: their invoice was credited in full, and they were not invoiced again since. */
export const creditedBefore = (order: PlacedOrder, goods: readonly Move[]): Move[] =>
  notInvoiced(order, goods)
    .map(({ lineId, quantity }) => {
      const everInvoiced = order.invoices.reduce((sum, { lines }) => sum + quantityOf(lines, lineId), 0);
      return { lineId, quantity: Math.min(quantity, everInvoiced - lineOf(order.lines, lineId).invoiced) };
    })
    .filter(({ quantity }) => quantity > 0);

/** Units of a line of the order that can still be set aside, picked, shipped, invoiced, sent back, or wait for the stock. */
export const openTo =
  (step: 'allocated' | 'picked' | 'shipped' | 'invoiced' | 'returned' | 'backordered', { ended }: PlacedOrder) =>
  (line: Line): number =>
    open[step](line, ended);

/** What arrives, for each shipment that it is part of: the earliest ones first. */
export function allotted(lines: readonly Line[], shipments: readonly Shipment[], wanted: readonly LineQuantity[] | undefined) {
  const underWay = ({ lineId }: Pick<Line, 'lineId'>) =>
    shipments.reduce((sum, shipment) => sum + quantityOf(shipment.underWay, lineId), 0);
  const arriving = upToOpen(lines, wanted, underWay, {
    nothing: () => refuse('nothing-to-deliver', 'Nothing is under way.'),
    beyond: (quantity, left, lineId) =>
      refuse('delivered-beyond-shipped', `${quantity} is more than the ${left} of line ${lineId} that are under way.`),
  });
  const left = new Map(arriving.map(({ lineId, quantity }) => [lineId, quantity]));
  return shipments
    .map(({ shipmentId, underWay }) => ({
      shipmentId,
      lines: underWay.flatMap(({ lineId, quantity }) => {
        const part = Math.min(quantity, left.get(lineId) ?? 0);
        left.set(lineId, (left.get(lineId) ?? 0) - part);
        return part > 0 ? [{ lineId, quantity: part }] : [];
      }),
    }))
    .filter(({ lines }) => lines.length > 0);
}

export const lineOf = (lines: readonly Line[], lineId: string): Line =>
  lines.find((line) => line.lineId === lineId) ?? refuse('line-unknown', `The order has no line ${lineId}.`);

const stated = ({
  lineId,
  productId,
  description,
  quantity,
  unitPrice,
  charge,
}: Omit<OrderedLineFact, 'amount'>): OrderedLineFact => ({
  lineId,
  ...(productId !== undefined && { productId }),
  description,
  quantity,
  unitPrice,
  ...(charge && { charge }),
  amount: quantity * unitPrice,
});

function mayGo(line: Line): void {
  if (line.shipped > 0 || line.invoiced > 0) refuse('line-in-use', `Line ${line.lineId} was shipped or invoiced in part.`);
}

function mayBecome(line: Line, change: OrderedLine): void {
  if (change.quantity < line.shipped) refuse('below-shipped', `${line.shipped} of line ${line.lineId} were shipped.`);
  if (change.quantity < line.invoiced) refuse('below-invoiced', `${line.invoiced} of line ${line.lineId} were invoiced.`);
  if (line.invoiced > 0 && change.unitPrice !== line.unitPrice)
    refuse('price-invoiced', `Line ${line.lineId} was invoiced at its price.`);
  if (change.productId !== line.productId || Boolean(change.charge) !== Boolean(line.charge)) mayGo(line);
}

function eachOnce(lineIds: readonly string[]): void {
  const twice = lineIds.find((lineId, index) => lineIds.indexOf(lineId) !== index);
  if (twice !== undefined) refuse('line-twice', `Line ${twice} is named twice.`);
}

/** Each line once, in the order of the order. */
export const summed = (lines: readonly Line[], wanted: readonly LineQuantity[]): Move[] => {
  for (const { lineId } of wanted) lineOf(lines, lineId);
  return lines.map(({ lineId }) => ({ lineId, quantity: quantityOf(wanted, lineId) })).filter(({ quantity }) => quantity > 0);
};
