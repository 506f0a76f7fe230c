import { describe, it } from '@jest/globals';
import { givenView, recorded } from '#kernel/testing';
import * as facts from '../relationship/events.js';
import { acted, actionId, customerId, day, now, segment } from '../relationship/relationship.samples.js';
import { retentionActions } from './retention-actions.view.js';

const taken = recorded(acted({ offer: 'three months free' }));

describe('MKT-20 retention actions', () => {
  it('are open until they are judged', () =>
    givenView(retentionActions)
      .facts(taken)
      .then(actionId, {
        customerId,
        segment,
        kind: 'OFFER',
        offer: 'three months free',
        had: 'ACTIVE',
        takenAt: now,
        judgedAt: day(30),
        outcome: 'OPEN',
      }));
  it('have an answer and an outcome', () =>
    givenView(retentionActions)
      .facts(
        taken,
        recorded(facts.RetentionActionAnswered({ customerId, actionId, answer: 'ACCEPTED' }), { occurredAt: day(2) }),
        recorded(facts.RetentionActionJudged({ customerId, actionId, outcome: 'RETAINED', judgedAt: day(30) })),
      )
      .then(actionId, { answer: 'ACCEPTED', answeredAt: day(2), outcome: 'RETAINED' }));
});
