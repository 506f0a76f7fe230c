import type { DataOf, Recorded } from '#kernel';
import { expiringNext, type MemberEnrolled, type Points, type TierChanged } from '../../loyalty/contract.js';
import type { Customer360, MembershipPiece } from './document.js';
import { compare, eventOf, inTime } from './pieces.js';

/** A customer is in one programme at a time, beginning without points. */
export function enrolled(customer: Customer360, recorded: Recorded<DataOf<typeof MemberEnrolled>>): Customer360 {
  const { customerId, programmeId, tier, currency } = recorded.data;
  const of = { customerId, programmeId, tier, currency, balance: 0, owed: 0, spent: 0, lots: [] };
  return withMemberships(customer, [{ ...of, since: recorded.occurredAt, event: eventOf(recorded) }]);
}

/** The membership after a fact that changes its points; `follow` says which points there are then. */
export function pointsChanged<D extends { readonly balance: number; readonly owed?: number; readonly spent?: number }>(
  customer: Customer360,
  recorded: Recorded<D>,
  follow: (before: Points, recorded: Recorded<D>) => Points,
): Customer360 {
  const { balance, owed, spent } = recorded.data;
  return membershipChanged(customer, recorded, (before) => {
    const lots = [...follow({ lots: before.lots, owed: before.owed }, recorded).lots];
    const { expiring: _, expiringAt: __, ...left } = before;
    return { ...left, balance, owed: owed ?? left.owed, spent: spent ?? left.spent, lots, ...expiringNext({ lots }) };
  });
}

export const tierChanged = (customer: Customer360, recorded: Recorded<DataOf<typeof TierChanged>>): Customer360 =>
  membershipChanged(customer, recorded, (before) => ({ ...before, tier: recorded.data.to }));

export const membershipEnded = (customer: Customer360): Customer360 => withMemberships(customer, []);

function membershipChanged(
  customer: Customer360,
  recorded: Recorded,
  change: (before: MembershipPiece) => MembershipPiece,
): Customer360 {
  const changed = customer.memberships.map((before) => ({ ...change(before), event: eventOf(recorded) }));
  return withMemberships(customer, changed);
}

const withMemberships = ({ pointsExpireAt: _, ...customer }: Customer360, memberships: MembershipPiece[]): Customer360 => ({
  ...customer,
  ...ofMemberships(memberships),
});

export const mergedMemberships = (members: readonly Customer360[]): ReturnType<typeof ofMemberships> =>
  ofMemberships(
    inTime(
      members.flatMap(({ memberships }) => memberships),
      'customerId',
    ),
  );

/** The memberships, and what is counted of them. */
function ofMemberships(memberships: MembershipPiece[]): Pick<Customer360, 'memberships' | 'membershipCount' | 'pointsExpireAt'> {
  const [pointsExpireAt] = memberships.flatMap(({ expiringAt }) => expiringAt ?? []).sort(compare);
  return { memberships, membershipCount: memberships.length, ...(pointsExpireAt !== undefined && { pointsExpireAt }) };
}
