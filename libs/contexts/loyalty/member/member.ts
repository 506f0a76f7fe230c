import { type Aggregate, aggregate, type FactOf, type Moment, refuse } from '#kernel';
import { type Customer, customer, registered } from '../../customers/contract.js';
import { type Order, order } from '../../orders/contract.js';
import { defined, open, type Programme, programme } from '../programme/programme.js';
import { tierOf } from '../programme/tiers.js';
import { accountFor, exact, expiryOf } from './accounting.js';
import { AccountForOrder, AdjustPoints, EndMembership, EnrolMember, ExpirePoints, RedeemPoints } from './commands.js';
import { MemberEnrolled, MembershipEnded, OrderPassedOn, PointsAdjusted, PointsExpired, PointsRedeemed } from './events.js';
import { evolve, facts, type Member, type Membership, membershipOf } from './member-state.js';
import { balanceOf, booked, expiredBy, taken } from './points.js';

const commands = { EnrolMember, RedeemPoints, AdjustPoints, EndMembership, AccountForOrder, ExpirePoints };

/** What the decisions read beside their own stream. */
interface References {
  readonly customer: Customer;
  readonly programme: Programme;
  readonly order: Order;
  /** The member under whom the customer is shown. */
  readonly survivor: Member;
}

/** The points of one customer: what was earned, used, expired, taken back and set right, in one place, so that its balance never goes below zero. */
export const member: Aggregate<Member, typeof commands, typeof facts, References> = aggregate<Member, References>()({
  name: 'loyaltyMember',
  description: 'A customer in a loyalty programme, with its points, its tier and what it spent.',
  id: 'customerId',
  commands,
  facts,
  initial: {},
  refs: ({ customerId, membership }) => ({ customer: customerId, programme: membership?.programmeId }),
  references: {
    customer: { aggregate: customer, id: ({ customerId }: { readonly customerId: string }) => customerId },
    programme: {
      aggregate: programme,
      id: ({ programmeId }: Partial<EnrolMember>, { membership }) => programmeId ?? membership?.programmeId,
    },
    order: { aggregate: order, id: ({ orderId }: { readonly orderId?: string }) => orderId },
    survivor: {
      // A member refers to another one: the definition is complete only after this line.
      get aggregate() {
        return member;
      },
      id: (command: object, _member, { read }) =>
        command instanceof AccountForOrder ? survivorOf(read.customer as Customer) : undefined,
    },
  },

  decide: {
    EnrolMember: ({ customerId, programmeId }, { membership }, given) => {
      const { mergedInto } = registered(given.customer);
      if (mergedInto !== undefined)
        refuse('customer-merged', `This customer is merged into ${mergedInto}; enrol that one.`, 'customerId');
      if (membership?.programmeId === programmeId) return [];
      if (membership !== undefined)
        refuse('member-elsewhere', `This customer is in the programme ${membership.programmeId}; end that membership first.`);
      const { currency, tiers } = open(given.programme, 'programmeId');
      return MemberEnrolled({ customerId, programmeId, currency, tier: tierOf(tiers, 0).name });
    },

    RedeemPoints: ({ customerId, points, reward, orderId }, member, { now, ...given }) => {
      registered(given.customer);
      if (orderId !== undefined && !given.order.exists)
        refuse('order-unknown', `There is no order ${orderId}; place the order first, or leave orderId out.`, 'orderId');
      const { said, membership } = caughtUp(customerId, member, now);
      mustHave(points, membership);
      const { programmeId, currency } = membership;
      const { pointWorth } = defined(given.programme);
      const worth = pointWorth !== undefined && { amount: points * pointWorth };
      const balance = balanceOf(taken(membership, points));
      return [...said, PointsRedeemed({ customerId, programmeId, points, reward, orderId, ...worth, currency, balance })];
    },

    AdjustPoints: ({ customerId, points, reason, expiresAt }, member, { now, ...given }) => {
      registered(given.customer);
      mustAdjust(points);
      mustExpireLater(expiresAt, points, now);
      const { said, membership } = caughtUp(customerId, member, now);
      if (points < 0) mustHave(-points, membership);
      const expiry = points < 0 ? {} : expiresAt === undefined ? expiryOf(defined(given.programme), now) : { expiresAt };
      const after = points < 0 ? taken(membership, -points) : booked(membership, { points, ...expiry });
      const { programmeId } = membership;
      const sums = { balance: exact(balanceOf(after), 'points'), owed: after.owed };
      return [...said, PointsAdjusted({ customerId, programmeId, points, reason, ...expiry, ...sums })];
    },

    EndMembership: ({ customerId, reason }, member, { now }) => {
      const { said, membership } = caughtUp(customerId, member, now);
      const { programmeId, owed } = membership;
      return [...said, MembershipEnded({ customerId, programmeId, reason, points: balanceOf(membership), owed })];
    },

    AccountForOrder: ({ customerId, orderId }, before, given) => {
      const elsewhere = before.passedOn?.[orderId];
      if (elsewhere !== undefined) return OrderPassedOn({ customerId, survivorId: elsewhere, orderId });
      if (before.membership !== undefined) {
        const { said, membership } = caughtUp(customerId, before, given.now);
        const accounted = accountFor(customerId, orderId, membership, given);
        return accounted.length === 0 ? [] : [...said, ...accounted];
      }
      const survivorId = survivorOf(given.customer);
      return survivorId === undefined || given.survivor.membership === undefined
        ? []
        : OrderPassedOn({ customerId, survivorId, orderId });
    },

    ExpirePoints: ({ customerId }, member, { now }) =>
      member.membership === undefined ? [] : expiring(customerId, member, (due) => due <= now).said,
  },

  evolve,
});

const survivorOf = (customer: Customer): string | undefined =>
  customer.status === 'REGISTERED' ? customer.mergedInto : undefined;

function mustHave(points: number, membership: Membership): void {
  const balance = balanceOf(membership);
  if (points > balance)
    refuse(
      'points-above-balance',
      `${points} is more than the ${balance} points that the member has; take no more than those.`,
      'points',
    );
}

function mustAdjust(points: number): void {
  if (points === 0)
    refuse(
      'nothing-to-adjust',
      'points is 0; say by how many they become more, or by how many less with a - before it.',
      'points',
    );
}

function mustExpireLater(expiresAt: Moment | undefined, points: number, now: Moment): void {
  if (expiresAt === undefined) return;
  if (points < 0)
    refuse('nothing-to-expire', 'Points that are taken do not expire; leave expiresAt out where they become less.', 'expiresAt');
  if (expiresAt <= now)
    refuse(
      'expiry-not-ahead',
      `${expiresAt} is not later than the adjustment, at ${now}; send a later moment, or leave expiresAt out.`,
      'expiresAt',
    );
}

/** What was due to expire before a decision is said first, however late its timer is; what is due at that very moment is not late. */
function caughtUp(customerId: string, member: Member, now: Moment) {
  const { said, member: after } = expiring(customerId, member, (due) => due < now);
  return { said, membership: membershipOf(after) };
}

/** One fact for each moment at which points are due to expire, and the member after them. */
function expiring(customerId: string, member: Member, isDue: (due: Moment) => boolean) {
  const { programmeId, lots } = membershipOf(member);
  const dues = new Set(lots.flatMap(({ expiresAt }) => (expiresAt !== undefined && isDue(expiresAt) ? [expiresAt] : [])));
  const said: FactOf<typeof facts>[] = [];
  let after = member;
  for (const expiredAt of dues) {
    const { expired, left } = expiredBy(membershipOf(after), expiredAt);
    const points = balanceOf({ lots: expired });
    const fact = PointsExpired({ customerId, programmeId, points, expiredAt, balance: balanceOf(left) });
    said.push(fact);
    after = evolve.PointsExpired(after, fact.data, { occurredAt: expiredAt });
  }
  return { said, member: after };
}
