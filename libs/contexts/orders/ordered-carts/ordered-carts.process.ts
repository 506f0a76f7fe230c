import { process, send } from '#kernel';
import { NoteCartOrdered } from '../cart/commands.js';
import { OrderPlaced } from '../order/events.js';

export const orderedCarts = process({
  name: 'ordered-carts',
  description: 'Tells a cart that it was ordered.',
  capabilities: ['ORD-07'],
  startsFrom: 'zero',
  facts: { OrderPlaced },
  react: {
    OrderPlaced: ({ data: { cartId, orderId, customerId } }) =>
      cartId === undefined ? [] : [send(NoteCartOrdered, { cartId, orderId, customerId }, { alsoImported: true })],
  },
});
