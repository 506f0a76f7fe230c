/** What was ordered of one line, and how much of it has left us, arrived, and been invoiced. Units; `unitPrice` in minor units. */
export interface Line {
  readonly lineId: string;
  readonly productId?: string;
  readonly description: string;
  readonly quantity: number;
  readonly unitPrice: number;
  readonly shipped: number;
  readonly delivered: number;
  readonly invoiced: number;
}

/** Units of one line that are shipped, delivered or invoiced. */
export interface Move {
  readonly lineId: string;
  readonly quantity: number;
}

/** `CLOSED`: what was not shipped will not be. */
export type Ended = 'CANCELLED' | 'CLOSED';
type Step = 'shipped' | 'delivered' | 'invoiced';

export const moved = (lines: readonly Line[], step: Step, moves: readonly Move[]): Line[] =>
  lines.map((line) => ({ ...line, [step]: line[step] + quantityOf(moves, line.lineId) }));

/** The lines after an amendment; what was shipped, delivered and invoiced of them stays. */
export const amended = (lines: readonly Line[], now: readonly Omit<Line, Step>[]): Line[] =>
  now.map(({ lineId, productId, description, quantity, unitPrice }) => {
    const { shipped, delivered, invoiced } = lines.find((line) => line.lineId === lineId) ?? nothing;
    return {
      lineId,
      ...(productId !== undefined && { productId }),
      description,
      quantity,
      unitPrice,
      shipped,
      delivered,
      invoiced,
    };
  });

const nothing = { shipped: 0, delivered: 0, invoiced: 0 };

/** Units still to be shipped, delivered or invoiced: of an open order all that was ordered, of a closed one what was shipped. */
export const open = {
  shipped: (line: Line, ended?: Ended): number => (ended ? 0 : line.quantity - line.shipped),
  delivered: (line: Line): number => line.shipped - line.delivered,
  invoiced: (line: Line, ended?: Ended): number =>
    ended === 'CANCELLED' ? 0 : Math.max(0, (ended === 'CLOSED' ? line.shipped : line.quantity) - line.invoiced),
} as const;

export type Quantities = { readonly lines: readonly Line[]; readonly ended?: Ended };

export const isFullyShipped = ({ lines, ended }: Quantities): boolean =>
  lines.some((line) => line.shipped > 0) && lines.every((line) => open.shipped(line, ended) === 0);
export const isFullyDelivered = (order: Quantities): boolean =>
  isFullyShipped(order) && order.lines.every((line) => open.delivered(line) === 0);
export const isFullyInvoiced = ({ lines, ended }: Quantities): boolean =>
  lines.some((line) => line.invoiced > 0) && lines.every((line) => open.invoiced(line, ended) === 0);

/** Minor units: units of each line times its price. */
export const worth = (lines: readonly Line[], of: 'quantity' | Step): number =>
  lines.reduce((sum, line) => sum + line.unitPrice * line[of], 0);

export const quantityOf = (moves: readonly Move[], lineId: string): number =>
  moves.reduce((sum, move) => (move.lineId === lineId ? sum + move.quantity : sum), 0);

/** Units of all lines together. */
export const units = (moves: readonly Move[]): number => moves.reduce((sum, { quantity }) => sum + quantity, 0);
