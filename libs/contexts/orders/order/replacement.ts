import { type DataOf, type Step, send } from '#kernel';
import { ConfirmOrder, PlaceOrder } from './commands.js';
import type { OrderReturned } from './events.js';
import { lineOf } from './order-lines.js';
import type { PlacedOrder } from './order-state.js';
import type { Move } from './quantities.js';

type Replacement = NonNullable<DataOf<typeof OrderReturned>['replacement']>;

/** What takes the place of goods of an order, in the order `orderId`. */
export const replacementOf = (
  { customerId, currency, lines }: PlacedOrder,
  orderId: string,
  moves: readonly Move[],
): Replacement => ({
  orderId,
  customerId,
  currency,
  lines: moves.map(({ lineId, quantity }) => {
    const { productId, description } = lineOf(lines, lineId);
    return { ...(productId !== undefined && { productId }), description, quantity };
  }),
});

/** The steps by which it goes out: an order without a price, that no credit limit holds. */
export const replacementSteps = (replacement: Replacement, creditReason: string): Step[] => [
  send(PlaceOrder, { ...replacement, lines: replacement.lines.map((line) => ({ ...line, unitPrice: 0 })) }),
  send(ConfirmOrder, { orderId: replacement.orderId, creditCheck: 'WAIVED', creditReason }),
];
