import { at, process, type Step, send } from '#kernel';
import { EscalateSla, MarkSlaBreached } from '../ticket/process-commands.js';
import { type Due, SlaAttached, SlaResumed, SlaRetargeted } from '../ticket/sla-events.js';
import type { Target } from '../words.js';

/** Timers for each promise. One that was kept or moved in time is no concern: the command then decides that nothing happened. */
export const slaClock = process({
  name: 'sla-clock',
  description: 'Watches the promises made to tickets: escalates those that run out, and says when one is broken.',
  capabilities: ['SRV-06'],
  startsFrom: 'zero',
  facts: { SlaAttached, SlaResumed, SlaRetargeted },

  react: {
    SlaAttached: ({ data: { ticketId, firstResponse, resolution } }) => [
      ...timers(ticketId, 'FIRST_RESPONSE', firstResponse),
      ...timers(ticketId, 'RESOLUTION', resolution),
    ],
    SlaResumed: ({ data: { ticketId, resolution } }) => timers(ticketId, 'RESOLUTION', resolution),
    SlaRetargeted: ({ data: { ticketId, firstResponse, resolution, paused } }) => [
      ...(firstResponse ? timers(ticketId, 'FIRST_RESPONSE', firstResponse) : []),
      ...(resolution && !paused ? timers(ticketId, 'RESOLUTION', resolution) : []),
    ],
  },
});

const timers = (ticketId: string, target: Target, { escalatesAt, dueAt }: Due): Step[] => [
  at(escalatesAt, send(EscalateSla, { ticketId, target, escalatesAt })),
  at(dueAt, send(MarkSlaBreached, { ticketId, target, dueAt })),
];
