import { describe, expect, it } from '@jest/globals';
import { type Fact, type Moment } from '#kernel';
import { givenView, recorded } from '#kernel/testing';
import * as s from '../member/member.samples.js';
import { loyalty } from './loyalty.view.js';

const { customerId, programmeId, day } = s;
const shown = (...facts: (readonly [Fact, Moment])[]) =>
  givenView(loyalty).facts(...facts.map(([fact, occurredAt]) => recorded(fact, { occurredAt })));
const hundred = s.earned({ amount: 1000_00, points: 1000 }, { balance: 1000, spent: 1000_00 });
const begin = [
  [s.enrolled, day(0)],
  [hundred, day(1)],
  [s.tierChanged('Bronze', 'Gold', 1000_00), day(1)],
] as const;

describe('MKT-16 the view of members', () => {
  it('shows tier, balance and what was spent', () =>
    shown(...begin).then(customerId, {
      customerId,
      programmeId,
      status: 'MEMBER',
      tier: 'Gold',
      tierSince: day(1),
      balance: 1000,
      owed: 0,
      currency: 'EUR',
      spent: 1000_00,
      earned: 1000,
      enrolledAt: day(0),
      lastEarnedAt: day(1),
    }));
  it('shows what became of the points', () =>
    shown(
      ...begin,
      [s.redeemed(300, 700), day(2)],
      [s.adjusted(-50, 650), day(3)],
      [s.expired(150, day(4), 500), day(4)],
      [
        s.takenBack({ amount: 600_00, counted: 400_00, points: 600, expired: 50 }, { balance: 0, owed: 50, spent: 400_00 }),
        day(5),
      ],
    ).then(customerId, {
      balance: 0,
      owed: 50,
      spent: 400_00,
      earned: 1000,
      redeemed: 300,
      redemptions: 1,
      lastRedeemedAt: day(2),
      adjusted: -50,
      expired: 100,
      takenBack: 600,
    }));
  it('shows which points expire next', () => {
    const given = [s.adjusted(10, 1010, day(9)), day(2)] as const;
    shown(...begin, given).then(customerId, { expiring: 10, expiringAt: day(9), lots: [{ points: 10 }, { points: 1000 }] });
    for (const gone of [s.redeemed(10, 1000), s.expired(10, day(9), 1000), s.ended(1010)])
      expect(shown(...begin, given, [gone, day(9)]).document(customerId)).not.toHaveProperty('expiringAt');
  });
  it('shows when the membership ended, and the next one', () => {
    const over = [...begin, [s.ended(1000), day(2)]] as const;
    shown(...over).then(customerId, {
      status: 'ENDED',
      balance: 0,
      lapsed: 1000,
      endedAt: day(2),
      endReason: 'as asked',
      tier: 'Gold',
    });
    const again = shown(...over, [s.enrolled, day(3)]).document(customerId);
    expect(again).toMatchObject({ status: 'MEMBER', tier: 'Bronze', spent: 0, balance: 0, earned: 1000, enrolledAt: day(3) });
    expect(again).not.toHaveProperty('endedAt');
  });
});
