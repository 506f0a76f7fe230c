import { type Static, Type } from 'typebox';
import { Choice, Count, Currency, Id, MinorUnits, MomentField, type Recorded, view } from '#kernel';
import { CartAbandoned, CartChanged, CartItems, CartOrdered } from '../cart/events.js';

const Cart = Type.Object({
  cartId: Id('the cart'),
  customerId: Type.Optional(Id('whose cart it is, where that is known')),
  status: Choice(['OPEN', 'ABANDONED', 'ORDERED'] as const, 'ABANDONED: it rested for too long; OPEN again with the next change'),
  currency: Type.Optional(Currency()),
  items: CartItems,
  units: Count('units in it'),
  amount: MinorUnits('what they cost together'),
  openedAt: Type.Optional(MomentField('when something was put into it first')),
  changedAt: Type.Optional(MomentField('when it last changed')),
  abandonsAt: Type.Optional(MomentField('when it counts as abandoned if nothing happens until then')),
  abandonedAt: Type.Optional(MomentField('since when it is abandoned')),
  abandonments: Count('how often it was abandoned'),
  orderId: Type.Optional(Id('the order that it became')),
  orderedAt: Type.Optional(MomentField('when it was ordered')),
});
type Cart = Static<typeof Cart>;

export const carts = view({
  name: 'carts',
  description: 'Every cart: what is in it, whether it was left behind, taken up again, and which order it became.',
  version: 1,
  capabilities: ['ORD-07'],
  roles: ['orders', 'sales', 'care', 'analyst', 'auditor'],
  document: Cart,
  facts: { CartChanged, CartAbandoned, CartOrdered },
  key: ({ data }) => data.cartId,
  initial: (cartId): Cart => ({ cartId, status: 'OPEN', items: [], units: 0, amount: 0, abandonments: 0 }),
  apply: {
    CartChanged: (cart, recorded): Cart => {
      const { customerId, currency, items, units, amount, abandonsAt } = recorded.data;
      const { occurredAt: changedAt } = recorded;
      const openedAt = cart.openedAt ?? changedAt;
      return {
        ...takenUp(cart, recorded),
        ...{ status: 'OPEN', customerId, currency, items, units, amount, openedAt, changedAt, abandonsAt },
      };
    },
    CartAbandoned: (cart, { data: { abandonedAt } }): Cart => ({
      ...cart,
      ...{ status: 'ABANDONED', abandonsAt: undefined, abandonedAt, abandonments: cart.abandonments + 1 },
    }),
    CartOrdered: (cart, recorded): Cart => {
      const { customerId, orderId } = recorded.data;
      return {
        ...takenUp(cart, recorded),
        ...{ status: 'ORDERED', customerId, orderId, orderedAt: recorded.occurredAt, abandonsAt: undefined },
      };
    },
  },
  filters: [
    ...(['cartId', 'customerId', 'status', 'currency', 'units', 'amount', 'abandonments', 'orderId'] as const),
    ...(['openedAt', 'changedAt', 'abandonsAt', 'abandonedAt', 'orderedAt'] as const),
  ],
  sums: { units: null, amount: 'currency', abandonments: null },
  sort: '-changedAt',
  customer: 'customerId',
});

/** What is told late shows that the cart was not abandoned after it, for all that was known. */
function takenUp({ abandonedAt, ...cart }: Cart, { occurredAt }: Recorded): Cart {
  const neverWas = abandonedAt !== undefined && occurredAt < abandonedAt;
  return { ...cart, abandonments: cart.abandonments - (neverWas ? 1 : 0) };
}
