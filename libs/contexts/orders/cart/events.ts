import { Type } from 'typebox';
import { Count, Currency, fact, Id, MinorUnits, MomentField, Text } from '#kernel';

const closed = { additionalProperties: false } as const;
const cartId = Id('the cart');
const customerId = Type.Optional(Id('whose cart it is, where that is known'));
const units = Count('units in the cart');
const amount = MinorUnits('what they cost together');

export const CartItems = Type.Array(
  Type.Object(
    {
      productId: Type.Optional(Id('the product, where it is in the catalogue')),
      description: Text('what it is, as the customer reads it'),
      quantity: Type.Integer({ minimum: 1, description: 'number of units' }),
      unitPrice: MinorUnits('price of one unit'),
    },
    closed,
  ),
  { description: 'all that is in the cart now' },
);

export const CartChanged = fact('CartChanged', 'A customer put something into a cart, or took something out of it.', {
  cartId,
  customerId,
  currency: Currency(),
  items: CartItems,
  units,
  amount,
  abandonAfterHours: Type.Integer({ minimum: 1, description: 'hours without a change after which it counts as abandoned' }),
  abandonsAt: Type.Optional(MomentField('when it counts as abandoned if nothing happens until then; left out: it is empty')),
});

export const CartAbandoned = fact(
  'CartAbandoned',
  'Nothing happened to a cart for as long as it may rest, and it was not ordered; a change takes it up again.',
  {
    cartId,
    customerId,
    abandonedAt: MomentField('when it had rested for so long'),
    units,
    amount,
    currency: Currency(),
  },
  // A change or an order that is told later shows that it was not abandoned.
  { yields: true },
);

/** Told by the order, when its shop may have gone on with the cart: it keeps the moment of the order. */
export const CartOrdered = fact(
  'CartOrdered',
  'What was in a cart was ordered; there is one order of a cart.',
  { cartId, customerId: Id('who ordered'), orderId: Id('the order') },
  { correction: true },
);
