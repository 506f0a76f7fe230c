import { Type } from 'typebox';
import { Currency, Id, Text } from '#kernel';

const closed = { additionalProperties: false } as const;

/** Goods that go out in place of others. */
export const Replacement = Type.Object(
  {
    orderId: Id('the order that replaces them'),
    customerId: Id('who ordered'),
    currency: Currency(),
    lines: Type.Array(
      Type.Object(
        {
          productId: Type.Optional(Id('the product, where it is in the catalogue')),
          description: Text('what is replaced, as the customer reads it'),
          quantity: Type.Integer({ minimum: 1, description: 'number of units' }),
        },
        closed,
      ),
      { minItems: 1, description: 'what is replaced' },
    ),
  },
  { ...closed, description: 'what is to take the place of the goods' },
);
