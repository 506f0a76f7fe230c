/** What was ordered of one line, and how much of it has left us, arrived, and been invoiced. Units; `unitPrice` in minor units. */
export interface Line {
  readonly lineId: string;
  readonly productId?: string;
  readonly description: string;
  readonly quantity: number;
  readonly unitPrice: number;
  /** Not goods but what comes on top of them, such as freight: invoiced with them, never shipped. */
  readonly charge?: boolean;
  readonly shipped: number;
  readonly delivered: number;
  readonly invoiced: number;
  /** Units that were set aside for it, whether they have left us or not. */
  readonly allocated: number;
  /** Units that were taken from the shelf. */
  readonly picked: number;
  /** Units that wait for the stock. */
  readonly backordered: number;
  /** Units that the customer sent back, and that are settled. */
  readonly returned: number;
}

/** Units of one line that are set aside, picked, shipped, delivered or invoiced. */
export interface Move {
  readonly lineId: string;
  readonly quantity: number;
}

/** `CLOSED`: what was not shipped will not be. */
export type Ended = 'CANCELLED' | 'CLOSED';
type Step = 'allocated' | 'picked' | 'shipped' | 'delivered' | 'invoiced' | 'returned';

/** Minor units that may be asked for of what has left us: the goods, and what was charged on top of them. */
export const owed = (lines: readonly Line[]): number =>
  lines.reduce((sum, line) => sum + line.unitPrice * (line.charge ? line.quantity : line.shipped), 0);

export const moved = (lines: readonly Line[], step: Step, moves: readonly Move[]): Line[] =>
  lines.map((line) => waiting({ ...line, [step]: line[step] + quantityOf(moves, line.lineId) }));

/** The lines when some of them are set aside, beside what was shipped without that. */
export const setAside = (lines: readonly Line[], moves: readonly Move[]): Line[] =>
  moved(
    lines.map((line) =>
      quantityOf(moves, line.lineId) > 0 ? { ...line, allocated: Math.max(line.allocated, line.shipped) } : line,
    ),
    'allocated',
    moves,
  );

/** The lines when some of them wait for the stock from now on, or (negative) no more. What waits is not set aside. */
export const backordered = (lines: readonly Line[], moves: readonly Move[], sign: 1 | -1): Line[] =>
  lines.map((line) => {
    const backordered = Math.max(0, line.backordered + sign * quantityOf(moves, line.lineId));
    return waiting({ ...line, backordered, allocated: Math.min(line.allocated, Math.max(0, line.quantity - backordered)) });
  });

/** What was picked is set aside; what is set aside or was shipped waits for the stock no more. */
function waiting(line: Line): Line {
  const picked = Math.min(line.picked, line.quantity);
  const allocated = Math.min(Math.max(line.allocated, picked), line.quantity);
  return {
    ...line,
    picked,
    allocated,
    backordered: Math.min(line.backordered, line.quantity - Math.max(line.shipped, allocated)),
  };
}

/** The lines after an amendment; what was shipped, delivered and invoiced of them stays. */
export const amended = (lines: readonly Line[], now: readonly Omit<Line, Step | 'backordered'>[]): Line[] =>
  now.map(({ lineId, productId, description, quantity, unitPrice, charge }) => {
    const before = lines.find((line) => line.lineId === lineId) ?? nothing;
    const { allocated, picked, shipped, delivered, invoiced, backordered, returned } = before;
    return waiting({
      lineId,
      ...(productId !== undefined && { productId }),
      description,
      quantity,
      unitPrice,
      ...(charge && { charge }),
      allocated,
      picked,
      shipped,
      delivered,
      invoiced,
      backordered,
      returned,
    });
  });

const nothing = { allocated: 0, picked: 0, shipped: 0, delivered: 0, invoiced: 0, backordered: 0, returned: 0 };

/** Units still to be shipped, delivered or invoiced: of an open order all that was ordered, of a closed one what was shipped. */
export const open = {
  allocated: (line: Line, ended?: Ended): number =>
    Math.max(0, open.shipped(line, ended) - Math.max(0, line.allocated - line.shipped)),
  // Goods that were shipped may be told of as picked later.
  picked: (line: Line, ended?: Ended): number => (ended || line.charge ? 0 : line.quantity - line.picked),
  shipped: (line: Line, ended?: Ended): number => (ended || line.charge ? 0 : line.quantity - line.shipped),
  delivered: (line: Line): number => line.shipped - line.delivered,
  returned: (line: Line): number => line.delivered - line.returned,
  backordered: (line: Line, ended?: Ended): number =>
    Math.max(0, open.shipped(line, ended) - Math.max(0, line.picked - line.shipped) - line.backordered),
  invoiced: (line: Line, ended?: Ended): number =>
    ended === 'CANCELLED' ? 0 : Math.max(0, (ended === 'CLOSED' && !line.charge ? line.shipped : line.quantity) - line.invoiced),
} as const;

export type Quantities = { readonly lines: readonly Line[]; readonly ended?: Ended };

export const isFullyPicked = ({ lines, ended }: Quantities): boolean =>
  lines.some((line) => line.picked > 0) && lines.every((line) => open.picked(line, ended) === 0);
export const isFullyShipped = ({ lines, ended }: Quantities): boolean =>
  lines.some((line) => line.shipped > 0) && lines.every((line) => open.shipped(line, ended) === 0);
export const isFullyDelivered = (order: Quantities): boolean =>
  isFullyShipped(order) && order.lines.every((line) => open.delivered(line) === 0);
export const isFullyInvoiced = (order: Quantities): boolean =>
  order.lines.some((line) => line.invoiced > 0) && hasNothingToInvoice(order);

/** An order of charges alone never has anything to deliver. */
export const hasNothingToDeliver = (order: Quantities): boolean =>
  order.lines.every(({ charge }) => charge) || isFullyDelivered(order);
/** What costs nothing needs no invoice, though it may be named by one. */
export const hasNothingToInvoice = ({ lines, ended }: Quantities): boolean =>
  lines.every((line) => line.unitPrice === 0 || open.invoiced(line, ended) === 0);

/** The lines when the order has come to an end, and waits for the stock no more. */
export const waitingNoMore = (lines: readonly Line[]): Line[] => lines.map((line) => ({ ...line, backordered: 0 }));

/** Minor units: units of each line times its price. */
export const worth = (lines: readonly Line[], of: 'quantity' | Step): number =>
  lines.reduce((sum, line) => sum + line.unitPrice * line[of], 0);

/** Minor units of what was ordered and is not invoiced. */
export const uninvoiced = (lines: readonly Line[]): number =>
  lines.reduce((sum, line) => sum + line.unitPrice * (line.quantity - line.invoiced), 0);

/** Minor units of what an order asks us to invoice still: nothing before it is confirmed, and of a closed one only what was shipped. */
export const confirmedUninvoiced = ({ confirmed, lines, ended }: Quantities & { readonly confirmed: boolean }): number =>
  confirmed ? lines.reduce((sum, line) => sum + line.unitPrice * open.invoiced(line, ended), 0) : 0;

/** The lines when units of them can be invoiced again. */
export const reopened = (lines: readonly Line[], moves: readonly Move[]): Line[] =>
  lines.map((line) => ({ ...line, invoiced: line.invoiced - quantityOf(moves, line.lineId) }));

/** The lines after goods came back to us that had not arrived. */
export const unshipped = (lines: readonly Line[], moves: readonly Move[]): Line[] =>
  lines.map((line) => ({ ...line, shipped: line.shipped - quantityOf(moves, line.lineId) }));

/** The units of the moves without those of the others. */
export const less = (moves: readonly Move[], others: readonly Move[]): Move[] =>
  moves
    .map(({ lineId, quantity }) => ({ lineId, quantity: quantity - quantityOf(others, lineId) }))
    .filter(({ quantity }) => quantity > 0);

export const quantityOf = (moves: readonly Move[], lineId: string): number =>
  moves.reduce((sum, move) => (move.lineId === lineId ? sum + move.quantity : sum), 0);

/** Units of all lines together. */
export const units = (moves: readonly Move[]): number => moves.reduce((sum, { quantity }) => sum + quantity, 0);
