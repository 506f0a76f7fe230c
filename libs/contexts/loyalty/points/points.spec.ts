import { describe, expect, it } from '@jest/globals';
import { derivedId, type Fact } from '#kernel';
import { givenView, recorded } from '#kernel/testing';
import { PointsRedeemed } from '../member/events.js';
import * as s from '../member/member.samples.js';
import { points } from './points.view.js';

const { customerId, programmeId, orderId, day } = s;
const entries = (...facts: Fact[]) => {
  const known = facts.map((fact, index) => recorded(fact, { id: derivedId('entry', String(index)), occurredAt: day(index) }));
  const { documents } = givenView(points).facts(...known);
  return known.flatMap(({ id }) => documents.get(id) ?? []);
};

describe('MKT-16 the ledger of points', () => {
  it('has an entry for each change, and they add up to the balance and what is owed of it', () => {
    const ledger = entries(
      s.enrolled,
      s.earned({ amount: 100_50, points: 100 }, { balance: 100, spent: 100_50, expiresAt: day(9) }),
      s.redeemed(70, 30),
      s.expired(20, day(3), 10),
      s.takenBack({ amount: 100_50, counted: 0, points: 100, expired: 20 }, { balance: 0, owed: 70, spent: 0 }),
      s.adjusted(75, 5),
      s.ended(5),
    );
    expect(ledger).toMatchObject([
      { kind: 'EARN', points: 100, balance: 100, orderId, amount: 100_50, currency: 'EUR', expiresAt: day(9) },
      { kind: 'REDEEM', points: -70, balance: 30 },
      { kind: 'EXPIRE', points: -20, balance: 10 },
      { kind: 'REFUND', points: -80, balance: 0, owed: 70, orderId, amount: -100_50 },
      { kind: 'ADJUST', points: 75, balance: 5, owed: 0, reason: 'sorry' },
      { kind: 'END', points: -5, balance: 0, reason: 'as asked' },
    ]);
    for (const entry of ledger) expect(entry).toMatchObject({ customerId, programmeId });
  });
  it('says what the member got for points, and until when those are good that were given', () => {
    const voucher = { customerId, programmeId, points: 20, reward: 'Voucher', amount: 20, currency: 'EUR', balance: 30 };
    expect(entries(s.enrolled, s.adjusted(50, 50, day(9)), PointsRedeemed(voucher))).toMatchObject([
      { kind: 'ADJUST', points: 50, expiresAt: day(9) },
      { kind: 'REDEEM', points: -20, reward: 'Voucher', amount: 20, currency: 'EUR' },
    ]);
  });
});
