import { Type } from 'typebox';
import { Choice, Currency, fact, Id, MinorUnits, personal, Text } from '#kernel';
import { Replacement } from '../order/events.js';
import { claimKinds } from './kinds.js';

export { claimKinds } from './kinds.js';

export const settlements = ['CREDIT', 'REPLACE', 'REJECT'] as const;

const closed = { additionalProperties: false } as const;
const about = { claimId: Id('the claim'), orderId: Id('the order'), customerId: Id('whose order it is') };
const Quantity = Type.Integer({ minimum: 1, description: 'number of units' });

export const ClaimFiled = fact(
  'ClaimFiled',
  'A customer says that something is wrong with an order, and what it is to be worth.',
  {
    ...about,
    kind: Choice(claimKinds, 'what is wrong'),
    shipmentId: Type.Optional(Id('the shipment that it is about: a package, or goods that were sent without one')),
    lines: Type.Optional(
      Type.Array(Type.Object({ lineId: Id('a line of the order'), quantity: Quantity }, closed), {
        minItems: 1,
        description: 'the lines that it is about, and how many units of each',
      }),
    ),
    amount: MinorUnits('what is claimed'),
    currency: Currency(),
    notes: Type.Optional(personal('customerId', 'contract', Text('what is wrong, in words', 2000))),
  },
);

export const ClaimSettled = fact(
  'ClaimSettled',
  'We decided on a claim: it is credited, its goods are replaced, or it is rejected.',
  {
    ...about,
    settlement: Choice(settlements, 'what we decided'),
    kind: Type.Optional(Choice(claimKinds, 'what was wrong')),
    shipmentId: Type.Optional(Id('the shipment that it was about')),
    lines: Type.Optional(
      Type.Array(Type.Object({ lineId: Id('a line of the order'), quantity: Quantity }, closed), {
        minItems: 1,
        description: 'the lines that it was about, and how many units of each',
      }),
    ),
    reason: Text('why, in a word or a short phrase; nothing about a person', 200),
    credit: Type.Optional(
      Type.Object(
        {
          invoiceId: Id('the invoice that is credited'),
          creditId: Id('the credit note'),
          amount: MinorUnits('what is credited'),
          currency: Currency(),
        },
        { ...closed, description: 'of a CREDIT: what is credited' },
      ),
    ),
    replacement: Type.Optional(Replacement),
  },
);

export const ClaimWithdrawn = fact('ClaimWithdrawn', 'The customer claims it no more.', about);

export const ClaimReopened = fact(
  'ClaimReopened',
  'The order did not take what was decided on the claim, as its invoice or its goods were settled meanwhile: it is to be decided upon again.',
  about,
);
