import { describe, it } from '@jest/globals';
import { derivedId } from '#kernel';
import { given } from '#kernel/testing';
import { member } from './member.js';
import * as s from './member.samples.js';

const { customerId, orderId, programmeId, day, enrolled, of } = s;
const account = { customerId, orderId };
const paid = s.ordered([s.paid(100_50), day(1)]);
const hundred = s.earned({ amount: 100_50, points: 100 }, { balance: 100, spent: 100_50 });

describe('MKT-16 enrolling a member', () => {
  it('begins in the lowest tier, in the currency of the programme', () =>
    given(member, of()).when('EnrolMember', { customerId, programmeId }).then(enrolled));
  it('happens once', () => given(member, of(), enrolled).when('EnrolMember', { customerId, programmeId }).changesNothing());
  it('is for one programme at a time', () =>
    given(member, of(), enrolled)
      .when('EnrolMember', { customerId, programmeId: derivedId('other') })
      .isRefused('member-elsewhere'));
  it('needs a customer, under whom it is shown itself', () => {
    const enrol = (who: typeof s.customer) =>
      given(member, of(s.noOrder, s.programme, who)).when('EnrolMember', { customerId, programmeId });
    enrol({ status: 'NONE' }).isRefused('customer-unknown', 'customerId');
    enrol({ status: 'ERASED', customerId }).isRefused('customer-erased', 'customerId');
    enrol(s.merged).isRefused('customer-merged', 'customerId');
  });
  it('needs a programme that is open', () => {
    const enrol = (terms: Parameters<typeof of>[1]) =>
      given(member, of(s.noOrder, terms)).when('EnrolMember', { customerId, programmeId });
    enrol({ exists: false }).isRefused('programme-unknown', 'programmeId');
    enrol({ ...s.programme, closedAt: day(0) }).isRefused('programme-closed', 'programmeId');
  });
});

describe('MKT-16 an order of a member', () => {
  it('earns when its invoice is paid in full, a point for each full amount', () =>
    given(member, of(paid), enrolled).when('AccountForOrder', account).then(hundred));
  it('earns once, however often it is heard of', () =>
    given(member, of(paid), enrolled, hundred).when('AccountForOrder', account).changesNothing());
  it('earns nothing as long as a part of the invoice is open', () =>
    given(member, of(s.ordered(s.paid(100_00, 50))), enrolled)
      .when('AccountForOrder', account)
      .changesNothing());
  it('earns invoice by invoice, and nothing is lost between them', () => {
    const second = derivedId('second invoice');
    const both = s.orderOf(s.placed(), s.invoiced(50_25), s.invoiced(50_25, second), s.paid(50_25), s.paid(50_25, 0, second));
    given(member, of(both), enrolled, s.earned({ amount: 50_25, points: 50 }, { balance: 50, spent: 50_25 }))
      .when('AccountForOrder', account)
      .then(s.earned({ amount: 50_25, counted: 100_50, points: 50 }, { balance: 100, spent: 100_50 }));
  });
  it('earns nothing in another currency', () => {
    const inDollars = s.orderOf(s.placed('USD'), s.invoiced(100_50, s.invoiceId, 'USD'), s.paid(100_50));
    given(member, of(inDollars), enrolled).when('AccountForOrder', account).changesNothing();
  });
  it('earns nothing with what was paid before the customer was a member, even if it is credited after that', () => {
    given(member, of(paid), [enrolled, day(2)])
      .when('AccountForOrder', account)
      .changesNothing();
    given(member, of(s.ordered([s.paid(100_50), day(1)], [s.credited(50_00), day(3)])), [enrolled, day(2)])
      .when('AccountForOrder', account)
      .changesNothing();
  });
  it('earns nothing with what was paid before the cut-over of an import: the import brings the points', () => {
    const imported = { cutOver: day(2), clock: false };
    given(member, of(paid), [enrolled, day(0), imported])
      .when('AccountForOrder', account)
      .changesNothing();
    given(member, of(s.ordered([s.paid(100_50), day(2)])), [enrolled, day(0), imported])
      .when('AccountForOrder', account, { now: day(2) })
      .then(hundred);
  });
  it('earns nothing with what is paid when the programme was closed', () =>
    given(member, of(paid, { ...s.programme, closedAt: day(1) }), enrolled)
      .when('AccountForOrder', account)
      .changesNothing());
  it('of somebody who is no member earns nothing', () =>
    given(member, of(paid)).when('AccountForOrder', account).changesNothing());
  it('counts what is asked for, where a part was credited before the rest was paid', () =>
    given(member, of(s.ordered(s.credited(40_00), s.paid(60_50))), enrolled)
      .when('AccountForOrder', account)
      .then(s.earned({ amount: 60_50, points: 60 }, { balance: 60, spent: 60_50 })));
  it('counts as spent where it is too small for a point', () =>
    given(member, of(s.orderOf(s.placed(), s.invoiced(99), s.paid(99))), enrolled)
      .when('AccountForOrder', account)
      .then(s.earned({ amount: 99, points: 0 }, { balance: 0, spent: 99 })));
  it('earns points that expire, if the programme says so', () =>
    given(member, of(paid, { ...s.programme, expiresAfterDays: 365 }), enrolled)
      .when('AccountForOrder', account, { now: day(1) })
      .then(s.earned({ amount: 100_50, points: 100 }, { balance: 100, spent: 100_50, expiresAt: day(366) })));
});

describe('MKT-16 the tier of a member', () => {
  const large = s.orderOf(s.placed(), s.invoiced(1000_00), s.paid(1000_00));
  const thousand = s.earned({ amount: 1000_00, points: 1000 }, { balance: 1000, spent: 1000_00 });
  const another = derivedId('another order');

  it('changes when enough was spent; that order still earned by the tier before', () =>
    given(member, of(large), enrolled)
      .when('AccountForOrder', account)
      .then(thousand, s.tierChanged('Bronze', 'Gold', 1000_00)));
  it('says what the next order earns', () =>
    given(member, of(paid), enrolled, thousand, s.tierChanged('Bronze', 'Gold', 1000_00))
      .when('AccountForOrder', { customerId, orderId: another })
      .then(s.earned({ amount: 100_50, points: 201 }, { balance: 1201, spent: 1100_50, pointFor: 50 }, another)));
  it('changes back when goods come back', () => {
    const less = s.orderOf(s.placed(), s.invoiced(1000_00), s.paid(1000_00), s.credited(1_00));
    given(member, of(less), enrolled, thousand, s.tierChanged('Bronze', 'Gold', 1000_00))
      .when('AccountForOrder', account)
      .then(
        s.takenBack({ amount: 1_00, counted: 999_00, points: 1 }, { balance: 999, spent: 999_00 }),
        s.tierChanged('Gold', 'Bronze', 999_00),
      );
  });
});
