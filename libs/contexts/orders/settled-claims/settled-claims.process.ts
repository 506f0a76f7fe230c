import { process, send } from '#kernel';
import { ReopenClaim } from '../claim/commands.js';
import { ClaimSettled } from '../claim/events.js';
import { SettleClaimedGoods } from '../order/claim-commands.js';
import { OrderClaimSettled } from '../order/claim-events.js';
import { replacementSteps } from '../order/replacement.js';

/** The order decides: where its invoice or the goods were settled otherwise meanwhile, the claim is open again. */
export const settledClaims = process({
  name: 'settled-claims',
  description:
    'Has the order settle what was decided on a claim, and replaces its goods once that is done; opens the claim again where the order refuses.',
  capabilities: ['ORD-08'],
  startsFrom: 'zero',
  facts: { ClaimSettled, OrderClaimSettled },
  react: {
    ClaimSettled: ({ data: { claimId, orderId, kind = 'OTHER', shipmentId, lines = [], reason, credit, replacement } }) => {
      if (!credit && !replacement) return [];
      const settled = credit
        ? { invoiceId: credit.invoiceId, creditId: credit.creditId, amount: credit.amount }
        : { replacementId: replacement?.orderId };
      return [
        send(SettleClaimedGoods, { orderId, claimId, kind, shipmentId, lines, reason, ...settled }, { optional: true }),
        send(ReopenClaim, { claimId }),
      ];
    },
    OrderClaimSettled: ({ data: { replacement } }) =>
      replacement === undefined ? [] : replacementSteps(replacement, 'replacement of claimed goods'),
  },
});
