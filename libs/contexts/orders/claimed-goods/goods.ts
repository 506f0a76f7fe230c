import { refuse } from '#kernel';
import type { ClaimFiled } from '../claim/events.js';
import { leftUs } from '../order/claimed.js';
import type { LineQuantity } from '../order/line-fields.js';
import { lineOf, quantityField } from '../order/order-lines.js';
import type { PlacedOrder } from '../order/order-state.js';
import { type Move, quantityOf } from '../order/quantities.js';

/** What a claim is about. */
export interface Claimed {
  readonly kind: ReturnType<typeof ClaimFiled>['data']['kind'];
  readonly shipmentId?: string | undefined;
  readonly lines: readonly Move[];
}

export interface NotedClaim extends Claimed {
  readonly claimId: string;
  /** Whether it was credited or its goods were replaced; else it is to be decided upon. */
  readonly settled: boolean;
}

/** The claims of one order that stand, in the order in which they were noted. */
export interface ClaimedGoods {
  readonly orderId?: string;
  readonly claims: readonly NotedClaim[];
}

/** What who refers to claimed goods has to know of them: claims do, and they refer to claims. */
export const claimedGoodsOfOrder: { readonly name: string; readonly initial: ClaimedGoods } = {
  name: 'claimedGoods',
  initial: { claims: [] },
};

/**
 * Refuses a claim of goods that are in another one: of a line no more is claimed than left us, all claims together, and of a shipment as a whole
 * nothing of one kind twice. Of several claims that were filed at once the one that was noted first goes before, and one that the order
 * settled before all. `filed`: the lines of the command where it says what is claimed.
 */
export function mustBeClaimedOnce(
  order: PlacedOrder,
  claimId: string | undefined,
  claimed: Claimed,
  { claims }: ClaimedGoods = claimedGoodsOfOrder.initial,
  filed?: readonly LineQuantity[],
) {
  const noted = claims.findIndex((claim) => claim.claimId === claimId);
  const standing = claims.filter((claim, index) => claim.settled || noted < 0 || index < noted);
  const settled = new Set(order.claims.map(({ claimId }) => claimId));
  const before = [...order.claims, ...standing.filter((claim) => !settled.has(claim.claimId))].filter(
    (claim) => claim.claimId !== claimId,
  );
  const whole = before.find((claim) => ofTheSameShipment(claim, claimed));
  if (whole)
    refuse(
      'goods-claimed-before',
      `Claim ${whole.claimId} says ${whole.kind} of the same shipment already; go on with that one, or withdraw it first.`,
    );
  for (const { lineId, quantity } of claimed.lines) {
    const about = before.filter(({ lines }) => quantityOf(lines, lineId) > 0);
    const left = about.reduce((rest, { lines }) => rest - quantityOf(lines, lineId), leftUs(order, lineId));
    const field = filed && quantityField(lineId, filed);
    if (about.length === 0) mustNotHaveComeBack(order, { lineId, quantity }, field);
    if (about.length > 0 && quantity > left)
      refuse(
        'goods-claimed-before',
        `${quantity} is more than the ${Math.max(left, 0)} of line ${lineId} that are in no other claim; claim no more, or go on with ${about.map((claim) => claim.claimId).join(', ')}.`,
        field,
      );
  }
}

function mustNotHaveComeBack(order: PlacedOrder, { lineId, quantity }: Move, field: string | undefined): void {
  const left = leftUs(order, lineId);
  if (left < lineOf(order.lines, lineId).shipped && quantity > left)
    refuse(
      'goods-came-back',
      `${quantity} is more than the ${left} of line ${lineId} that left us and did not come back by a return; claim no more.`,
      field,
    );
}

/** One of both is about the shipment as a whole, and both say the same of it. What is OTHER is said in words only. */
const ofTheSameShipment = (one: Claimed, other: Claimed): boolean =>
  one.shipmentId !== undefined &&
  one.shipmentId === other.shipmentId &&
  one.kind === other.kind &&
  one.kind !== 'OTHER' &&
  (one.lines.length === 0 || other.lines.length === 0);
