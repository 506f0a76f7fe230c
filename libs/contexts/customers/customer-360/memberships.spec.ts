import { describe, expect, it } from '@jest/globals';
import { addDays, derivedId, type Fact, streamName } from '#kernel';
import { givenView, recorded } from '#kernel/testing';
import {
  MemberEnrolled,
  MembershipEnded,
  PointsAdjusted,
  PointsEarned,
  PointsExpired,
  PointsRedeemed,
  PointsTakenBack,
  TierChanged,
} from '../../loyalty/contract.js';
import { customer360 } from './customer-360.view.js';
import type { Customer360 } from './document.js';
import { mergeCustomers } from './merge.js';

const customerId = derivedId('ada');
const other = derivedId('ada brown');
const programmeId = derivedId('programme');
const orderId = derivedId('order');
const january = '2026-01-05T09:00:00.000Z';
const day = (days: number) => addDays(january, days);
const stream = streamName('loyaltyMember', 'main', customerId);
const about = { customerId, programmeId };
const money = { currency: 'EUR', amount: 100_00, counted: 100_00, spent: 100_00 };

const on = (days: number, fact: Fact, more: object = {}) =>
  recorded(fact, { stream, revision: days, occurredAt: day(days), refs: { customer: customerId }, ...more });
const shown = (...facts: ReturnType<typeof on>[]) => {
  const document = givenView(customer360)
    .facts(...facts)
    .document(customerId) as Customer360;
  return { document, has: (parts: object) => expect(document).toMatchObject(parts) };
};

const enrolled = on(0, MemberEnrolled({ ...about, currency: 'EUR', tier: 'Bronze' }));
const given = (days: number, points: number, balance: number, expiresAt?: string, more = {}) =>
  on(days, PointsAdjusted({ ...about, points, reason: 'welcome', balance, owed: 0, ...(expiresAt && { expiresAt }) }), more);
const earned = on(
  1,
  PointsEarned({ ...about, ...money, orderId, pointFor: 1_00, points: 100, balance: 100, owed: 0, expiresAt: day(60) }),
);
const takenBack = (days: number, points: number, balance: number, owed = 0) =>
  on(days, PointsTakenBack({ ...about, ...money, orderId, counted: 0, spent: 0, points, expired: 0, balance, owed }));

describe('MKT-16 a customer in a loyalty programme (CID-02)', () => {
  it('has its tier, its points and what it spent, with the event that it is known from', () =>
    shown(enrolled, earned, on(2, TierChanged({ ...about, from: 'Bronze', to: 'Gold', spent: 100_00, currency: 'EUR' }))).has({
      membershipCount: 1,
      memberships: [
        {
          customerId,
          programmeId,
          tier: 'Gold',
          balance: 100,
          owed: 0,
          currency: 'EUR',
          spent: 100_00,
          lots: [{ points: 100, orderId, expiresAt: day(60) }],
          expiring: 100,
          expiringAt: day(60),
          since: day(0),
          event: { stream, revision: 2 },
        },
      ],
      pointsExpireAt: day(60),
    }));
  it('has those points expire next that end first and were not used', () => {
    const before = [enrolled, earned, given(2, 30, 130, day(20)), given(3, 20, 150, day(20)), given(4, 5, 155)];
    shown(...before).has({ memberships: [{ balance: 155, expiring: 50, expiringAt: day(20) }] });
    const used = on(5, PointsRedeemed({ ...about, points: 40, currency: 'EUR', balance: 115 }));
    shown(...before, used).has({ memberships: [{ balance: 115, expiring: 10, expiringAt: day(20) }] });
    const expired = on(20, PointsExpired({ ...about, points: 10, expiredAt: day(20), balance: 105 }));
    shown(...before, used, expired).has({
      memberships: [{ balance: 105, expiring: 100, expiringAt: day(60) }],
      pointsExpireAt: day(60),
    });
    const document = shown(...before, used, expired, takenBack(21, 100, 5)).document;
    expect(document).toMatchObject({ memberships: [{ balance: 5, lots: [{ points: 5 }] }] });
    expect(document).not.toHaveProperty('pointsExpireAt');
    expect(document.memberships[0]).not.toHaveProperty('expiringAt');
  });
  it('owes what was used before its goods came back', () =>
    shown(
      enrolled,
      earned,
      on(2, PointsRedeemed({ ...about, points: 70, currency: 'EUR', balance: 30 })),
      takenBack(3, 100, 0, 70),
      given(4, 100, 30),
    ).has({ memberships: [{ balance: 30, owed: 0, spent: 0, lots: [{ points: 30 }] }] }));
  it('is in none when its membership ended, and begins anew', () => {
    const ended = on(2, MembershipEnded({ ...about, reason: 'as asked', points: 100, owed: 0 }));
    const document = shown(enrolled, earned, ended).document;
    expect(document).toMatchObject({ memberships: [], membershipCount: 0 });
    expect(document).not.toHaveProperty('pointsExpireAt');
    const again = on(3, MemberEnrolled({ ...about, currency: 'EUR', tier: 'Bronze' }));
    shown(enrolled, earned, ended, again).has({
      memberships: [{ tier: 'Bronze', balance: 0, spent: 0, lots: [], since: day(3) }],
    });
  });
  it('keeps imported points without an end whose clock was not imported, as its ledger does', () => {
    const imported = { imported: { cutOver: day(30), clock: false } };
    shown(enrolled, given(1, 10, 10, day(20), imported)).has({ memberships: [{ lots: [{ points: 10 }] }] });
    shown(enrolled, given(1, 10, 10, day(40), imported)).has({ memberships: [{ expiringAt: day(40) }] });
  });
});

describe('CID-04 merged customers', () => {
  const one = shown(enrolled, earned).document;
  const another: Customer360 = {
    ...shown(on(1, enrolledAs(other)), given(2, 7, 7, day(9))).document,
    customerId: other,
    members: [other],
  };
  it('have the memberships of all who are one, and the points of each where they can be used', () =>
    expect(mergeCustomers([one, another], other)).toMatchObject({
      membershipCount: 2,
      memberships: [
        { customerId, balance: 100 },
        { customerId: other, balance: 7 },
      ],
      pointsExpireAt: day(9),
    }));
  it('have none where none of them is a member', () =>
    expect(
      mergeCustomers([customer360.initial(customerId), customer360.initial(other)] as Customer360[], other),
    ).not.toHaveProperty('pointsExpireAt'));
});

function enrolledAs(customerId: string) {
  return MemberEnrolled({ customerId, programmeId, currency: 'EUR', tier: 'Bronze' });
}
