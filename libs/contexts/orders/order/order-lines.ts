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
  eachOnce(lines.map(({ lineId }, index) => ({ lineId, field: `lines[${index}].lineId` })));
  return lines;
}

/** The lines of an order after some are replaced, added and removed, as the fact states them. */
export function amendedLines(
  lines: readonly Line[],
  wanted: readonly OrderedLine[],
  remove: readonly string[],
  newId: NewId,
): OrderedLineFact[] {
  const changes = wanted.map((line, index) => ({
    ...line,
    lineId: line.lineId ?? newId(`line ${index}`),
    at: `lines[${index}]`,
  }));
  const removed = remove.map((lineId, index) => ({ lineId, field: `remove[${index}]` }));
  eachOnce([...changes.map(({ lineId, at }) => ({ lineId, field: `${at}.lineId` })), ...removed]);
  for (const { lineId, field } of removed) mayGo(lineOf(lines, lineId, field), field);

  const kept = lines
    .filter(({ lineId }) => !remove.includes(lineId))
    .map((line) => {
      const change = changes.find(({ lineId }) => lineId === line.lineId);
      if (change) mayBecome(line, change, change.at);
      return stated(change ?? line);
    });
  const added = changes.filter(({ lineId }) => !lines.some((line) => line.lineId === lineId)).map(stated);
  const after = [...kept, ...added];
  if (after.length === 0) refuse('no-lines', 'An order has at least one line; cancel it instead.', 'remove');
  if (after.length > most.lines)
    refuse(
      'too-many-lines',
      `The order would have ${after.length} lines, and has at most ${most.lines}; place another one for the rest.`,
      'lines',
    );
  return after;
}

/** Sum of the lines in minor units. */
export function amountOf(lines: readonly { readonly amount: number }[], field = 'lines'): number {
  const amount = lines.reduce((sum, line) => sum + line.amount, 0);
  return Number.isSafeInteger(amount)
    ? amount
    : refuse(
        'amount-too-large',
        `The sum is more than the ${most.amount} minor units that can be counted exactly; lower a quantity or a unitPrice.`,
        field,
      );
}

/** More of a line than is left of it. `field`: where the command names it. */
export interface Excess {
  readonly lineId: string;
  readonly quantity: number;
  readonly left: number;
  readonly field: string;
}

/** Refuses: nothing is open, or less than a command names. */
export interface Refuses {
  readonly nothing: () => never;
  readonly beyond: (excess: Excess) => never;
}

/** The quantities that a command names in `lines`, at most what is open of each line; all that is open where it names none. */
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
    if (quantity > left) refuses.beyond({ lineId, quantity, left, field: quantityField(lineId, wanted) });
  }
  return moves;
}

/** Which field of a command names units of a line: the last one, where several do and their sum counts. */
export const quantityField = (lineId: string, wanted: readonly LineQuantity[] = []): string =>
  `lines[${wanted.map((line) => line.lineId).lastIndexOf(lineId)}].quantity`;

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
    nothing: () => refuse('nothing-to-deliver', 'Nothing of the order is under way; ship it first.'),
    beyond: ({ lineId, quantity, left, field }) =>
      refuse(
        'delivered-beyond-shipped',
        `${quantity} is more than the ${left} of line ${lineId} that are under way; lower quantity, or leave the line out.`,
        field,
      ),
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

export const lineOf = (lines: readonly Line[], lineId: string, field?: string): Line =>
  lines.find((line) => line.lineId === lineId) ??
  refuse('line-unknown', `The order has no line ${lineId}; name a line of the order.`, field);

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

const isInUse = ({ shipped, invoiced }: Line): boolean => shipped > 0 || invoiced > 0;

function mayGo(line: Line, field: string): void {
  if (isInUse(line))
    refuse(
      'line-in-use',
      `Line ${line.lineId} was shipped or invoiced; keep it, and lower its quantity to ${Math.max(line.shipped, line.invoiced)}.`,
      field,
    );
}

/** `at`: which of the lines of the command the change is. */
function mayBecome(line: Line, change: OrderedLine, at: string): void {
  const { lineId, shipped, invoiced, unitPrice } = line;
  if (change.quantity < shipped)
    refuse('below-shipped', `${shipped} of line ${lineId} were shipped; order no fewer.`, `${at}.quantity`);
  if (change.quantity < invoiced)
    refuse(
      'below-invoiced',
      `${invoiced} of line ${lineId} are invoiced; order no fewer, or credit the invoice in full first.`,
      `${at}.quantity`,
    );
  if (invoiced > 0 && change.unitPrice !== unitPrice)
    refuse(
      'price-invoiced',
      `Line ${lineId} is invoiced at ${unitPrice} (minor units) each; leave unitPrice so, or credit the invoice in full first.`,
      `${at}.unitPrice`,
    );
  mustStayTheSame(line, change, at);
}

function mustStayTheSame(line: Line, change: OrderedLine, at: string): void {
  const field = change.productId !== line.productId ? 'productId' : 'charge';
  if (isInUse(line) && (field === 'productId' || Boolean(change.charge) !== Boolean(line.charge)))
    refuse(
      'line-in-use',
      `Line ${line.lineId} was shipped or invoiced; leave its productId and charge as they are, and add another line.`,
      `${at}.${field}`,
    );
}

function eachOnce(named: readonly { readonly lineId: string; readonly field: string }[]): void {
  const lineIds = named.map(({ lineId }) => lineId);
  const twice = named.find(({ lineId }, index) => lineIds.indexOf(lineId) !== index);
  if (twice) refuse('line-twice', `Line ${twice.lineId} is named twice; name it once.`, twice.field);
}

/** Each line once, in the order of the order. */
export const summed = (lines: readonly Line[], wanted: readonly LineQuantity[]): Move[] => {
  wanted.forEach(({ lineId }, index) => {
    lineOf(lines, lineId, `lines[${index}].lineId`);
  });
  return lines.map(({ lineId }) => ({ lineId, quantity: quantityOf(wanted, lineId) })).filter(({ quantity }) => quantity > 0);
};
