import { addDays, aggregate, canonicalJson, type DataOf, isWatched, type Moment, refuse } from '#kernel';
import { type Customer, customer, registered } from '../../customers/contract.js';
import { amountOf } from '../order/order-lines.js';
import { total } from '../order/receivables.js';
import { ChangeCart, MarkCartAbandoned, NoteCartOrdered } from './commands.js';
import { CartAbandoned, CartChanged, CartOrdered } from './events.js';

const HOURS = 24;

type Content = Omit<DataOf<typeof CartChanged>, 'abandonsAt'>;

interface KnownCart extends Content {
  readonly status: 'OPEN' | 'ABANDONED';
  /** When it counts as abandoned; left out where no timer waits for that. */
  readonly abandonsAt?: Moment;
}

export type Cart =
  | { readonly status: 'NONE' }
  | KnownCart
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
        amount: amountOf(
          items.map(({ quantity, unitPrice }) => ({ amount: quantity * unitPrice })),
          'items',
        ),
      };
      // Who comes back to an abandoned cart takes it up, even as it is.
      const owed = abandonment(cart, now);
      if (before?.status === 'OPEN' && owed.length === 0 && isSame(content, before)) return [];
      return [...owed, CartChanged({ ...content, ...(items.length > 0 && { abandonsAt: addDays(now, hours / 24) }) })];
    },

    MarkCartAbandoned: ({ abandonsAt }, cart, { now }) =>
      cart.status === 'OPEN' && cart.abandonsAt === abandonsAt ? abandonment(cart, now) : [],

    /**
     * Of a cart that nobody told us of, too: who tells of it later learns that it was ordered. An abandonment that is owed lies behind
     * all that was told, so it need not be a correction.
     */
    NoteCartOrdered: ({ cartId, orderId, customerId }, cart, { now }) =>
      cart.status === 'ORDERED' ? [] : [...abandonment(cart, now), CartOrdered({ cartId, customerId, orderId })],
  },

  evolve: {
    CartChanged: (_, { abandonsAt, ...content }, { imported }) => ({
      ...content,
      status: 'OPEN',
      ...(isWatched(abandonsAt, imported) && { abandonsAt }),
    }),
    CartAbandoned: (cart) => (cart.status === 'OPEN' ? { ...cart, status: 'ABANDONED' } : cart),
    CartOrdered: (_, ordered) => ({ ...ordered, status: 'ORDERED' }),
  },
});

/** What the clock owes a cart before anything else happens to it: a timer may be late. */
function abandonment(cart: Cart, now: Moment) {
  if (cart.status !== 'OPEN' || cart.abandonsAt === undefined || now < cart.abandonsAt) return [];
  const { cartId, customerId, abandonsAt: abandonedAt, units, amount, currency } = cart;
  return [CartAbandoned({ cartId, customerId, abandonedAt, units, amount, currency })];
}

const isSame = (content: Content, { customerId, currency, items, abandonAfterHours }: Content): boolean =>
  canonicalJson([content.customerId ?? null, content.currency, content.items, content.abandonAfterHours]) ===
  canonicalJson([customerId ?? null, currency, items, abandonAfterHours]);
