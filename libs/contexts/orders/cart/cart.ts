import { addDays, aggregate, canonicalJson, type DataOf, type Moment, refuse } from '#kernel';
import { type Customer, customer, registered } from '../../customers/contract.js';
import { amountOf } from '../order/order-lines.js';
import { total } from '../order/receivables.js';
import { ChangeCart, MarkCartAbandoned, NoteCartOrdered } from './commands.js';
import { CartAbandoned, CartChanged, CartOrdered } from './events.js';

const HOURS = 24;

type Content = Omit<DataOf<typeof CartChanged>, 'abandonsAt'>;

export type Cart =
  | { readonly status: 'NONE' }
  | (Content & { readonly status: 'OPEN' | 'ABANDONED'; readonly abandonsAt?: Moment })
  | { readonly status: 'ORDERED'; readonly cartId: string; readonly customerId: string; readonly orderId: string };

interface References {
  readonly customer: Customer;
}

/** What a customer has put together to order, until it is ordered; see `PlaceOrder.cartId`. */
export const cart = aggregate<Cart, References>()({
  name: 'cart',
  description: 'What a customer puts together before ordering it, and whether it was left behind.',
  id: 'cartId',
  commands: { ChangeCart, MarkCartAbandoned, NoteCartOrdered },
  facts: { CartChanged, CartAbandoned, CartOrdered },
  initial: { status: 'NONE' },
  refs: (cart) =>
    cart.status === 'NONE'
      ? {}
      : { cart: cart.cartId, customer: cart.customerId, ...(cart.status === 'ORDERED' && { order: cart.orderId }) },
  references: {
    customer: { aggregate: customer, id: (command: object) => (command instanceof ChangeCart ? command.customerId : undefined) },
  },

  decide: {
    ChangeCart: ({ cartId, customerId, currency, items, abandonAfterHours }, cart, { now, newId, customer }) => {
      if (cart.status === 'ORDERED')
        refuse('cart-ordered', `The cart became the order ${cart.orderId}; what comes next goes into another cart.`);
      if (customerId !== undefined) registered(customer);
      const before = cart.status === 'NONE' ? undefined : cart;
      const hours = abandonAfterHours ?? before?.abandonAfterHours ?? HOURS;
      const content: Content = {
        cartId: cartId ?? newId('cart'),
        customerId: customerId ?? before?.customerId,
        ...{ currency, items: items.map((item) => ({ ...item })), units: total(items, 'quantity'), abandonAfterHours: hours },
        amount: amountOf(items.map(({ quantity, unitPrice }) => ({ amount: quantity * unitPrice }))),
      };
      // Who comes back to an abandoned cart takes it up, even as it is.
      if (before?.status === 'OPEN' && isSame(content, before)) return [];
      return CartChanged({ ...content, ...(items.length > 0 && { abandonsAt: addDays(now, hours / 24) }) });
    },

    MarkCartAbandoned: ({ cartId, abandonsAt }, cart, { now }) => {
      if (cart.status !== 'OPEN' || cart.abandonsAt !== abandonsAt || now < abandonsAt) return [];
      const { customerId, units, amount, currency } = cart;
      return CartAbandoned({ cartId, customerId, abandonedAt: abandonsAt, units, amount, currency });
    },

    /** Of a cart that nobody told us of, too: who tells of it later learns that it was ordered. */
    NoteCartOrdered: ({ cartId, orderId, customerId }, cart) =>
      cart.status === 'ORDERED' ? [] : CartOrdered({ cartId, customerId, orderId }),
  },

  evolve: {
    CartChanged: (_, changed) => ({ ...changed, status: 'OPEN' }),
    CartAbandoned: (cart) => (cart.status === 'OPEN' ? { ...cart, status: 'ABANDONED' } : cart),
    CartOrdered: (_, ordered) => ({ ...ordered, status: 'ORDERED' }),
  },
});

const isSame = (content: Content, { customerId, currency, items, abandonAfterHours }: Content): boolean =>
  canonicalJson([content.customerId ?? null, content.currency, content.items, content.abandonAfterHours]) ===
  canonicalJson([customerId ?? null, currency, items, abandonAfterHours]);
