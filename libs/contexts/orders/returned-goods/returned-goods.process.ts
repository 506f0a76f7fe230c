import { process, send } from '#kernel';
import { ConfirmOrder, PlaceOrder } from '../order/commands.js';
import { SettleReturn } from '../order/stock-commands.js';
import { ReturnRefunded, ReturnReplaced } from '../return/events.js';

/** The order settles each return once. What it replaces goes out as an order without a price. */
export const returnedGoods = process({
  name: 'returned-goods',
  description: 'Settles a return with its order: credits the goods, or has them replaced.',
  capabilities: ['ORD-08'],
  startsFrom: 'zero',
  facts: { ReturnRefunded, ReturnReplaced },
  react: {
    ReturnRefunded: ({ data: { orderId, returnId, lines, reason } }) => [
      send(SettleReturn, { orderId, returnId, lines, reason, credit: true }),
    ],
    ReturnReplaced: ({ data: { orderId, returnId, customerId, currency, replacementId, lines, reason } }) => [
      send(SettleReturn, {
        ...{ orderId, returnId, reason, credit: false },
        lines: lines.map(({ lineId, quantity }) => ({ lineId, quantity })),
      }),
      send(PlaceOrder, {
        ...{ orderId: replacementId, customerId, currency },
        lines: lines.map(({ lineId: _original, ...line }) => ({ ...line, unitPrice: 0 })),
      }),
      send(ConfirmOrder, { orderId: replacementId, creditCheck: 'WAIVED' }),
    ],
  },
});
