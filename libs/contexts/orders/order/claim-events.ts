import { Type } from 'typebox';
import { Choice, fact, Id, MinorUnits } from '#kernel';
import { claimKinds } from '../claim/kinds.js';
import { Replacement } from './replacement-shape.js';

const closed = { additionalProperties: false } as const;

export const OrderClaimSettled = fact(
  'OrderClaimSettled',
  'What was decided on a claim is settled with its order: its goods are settled by no other claim, and nothing is done for them twice.',
  {
    orderId: Id('the order'),
    claimId: Id('the claim'),
    kind: Choice(claimKinds, 'what was wrong'),
    shipmentId: Type.Optional(Id('the shipment that it was about')),
    lines: Type.Array(
      Type.Object(
        { lineId: Id('a line of the order'), quantity: Type.Integer({ minimum: 1, description: 'number of units' }) },
        closed,
      ),
      { description: 'the lines that it was about, and how many units of each' },
    ),
    invoiceId: Type.Optional(Id('the invoice that was credited for it; left out also where that was not noted yet')),
    credited: MinorUnits('what was credited for it; 0 where its goods are replaced'),
    replacement: Type.Optional(Replacement),
  },
  { visibility: 'internal' },
);
