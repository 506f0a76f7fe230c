import { type Aggregate, laterOf, type Moment, refuse } from '#kernel';
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
import { ledger } from './ledger.js';
import { expiredBy, type Lot, noPoints, type Points } from './points.js';

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
      programmeId,
      currency,
      tier,
      spent: 0,
      orders: {},
      ...noPoints,
      since: laterOf(imported?.cutOver, occurredAt),
    },
  }),
  PointsEarned: (member, data, { imported }) =>
    withMembership(member, (membership) => {
      const { orderId, counted, pointFor, points, spent } = data;
      const { points: before = 0, expired = 0 } = membership.orders[orderId] ?? {};
      const entry = { counted, pointFor, points: before + points, expired };
      const after = ledger.PointsEarned(membership, { data, imported });
      return { ...after, spent, orders: { ...membership.orders, [orderId]: entry } };
    }),
  PointsTakenBack: (member, data) =>
    withMembership(member, (membership) => {
      const { orderId, counted, points, expired, spent } = data;
      const before = entryOf(membership, orderId);
      const entry = { ...before, counted, points: before.points - points, expired: before.expired - expired };
      const after = ledger.PointsTakenBack(membership, { data });
      return { ...after, spent, orders: { ...membership.orders, [orderId]: entry } };
    }),
  PointsRedeemed: (member, data) => withMembership(member, (membership) => ledger.PointsRedeemed(membership, { data })),
  PointsExpired: (member, data) =>
    withMembership(member, (membership) => {
      const { expired } = expiredBy(membership, data.expiredAt);
      return { ...ledger.PointsExpired(membership, { data }), orders: expired.reduce(withExpired, membership.orders) };
    }),
  PointsAdjusted: (member, data, { imported }) =>
    withMembership(member, (membership) => ledger.PointsAdjusted(membership, { data, imported })),
  TierChanged: (member, { to: tier }) => withMembership(member, () => ({ tier })),
  MembershipEnded: ({ membership: _, ...member }) => member,
  OrderPassedOn: ({ passedOn, ...member }, { customerId, orderId, survivorId }) => ({
    ...member,
    customerId,
    passedOn: { ...passedOn, [orderId]: survivorId },
  }),
};

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
