import { describe, it } from '@jest/globals';
import type { Imported } from '#kernel';
import { given } from '#kernel/testing';
import * as facts from './events.js';
import { relationship } from './relationship.js';
import {
  acted,
  actionId,
  began,
  bought,
  buying,
  churned,
  contractId,
  customerId,
  day,
  ended,
  now,
  of,
  ordered,
  orderId,
  otherId,
  registered,
  segment,
  silent,
  started,
  strict,
  terms,
} from './relationship.samples.js';

const buyer = [began('PURCHASES'), bought(day(90))] as const;
const fixed = [began(), started({ endsAt: day(90) })] as const;
const outOfTerm = [ended(day(90), 90, { reason: 'END_OF_TERM' }), churned(day(90), 90, { reason: 'END_OF_TERM' })] as const;
const wonBack = (bond: 'CONTRACT' | 'PURCHASES', days: number) =>
  facts.CustomerWonBack({ customerId, bond, segment, churnedAt: day(90), days });
const late = { now: day(100) };

describe('ANA-02 a loss that was due while the timer is late', () => {
  it('by silence comes before the purchase that follows', () =>
    given(relationship, of(strict), ...buyer)
      .when('RecordPurchase', buying, late)
      .then(silent(day(90), 90), bought(day(190)), wonBack('PURCHASES', 10)));
  it('is said by nobody twice', () =>
    given(
      relationship,
      of(strict),
      ...buyer,
      silent(day(90), 90),
      [bought(day(190)), day(100)],
      [wonBack('PURCHASES', 10), day(100)],
    )
      .when('ReviewRelationship', { customerId }, late)
      .changesNothing());
  it('by silence comes before the contract that follows', () =>
    given(relationship, of(strict), ...buyer)
      .when('StartContract', { customerId, contractId, ...terms }, late)
      .then(silent(day(90), 90), started(), wonBack('CONTRACT', 10)));
  it('by silence comes before the order that follows, and not before one from earlier that is learnt of late', () => {
    const order = { customerId, sign: 'ORDER', signId: orderId } as const;
    given(relationship, of(strict), ...buyer)
      .when('NoteSignOfLife', { ...order, at: day(95) }, late)
      .then(silent(day(90), 90), ordered(day(95), day(185)), wonBack('PURCHASES', 5));
    given(relationship, of(strict), ...buyer)
      .when('NoteSignOfLife', { ...order, at: day(80) }, late)
      .then(ordered(day(80), day(170)));
  });
  it('is not due at the very moment: a purchase then is in time', () =>
    given(relationship, of(strict), ...buyer)
      .when('RecordPurchase', buying, { now: day(90) })
      .then(bought(day(180))));
  it('by the end of a term comes before the contract or the purchase that follows', () => {
    given(relationship, of(), ...fixed)
      .when('StartContract', { customerId, contractId: otherId, ...terms }, late)
      .then(...outOfTerm, started({ contractId: otherId }), wonBack('CONTRACT', 10));
    given(relationship, of(), ...fixed)
      .when('RecordPurchase', buying, late)
      .then(...outOfTerm, bought(), wonBack('PURCHASES', 10));
  });
  it('by the end of one contract leaves the end of another one what it is', () => {
    const two = [...fixed, started({ contractId: otherId })] as const;
    given(relationship, of(), ...two)
      .when('EndContract', { customerId, contractId: otherId, reason: 'PRICE' }, late)
      .then(outOfTerm[0], ended(day(100), 100, { contractId: otherId }), churned(day(100), 100));
  });
  it('is not undone by going on with what is over, nor by ending it again', () => {
    given(relationship, of(), ...fixed)
      .when('ContinueContract', { customerId, contractId }, late)
      .isRefused('contract-ended');
    given(relationship, of(), ...fixed)
      .when('EndContract', { customerId, contractId, reason: 'PRICE' }, late)
      .changesNothing();
  });
  it('can be explained, and is what a retention action is about', () => {
    given(relationship, of(strict), ...buyer)
      .when('LearnChurnReason', { customerId, reason: 'PRICE' }, late)
      .then(silent(day(90), 90), facts.ChurnReasonLearnt({ customerId, reason: 'PRICE' }));
    given(relationship, of(strict), ...buyer)
      .when('TakeRetentionAction', { customerId, actionId, kind: 'OFFER' }, late)
      .then(silent(day(90), 90), acted({ had: 'CHURNED', judgedAt: day(130) }));
  });
  it('is what an action before the return is judged by', () =>
    given(relationship, of(strict), ...buyer, acted({ judgedAt: day(95) }))
      .when('RecordPurchase', buying, late)
      .then(
        silent(day(90), 90),
        facts.RetentionActionJudged({ customerId, actionId, outcome: 'CHURNED', judgedAt: day(95) }),
        bought(day(190)),
        wonBack('PURCHASES', 10),
      ));

  it('is none where no timer waits: imported history has no clock before its cut-over unless it asks for one', () => {
    const imported = (clock: boolean): Imported => ({ cutOver: day(365), clock });
    const history = (clock: boolean) =>
      [
        [began('PURCHASES'), now, imported(clock)],
        [bought(day(90)), now, imported(clock)],
      ] as const;
    given(relationship, of(strict), ...history(false))
      .when('RecordPurchase', buying, late)
      .then(bought(day(190)));
    given(relationship, of(strict), ...history(true))
      .when('RecordPurchase', buying, late)
      .then(silent(day(90), 90), bought(day(190)), wonBack('PURCHASES', 10));
    given(relationship, of(), [began(), now, imported(false)], [started({ endsAt: day(90) }), now, imported(false)])
      .when('StartContract', { customerId, contractId: otherId, ...terms }, late)
      .then(started({ contractId: otherId }));
    given(relationship, of(strict), ...history(false))
      .when('ReviewRelationship', { customerId }, late)
      .then(silent(day(90), 90));
  });
  it('is none where nobody watched: a definition from later looks ahead', () =>
    given(relationship, of(strict), began('PURCHASES'), bought())
      .when('RecordPurchase', buying, late)
      .then(bought(day(190))));
});

describe('ANA-02 a customer that is shown under another one', () => {
  const merged = { ...registered, mergedInto: otherId };
  const told = (sign: 'PURCHASE' | 'CHANGE') => facts.SignOfLifePassedOn({ customerId, survivorId: otherId, sign, at: late.now });
  it('does not fall silent', () => {
    given(relationship, of(strict, merged), ...buyer)
      .when('ReviewRelationship', { customerId }, late)
      .changesNothing();
    given(relationship, of(strict, merged), ...buyer)
      .when('RecordPurchase', buying, late)
      .then(bought(), told('PURCHASE'));
  });
  it('can still be lost by the end of its contracts', () =>
    given(relationship, of(strict, merged), ...fixed)
      .when('ReviewRelationship', { customerId }, late)
      .then(...outOfTerm, told('CHANGE')));
  it('has fallen silent, or is watched again, once it is shown by itself', () => {
    given(relationship, of(strict), ...buyer)
      .when('ReviewRelationship', { customerId }, late)
      .then(silent(day(90), 90));
    given(relationship, of(strict), ...buyer, [bought(), day(60)])
      .when('ReviewRelationship', { customerId }, late)
      .then(facts.SilenceWatched({ customerId, silentAt: day(150) }));
  });
});
