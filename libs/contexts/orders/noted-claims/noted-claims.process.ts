import { process, type Recorded, send } from '#kernel';
import { ClaimFiled, ClaimReopened, ClaimSettled, ClaimWithdrawn } from '../claim/events.js';
import { NoteClaim } from '../claimed-goods/claimed-goods.js';

/** A claim does not see the other claims of its order: their goods are noted in one place, those of imported claims too. */
export const notedClaims = process({
  name: 'noted-claims',
  description: 'Notes which goods of an order are claimed, and which are not any more.',
  capabilities: ['ORD-08'],
  startsFrom: 'zero',
  facts: { ClaimFiled, ClaimSettled, ClaimWithdrawn, ClaimReopened },
  react: {
    ClaimFiled: (recorded) => noted(recorded),
    ClaimSettled: (recorded) => noted(recorded),
    ClaimWithdrawn: (recorded) => noted(recorded),
    ClaimReopened: (recorded) => noted(recorded),
  },
});

const noted = ({ data: { orderId, claimId } }: Recorded<{ orderId: string; claimId: string }>) => [
  send(NoteClaim, { orderId, claimId }, { alsoImported: true }),
];
