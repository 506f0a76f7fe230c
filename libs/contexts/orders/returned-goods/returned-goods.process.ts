import { process, send } from '#kernel';
import { OrderReturnDeclined, OrderReturned } from '../order/events.js';
import { replacementSteps } from '../order/replacement.js';
import { SettleReturn } from '../order/stock-commands.js';
import { ReopenReturn } from '../return/commands.js';
import { ReturnRefunded, ReturnReplaced } from '../return/events.js';

/**
 * The order settles each return once, and goods once whichever return they came back by. What it replaces goes out as an order
 * without a price, once it is settled.
 */
export const returnedGoods = process({
  name: 'returned-goods',
  description:
    'Settles a return with its order: credits the goods, or has them replaced; opens it again where the order declines.',
  capabilities: ['ORD-08'],
  startsFrom: 'zero',
  facts: { ReturnRefunded, ReturnReplaced, OrderReturned, OrderReturnDeclined },
  react: {
    ReturnRefunded: ({ data: { orderId, returnId, lines, reason } }) => [
      send(SettleReturn, { orderId, returnId, lines, reason, credit: true }),
    ],
    ReturnReplaced: ({ data: { orderId, returnId, replacementId, lines, reason } }) => [
      send(SettleReturn, {
        orderId,
        returnId,
        reason,
        credit: false,
        replacementId,
        lines: lines.map(({ lineId, quantity }) => ({ lineId, quantity })),
      }),
    ],
    OrderReturned: ({ data: { replacement } }) =>
      replacement === undefined ? [] : replacementSteps(replacement, 'replacement of returned goods'),
    OrderReturnDeclined: ({ data: { returnId } }) => [send(ReopenReturn, { returnId })],
  },
});
