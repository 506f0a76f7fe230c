import { Type } from 'typebox';
import { Currency, fact, Id, MinorUnits, Text } from '#kernel';

const closed = { additionalProperties: false } as const;
const about = { returnId: Id('the return'), orderId: Id('the order'), customerId: Id('who sends goods back') };
const Quantity = Type.Integer({ minimum: 1, description: 'number of units' });
const Lines = Type.Array(Type.Object({ lineId: Id('a line of the order'), quantity: Quantity }, closed), {
  minItems: 1,
  description: 'the lines and how many units of each',
});
const Reason = Text('why, in a word or a short phrase; nothing about a person', 200);

export const ReturnRequested = fact('ReturnRequested', 'A customer wants to send goods back.', {
  ...about,
  lines: Lines,
  reason: Reason,
});
export const ReturnApproved = fact('ReturnApproved', 'We agreed that the customer sends the goods back.', about);
export const ReturnRejected = fact('ReturnRejected', 'The goods stay with the customer.', { ...about, reason: Reason });
export const ReturnReceived = fact('ReturnReceived', 'The goods of a return arrived with us.', { ...about, lines: Lines });
export const ReturnRefunded = fact('ReturnRefunded', 'The goods of a return are credited to the customer.', {
  ...about,
  lines: Lines,
  reason: Reason,
  amount: MinorUnits('worth of the goods at the price of the order'),
  currency: Currency(),
});
export const ReturnReplaced = fact(
  'ReturnReplaced',
  'The goods of a return are replaced by the same goods, in an order of their own.',
  {
    ...about,
    reason: Reason,
    currency: Currency(),
    replacementId: Id('the order that replaces them'),
    lines: Type.Array(
      Type.Object(
        {
          lineId: Id('a line of the order'),
          productId: Type.Optional(Id('the product, where it is in the catalogue')),
          description: Text('what is replaced, as the customer reads it'),
          quantity: Quantity,
        },
        closed,
      ),
      { minItems: 1, description: 'what is replaced' },
    ),
  },
);
export const ReturnSentBack = fact(
  'ReturnSentBack',
  'The goods of a return were sent back to the customer; nothing is credited.',
  {
    ...about,
    reason: Reason,
  },
);

export const ReturnReopened = fact(
  'ReturnReopened',
  'The order declined to settle the return: another return settled the same goods. It is to be decided upon again.',
  about,
);
