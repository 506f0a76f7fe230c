import { describe, expect, it } from '@jest/globals';
import { derivedId } from '#kernel';
import { given } from '#kernel/testing';
import type { Customer } from '../../customers/contract.js';
import * as facts from './events.js';
import { relationship } from './relationship.js';
import {
  attentive,
  began,
  bought,
  buying,
  contractId,
  customerId,
  day,
  ended,
  now,
  of,
  orderId,
  registered,
  segment,
  silent,
  started,
  strict,
  otherId as survivorId,
  takenBack,
  terms,
} from './relationship.samples.js';

const memberId = derivedId('sample', 'member');
const thirdId = derivedId('sample', 'third');
const buyer = [began('PURCHASES'), bought(day(90))] as const;

/** What happens to a customer that is shown under another one. */
const merged: Customer = { ...registered, mergedInto: survivorId };
const told = (sign: 'PURCHASE' | 'CONTRACT' | 'CONTACT' | 'CHANGE', at: string) =>
  facts.SignOfLifePassedOn({ customerId, survivorId, sign, at });

/** A member with a history, to whom the customer is the survivor. */
const memberOf = (...history: Parameters<typeof given>[2][]) => ({
  memberCustomer: { ...registered, customerId: memberId, mergedInto: customerId } as Customer,
  member: given(relationship, of(strict), ...history).state,
});
const alone = { memberCustomer: { ...registered, customerId: memberId } as Customer };
const hear = (at: string, sign: 'PURCHASE' | 'CONTRACT' | 'CONTACT' | 'CHANGE' = 'CHANGE') => ({
  customerId,
  memberId,
  sign,
  at,
});
const heard = (at: string, lastSignAt: string | undefined, silentAt: string | undefined, more: object = {}) =>
  facts.MemberHeardOf({ customerId, memberId, sign: 'CHANGE', at, lastSignAt, silentAt, ...more });

describe('ANA-02 what keeps a customer, of one that is shown under another one (CID-04)', () => {
  it('is told to that one: purchases, orders and contracts', () => {
    given(relationship, of(strict, merged), ...buyer)
      .when('RecordPurchase', buying, { now: day(60) })
      .then(bought(), told('PURCHASE', day(60)));
    given(relationship, of(strict, merged), ...buyer)
      .when('NoteSignOfLife', { customerId, sign: 'ORDER', signId: orderId, at: day(50) }, { now: day(60) })
      .then(facts.SignOfLifeNoted({ customerId, sign: 'ORDER', signId: orderId, at: day(50) }), told('PURCHASE', day(50)));
    given(relationship, of(strict, merged))
      .when('StartContract', { customerId, contractId, ...terms })
      .then(began(), started(), told('CONTRACT', now));
  });
  it('is told when a contract ended, also where that is said with something else', () => {
    const fixed = [began(), started({ endsAt: day(90) })] as const;
    const over = given(relationship, of(strict, merged), ...fixed);
    over.when('ReviewRelationship', { customerId }, { now: day(100) }).then(
      ended(day(90), 90, { reason: 'END_OF_TERM' }),
      facts.CustomerChurned({
        customerId,
        segment,
        since: now,
        churnedAt: day(90),
        days: 90,
        bond: 'CONTRACT',
        reason: 'END_OF_TERM',
        contractKind: terms.kind,
      }),
      told('CHANGE', day(100)),
    );
    over
      .when('RecordPurchase', buying, { now: day(100) })
      .then(
        expect.objectContaining({ type: 'ContractEnded' }) as never,
        expect.objectContaining({ type: 'CustomerChurned' }) as never,
        bought(),
        expect.objectContaining({ type: 'CustomerWonBack' }) as never,
        told('PURCHASE', day(100)),
      );
  });
  it('is told when an order came to nothing', () => {
    const order = facts.SignOfLifeNoted({ customerId, sign: 'ORDER', signId: orderId, at: day(60) });
    given(relationship, of(strict, merged), ...buyer, [order, day(60)])
      .when('TakeBackSignOfLife', { customerId, signId: orderId }, { now: day(61) })
      .then(
        takenBack({ firstPurchaseAt: now, lastPurchaseAt: now, lastSignAt: now }),
        facts.SignOfLifePassedOn({ customerId, survivorId, sign: 'CHANGE', at: day(61) }),
      );
  });
  it('is that it was in touch, also if it never bought, once a day, and only where that counts', () => {
    const call = { customerId, sign: 'INTERACTION', signId: orderId } as const;
    given(relationship, of(attentive, merged))
      .when('NoteSignOfLife', { ...call, at: day(60) })
      .then(told('CONTACT', day(60)));
    given(relationship, of(attentive, merged), told('CONTACT', day(60)))
      .when('NoteSignOfLife', { ...call, at: day(60.5) })
      .changesNothing();
    given(relationship, of(strict, merged))
      .when('NoteSignOfLife', { ...call, at: day(60) })
      .changesNothing();
  });
  it('is that it was in touch once a day, also on the day on which it became a customer', () => {
    const call = { customerId, sign: 'INTERACTION', signId: orderId } as const;
    const since = began('PURCHASES', day(60.2));
    const justBegan = given(relationship, of(attentive, merged), told('CONTACT', day(60)), since);
    justBegan.when('NoteSignOfLife', { ...call, at: day(60.5) }).changesNothing();
    justBegan.when('NoteSignOfLife', { ...call, at: day(61) }).then(told('CONTACT', day(61)));
  });
  it('is nobody else’s matter of one that is shown by itself', () =>
    given(relationship, of(strict), ...buyer)
      .when('RecordPurchase', buying, { now: day(60) })
      .then(bought(day(150))));
});

describe('ANA-02 the survivor of a merge (CID-04)', () => {
  const since = (moment: string) => [began('PURCHASES'), [bought(), moment]] as const;

  it('is watched from the last sign of life of those who are shown under it', () => {
    given(relationship, { ...of(strict), ...memberOf(...since(day(60))) }, ...buyer)
      .when('HearOfMember', hear(day(70)), { now: day(70) })
      .then(heard(day(70), day(60), day(150)));
    const kept = given(relationship, of(strict), ...buyer, [heard(day(70), day(60), day(150)), day(70)]);
    kept.when('ReviewRelationship', { customerId }, { now: day(90) }).changesNothing();
    kept.when('ReviewRelationship', { customerId }, { now: day(151) }).then(silent(day(150), 150));
  });
  it('is watched from its own where that is later', () =>
    given(relationship, { ...of(strict), ...memberOf(...since(day(-30))) }, ...buyer)
      .when('HearOfMember', hear(day(70)), { now: day(70) })
      .then(heard(day(70), day(-30), day(90))));
  it('is watched by its own signs again after the unmerge, from when they were', () => {
    const before = [...buyer, [heard(day(70), day(60), day(150)), day(70)]] as const;
    given(relationship, { ...of(strict), ...memberOf(...since(day(60))), ...alone }, ...before)
      .when('HearOfMember', hear(day(80)), { now: day(80) })
      .then(heard(day(80), undefined, day(90)));
    given(relationship, of(strict), ...before, [heard(day(100), undefined, day(90)), day(100)])
      .when('ReviewRelationship', { customerId }, { now: day(100) })
      .then(silent(day(90), 90));
  });
  it('is as it was before the merge after the unmerge', () => {
    const own = given(relationship, of(strict), ...buyer).state;
    const twice = [heard(day(70), day(60), day(150)), heard(day(80), undefined, day(90))];
    expect(given(relationship, of(strict), ...buyer, ...twice).state).toEqual(own);
  });
  it('hears nothing new twice, and nothing of one that was never shown under it', () => {
    given(relationship, { ...of(strict), ...memberOf(...since(day(60))) }, ...buyer, heard(day(70), day(60), day(150)))
      .when('HearOfMember', hear(day(75)), { now: day(75) })
      .changesNothing();
    given(relationship, { ...of(strict), ...memberOf(...since(day(60))), ...alone }, ...buyer)
      .when('HearOfMember', hear(day(75)), { now: day(75) })
      .changesNothing();
  });
  it('does not fall silent while a contract of the other one runs, and is watched from its end', () => {
    given(relationship, { ...of(strict), ...memberOf(began(), started()) }, ...buyer)
      .when('HearOfMember', hear(day(70), 'CONTRACT'), { now: day(70) })
      .then(heard(day(70), undefined, undefined, { sign: 'CONTRACT', bound: true }));
    const bound = [...buyer, [heard(day(70), undefined, undefined, { bound: true }), day(70)]] as const;
    given(relationship, of(strict), ...bound)
      .when('ReviewRelationship', { customerId }, { now: day(200) })
      .changesNothing();
    given(relationship, { ...of(strict), ...memberOf(began(), started(), ended(day(200), 200)) }, ...bound)
      .when('HearOfMember', hear(day(200)), { now: day(200) })
      .then(heard(day(200), day(200), day(290)));
  });
  it('is watched from the last end of the contracts of the other one, in whatever order they were recorded', () => {
    const ends = [ended(day(80), 80), ended(day(50), 50, { contractId: survivorId })];
    const both = [began(), started(), started({ contractId: survivorId })];
    for (const order of [ends, [...ends].reverse()])
      given(relationship, { ...of(strict), ...memberOf(...both, ...order) }, ...buyer)
        .when('HearOfMember', hear(day(80)), { now: day(80) })
        .then(heard(day(80), day(80), day(170)));
  });
  it('is watched by its own signs again once the other one is erased, whose contract runs on', () => {
    const bound = [...buyer, [heard(day(70), undefined, undefined, { bound: true }), day(70)]] as const;
    const member = { ...memberOf(began(), started()), memberCustomer: { status: 'ERASED', customerId: memberId } as Customer };
    given(relationship, { ...of(strict), ...member }, ...bound)
      .when('HearOfMember', hear(day(80)), { now: day(80) })
      .then(heard(day(80), undefined, day(90)));
  });
  it('is kept by a call of one who never bought, once a day', () => {
    const called = memberOf(
      facts.SignOfLifePassedOn({ customerId: memberId, survivorId: customerId, sign: 'CONTACT', at: day(60) }),
    );
    given(relationship, { ...of(attentive), ...called }, ...buyer)
      .when('HearOfMember', hear(day(60), 'CONTACT'), { now: day(60) })
      .then(heard(day(60), day(60), day(150), { sign: 'CONTACT' }));
    const lastBought = (at: string) => given(relationship, { ...of(attentive), ...called }, began('PURCHASES'), [bought(), at]);
    lastBought(day(59.5))
      .when('HearOfMember', hear(day(60), 'CONTACT'), { now: day(60) })
      .changesNothing();
    lastBought(day(59))
      .when('HearOfMember', hear(day(60), 'CONTACT'), { now: day(60) })
      .then(heard(day(60), day(60), day(150), { sign: 'CONTACT' }));
  });
  it('that was lost before the merge stays lost: the next purchase of either wins it back', () => {
    const lost = [...buyer, [silent(day(90), 90), day(90)]] as const;
    given(relationship, { ...of(strict), ...memberOf(...since(day(95))) }, ...lost)
      .when('HearOfMember', hear(day(100)), { now: day(100) })
      .then(heard(day(100), day(95), undefined));
    const back = facts.CustomerWonBack({ customerId, bond: 'PURCHASES', segment, churnedAt: day(90), days: 20 });
    given(relationship, { ...of(strict), ...memberOf(...since(day(110))) }, ...lost)
      .when('HearOfMember', hear(day(110), 'PURCHASE'), { now: day(110) })
      .then(heard(day(110), day(110), day(200), { sign: 'PURCHASE' }), back);
    const returned = [...lost, heard(day(110), day(110), day(200), { sign: 'PURCHASE' }), [back, day(110)]] as const;
    given(relationship, { ...of(strict), ...alone }, ...returned)
      .when('HearOfMember', hear(day(120)), { now: day(120) })
      .then(heard(day(120), undefined, day(200)));
  });
  it('was lost before a sign of life of which it hears late: the clock comes first', () =>
    given(relationship, { ...of(strict), ...memberOf(...since(day(95))) }, ...buyer)
      .when('HearOfMember', hear(day(95), 'PURCHASE'), { now: day(100) })
      .then(
        silent(day(90), 90),
        heard(day(95), day(95), day(185), { sign: 'PURCHASE' }),
        facts.CustomerWonBack({ customerId, bond: 'PURCHASES', segment, churnedAt: day(90), days: 5 }),
      ));
  it('of one that was lost is none the worse for it', () =>
    given(relationship, { ...of(strict), ...memberOf(...since(day(-100)), [silent(day(-10), 90), day(-10)]) }, ...buyer)
      .when('HearOfMember', hear(day(10)), { now: day(10) })
      .then(heard(day(10), day(-100), day(90))));
  it('becomes a customer where the other one is one, and is watched', () => {
    given(relationship, { ...of(strict), ...memberOf(...since(day(60))) })
      .when('HearOfMember', hear(day(70)), { now: day(70) })
      .then(began('PURCHASES', day(70)), heard(day(70), day(60), day(150)));
    given(relationship, { ...of(strict), ...memberOf() })
      .when('HearOfMember', hear(day(70)), { now: day(70) })
      .changesNothing();
  });
  it('tells the one under whom it is shown itself', () => {
    const through = { ...of(strict, { ...registered, mergedInto: thirdId }), ...memberOf(...since(day(60))) };
    given(relationship, through, ...buyer)
      .when('HearOfMember', hear(day(60), 'PURCHASE'), { now: day(60) })
      .then(
        heard(day(60), day(60), undefined, { sign: 'PURCHASE' }),
        facts.SignOfLifePassedOn({ customerId, survivorId: thirdId, sign: 'PURCHASE', at: day(60) }),
      );
  });
});

describe('ANA-02 a customer whose only purchase came to nothing', () => {
  const order = facts.SignOfLifeNoted({ customerId, sign: 'ORDER', signId: orderId, at: now, silentAt: day(90) });
  it('is watched from when it became one', () =>
    given(relationship, of(strict), began('PURCHASES'), order)
      .when('TakeBackSignOfLife', { customerId, signId: orderId }, { now: day(1) })
      .then(facts.SignOfLifeTakenBack({ customerId, signId: orderId, at: now, silentAt: day(90) })));
  it('is not lost before it was won back', () =>
    given(
      relationship,
      of(strict),
      ...buyer,
      [silent(day(90), 90), day(90)],
      [facts.SignOfLifeNoted({ ...order.data, at: day(100), silentAt: day(190) }), day(100)],
      [facts.CustomerWonBack({ customerId, bond: 'PURCHASES', segment, churnedAt: day(90), days: 10 }), day(100)],
    )
      .when('TakeBackSignOfLife', { customerId, signId: orderId }, { now: day(101) })
      .then(
        facts.SignOfLifeTakenBack({
          customerId,
          signId: orderId,
          at: day(100),
          firstPurchaseAt: now,
          lastPurchaseAt: now,
          lastSignAt: now,
          silentAt: day(190),
        }),
      ));
});
