import { describe, it } from '@jest/globals';
import { at, derivedId, send } from '#kernel';
import { givenProcess, recorded } from '#kernel/testing';
import { MarkStalled } from '../opportunity/commands.js';
import { OpportunityAdvanced, OpportunityOpened, OpportunityRegressed, OpportunityReopened } from '../opportunity/events.js';
import { stalledOpportunities } from './stalled-opportunities.process.js';

const opportunityId = derivedId('opportunity');
const stallsAt = '2026-02-04T09:00:00.000Z';
const timer = at(stallsAt, send(MarkStalled, { opportunityId, stallsAt }));
const move = { opportunityId, from: 'A', daysInPhase: 1, to: 'B', probability: 50 };
const opening = { opportunityId, amount: 1_00, currency: 'EUR', phase: 'A', probability: 10 };

describe('SAL-09 a stay in a phase', () => {
  it('is timed from the opening', () =>
    givenProcess(stalledOpportunities)
      .when(recorded(OpportunityOpened({ ...opening, stallsAt })))
      .sends(timer));
  it('is timed after an advance', () =>
    givenProcess(stalledOpportunities)
      .when(recorded(OpportunityAdvanced({ ...move, stallsAt })))
      .sends(timer));
  it('is timed after a regress', () =>
    givenProcess(stalledOpportunities)
      .when(recorded(OpportunityRegressed({ ...move, stallsAt })))
      .sends(timer));
  it('is timed after a reopening', () =>
    givenProcess(stalledOpportunities)
      .when(recorded(OpportunityReopened({ ...move, stallsAt })))
      .sends(timer));
  it('is not timed where the phase has no limit', () =>
    givenProcess(stalledOpportunities)
      .when(recorded(OpportunityAdvanced(move)))
      .sendsNothing());
});
