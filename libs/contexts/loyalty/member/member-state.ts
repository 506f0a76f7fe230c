import { type Aggregate, type Imported, isWatched, laterOf, type Moment, refuse } from '#kernel';
import {
  MemberEnrolled,
  MembershipEnded,
  OrderPassedOn,
  PointsAdjusted,
  PointsEarned,
  PointsExpired,
  PointsRedeemed,
  PointsTakenBack,
  TierChanged,
} from './events.js';
import { booked, expiredBy, type Lot, noPoints, type Points, taken } from './points.js';

/** What an order earned. Amounts in minor units of the currency of the programme. */
export interface OrderEntry {
  /** How much of it counts. */
  readonly counted: number;
  /** What earns one point with it, as it was when it first earned. */
  readonly pointFor: number;
  /** What it earned and was not taken back. */
  readonly points: number;
  /** How many of those have expired. */
  readonly expired: number;
}

export interface Membership extends Points {
  readonly programmeId: string;
  readonly currency: string;
  /** What was paid before is no concern of it. */
  readonly since: Moment;
  readonly tier: string;
  /** What the member spent, in minor units: its orders, as far as they count. */
  readonly spent: number;
  readonly orders: Readonly<Record<string, OrderEntry>>;
}

/** One customer, in one programme at a time. */
export interface Member {
  readonly customerId?: string;
  readonly membership?: Membership;
  /** Order → the customer for whom it counts, as this one was no member and is shown under that one. */
  readonly passedOn?: Readonly<Record<string, string>>;
}

export const facts = {
  MemberEnrolled,
  PointsEarned,
  PointsTakenBack,
  PointsRedeemed,
  PointsExpired,
  PointsAdjusted,
  TierChanged,
  MembershipEnded,
  OrderPassedOn,
};

// biome-ignore lint/suspicious/noExplicitAny: of its own aggregate only the facts matter here
export const evolve: Aggregate<Member, any, typeof facts>['evolve'] = {
  /** Payments from before the cut-over of an import earned what they earned elsewhere: the import brings that by an adjustment. */
  MemberEnrolled: (member, { customerId, programmeId, currency, tier }, { occurredAt, imported }) => ({
    ...member,
    customerId,
    membership: {
      ...{ programmeId, currency, tier, spent: 0, orders: {}, ...noPoints },
      since: laterOf(imported?.cutOver, occurredAt),
    },
  }),
  PointsEarned: (member, { orderId, counted, pointFor, points, spent, expiresAt }, { imported }) =>
    withMembership(member, (membership) => {
      const { points: before = 0, expired = 0 } = membership.orders[orderId] ?? {};
      const entry = { counted, pointFor, points: before + points, expired };
      const lot = { points, orderId, ...watched(expiresAt, imported) };
      return { ...booked(membership, lot), spent, orders: { ...membership.orders, [orderId]: entry } };
    }),
  PointsTakenBack: (member, { orderId, counted, points, expired, spent }) =>
    withMembership(member, (membership) => {
      const before = entryOf(membership, orderId);
      const entry = { ...before, counted, points: before.points - points, expired: before.expired - expired };
      return { ...taken(membership, points - expired, orderId), spent, orders: { ...membership.orders, [orderId]: entry } };
    }),
  PointsRedeemed: (member, { points }) => withMembership(member, (membership) => taken(membership, points)),
  PointsExpired: (member, { expiredAt }) =>
    withMembership(member, (membership) => {
      const { expired, left } = expiredBy(membership, expiredAt);
      return { ...left, orders: expired.reduce(withExpired, membership.orders) };
    }),
  PointsAdjusted: (member, { points, expiresAt }, { imported }) =>
    withMembership(member, (membership) =>
      points < 0 ? taken(membership, -points) : booked(membership, { points, ...watched(expiresAt, imported) }),
    ),
  TierChanged: (member, { to: tier }) => withMembership(member, () => ({ tier })),
  MembershipEnded: ({ membership: _, ...member }) => member,
  OrderPassedOn: ({ passedOn, ...member }, { customerId, orderId, survivorId }) => ({
    ...member,
    customerId,
    passedOn: { ...passedOn, [orderId]: survivorId },
  }),
};

/** Where no timer waits (imported history without its clock) points do not expire. */
const watched = (expiresAt: Moment | undefined, imported: Imported | undefined): Pick<Lot, 'expiresAt'> =>
  expiresAt !== undefined && isWatched(expiresAt, imported) ? { expiresAt } : {};

/** Points of an order that have expired are not there to be taken back. */
function withExpired(orders: Membership['orders'], { orderId, points }: Lot): Membership['orders'] {
  const entry = orderId === undefined ? undefined : orders[orderId];
  return orderId === undefined || entry === undefined
    ? orders
    : { ...orders, [orderId]: { ...entry, expired: entry.expired + points } };
}

function withMembership(member: Member, change: (membership: Membership) => Partial<Membership>): Member {
  const membership = membershipOf(member);
  return { ...member, membership: { ...membership, ...change(membership) } };
}

export const membershipOf = ({ membership }: Member): Membership =>
  membership ?? refuse('not-a-member', 'This customer is in no loyalty programme; enrol it first.');

function entryOf({ orders }: Membership, orderId: string): OrderEntry {
  const entry = orders[orderId];
  if (entry === undefined) throw new Error(`Nothing was earned with the order ${orderId}.`);
  return entry;
}
