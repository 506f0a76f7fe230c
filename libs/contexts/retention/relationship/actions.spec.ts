import { describe, it } from '@jest/globals';
import { derivedId } from '#kernel';
import { given } from '#kernel/testing';
import * as facts from './events.js';
import { relationship } from './relationship.js';
import {
  acted,
  actionId,
  began,
  churned,
  contractId,
  customerId,
  day,
  ended,
  now,
  of,
  otherId,
  segment,
  started,
} from './relationship.samples.js';

const one = [began(), started()] as const;
const lost = [...one, ended(now, 0), churned(now, 0)] as const;
const judged = (outcome: 'RETAINED' | 'LEAVING' | 'CHURNED' | 'WON_BACK' | 'STILL_AWAY') =>
  facts.RetentionActionJudged({ customerId, actionId, outcome, judgedAt: day(30) });
const take = { customerId, actionId, kind: 'OFFER' } as const;
const review = ['ReviewRelationship', { customerId }] as const;

describe('MKT-20 a retention action', () => {
  it('is judged after 30 days if nothing else is said', () =>
    given(relationship, of(), ...one)
      .when('TakeRetentionAction', take)
      .then(acted()));
  it('is judged after as many days as it says', () =>
    given(relationship, of(), ...one)
      .when('TakeRetentionAction', { ...take, kind: 'CALL', offer: 'a cheaper tariff', days: 14 })
      .then(acted({ kind: 'CALL', offer: 'a cheaper tariff', judgedAt: day(14) })));
  it('may be to win back who is lost', () =>
    given(relationship, of(), ...lost)
      .when('TakeRetentionAction', take)
      .then(acted({ had: 'CHURNED' })));
  it('is taken once', () =>
    given(relationship, of(), ...one, acted())
      .when('TakeRetentionAction', take)
      .isRefused('action-exists', 'actionId'));
  it('is one of at most 500 of a customer', () => {
    const many = Array.from({ length: 500 }, (_, n) => acted({ actionId: derivedId(`action ${n}`) }));
    given(relationship, of(), ...one, ...many)
      .when('TakeRetentionAction', take)
      .isRefused('too-many-actions');
  });
  it('is for somebody who is or was a customer', () =>
    given(relationship, of()).when('TakeRetentionAction', take).isRefused('relationship-unknown', 'customerId'));
  it('is not for somebody who is erased', () =>
    given(relationship, of(undefined, { status: 'ERASED', customerId }), ...one)
      .when('TakeRetentionAction', take)
      .isRefused('customer-erased', 'customerId'));

  it('gets an answer, and another one', () => {
    const declined = facts.RetentionActionAnswered({ customerId, actionId, answer: 'DECLINED' });
    given(relationship, of(), ...one, acted())
      .when('AnswerRetentionAction', { customerId, actionId, answer: 'DECLINED' })
      .then(declined);
    given(relationship, of(), ...one, acted(), declined)
      .when('AnswerRetentionAction', { customerId, actionId, answer: 'DECLINED' })
      .changesNothing();
    given(relationship, of(), ...one, acted(), declined)
      .when('AnswerRetentionAction', { customerId, actionId, answer: 'ACCEPTED' })
      .then(facts.RetentionActionAnswered({ customerId, actionId, answer: 'ACCEPTED' }));
  });
  it('that was left undone to compare gets no answer', () =>
    given(relationship, of(), ...one, acted({ kind: 'HOLD_OUT' }))
      .when('AnswerRetentionAction', { customerId, actionId, answer: 'ACCEPTED' })
      .isRefused('nothing-to-answer', 'actionId'));
  it('that nobody took gets no answer', () =>
    given(relationship, of(), ...one)
      .when('AnswerRetentionAction', { customerId, actionId, answer: 'ACCEPTED' })
      .isRefused('action-unknown', 'actionId'));
});

describe('MKT-20 the outcome of a retention action', () => {
  it('is that the customer is still there', () =>
    given(relationship, of(), ...one, acted())
      .when(...review, { now: day(30) })
      .then(judged('RETAINED')));
  it('is not known before its time', () =>
    given(relationship, of(), ...one, acted())
      .when(...review, { now: day(29) })
      .changesNothing());
  it('is judged once', () =>
    given(relationship, of(), ...one, acted(), judged('RETAINED'))
      .when(...review, { now: day(31) })
      .changesNothing());
  it('is that the customer is about to leave', () =>
    given(
      relationship,
      of(),
      ...one,
      acted(),
      facts.ContractNoticeGiven({ customerId, contractId, endsAt: day(90), reason: 'PRICE' }),
    )
      .when(...review, { now: day(30) })
      .then(judged('LEAVING')));
  it('is that the customer stays, where another contract goes on', () =>
    given(
      relationship,
      of(),
      ...one,
      started({ contractId: otherId }),
      acted(),
      facts.ContractNoticeGiven({ customerId, contractId, endsAt: day(90), reason: 'PRICE' }),
    )
      .when(...review, { now: day(30) })
      .then(judged('RETAINED')));
  it('is that the customer is lost', () =>
    given(relationship, of(), ...one, acted(), ended(day(20), 20), churned(day(20), 20))
      .when(...review, { now: day(30) })
      .then(judged('CHURNED')));
  it('is that of its day, not of the day when somebody looks', () =>
    given(relationship, of(), ...one, acted(), ended(day(40), 40), churned(day(40), 40))
      .when(...review, { now: day(50) })
      .then(judged('RETAINED')));
  it('counts a loss that the same look finds', () =>
    given(relationship, of(), began(), started({ endsAt: day(20) }), acted())
      .when(...review, { now: day(30) })
      .then(ended(day(20), 20, { reason: 'END_OF_TERM' }), churned(day(20), 20, { reason: 'END_OF_TERM' }), judged('CHURNED')));
  it('is that a lost customer is back, by this action', () => {
    const back = facts.CustomerWonBack({ customerId, bond: 'CONTRACT', segment, churnedAt: now, days: 10, actionId });
    const again = started({ contractId: otherId });
    given(relationship, of(), ...lost, acted({ had: 'CHURNED' }))
      .when('StartContract', { ...again.data }, { now: day(10) })
      .then(again, back);
    given(relationship, of(), ...lost, acted({ had: 'CHURNED' }), again, [back, day(10)])
      .when(...review, { now: day(30) })
      .then(judged('WON_BACK'));
  });
  it('is that a lost customer was still away on its day, though it came back since', () => {
    const back = facts.CustomerWonBack({ customerId, bond: 'CONTRACT', segment, churnedAt: now, days: 40, actionId });
    given(relationship, of(), ...lost, acted({ had: 'CHURNED' }), started({ contractId: otherId }), [back, day(40)])
      .when(...review, { now: day(50) })
      .then(judged('STILL_AWAY'));
  });
  it('is that a lost customer stays away', () =>
    given(relationship, of(), ...lost, acted({ had: 'CHURNED' }))
      .when(...review, { now: day(30) })
      .then(judged('STILL_AWAY')));
});
