import { addDays, type Circumstances, laterOf, type Moment, refuse } from '#kernel';
import { type Order, openAmount, type PlacedOrder } from '../../orders/contract.js';
import { type DefinedProgramme, defined, type Programme } from '../programme/programme.js';
import { tierOf } from '../programme/tiers.js';
import { PointsEarned, PointsTakenBack, TierChanged } from './events.js';
import type { Membership, OrderEntry } from './member-state.js';
import { balanceOf, booked, taken } from './points.js';

type Given = Pick<Circumstances, 'now'> & { readonly order: Order; readonly programme: Programme };

/**
 * What an order earns, or what of it is taken back, so that its points are what they are to be by now: `floor(counted / pointFor)`,
 * with the `pointFor` (minor units that earn one point) of the tier in which the member was when the order first earned. So the
 * points of an order depend on the order alone, not on which facts of it were heard of, how often, and in which order: whatever is
 * repeated finds nothing to do, credits of parts take back the points that their part of the order had earned, rounded up, and
 * all that is taken back of an order is never more than it earned.
 */
export function accountFor(customerId: string, orderId: string, membership: Membership, given: Given) {
  const { order, now } = given;
  if (!order.exists) return [];
  const programme = defined(given.programme);
  const entry = membership.orders[orderId] ?? nothingYet(tierOf(programme.tiers, membership.spent).pointFor);
  const counted = countedOf(order, membership, programme);
  if (counted === entry.counted) return [];
  const change = { orderId, entry, counted, points: Math.floor(counted / entry.pointFor) - entry.points };
  const { programmeId, currency, tier: from } = membership;
  const spent = exact(membership.spent + counted - entry.counted);
  const about = { customerId, programmeId, currency, spent };
  const to = tierOf(programme.tiers, spent).name;
  return [
    counted > entry.counted ? earned(about, membership, change, expiryOf(programme, now)) : takenBack(about, membership, change),
    ...(to === from ? [] : [TierChanged({ ...about, from, to })]),
  ];
}

/** When points expire that a programme gives now. */
export const expiryOf = ({ expiresAfterDays }: DefinedProgramme, now: Moment): { readonly expiresAt?: Moment } =>
  expiresAfterDays === undefined ? {} : { expiresAt: addDays(now, expiresAfterDays) };

const nothingYet = (pointFor: number): OrderEntry => ({ counted: 0, pointFor, points: 0, expired: 0 });

/**
 * Minor units of an order that count: its invoices that are paid in full, without what was credited of them. An invoice counts where
 * its last payment came in while the customer was a member and the programme open; an order in another currency counts nothing.
 */
export function countedOf(
  { currency, invoices, payments }: PlacedOrder,
  membership: Pick<Membership, 'currency' | 'since'>,
  { closedAt }: Pick<DefinedProgramme, 'closedAt'>,
): number {
  if (currency !== membership.currency) return 0;
  const paidAt = (invoiceId: string) =>
    payments
      .filter((payment) => payment.invoiceId === invoiceId && !payment.reversed)
      .map(({ receivedAt }) => receivedAt)
      .reduce<Moment | undefined>(laterOf, undefined);
  return invoices
    .filter((invoice) => openAmount(invoice) === 0)
    .filter(({ invoiceId }) => {
      const at = paidAt(invoiceId);
      return at !== undefined && at >= membership.since && (closedAt === undefined || at < closedAt);
    })
    .reduce((sum, { amount, credited }) => sum + amount - credited, 0);
}

interface About {
  readonly customerId: string;
  readonly programmeId: string;
  readonly currency: string;
  readonly spent: number;
}
interface Change {
  readonly orderId: string;
  readonly entry: OrderEntry;
  readonly counted: number;
  /** By how many its points change. */
  readonly points: number;
}

function earned(
  about: About,
  membership: Membership,
  { orderId, entry, counted, points }: Change,
  expiry: { expiresAt?: Moment },
) {
  const { pointFor } = entry;
  const after = booked(membership, { points, orderId, ...expiry });
  return PointsEarned({
    ...about,
    orderId,
    amount: counted - entry.counted,
    counted,
    pointFor,
    points,
    ...(points > 0 && expiry),
    balance: exact(balanceOf(after)),
    owed: after.owed,
  });
}

/** Of points that are taken back, those that have expired are gone already. */
function takenBack(about: About, membership: Membership, { orderId, entry, counted, points }: Change) {
  const expired = Math.min(-points, entry.expired);
  const after = taken(membership, -points - expired, orderId);
  return PointsTakenBack({
    ...about,
    orderId,
    amount: entry.counted - counted,
    counted,
    points: -points,
    expired,
    balance: balanceOf(after),
    owed: after.owed,
  });
}

/** A sum that is an exact integer, or a refusal; `field` is that of the command which makes it too large. */
export const exact = (sum: number, field?: string): number =>
  Number.isSafeInteger(sum)
    ? sum
    : refuse(
        'sum-too-large',
        `A sum of this member would be above ${Number.MAX_SAFE_INTEGER}, too large to be exact; give fewer points, or take some away first.`,
        field,
      );
