import { type Static, Type } from 'typebox';
import { Choice, Count, Currency, Id, MinorUnits, MomentField, type Recorded, Text, view } from '#kernel';
import {
  MembershipEnded,
  PointsAdjusted,
  PointsEarned,
  PointsExpired,
  PointsRedeemed,
  PointsTakenBack,
} from '../member/events.js';

const kinds = ['EARN', 'REFUND', 'REDEEM', 'EXPIRE', 'ADJUST', 'END'] as const;

const document = Type.Object({
  entryId: Id('the entry'),
  customerId: Id('the customer'),
  programmeId: Id('the programme'),
  kind: Choice(kinds, 'REFUND: taken back with what was credited; END: gone with the membership'),
  points: Type.Integer({
    description: 'number of points by which the balance, or what is owed of it, became more; negative: less',
  }),
  balance: Count('number of points that the member could redeem after it'),
  owed: Count('number of points that were still to be set off after it'),
  occurredAt: MomentField('when it happened'),
  orderId: Type.Optional(Id('the order that earned them, was credited, or in which they were used')),
  reward: Type.Optional(Text('what the member got for them', 200)),
  reason: Type.Optional(Text('why they were set right, or the membership ended', 200)),
  expiresAt: Type.Optional(MomentField('when they expire')),
  amount: Type.Optional(MinorUnits('what was paid or credited, or what the points were worth')),
  currency: Type.Optional(Currency()),
});
export type PointsEntry = Static<typeof document>;

type Entry = Recorded<{
  readonly customerId: string;
  readonly programmeId: string;
  readonly balance?: number;
  readonly owed?: number;
}>;

/** A document for each entry, as a bank statement has a line; they add up to the balance. */
export const points = view({
  name: 'points',
  description: 'The ledger of points: what was earned, used, expired, taken back and set right, an entry each.',
  version: 1,
  capabilities: ['MKT-16', 'ORD-08'],
  roles: ['sales', 'care', 'orders', 'analyst', 'auditor', 'customer'],
  document,
  facts: { PointsEarned, PointsTakenBack, PointsRedeemed, PointsExpired, PointsAdjusted, MembershipEnded },
  key: ({ id }) => id,
  filters: ['customerId', 'programmeId', 'kind', 'points', 'occurredAt', 'orderId', 'reward', 'reason', 'expiresAt', 'currency'],
  sums: { points: null, amount: 'currency' },
  sort: '-occurredAt',
  customer: 'customerId',

  initial: (entryId): PointsEntry => ({
    ...{ entryId, customerId: '', programmeId: '', kind: 'ADJUST', points: 0, balance: 0, owed: 0, occurredAt: '' },
  }),

  apply: {
    PointsEarned: (entry, recorded) => {
      const { points, orderId, amount, currency, expiresAt } = recorded.data;
      return { ...stated(entry, recorded, 'EARN', points), orderId, amount, currency, ...(expiresAt && { expiresAt }) };
    },
    PointsTakenBack: (entry, recorded) => {
      const { points, expired, orderId, amount, currency } = recorded.data;
      return { ...stated(entry, recorded, 'REFUND', expired - points), orderId, amount: -amount, currency };
    },
    PointsRedeemed: (entry, recorded) => {
      const { points, orderId, reward, amount, currency } = recorded.data;
      return {
        ...stated(entry, recorded, 'REDEEM', -points),
        ...(orderId !== undefined && { orderId }),
        ...(reward !== undefined && { reward }),
        ...(amount !== undefined && { amount, currency }),
      };
    },
    PointsExpired: (entry, recorded) => stated(entry, recorded, 'EXPIRE', -recorded.data.points),
    PointsAdjusted: (entry, recorded) => {
      const { points, reason, expiresAt } = recorded.data;
      return { ...stated(entry, recorded, 'ADJUST', points), reason, ...(expiresAt && { expiresAt }) };
    },
    MembershipEnded: (entry, recorded) => {
      const { points, owed, reason } = recorded.data;
      return { ...stated(entry, recorded, 'END', owed - points), owed: 0, reason };
    },
  },
});

function stated(entry: PointsEntry, { data, occurredAt }: Entry, kind: PointsEntry['kind'], points: number): PointsEntry {
  const { customerId, programmeId, balance = 0, owed = 0 } = data;
  return { ...entry, customerId, programmeId, kind, points, balance, owed, occurredAt };
}
