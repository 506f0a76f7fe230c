import { type Static, Type } from 'typebox';
import { Choice, Count, Currency, Id, MinorUnits, MomentField, Text, view } from '#kernel';
import * as member from '../member/events.js';
import { ledger } from '../member/ledger.js';
import { expiringNext, type Points as Ledger, noPoints } from '../member/points.js';
import * as pointShapes from '../member/shapes.js';

const Points = (description: string) => Count(`number of points: ${description}`);

const document = Type.Object({
  customerId: Id('the customer'),
  programmeId: Id('the programme that it is or was last in'),
  status: Choice(['MEMBER', 'ENDED'], 'whether it is in the programme'),
  tier: Text('its tier', 60),
  balance: Points('what it can redeem'),
  owed: Points('what was redeemed before goods came back that had earned it, and is set off against what is earned next'),
  ...pointShapes,
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
  version: 2,
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
    'expiring',
    'expiringAt',
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
    expiring: null,
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
    ...{ customerId, programmeId: '', status: 'MEMBER', tier: '', balance: 0, owed: 0, lots: [], currency: '', spent: 0 },
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
    PointsEarned: (entry, recorded) => {
      const { points, balance, owed, spent } = recorded.data;
      const now = { balance, owed, spent, earned: entry.earned + points, lastEarnedAt: recorded.occurredAt };
      return { ...withPoints(entry, ledger.PointsEarned(entry, recorded)), ...now };
    },
    PointsTakenBack: (entry, recorded) => {
      const { points, expired, balance, owed, spent } = recorded.data;
      const now = { balance, owed, spent, takenBack: entry.takenBack + points, expired: entry.expired - expired };
      return { ...withPoints(entry, ledger.PointsTakenBack(entry, recorded)), ...now };
    },
    PointsRedeemed: (entry, recorded) => {
      const { points, balance } = recorded.data;
      const redeemed = { redeemed: entry.redeemed + points, redemptions: entry.redemptions + 1 };
      const now = { balance, ...redeemed, lastRedeemedAt: recorded.occurredAt };
      return { ...withPoints(entry, ledger.PointsRedeemed(entry, recorded)), ...now };
    },
    PointsExpired: (entry, recorded) => {
      const { points, balance } = recorded.data;
      return { ...withPoints(entry, ledger.PointsExpired(entry, recorded)), balance, expired: entry.expired + points };
    },
    PointsAdjusted: (entry, recorded) => {
      const { points, balance, owed } = recorded.data;
      return { ...withPoints(entry, ledger.PointsAdjusted(entry, recorded)), balance, owed, adjusted: entry.adjusted + points };
    },
    TierChanged: (entry, { data: { to: tier }, occurredAt }) => ({ ...entry, tier, tierSince: occurredAt }),
    MembershipEnded: (entry, { data: { points, owed, reason }, occurredAt }): LoyaltyEntry => ({
      ...withPoints(entry, noPoints),
      ...{ status: 'ENDED', balance: 0, owed: 0, lapsed: entry.lapsed + points, forgiven: entry.forgiven + owed },
      ...{ endedAt: occurredAt, endReason: reason },
    }),
  },
});

const withPoints = ({ expiring: _, expiringAt: __, ...entry }: LoyaltyEntry, { lots }: Ledger): LoyaltyEntry => ({
  ...entry,
  lots: [...lots],
  ...expiringNext({ lots }),
});
