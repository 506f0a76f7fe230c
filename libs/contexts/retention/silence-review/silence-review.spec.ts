import { describe, it } from '@jest/globals';
import { derivedId, send } from '#kernel';
import { given, givenProcess, recorded } from '#kernel/testing';
import { ReviewRelationship } from '../relationship/commands.js';
import { relationship } from '../relationship/relationship.js';
import { began, bought, customerId, day, of, silent, strict } from '../relationship/relationship.samples.js';
import { silenceId } from '../silence/commands.js';
import { SilenceDefined } from '../silence/events.js';
import { CallRoll, EnrolCustomer } from '../silence-roll/commands.js';
import { RollCalled } from '../silence-roll/events.js';
import { rollIds, rollOf } from '../silence-roll/silence-roll.js';
import { silenceReview } from './silence-review.process.js';

const rollId = rollOf(customerId);

describe('ANA-02 when silence is defined', () => {
  it('all who ever became customers are known', () =>
    givenProcess(silenceReview)
      .when(recorded(began('PURCHASES')))
      .sends(send(EnrolCustomer, { rollId, customerId }, { alsoImported: true })));
  it('all rolls are called', () =>
    givenProcess(silenceReview)
      .when(recorded(SilenceDefined({ silenceId, days: 90, interactions: false })))
      .sends(...rollIds.map((id) => send(CallRoll, { rollId: id }))));
  it('each customer is reviewed', () => {
    const other = derivedId('other');
    givenProcess(silenceReview)
      .when(recorded(RollCalled({ rollId, customerIds: [customerId, other] })))
      .sends(...[customerId, other].map((id) => send(ReviewRelationship, { customerId: id }, { optional: true })));
  });
  it('who bought before and was silent for too long since is lost, at the moment when that was', () =>
    given(relationship, of(strict), began('PURCHASES'), bought())
      .when('ReviewRelationship', { customerId }, { now: day(200) })
      .then(silent(day(90), 90)));
});
