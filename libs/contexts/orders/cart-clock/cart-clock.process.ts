import { at, process, send } from '#kernel';
import { MarkCartAbandoned } from '../cart/commands.js';
import { CartChanged } from '../cart/events.js';

/** A timer for each change. One that was followed by another change, or by the order, is no concern: the command then decides that nothing happened. */
export const cartClock = process({
  name: 'cart-clock',
  description: 'Watches how long carts rest and has those that rest too long marked as abandoned.',
  capabilities: ['ORD-07'],
  startsFrom: 'zero',
  facts: { CartChanged },
  react: {
    CartChanged: ({ data: { cartId, abandonsAt } }) =>
      abandonsAt === undefined ? [] : [at(abandonsAt, send(MarkCartAbandoned, { cartId, abandonsAt }))],
  },
});
