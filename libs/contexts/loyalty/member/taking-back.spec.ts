import { describe, it } from '@jest/globals';
import { derivedId } from '#kernel';
import { given } from '#kernel/testing';
import { member } from './member.js';
import * as s from './member.samples.js';

const { customerId, orderId, day, enrolled, of } = s;
const account = { customerId, orderId };
const paid = s.paid(100_50);
const hundred = s.earned({ amount: 100_50, points: 100 }, { balance: 100, spent: 100_50 });
const all = { amount: 100_50, counted: 0, points: 100 };
const credited = (...amounts: number[]) =>
  of(s.ordered(paid, ...amounts.map((amount, index) => s.credited(amount, derivedId('credit', String(index))))));

describe('ORD-08 the points of goods that were credited', () => {
  it('are taken back with the order', () =>
    given(member, credited(100_50), enrolled, hundred)
      .when('AccountForOrder', account)
      .then(s.takenBack(all, { balance: 0, spent: 0 })));
  it('are taken back once, however often it is heard of', () =>
    given(member, credited(100_50), enrolled, hundred, s.takenBack(all, { balance: 0, spent: 0 }))
      .when('AccountForOrder', account)
      .changesNothing());
  it('are taken back for the part that was credited, so that what is left is rounded down', () =>
    given(member, credited(33_33), enrolled, hundred)
      .when('AccountForOrder', account)
      .then(s.takenBack({ amount: 33_33, counted: 67_17, points: 33 }, { balance: 67, spent: 67_17 })));
  it('are taken back credit by credit, all together no more than the order earned', () => {
    const first = s.takenBack({ amount: 33_33, counted: 67_17, points: 33 }, { balance: 67, spent: 67_17 });
    given(member, credited(33_33, 33_33), enrolled, hundred, first)
      .when('AccountForOrder', account)
      .then(s.takenBack({ amount: 33_33, counted: 33_84, points: 34 }, { balance: 33, spent: 33_84 }));
    given(member, credited(33_33, 67_17), enrolled, hundred, first)
      .when('AccountForOrder', account)
      .then(s.takenBack({ amount: 67_17, counted: 0, points: 67 }, { balance: 0, spent: 0 }));
  });
  it('are taken back where the payment did not stay with us, and earned again when it comes again', () => {
    const bounced = s.ordered(paid, s.reversed(100_50));
    const gone = s.takenBack(all, { balance: 0, spent: 0 });
    given(member, of(bounced), enrolled, hundred).when('AccountForOrder', account).then(gone);
    const again = s.ordered(paid, s.reversed(100_50), s.paid(100_50, 0, s.invoiceId, derivedId('again')));
    given(member, of(again), enrolled, hundred, gone).when('AccountForOrder', account).then(hundred);
  });

  it('were used: what there is not is owed, and the balance is zero', () =>
    given(member, credited(100_50), enrolled, hundred, s.redeemed(80, 20))
      .when('AccountForOrder', account)
      .then(s.takenBack(all, { balance: 0, owed: 80, spent: 0 })));
  it('that are owed are set off against what is earned next', () => {
    const owing = [enrolled, hundred, s.redeemed(80, 20), s.takenBack(all, { balance: 0, owed: 80, spent: 0 })];
    const another = derivedId('another order');
    given(member, of(s.ordered(paid)), ...owing)
      .when('AccountForOrder', { customerId, orderId: another })
      .then(s.earned({ amount: 100_50, points: 100 }, { balance: 20, spent: 100_50 }, another));
  });
  it('have expired: they are gone, and nothing else is taken for them', () => {
    const expiring = s.earned({ amount: 100_50, points: 100 }, { balance: 100, spent: 100_50, expiresAt: day(30) });
    given(member, credited(100_50), enrolled, expiring, s.redeemed(60, 40), s.adjusted(500, 540), s.expired(40, day(30), 500))
      .when('AccountForOrder', account)
      .then(s.takenBack({ ...all, expired: 40 }, { balance: 440, spent: 0 }));
  });
  it('are those of the order, before others that expire sooner', () => {
    const later = s.earned({ amount: 100_50, points: 100 }, { balance: 150, spent: 100_50, expiresAt: day(60) });
    const before = [enrolled, s.adjusted(50, 50, day(30)), later, s.takenBack(all, { balance: 50, spent: 0 })];
    given(member, of(), ...before)
      .when('ExpirePoints', { customerId }, { now: day(30) })
      .then(s.expired(50, day(30), 0));
  });
  it('are no concern when the membership ended, or another one began', () => {
    given(member, credited(100_50), enrolled, hundred, s.ended(100)).when('AccountForOrder', account).changesNothing();
    given(member, credited(100_50), enrolled, hundred, s.ended(100), [enrolled, day(9)])
      .when('AccountForOrder', account)
      .changesNothing();
  });
});
