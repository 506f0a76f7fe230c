import { type Static, Type } from 'typebox';
import { Choice, Count, Currency, Id, MinorUnits, MomentField, Text, view } from '#kernel';
import * as member from '../member/events.js';

const Points = (description: string) => Count(`number of points: ${description}`);

const document = Type.Object({
  customerId: Id('the customer'),
  programmeId: Id('the programme that it is or was last in'),
  status: Choice(['MEMBER', 'ENDED'], 'whether it is in the programme'),
  tier: Text('its tier', 60),
  balance: Points('what it can redeem'),
  owed: Points('what was redeemed before goods came back that had earned it, and is set off against what is earned next'),
  currency: Currency(),
  spent: MinorUnits('what it spent as a member: invoices paid in full, without what was credited'),
  earned: Points('what its orders earned in all'),
  takenBack: Points('what was taken back of that, as it was credited or the money did not stay with us'),
  redeemed: Points('what it used'),
  redemptions: Count('how often it used points'),
  expired: Points('what expired, and was not taken back since'),
  adjusted: Type.Integer({ description: 'number of points by which they were set right by hand; negative: they became less' }),
  lapsed: Points('what was gone with the end of a membership'),
  forgiven: Points('what was still owed at the end of a membership'),
  enrolledAt: MomentField('when it was enrolled, last'),
  lastEarnedAt: Type.Optional(MomentField('when it last earned points')),
  lastRedeemedAt: Type.Optional(MomentField('when it last used points')),
  tierSince: MomentField('since when it is in its tier'),
  endedAt: Type.Optional(MomentField('when the membership ended')),
  endReason: Type.Optional(Text('why it ended', 200)),
});
export type LoyaltyEntry = Static<typeof document>;

const { MemberEnrolled, PointsEarned, PointsTakenBack, PointsRedeemed, PointsExpired, PointsAdjusted } = member;
const { TierChanged, MembershipEnded } = member;

export const loyalty = view({
  name: 'loyalty',
  description:
    'The members of loyalty programmes: tier, points that can be redeemed, and what was earned, used, taken back and spent.',
  version: 1,
  capabilities: ['MKT-16', 'ORD-08'],
  roles: ['sales', 'care', 'orders', 'analyst', 'auditor', 'customer'],
  document,
  facts: {
    MemberEnrolled,
    PointsEarned,
    PointsTakenBack,
    PointsRedeemed,
    PointsExpired,
    PointsAdjusted,
    TierChanged,
    MembershipEnded,
  },
  key: ({ data }) => data.customerId,
  filters: [
    'customerId',
    'programmeId',
    'status',
    'tier',
    'balance',
    'owed',
    'currency',
    'spent',
    'earned',
    'redeemed',
    'enrolledAt',
    'lastEarnedAt',
    'lastRedeemedAt',
    'tierSince',
    'endedAt',
  ],
  sums: {
    balance: null,
    owed: null,
    spent: 'currency',
    earned: null,
    takenBack: null,
    redeemed: null,
    redemptions: null,
    expired: null,
    adjusted: null,
    lapsed: null,
    forgiven: null,
  },
  sort: '-balance',
  customer: 'customerId',

  initial: (customerId): LoyaltyEntry => ({
    ...{ customerId, programmeId: '', status: 'MEMBER', tier: '', balance: 0, owed: 0, currency: '', spent: 0 },
    ...{ earned: 0, takenBack: 0, redeemed: 0, redemptions: 0, expired: 0, adjusted: 0, lapsed: 0, forgiven: 0 },
    ...{ enrolledAt: '', tierSince: '' },
  }),

  apply: {
    MemberEnrolled: (
      { endedAt: _, endReason: __, ...entry },
      { data: { programmeId, currency, tier }, occurredAt },
    ): LoyaltyEntry => ({
      ...entry,
      ...{ programmeId, currency, tier, status: 'MEMBER', spent: 0, enrolledAt: occurredAt, tierSince: occurredAt },
    }),
    PointsEarned: (entry, { data: { points, balance, owed, spent }, occurredAt }) => ({
      ...entry,
      ...{ balance, owed, spent, earned: entry.earned + points, lastEarnedAt: occurredAt },
    }),
    PointsTakenBack: (entry, { data: { points, expired, balance, owed, spent } }) => ({
      ...entry,
      ...{ balance, owed, spent, takenBack: entry.takenBack + points, expired: entry.expired - expired },
    }),
    PointsRedeemed: (entry, { data: { points, balance }, occurredAt }) => ({
      ...entry,
      ...{ balance, redeemed: entry.redeemed + points, redemptions: entry.redemptions + 1, lastRedeemedAt: occurredAt },
    }),
    PointsExpired: (entry, { data: { points, balance } }) => ({ ...entry, balance, expired: entry.expired + points }),
    PointsAdjusted: (entry, { data: { points, balance, owed } }) => ({
      ...entry,
      ...{ balance, owed, adjusted: entry.adjusted + points },
    }),
    TierChanged: (entry, { data: { to: tier }, occurredAt }) => ({ ...entry, tier, tierSince: occurredAt }),
    MembershipEnded: (entry, { data: { points, owed, reason }, occurredAt }): LoyaltyEntry => ({
      ...entry,
      ...{ status: 'ENDED', balance: 0, owed: 0, lapsed: entry.lapsed + points, forgiven: entry.forgiven + owed },
      ...{ endedAt: occurredAt, endReason: reason },
    }),
  },
});
