import { process, send } from '#kernel';
import { ReopenClaim } from '../claim/commands.js';
import { ClaimSettled } from '../claim/events.js';
import { CreditOrder } from '../order/billing-commands.js';
import { replacementSteps } from '../order/replacement.js';

/** An invoice that could not be credited any more, as it was credited for another reason meanwhile, leaves its claim open. */
export const settledClaims = process({
  name: 'settled-claims',
  description:
    'Credits the invoice of a claim, or has its goods replaced; opens the claim again where the order does not credit it.',
  capabilities: ['ORD-08'],
  startsFrom: 'zero',
  facts: { ClaimSettled },
  react: {
    ClaimSettled: ({ data: { claimId, orderId, reason, credit, replacement } }) => {
      if (replacement) return replacementSteps(replacement, 'replacement of claimed goods');
      if (!credit) return [];
      const { invoiceId, creditId, amount } = credit;
      return [
        send(CreditOrder, { orderId, invoiceId, creditId, amount, reason, evenIfPaid: true, forGood: true }, { optional: true }),
        send(ReopenClaim, { claimId }),
      ];
    },
  },
});
