import { describe, expect, it } from '@jest/globals';
import { derivedId, type Fact } from '#kernel';
import { givenView, recorded } from '#kernel/testing';
import {
  OpportunityAdvanced,
  OpportunityAssigned,
  OpportunityCorrected,
  OpportunityLost,
  OpportunityOpened,
  OpportunityRegressed,
  OpportunityReopened,
  OpportunityStalled,
  OpportunityWon,
} from '../opportunity/events.js';
import { pipeline } from './pipeline.view.js';

const opportunityId = derivedId('opportunity');
const customerId = derivedId('customer');
const ownerId = derivedId('owner');

const on = (day: number, fact: Fact) => recorded(fact, { occurredAt: at(day) });
const at = (day: number) => `2026-01-${String(day).padStart(2, '0')}T09:00:00.000Z`;

const opened = on(
  1,
  OpportunityOpened({ opportunityId, customerId, amount: 5_05, currency: 'EUR', phase: 'PROSPECTING', probability: 10 }),
);
const advanced = on(
  3,
  OpportunityAdvanced({ opportunityId, from: 'PROSPECTING', daysInPhase: 2, to: 'PROPOSAL', probability: 65, stallsAt: at(31) }),
);
const regressed = on(
  6,
  OpportunityRegressed({ opportunityId, from: 'PROPOSAL', daysInPhase: 3, to: 'PROSPECTING', probability: 10 }),
);
const closing = { opportunityId, customerId, from: 'PROPOSAL', daysInPhase: 7 };
const won = on(10, OpportunityWon({ ...closing, to: 'CLOSED_WON', amount: 4_00, currency: 'EUR', cycleDays: 9, wins: 1 }));
const lost = on(
  10,
  OpportunityLost({ ...closing, to: 'CLOSED_LOST', reason: 'COMPETITOR', competitor: 'Globex', subjectId: customerId }),
);
const reopened = on(
  12,
  OpportunityReopened({ opportunityId, from: 'CLOSED_LOST', daysInPhase: 2, to: 'PROPOSAL', probability: 65, stallsAt: at(31) }),
);
const stalled = on(31, OpportunityStalled({ opportunityId, phase: 'PROPOSAL', stalledAt: at(31), days: 28 }));

describe('SAL-07 the pipeline', () => {
  it('has an entry for each opportunity', () =>
    givenView(pipeline)
      .facts(opened)
      .then(opportunityId, {
        customerId,
        phase: 'PROSPECTING',
        status: 'OPEN',
        amount: 5_05,
        currency: 'EUR',
        probability: 10,
        openedAt: at(1),
        phaseSince: at(1),
        stalled: false,
      }));
  it('weighs the amount by the probability, rounded half away from zero', () => {
    const weighing = (amount: number, probability: number) =>
      givenView(pipeline)
        .facts(on(1, OpportunityOpened({ opportunityId, amount, currency: 'EUR', phase: 'P', probability })))
        .document(opportunityId)?.weighted;
    expect([weighing(5, 10), weighing(4, 10), weighing(1_55, 10), weighing(1_25, 50), weighing(0, 50)]).toEqual([
      1, 0, 16, 63, 0,
    ]);
  });
  it('weighs the largest amounts exactly', () =>
    givenView(pipeline)
      .facts(
        on(1, OpportunityOpened({ opportunityId, amount: 89_999_999_999_999, currency: 'EUR', phase: 'P', probability: 99 })),
      )
      .then(opportunityId, { weighted: 89_099_999_999_999 }));
  it('follows an advance', () =>
    givenView(pipeline)
      .facts(opened, advanced)
      .then(opportunityId, { phase: 'PROPOSAL', probability: 65, weighted: 3_28, phaseSince: at(3) }));
  it('shows who owns it', () =>
    givenView(pipeline)
      .facts(opened, on(2, OpportunityAssigned({ opportunityId, ownerId })))
      .then(opportunityId, { ownerId }));
  it('takes over a correction and weighs it', () =>
    givenView(pipeline)
      .facts(opened, on(2, OpportunityCorrected({ opportunityId, amount: 10_00, expectedClose: at(20) })))
      .then(opportunityId, { amount: 10_00, weighted: 1_00, expectedClose: at(20), phase: 'PROSPECTING' }));
  it('keeps nothing of the timer', () =>
    expect(
      givenView(pipeline)
        .facts(on(1, OpportunityOpened({ ...(opened.data as object), stallsAt: at(31) } as never)))
        .document(opportunityId),
    ).not.toHaveProperty('stallsAt'));
});

describe('SAL-05 SAL-08 days in phases', () => {
  it('are kept by phase when it is left', () =>
    givenView(pipeline)
      .facts(opened, advanced)
      .then(opportunityId, { daysIn: { PROSPECTING: 2 } }));
  it('add up over several stays', () =>
    givenView(pipeline)
      .facts(
        opened,
        advanced,
        regressed,
        on(7, OpportunityAdvanced({ opportunityId, from: 'PROSPECTING', daysInPhase: 1, to: 'PROPOSAL', probability: 65 })),
      )
      .then(opportunityId, { daysIn: { PROSPECTING: 3, PROPOSAL: 3 } }));
  it('of a won one add up to its cycle', () =>
    givenView(pipeline)
      .facts(opened, advanced, won)
      .then(opportunityId, { daysIn: { PROSPECTING: 2, PROPOSAL: 7 }, cycleDays: 9 }));
});

describe('SAL-10 a closed opportunity', () => {
  it('stays under its closing phase with what it brought', () =>
    givenView(pipeline)
      .facts(opened, advanced, won)
      .then(opportunityId, {
        phase: 'CLOSED_WON',
        status: 'WON',
        amount: 4_00,
        weighted: 4_00,
        probability: 100,
        closedAt: at(10),
        lastOpenPhase: 'PROPOSAL',
      }));
  it('weighs nothing once it is lost', () =>
    givenView(pipeline)
      .facts(opened, advanced, lost)
      .then(opportunityId, {
        phase: 'CLOSED_LOST',
        status: 'LOST',
        amount: 5_05,
        weighted: 0,
        probability: 0,
        closedAt: at(10),
      }));
  it('has no cycle once it is lost', () =>
    expect(givenView(pipeline).facts(opened, advanced, lost).document(opportunityId)).not.toHaveProperty('cycleDays'));
  it('returns to its last open phase when it is reopened', () =>
    givenView(pipeline)
      .facts(opened, advanced, lost, reopened)
      .then(opportunityId, { phase: 'PROPOSAL', status: 'OPEN', weighted: 3_28, timesReopened: 1, daysIn: { CLOSED_LOST: 2 } }));
  it('is not closed any more once it is reopened', () => {
    const entry = givenView(pipeline).facts(opened, advanced, lost, reopened).document(opportunityId);
    for (const gone of ['closedAt', 'cycleDays', 'lossReason', 'competitor']) expect(entry).not.toHaveProperty(gone);
  });
});

describe('SAL-11 a lost opportunity', () => {
  it('says why, to whom and from which phase', () =>
    givenView(pipeline)
      .facts(opened, advanced, lost)
      .then(opportunityId, { lossReason: 'COMPETITOR', competitor: 'Globex', lastOpenPhase: 'PROPOSAL' }));
});

describe('SAL-09 a stalled opportunity', () => {
  it('is marked with the moment its time was over', () =>
    givenView(pipeline)
      .facts(opened, advanced, stalled)
      .then(opportunityId, { stalled: true, stalledSince: at(31) }));
  it('is not stalled any more once it moves on', () => {
    const entry = givenView(pipeline).facts(opened, advanced, stalled, regressed).document(opportunityId);
    expect(entry?.stalled).toBe(false);
    expect(entry).not.toHaveProperty('stalledSince');
  });
});
