import { mustBeClaimedOnce } from '../claimed-goods/goods.js';
import { billing } from './billing.js';
import { SettleClaimedGoods } from './claim-commands.js';
import { OrderClaimSettled } from './claim-events.js';
import { summed } from './order-lines.js';
import { type DecisionsOf, placed } from './order-state.js';
import type { References } from './ordering.js';
import { replacementOf } from './replacement.js';

export const claimCommands = { SettleClaimedGoods };

/** Two claims of the same goods may have been settled at once: the order settles one, and refuses the other, which is open again then. */
export const claimDecisions = {
  SettleClaimedGoods: (
    { orderId, claimId, kind, shipmentId, lines: wanted, reason, invoiceId, creditId, amount = 0, replacementId },
    order,
    given,
  ) => {
    const known = placed(order);
    if (known.claims.some((settled) => settled.claimId === claimId)) return [];
    const lines = summed(known.lines, wanted);
    mustBeClaimedOnce(known, claimId, { kind, shipmentId, lines });
    const credits =
      invoiceId === undefined || creditId === undefined
        ? []
        : billing.CreditOrder({ orderId, invoiceId, creditId, amount, reason, evenIfPaid: true, forGood: true }, order, given);
    return [
      OrderClaimSettled({
        orderId,
        claimId,
        kind,
        shipmentId,
        lines,
        invoiceId,
        credited: invoiceId === undefined ? 0 : amount,
        ...(replacementId !== undefined && { replacement: replacementOf(known, replacementId, lines) }),
      }),
      ...[credits].flat(),
    ];
  },
} satisfies DecisionsOf<typeof claimCommands, Pick<References, 'series'>>;
