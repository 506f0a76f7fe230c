import { describe, it } from '@jest/globals';
import { at, send } from '#kernel';
import { givenProcess, recorded } from '#kernel/testing';
import { EscalateSla, MarkSlaBreached } from '../ticket/process-commands.js';
import { SlaRetargeted } from '../ticket/sla-events.js';
import { attached, firstResponse, resolution, resumed, ticketId } from '../ticket/testing/samples.js';
import { slaClock } from './sla-clock.process.js';

const first = 'FIRST_RESPONSE';
const second = 'RESOLUTION';
const firstTimers = [
  at(firstResponse.escalatesAt, send(EscalateSla, { ticketId, target: first, escalatesAt: firstResponse.escalatesAt })),
  at(firstResponse.dueAt, send(MarkSlaBreached, { ticketId, target: first, dueAt: firstResponse.dueAt })),
];
const secondTimers = ({ dueAt, escalatesAt } = resolution) => [
  at(escalatesAt, send(EscalateSla, { ticketId, target: second, escalatesAt })),
  at(dueAt, send(MarkSlaBreached, { ticketId, target: second, dueAt })),
];

describe('SRV-06 the promises of a ticket', () => {
  it('are timed from its opening', () =>
    givenProcess(slaClock)
      .when(recorded(attached()))
      .sends(...firstTimers, ...secondTimers()));
  it('are timed anew after a pause', () => {
    const later = { targetSeconds: 0, dueAt: '2026-01-12T11:00:00.000Z', escalatesAt: '2026-01-09T11:00:00.000Z' };
    return givenProcess(slaClock)
      .when(recorded(resumed(7200, later.dueAt, later.escalatesAt)))
      .sends(...secondTimers(later));
  });
  it('are timed anew for another priority', () =>
    givenProcess(slaClock)
      .when(recorded(SlaRetargeted({ ticketId, priority: 'HIGH', firstResponse, resolution, paused: false })))
      .sends(...firstTimers, ...secondTimers()));
  it('are not timed while time stands still', () =>
    givenProcess(slaClock)
      .when(recorded(SlaRetargeted({ ticketId, priority: 'HIGH', resolution, paused: true })))
      .sendsNothing());
});
