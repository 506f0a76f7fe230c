import type { DataOf } from '#kernel';
import type { OrderClaimSettled, OrderReturned } from './events.js';
import { lineOf } from './order-lines.js';
import type { PlacedOrder, SettledClaim, SettledReturn } from './order-state.js';
import { type Line, less, type Move, quantityOf } from './quantities.js';

/** Units of goods that come back, which a claim had settled before; `amount` is what it had done for them, in minor units. */
export interface SettledBefore extends Move {
  readonly claimId: string;
  readonly amount: number;
}

/** Units of a line that left us and did not come back, but for those that came back after a claim of them was settled. */
export const leftUs = ({ lines, claims }: PlacedOrder, lineId: string): number => {
  const { shipped, returned } = lineOf(lines, lineId);
  const claimedAndBack = claims.reduce((sum, { lines, back }) => sum + (lines.length > 0 ? quantityOf(back, lineId) : 0), 0);
  return shipped - returned + claimedAndBack;
};

/**
 * Of goods that come back, the units that claims settled: as far as there are no others with the customer. A credit counts for its goods in
 * proportion to their price and at most with that, a replacement in full; so with all goods of a claim, all of it is counted, and nothing twice.
 */
export function settledBefore(order: PlacedOrder, goods: readonly Move[]): SettledBefore[] {
  let claims = [...order.claims].sort((one, other) => Number(one.kind === 'LOST') - Number(other.kind === 'LOST'));
  const parts: SettledBefore[] = [];
  for (const { lineId, quantity } of goods) {
    let open = quantity - othersWithTheCustomer(order, lineId);
    for (const claim of claims) {
      const units = Math.min(open, quantityOf(stillOut(claim), lineId));
      if (units <= 0) continue;
      open -= units;
      parts.push({ claimId: claim.claimId, lineId, quantity: units, amount: shareOf(order, claim, lineId, units) });
      claims = withBack(claims, parts.slice(-1));
    }
  }
  return parts;
}

/** The claim as its order keeps it. */
export function settledClaim(
  { lines: ordered, shipments }: PlacedOrder,
  { claimId, kind, shipmentId, lines, invoiceId, credited, replacement }: DataOf<typeof OrderClaimSettled>,
): SettledClaim {
  const shipment = shipments.find((shipment) => shipment.shipmentId === shipmentId);
  const goods = lines.length > 0 ? lines : (shipment?.goods ?? []);
  const inFull = invoiceId !== undefined && credited >= worthOf(ordered, goods);
  const done = { credited, replaced: replacement !== undefined, ...(inFull && { inFullOn: invoiceId }) };
  return { claimId, kind, shipmentId, lines, goods, back: [], ...done };
}

/** The return as its order keeps it. */
export function settledReturn(
  { claims }: PlacedOrder,
  { returnId, lines, notInvoicedAgain = [], settledBefore = [] }: DataOf<typeof OrderReturned>,
): SettledReturn {
  const doneBy = new Set(claims.filter(({ inFullOn, replaced }) => inFullOn || replaced).map(({ claimId }) => claimId));
  const done = settledBefore.filter(({ claimId }) => doneBy.has(claimId));
  return { returnId, lines: less(lines, [...notInvoicedAgain, ...done]) };
}

/** Goods of which claims credited on an invoice all that they cost. */
export const creditedByClaims = ({ claims }: PlacedOrder, invoiceId: string): Move[] =>
  claims.flatMap(({ inFullOn, goods }) => (inFullOn === invoiceId ? goods : []));

/** The claims after goods of them came back. */
export const withBack = (claims: readonly SettledClaim[], parts: readonly SettledBefore[]): SettledClaim[] =>
  claims.map((claim) => {
    const ofIt = parts.filter(({ claimId }) => claimId === claim.claimId);
    if (ofIt.length === 0) return claim;
    const back = [...claim.back, ...ofIt.map(({ lineId, quantity }) => ({ lineId, quantity }))];
    const reckoned = claim.replaced ? 0 : ofIt.reduce((sum, { amount }) => sum + amount, 0);
    return { ...claim, back, credited: claim.credited - reckoned };
  });

const stillOut = ({ goods, back }: SettledClaim): Move[] => less(goods, back);

/** Units of a line that the customer has and no claim settled. What was claimed as lost is with the customer if all that left us arrived. */
function othersWithTheCustomer({ lines, claims }: PlacedOrder, lineId: string): number {
  const { shipped, delivered, returned } = lineOf(lines, lineId);
  const claimed = (lost: boolean) =>
    claims.filter(({ kind }) => (kind === 'LOST') === lost).reduce((sum, claim) => sum + quantityOf(stillOut(claim), lineId), 0);
  return Math.max(0, delivered - returned - claimed(false) - Math.max(0, claimed(true) - (shipped - delivered)));
}

function shareOf({ lines }: PlacedOrder, claim: SettledClaim, lineId: string, units: number): number {
  const worth = units * lineOf(lines, lineId).unitPrice;
  if (claim.replaced || worth === 0) return worth;
  return Math.min(worth, Math.round(claim.credited * (worth / worthOf(lines, stillOut(claim)))));
}

/** Minor units: what goods cost by the prices of the order. */
const worthOf = (lines: readonly Line[], goods: readonly Move[]): number =>
  goods.reduce((sum, { lineId, quantity }) => sum + quantity * lineOf(lines, lineId).unitPrice, 0);
