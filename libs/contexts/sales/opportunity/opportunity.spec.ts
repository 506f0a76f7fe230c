import { describe, expect, it } from '@jest/globals';
import { derivedId } from '#kernel';
import { carried, given } from '#kernel/testing';
import type { Customer } from '../../customers/contract.js';
import type { Phase } from '../pipeline-definition/events.js';
import { defaultPipeline, type PipelineDefinition } from '../pipeline-definition/pipeline-definition.js';
import {
  OpportunityAdvanced,
  OpportunityAssigned,
  OpportunityCorrected,
  OpportunityLost,
  OpportunityNotesErased,
  OpportunityOpened,
  OpportunityRegressed,
  OpportunityReopened,
  OpportunityStalled,
  OpportunityWon,
} from './events.js';
import { opportunity } from './opportunity.js';

const opportunityId = derivedId('opportunity');
const customerId = derivedId('customer');
const productId = derivedId('product');
const ada = derivedId('ada');
const bob = derivedId('bob');
const pipeline = defaultPipeline;
const customer: Customer = { status: 'REGISTERED', customerId, contacts: [], identifiers: {}, merged: [] };
const known = { pipeline, customer };

/** Opened on the 1st; the specifications decide on the 5th unless they say otherwise. */
const first = '2026-01-01T09:00:00.000Z';
const fifth = '2026-01-05T09:00:00.000Z';
const firstLimit = '2026-01-31T09:00:00.000Z';
const fifthLimit = '2026-02-04T09:00:00.000Z';

const wanted = { opportunityId, customerId, ownerId: ada, productId, amount: 550_00, currency: 'EUR' };
const parties = { customerId, ownerId: ada, productId };
const opening = OpportunityOpened({ ...wanted, phase: 'PROSPECTING', probability: 10, stallsAt: firstLimit });
const opened = [opening, first] as const;
const proposed = OpportunityAdvanced({
  opportunityId,
  from: 'PROSPECTING',
  daysInPhase: 4,
  to: 'PROPOSAL',
  probability: 65,
  stallsAt: fifthLimit,
});
const won = OpportunityWon({
  opportunityId,
  ...parties,
  from: 'PROSPECTING',
  daysInPhase: 4,
  to: 'CLOSED_WON',
  amount: 550_00,
  currency: 'EUR',
  cycleDays: 4,
  wins: 1,
});
const lost = OpportunityLost({
  opportunityId,
  ...parties,
  from: 'PROSPECTING',
  daysInPhase: 4,
  to: 'CLOSED_LOST',
  reason: 'PRICE',
  subjectId: customerId,
});
const reopened = OpportunityReopened({
  opportunityId,
  from: 'CLOSED_LOST',
  daysInPhase: 0,
  to: 'PROSPECTING',
  probability: 10,
  stallsAt: fifthLimit,
});

const closings = (...phases: Phase[]): PipelineDefinition => ({
  defined: true,
  name: 'Own',
  phases: [{ name: 'TALKING', probability: 40, kind: 'OPEN' }, ...phases],
});
const own = closings(
  { name: 'YES', probability: 100, kind: 'WON' },
  { name: 'NO', probability: 0, kind: 'LOST' },
  { name: 'NEVER', probability: 0, kind: 'LOST' },
);

describe('SAL-05 an opportunity', () => {
  it('opens in the first phase, with its probability and its limit', () =>
    given(opportunity, known).when('OpenOpportunity', wanted, { now: first }).then(opening));
  it('may open in a later phase', () =>
    given(opportunity, known)
      .when('OpenOpportunity', { ...wanted, phase: 'NEGOTIATION' }, { now: fifth })
      .then(OpportunityOpened({ ...wanted, phase: 'NEGOTIATION', probability: 80, stallsAt: fifthLimit })));
  it('may open without a customer', () =>
    given(opportunity, { pipeline: own, customer: { status: 'NONE' } })
      .when('OpenOpportunity', { opportunityId, amount: 0, currency: 'EUR' })
      .then(OpportunityOpened({ opportunityId, amount: 0, currency: 'EUR', phase: 'TALKING', probability: 40 })));
  it('is with a customer who is registered and not erased', () => {
    given(opportunity, { pipeline, customer: { status: 'NONE' } })
      .when('OpenOpportunity', wanted)
      .isRefused('customer-unknown', 'customerId');
    given(opportunity, { pipeline, customer: { status: 'ERASED', customerId } })
      .when('OpenOpportunity', wanted)
      .isRefused('customer-erased', 'customerId');
  });
  it('opens once', () =>
    given(opportunity, known, opened).when('OpenOpportunity', wanted).isRefused('opportunity-exists', 'opportunityId'));
  it('does not open closed', () =>
    given(opportunity, known)
      .when('OpenOpportunity', { ...wanted, phase: 'CLOSED_WON' })
      .isRefused('phase-of-other-kind', 'phase'));
  it('goes through no pipeline that does not exist', () =>
    given(opportunity, known)
      .when('OpenOpportunity', { ...wanted, pipelineId: bob })
      .isRefused('pipeline-unknown', 'pipelineId'));
  it('advances to a later phase', () =>
    given(opportunity, known, opened).when('AdvanceOpportunity', { opportunityId, to: 'PROPOSAL' }).then(proposed));
  it('does not advance to the phase it is in', () =>
    given(opportunity, known, opened)
      .when('AdvanceOpportunity', { opportunityId, to: 'PROSPECTING' })
      .isRefused('phase-not-ahead', 'to'));
  it('does not advance backwards', () =>
    given(opportunity, known, opened, proposed)
      .when('AdvanceOpportunity', { opportunityId, to: 'QUALIFICATION' })
      .isRefused('phase-not-ahead', 'to'));
  it('does not advance into a closing phase', () =>
    given(opportunity, known, opened)
      .when('AdvanceOpportunity', { opportunityId, to: 'CLOSED_WON' })
      .isRefused('phase-of-other-kind', 'to'));
  it('does not advance to a phase that its pipeline does not have', () =>
    given(opportunity, known, opened)
      .when('AdvanceOpportunity', { opportunityId, to: 'TALKING' })
      .isRefused('phase-unknown', 'to'));
  it('advances out of a phase that its pipeline does not have any more', () =>
    given(opportunity, { ...known, pipeline: own }, opened)
      .when('AdvanceOpportunity', { opportunityId, to: 'TALKING' })
      .then(OpportunityAdvanced({ opportunityId, from: 'PROSPECTING', daysInPhase: 4, to: 'TALKING', probability: 40 })));
  it('regresses to an earlier phase', () =>
    given(opportunity, known, opened, [proposed, fifth])
      .when('RegressOpportunity', { opportunityId, to: 'QUALIFICATION' }, { now: '2026-01-06T21:00:00.000Z' })
      .then(
        OpportunityRegressed({
          opportunityId,
          from: 'PROPOSAL',
          daysInPhase: 1.5,
          to: 'QUALIFICATION',
          probability: 20,
          stallsAt: '2026-02-05T21:00:00.000Z',
        }),
      ));
  it('does not regress forwards', () =>
    given(opportunity, known, opened)
      .when('RegressOpportunity', { opportunityId, to: 'PROPOSAL' })
      .isRefused('phase-not-behind', 'to'));
  it('that nobody opened does not advance', () =>
    given(opportunity, known)
      .when('AdvanceOpportunity', { opportunityId, to: 'PROPOSAL' })
      .isRefused('opportunity-unknown', 'opportunityId'));
});

describe('SAL-05 SAL-07 whose opportunity it is', () => {
  it('changes with an assignment', () =>
    given(opportunity, known, opened)
      .when('AssignOpportunity', { opportunityId, ownerId: bob })
      .then(OpportunityAssigned({ opportunityId, ownerId: bob, previousOwnerId: ada })));
  it('is not changed to the same', () =>
    given(opportunity, known, opened).when('AssignOpportunity', { opportunityId, ownerId: ada }).changesNothing());
  it('is settled once it is closed', () =>
    given(opportunity, known, opened, won)
      .when('AssignOpportunity', { opportunityId, ownerId: bob })
      .isRefused('opportunity-not-open'));
  it('is stamped on its facts, with customer, lead and product', () => {
    const leadId = derivedId('lead');
    const { state } = given(opportunity, known, OpportunityOpened({ ...opening.data, leadId }));
    expect(opportunity.refs?.(state)).toEqual({
      opportunity: opportunityId,
      customer: customerId,
      owner: ada,
      lead: leadId,
      product: productId,
    });
  });
});

describe('SAL-10 a closing', () => {
  it('is won for what was expected', () => given(opportunity, known, opened).when('WinOpportunity', { opportunityId }).then(won));
  it('is won for another amount', () =>
    given(opportunity, known, opened)
      .when('WinOpportunity', { opportunityId, amount: 500_00 })
      .then(OpportunityWon({ ...won.data, amount: 500_00 })));
  it('is lost for a reason', () =>
    given(opportunity, known, opened).when('LoseOpportunity', { opportunityId, reason: 'PRICE' }).then(lost));
  it('needs notes for the reason OTHER', () =>
    given(opportunity, known, opened)
      .when('LoseOpportunity', { opportunityId, reason: 'OTHER' })
      .isRefused('notes-required', 'notes'));
  it('is lost for another reason with notes', () =>
    given(opportunity, known, opened)
      .when('LoseOpportunity', { opportunityId, reason: 'OTHER', notes: carried('went bankrupt') })
      .then(OpportunityLost({ ...lost.data, reason: 'OTHER', notes: carried('went bankrupt') })));
  it('names the competitor', () =>
    given(opportunity, known, opened)
      .when('LoseOpportunity', { opportunityId, reason: 'COMPETITOR', competitor: 'Globex' })
      .then(OpportunityLost({ ...lost.data, reason: 'COMPETITOR', competitor: 'Globex' })));
  it('takes place in the first closing phase of its pipeline', () =>
    given(opportunity, { ...known, pipeline: own }, opened)
      .when('LoseOpportunity', { opportunityId, reason: 'PRICE' })
      .then(OpportunityLost({ ...lost.data, to: 'NO' })));
  it('may name another closing phase', () =>
    given(opportunity, { ...known, pipeline: own }, opened)
      .when('LoseOpportunity', { opportunityId, reason: 'PRICE', phase: 'NEVER' })
      .then(OpportunityLost({ ...lost.data, to: 'NEVER' })));
  it('is not won in a lost phase', () =>
    given(opportunity, known, opened)
      .when('WinOpportunity', { opportunityId, phase: 'CLOSED_LOST' })
      .isRefused('phase-of-other-kind', 'phase'));
  it('happens to an open one only', () =>
    given(opportunity, known, opened, lost).when('WinOpportunity', { opportunityId }).isRefused('opportunity-not-open'));
  it('is undone by reopening, in the last open phase', () =>
    given(opportunity, known, opened, [lost, fifth]).when('ReopenOpportunity', { opportunityId }).then(reopened));
  it('is undone into the first phase if the pipeline does not have the last one any more', () =>
    given(opportunity, { ...known, pipeline: own }, opened, [lost, fifth])
      .when('ReopenOpportunity', { opportunityId })
      .then(OpportunityReopened({ opportunityId, from: 'CLOSED_LOST', daysInPhase: 0, to: 'TALKING', probability: 40 })));
  it('needs no undoing while it is open', () =>
    given(opportunity, known, opened).when('ReopenOpportunity', { opportunityId }).changesNothing());
  it('counts how often it was won', () =>
    given(opportunity, known, opened, [won, fifth], [OpportunityReopened({ ...reopened.data, from: 'CLOSED_WON' }), fifth])
      .when('WinOpportunity', { opportunityId })
      .then(OpportunityWon({ ...won.data, daysInPhase: 0, wins: 2 })));
});

describe('CID-10 notes of a lost opportunity', () => {
  const alone = OpportunityOpened({ opportunityId, amount: 1, currency: 'EUR', phase: 'PROSPECTING', probability: 10 });
  const lostAlone = OpportunityLost({
    opportunityId,
    from: 'PROSPECTING',
    daysInPhase: 4,
    to: 'CLOSED_LOST',
    reason: 'OTHER' as const,
    subjectId: opportunityId,
    notes: carried('she moved abroad'),
  });
  const erased = OpportunityNotesErased({ opportunityId, persons: [opportunityId] });

  it('can be erased where it has no customer with whom they would be', () => {
    given(opportunity, known, alone, lostAlone).when('EraseOpportunityNotes', { opportunityId }).then(erased);
    given(opportunity, known, alone, lostAlone, erased).when('EraseOpportunityNotes', { opportunityId }).changesNothing();
    expect(OpportunityNotesErased.erases).toBe('persons');
  });
  it('are erased with its customer', () =>
    given(opportunity, known, opened, lost).when('EraseOpportunityNotes', { opportunityId }).isRefused('notes-of-customer'));
  it('are not taken again once they were erased', () =>
    given(opportunity, known, alone, lostAlone, erased, { ...reopened })
      .when('LoseOpportunity', { opportunityId, reason: 'PRICE', notes: carried('again') })
      .isRefused('notes-erased', 'notes'));
});

describe('SAL-07 a correction', () => {
  it('says what changes', () =>
    given(opportunity, known, opened)
      .when('CorrectOpportunity', { opportunityId, amount: 600_00, productId, expectedClose: fifthLimit })
      .then(OpportunityCorrected({ opportunityId, amount: 600_00, expectedClose: fifthLimit })));
  it('says nothing where all is right', () =>
    given(opportunity, known, opened).when('CorrectOpportunity', { opportunityId, amount: 550_00 }).changesNothing());
  it('also reaches a closed one', () =>
    given(opportunity, known, opened, won)
      .when('CorrectOpportunity', { opportunityId, amount: 600_00 })
      .then(OpportunityCorrected({ opportunityId, amount: 600_00 })));
  it('does not reach back before the opening', () =>
    given(opportunity, known, opened)
      .when('CorrectOpportunity', { opportunityId, amount: 600_00 }, { now: '2025-12-31T09:00:00.000Z' })
      .isRefused('before-opening'));
  it('does not reach behind what was said of the same later: the later would be lost', () => {
    const [third, eighth] = ['2026-01-03T09:00:00.000Z', '2026-01-08T09:00:00.000Z'];
    const correct = { opportunityId, amount: 200_00 };
    const wonOn5th = given(opportunity, known, opened, [won, fifth]);
    wonOn5th.when('CorrectOpportunity', correct, { now: third }).isRefused('said-later', 'amount');
    wonOn5th.when('CorrectOpportunity', correct, { now: fifth }).then(OpportunityCorrected(correct));
    const correctedOn5th = given(opportunity, known, opened, [OpportunityCorrected({ opportunityId, amount: 600_00 }), fifth]);
    correctedOn5th.when('CorrectOpportunity', correct, { now: third }).isRefused('said-later', 'amount');
    correctedOn5th.when('CorrectOpportunity', { ...correct, amount: 600_00 }, { now: third }).isRefused('said-later', 'amount');
    correctedOn5th.when('CorrectOpportunity', correct, { now: eighth }).then(OpportunityCorrected(correct));
    correctedOn5th
      .when('CorrectOpportunity', { opportunityId, productId: bob }, { now: third })
      .then(OpportunityCorrected({ opportunityId, productId: bob }));
    given(opportunity, known, opened, [OpportunityCorrected({ opportunityId, productId: bob, expectedClose: eighth }), fifth])
      .when('CorrectOpportunity', { opportunityId, productId: ada, amount: 1 }, { now: third })
      .isRefused('said-later', 'productId');
  });
  it('is declared as one', () => expect(OpportunityCorrected.correction).toBe(true));
});

describe('SAL-09 a stalled opportunity', () => {
  const stalled = OpportunityStalled({ opportunityId, phase: 'PROSPECTING', stalledAt: firstLimit, days: 30 });
  const overdue = { now: firstLimit };

  it('is still in its phase when its time is over', () =>
    given(opportunity, known, opened).when('MarkStalled', { opportunityId, stallsAt: firstLimit }, overdue).then(stalled));
  it('is not stalled before', () =>
    given(opportunity, known, opened).when('MarkStalled', { opportunityId, stallsAt: firstLimit }).changesNothing());
  it('is stalled once for each stay', () =>
    given(opportunity, known, opened, stalled)
      .when('MarkStalled', { opportunityId, stallsAt: firstLimit }, overdue)
      .changesNothing());
  it('is not one that moved on', () =>
    given(opportunity, known, opened, proposed)
      .when('MarkStalled', { opportunityId, stallsAt: firstLimit }, overdue)
      .changesNothing());
  it('is not one that is closed', () =>
    given(opportunity, known, opened, won)
      .when('MarkStalled', { opportunityId, stallsAt: firstLimit }, overdue)
      .changesNothing());
  it('stalls again in its next phase', () =>
    given(opportunity, known, opened, stalled, [proposed, fifth])
      .when('MarkStalled', { opportunityId, stallsAt: fifthLimit }, { now: fifthLimit })
      .then(OpportunityStalled({ opportunityId, phase: 'PROPOSAL', stalledAt: fifthLimit, days: 30 })));
});
