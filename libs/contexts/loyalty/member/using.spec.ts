import { describe, expect, it } from '@jest/globals';
import { derivedId } from '#kernel';
import { given } from '#kernel/testing';
import { MembershipEnded, PointsAdjusted, PointsRedeemed } from './events.js';
import { member } from './member.js';
import * as s from './member.samples.js';

const { customerId, programmeId, day, enrolled, of } = s;
const about = { customerId, programmeId };
const hundred = s.earned({ amount: 100_50, points: 100 }, { balance: 100, spent: 100_50 });
const expiring = s.earned({ amount: 100_50, points: 100 }, { balance: 100, spent: 100_50, expiresAt: day(30) });
const erased = of(s.noOrder, s.programme, { status: 'ERASED', customerId });

describe('MKT-16 redeeming points', () => {
  const redeem = (points: number) => ({ customerId, points });
  it('leaves the rest', () => given(member, of(), enrolled, hundred).when('RedeemPoints', redeem(30)).then(s.redeemed(30, 70)));
  it('says what they are worth, where the programme does', () =>
    given(member, of(s.noOrder, { ...s.programme, pointWorth: 2 }), enrolled, hundred)
      .when('RedeemPoints', { ...redeem(30), reward: 'Voucher' })
      .then(PointsRedeemed({ ...about, points: 30, reward: 'Voucher', amount: 60, currency: 'EUR', balance: 70 })));
  it('never goes below zero', () => {
    given(member, of(), enrolled, hundred).when('RedeemPoints', redeem(100)).then(s.redeemed(100, 0));
    given(member, of(), enrolled, hundred).when('RedeemPoints', redeem(101)).isRefused('points-above-balance', 'points');
    given(member, of(), enrolled, hundred, s.redeemed(100, 0))
      .when('RedeemPoints', redeem(1))
      .isRefused('points-above-balance', 'points');
  });
  it('takes those first that expire first', () =>
    given(member, of(), enrolled, s.adjusted(50, 50), expiring, s.redeemed(120, 30))
      .when('ExpirePoints', { customerId }, { now: day(30) })
      .changesNothing());
  it('is for members that are not erased, in orders that there are', () => {
    given(member, of()).when('RedeemPoints', redeem(1)).isRefused('not-a-member');
    given(member, erased, enrolled, hundred).when('RedeemPoints', redeem(1)).isRefused('customer-erased', 'customerId');
    given(member, of(), enrolled, hundred)
      .when('RedeemPoints', { ...redeem(1), orderId: derivedId('nothing') })
      .isRefused('order-unknown', 'orderId');
  });
  it('goes on when the customer is merged into another one, so that no points are lost', () =>
    given(member, of(s.noOrder, s.programme, s.merged), enrolled, hundred)
      .when('RedeemPoints', redeem(30))
      .then(s.redeemed(30, 70)));
});

describe('MKT-16 points that expire', () => {
  it('do so when they are due', () => {
    given(member, of(), enrolled, expiring)
      .when('ExpirePoints', { customerId }, { now: day(29) })
      .changesNothing();
    given(member, of(), enrolled, expiring)
      .when('ExpirePoints', { customerId }, { now: day(30) })
      .then(s.expired(100, day(30), 0));
  });
  it('say so for each moment, and once', () => {
    const both = [enrolled, s.adjusted(50, 50, day(20)), expiring];
    const gone = [s.expired(50, day(20), 100), s.expired(100, day(30), 0)];
    given(member, of(), ...both)
      .when('ExpirePoints', { customerId }, { now: day(40) })
      .then(...gone);
    given(member, of(), ...both, ...gone)
      .when('ExpirePoints', { customerId }, { now: day(40) })
      .changesNothing();
  });
  it('cannot be used any more, though the timer is late: that is said first', () => {
    given(member, of(), enrolled, expiring)
      .when('RedeemPoints', { customerId, points: 1 }, { now: day(31) })
      .isRefused('points-above-balance', 'points');
    given(member, of(), enrolled, s.adjusted(50, 50), expiring)
      .when('RedeemPoints', { customerId, points: 50 }, { now: day(31) })
      .then(s.expired(100, day(30), 50), s.redeemed(50, 0));
  });
  it('can be used at the moment at which they expire, where the timer does not come first', () =>
    given(member, of(), enrolled, expiring)
      .when('RedeemPoints', { customerId, points: 1 }, { now: day(30) })
      .then(s.redeemed(1, 99)));
  it('do not where no timer waits: in history that is imported without its clock', () =>
    given(member, of(), enrolled, [s.adjusted(50, 50, day(20)), day(0), { cutOver: day(40), clock: false }])
      .when('ExpirePoints', { customerId }, { now: day(50) })
      .changesNothing());
  it('are no concern of those who are no members any more', () =>
    given(member, of(), enrolled, expiring, s.ended(100))
      .when('ExpirePoints', { customerId }, { now: day(30) })
      .changesNothing());
});

describe('MKT-16 setting points right', () => {
  const adjust = (points: number) => ({ customerId, points, reason: 'sorry' });
  it('gives or takes some, with a reason', () => {
    given(member, of(), enrolled, hundred).when('AdjustPoints', adjust(50)).then(s.adjusted(50, 150));
    given(member, of(), enrolled, hundred).when('AdjustPoints', adjust(-100)).then(s.adjusted(-100, 0));
  });
  it('never goes below zero', () =>
    given(member, of(), enrolled, hundred).when('AdjustPoints', adjust(-101)).isRefused('points-above-balance', 'points'));
  it('keeps the balance an exact number', () => {
    const most = s.adjusted(Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
    given(member, of(), enrolled, most).when('AdjustPoints', adjust(1)).isRefused('sum-too-large', 'points');
  });
  it('is by something', () =>
    given(member, of(), enrolled).when('AdjustPoints', adjust(0)).isRefused('nothing-to-adjust', 'points'));
  it('gives points that expire as the programme says, or as is said', () => {
    const terms = of(s.noOrder, { ...s.programme, expiresAfterDays: 365 });
    given(member, terms, enrolled)
      .when('AdjustPoints', adjust(50))
      .then(s.adjusted(50, 50, day(365)));
    given(member, terms, enrolled)
      .when('AdjustPoints', { ...adjust(50), expiresAt: day(10) })
      .then(s.adjusted(50, 50, day(10)));
    given(member, terms, enrolled)
      .when('AdjustPoints', { ...adjust(50), expiresAt: day(0) })
      .isRefused('expiry-not-ahead', 'expiresAt');
    given(member, terms, enrolled, hundred)
      .when('AdjustPoints', { ...adjust(-50), expiresAt: day(10) })
      .isRefused('nothing-to-expire', 'expiresAt');
  });
  it('sets off what is owed first', () =>
    given(
      ...([member, of(), enrolled, hundred, s.redeemed(100, 0)] as const),
      s.takenBack({ amount: 100_50, counted: 0, points: 100 }, { balance: 0, owed: 100, spent: 0 }),
    )
      .when('AdjustPoints', adjust(130))
      .then(PointsAdjusted({ ...about, points: 130, reason: 'sorry', balance: 30, owed: 0 })));
});

describe('MKT-16 the end of a membership', () => {
  const end = { customerId, reason: 'as asked' };
  it('leaves no points', () => {
    given(member, of(), enrolled, hundred).when('EndMembership', end).then(s.ended(100));
    expect(given(member, of(), enrolled, hundred, s.ended(100)).state.membership).toBeUndefined();
  });
  it('says first what had expired', () =>
    given(member, of(), enrolled, expiring)
      .when('EndMembership', end, { now: day(31) })
      .then(s.expired(100, day(30), 0), s.ended(0)));
  it('leaves nothing owed', () =>
    given(
      ...([member, of(), enrolled, hundred, s.redeemed(100, 0)] as const),
      s.takenBack({ amount: 100_50, counted: 0, points: 100 }, { balance: 0, owed: 100, spent: 0 }),
    )
      .when('EndMembership', end)
      .then(MembershipEnded({ ...about, reason: 'as asked', points: 0, owed: 100 })));
  it('comes once, and also to who is erased', () => {
    given(member, of(), enrolled, s.ended(0)).when('EndMembership', end).isRefused('not-a-member');
    given(member, erased, enrolled, hundred).when('EndMembership', end).then(s.ended(100));
  });
});
