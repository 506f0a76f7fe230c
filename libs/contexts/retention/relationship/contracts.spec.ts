import { describe, it } from '@jest/globals';
import { derivedId } from '#kernel';
import { carried, given } from '#kernel/testing';
import * as facts from './events.js';
import { relationship } from './relationship.js';
import {
  began,
  bought,
  churned,
  contractId,
  customerId,
  day,
  ended,
  now,
  of,
  otherId,
  registered,
  segment,
  started,
  terms,
} from './relationship.samples.js';

const one = [began(), started()] as const;
const start = { customerId, contractId, ...terms };
const end = { customerId, contractId, reason: 'PRICE' } as const;

describe('ANA-02 a contract', () => {
  it('makes somebody a customer', () => given(relationship, of()).when('StartContract', start).then(began(), started()));
  it('is due by the month where nothing else is said', () =>
    given(relationship, of())
      .when('StartContract', { customerId, contractId, kind: 'One year', price: 50_00, currency: 'EUR' })
      .then(began(), started()));
  it('binds who had only bought', () =>
    given(relationship, of(), began('PURCHASES'), bought())
      .when('StartContract', start)
      .then(started(), facts.RelationshipBound({ customerId, segment })));
  it('may be one of several', () =>
    given(relationship, of(), ...one)
      .when('StartContract', { ...start, contractId: otherId })
      .then(started({ contractId: otherId })));
  it('starts once', () =>
    given(relationship, of(), ...one)
      .when('StartContract', start)
      .isRefused('contract-exists', 'contractId'));
  it('is one of at most 500 of a customer', () => {
    const many = Array.from({ length: 500 }, (_, n) => started({ contractId: derivedId(`contract ${n}`) }));
    given(relationship, of(), began(), ...many)
      .when('StartContract', start)
      .isRefused('too-many-contracts');
  });
  it('needs a registered customer', () =>
    given(relationship, of(undefined, { status: 'NONE' }))
      .when('StartContract', start)
      .isRefused('customer-unknown', 'customerId'));
  it('needs a customer who is not erased', () =>
    given(relationship, of(undefined, { status: 'ERASED', customerId }))
      .when('StartContract', start)
      .isRefused('customer-erased', 'customerId'));
  it('does not end before it starts', () =>
    given(relationship, of())
      .when('StartContract', { ...start, endsAt: now })
      .isRefused('end-in-the-past', 'endsAt'));
  it('counts in the segment of its customer', () =>
    given(relationship, of(undefined, { ...registered, segment: 'wholesale' }))
      .when('StartContract', start)
      .then(facts.RelationshipBegan({ customerId, bond: 'CONTRACT', segment: 'wholesale', since: now }), started()));

  it('gets another price, and says the one before', () =>
    given(relationship, of(), ...one)
      .when('ChangeContract', { customerId, contractId, price: 40_00 })
      .then(
        facts.ContractChanged({ customerId, contractId, ...terms, price: 40_00, previousPrice: 50_00, previousCurrency: 'EUR' }),
      ));
  it('is not changed by the terms that it has', () =>
    given(relationship, of(), ...one)
      .when('ChangeContract', { ...start })
      .changesNothing());
  it('has no other currency without a price in it', () =>
    given(relationship, of(), ...one)
      .when('ChangeContract', { customerId, contractId, currency: 'USD' })
      .isRefused('price-needed', 'price'));
  it('that is over has no other terms', () =>
    given(relationship, of(), ...one, ended(now, 0))
      .when('ChangeContract', { customerId, contractId, price: 1 })
      .isRefused('contract-ended'));
  it('that nobody started cannot be changed', () =>
    given(relationship, of(), ...one)
      .when('ChangeContract', { customerId, contractId: otherId })
      .isRefused('contract-unknown', 'contractId'));
});

describe('ANA-02 the end of a contract', () => {
  it('is the loss of the customer, if it was the last', () =>
    given(relationship, of(), ...one)
      .when('EndContract', end, { now: day(40) })
      .then(ended(day(40), 40), churned(day(40), 40)));
  it('is no loss while another one runs', () =>
    given(relationship, of(), ...one, started({ contractId: otherId }))
      .when('EndContract', end, { now: day(40) })
      .then(ended(day(40), 40)));
  it('is a loss when the others ended before', () =>
    given(relationship, of(), ...one, started({ contractId: otherId }), ended(day(1), 1, { contractId: otherId }))
      .when('EndContract', end, { now: day(40) })
      .then(ended(day(40), 40), churned(day(40), 40)));
  it('happens once', () =>
    given(relationship, of(), ...one, ended(now, 0))
      .when('EndContract', end)
      .changesNothing());
  it('has a reason in words where no other fits', () => {
    given(relationship, of(), ...one)
      .when('EndContract', { ...end, reason: 'OTHER' })
      .isRefused('notes-required', 'notes');
    given(relationship, of(), ...one)
      .when('EndContract', { ...end, reason: 'OTHER', notes: carried('moves abroad') })
      .then(ended(now, 0, { reason: 'OTHER', notes: carried('moves abroad') }), churned(now, 0, { reason: 'OTHER' }));
  });
  it('may be announced', () =>
    given(relationship, of(), ...one)
      .when('EndContract', { ...end, endsAt: day(90) })
      .then(facts.ContractNoticeGiven({ customerId, contractId, endsAt: day(90), reason: 'PRICE' })));
  it('is announced once', () =>
    given(relationship, of(), ...one, facts.ContractNoticeGiven({ customerId, contractId, endsAt: day(90), reason: 'PRICE' }))
      .when('EndContract', { ...end, endsAt: day(90) })
      .changesNothing());
  it('is not announced for the past', () =>
    given(relationship, of(), ...one)
      .when('EndContract', { ...end, endsAt: day(-1) })
      .isRefused('end-in-the-past', 'endsAt'));
});

describe('ANA-02 a contract at its end, by the clock', () => {
  const noticed = facts.ContractNoticeGiven({ customerId, contractId, endsAt: day(90), reason: 'PRICE' });
  const fixed = [began(), started({ endsAt: day(90) })] as const;
  const outOfTerm = [ended(day(90), 90, { reason: 'END_OF_TERM' }), churned(day(90), 90, { reason: 'END_OF_TERM' })] as const;

  it('ends when its term is over', () =>
    given(relationship, of(), ...fixed)
      .when('ReviewRelationship', { customerId }, { now: day(90) })
      .then(...outOfTerm));
  it('ends for the reason of the notice', () =>
    given(relationship, of(), ...one, noticed)
      .when('ReviewRelationship', { customerId }, { now: day(90) })
      .then(ended(day(90), 90), churned(day(90), 90)));
  it('ended when that was due, however late somebody looks', () =>
    given(relationship, of(), ...fixed)
      .when('ReviewRelationship', { customerId }, { now: day(100) })
      .then(...outOfTerm));
  it('runs until then', () =>
    given(relationship, of(), ...fixed)
      .when('ReviewRelationship', { customerId }, { now: day(89) })
      .changesNothing());
  it('goes on if that was agreed', () => {
    const continued = facts.ContractContinued({ customerId, contractId });
    given(relationship, of(), ...one, noticed)
      .when('ContinueContract', { customerId, contractId })
      .then(continued);
    given(relationship, of(), ...one, noticed, continued)
      .when('ReviewRelationship', { customerId }, { now: day(90) })
      .changesNothing();
  });
  it('goes on to another end', () => {
    const continued = facts.ContractContinued({ customerId, contractId, endsAt: day(455) });
    given(relationship, of(), ...fixed)
      .when('ContinueContract', { customerId, contractId, endsAt: day(455) })
      .then(continued);
    given(relationship, of(), ...fixed, continued)
      .when('ReviewRelationship', { customerId }, { now: day(90) })
      .changesNothing();
  });
  it('that was to go on anyway is not changed', () =>
    given(relationship, of(), ...one)
      .when('ContinueContract', { customerId, contractId })
      .changesNothing());
  it('that is over does not go on', () =>
    given(relationship, of(), ...one, ended(now, 0))
      .when('ContinueContract', { customerId, contractId })
      .isRefused('contract-ended'));
  it('leaves the customer lost with the last of several that end at different times', () =>
    given(relationship, of(), ...fixed, started({ contractId: otherId, kind: 'Trial', endsAt: day(30) }))
      .when('ReviewRelationship', { customerId }, { now: day(90) })
      .then(ended(day(30), 30, { contractId: otherId, kind: 'Trial', reason: 'END_OF_TERM' }), ...outOfTerm));
  it('leaves a customer who has another one', () =>
    given(relationship, of(), ...fixed, started({ contractId: otherId }))
      .when('ReviewRelationship', { customerId }, { now: day(90) })
      .then(outOfTerm[0]));
});

describe('MKT-20 a lost customer', () => {
  const lost = [...one, ended(day(40), 40), churned(day(40), 40)] as const;

  it('is won back by a contract', () =>
    given(relationship, of(), ...lost)
      .when('StartContract', { ...start, contractId: otherId }, { now: day(50) })
      .then(
        started({ contractId: otherId }),
        facts.CustomerWonBack({ customerId, bond: 'CONTRACT', segment, churnedAt: day(40), days: 10 }),
      ));
  it('is won back by a purchase', () =>
    given(relationship, of(), ...lost)
      .when('RecordPurchase', { customerId, purchaseId: otherId, amount: 1, currency: 'EUR' }, { now: day(50) })
      .then(
        facts.PurchaseRecorded({ customerId, purchaseId: otherId, amount: 1, currency: 'EUR' }),
        facts.CustomerWonBack({ customerId, bond: 'PURCHASES', segment, churnedAt: day(40), days: 10 }),
      ));
  it('may be lost again, after the time that it was a customer again', () =>
    given(relationship, of(), ...lost, started({ contractId: otherId }), [
      facts.CustomerWonBack({ customerId, bond: 'CONTRACT', segment, churnedAt: day(40), days: 10 }),
      day(50),
    ])
      .when('EndContract', { ...end, contractId: otherId }, { now: day(70) })
      .then(ended(day(70), 70, { contractId: otherId }), churned(day(70), 20, { since: day(50) })));
  it('gets the reason that was learnt later (ANA-03)', () => {
    const learnt = facts.ChurnReasonLearnt({ customerId, reason: 'SERVICE' });
    given(relationship, of(), ...lost)
      .when('LearnChurnReason', { customerId, reason: 'SERVICE' })
      .then(learnt);
    given(relationship, of(), ...lost, learnt)
      .when('LearnChurnReason', { customerId, reason: 'SERVICE' })
      .changesNothing();
    given(relationship, of(), ...lost)
      .when('LearnChurnReason', { customerId, reason: 'OTHER' })
      .isRefused('notes-required', 'notes');
  });
  it('is one who was lost', () =>
    given(relationship, of(), ...one)
      .when('LearnChurnReason', { customerId, reason: 'SERVICE' })
      .isRefused('customer-not-churned'));
});
