import type { Moment } from '#kernel';
import type { Target } from '../words.js';
import { duesOf, notBefore, promisedBy, resumedDue, runOut, type Sla, verdictOf, withPromise } from './sla.js';
import * as slaEvents from './sla-events.js';
import type { OpenedTicket } from './ticket-state.js';

/** What the clock would have said already: the timer may be late, and what happened next must not come before. */
export const breaches = (before: OpenedTicket, now: Moment) => {
  const { sla } = before;
  return sla ? runOut(sla, now).map(({ target, dueAt }) => breach(before, sla, target, dueAt)) : [];
};

export const breach = ({ ticketId, customerId, agentId }: OpenedTicket, { terms }: Sla, target: Target, dueAt: Moment) =>
  slaEvents.SlaBreached({ ticketId, customerId, target, dueAt, agentId, escalatesTo: terms.escalatesTo });

export function verdicts(
  { ticketId, customerId, priority, category, teamId, agentId, sla }: OpenedTicket,
  of: Target[],
  now: Moment,
) {
  if (!sla) return [];
  const { policyId, tier } = sla.terms;
  return of
    .filter((target) => !promisedBy(sla, target).judged)
    .map((target) => {
      const { kept, ...numbers } = verdictOf(sla, target, now);
      const verdict = { ticketId, customerId, target, policyId, priority, tier, category, teamId, agentId, ...numbers };
      return kept ? slaEvents.SlaFulfilled(verdict) : slaEvents.SlaFailed(verdict);
    });
}

export const pausing = ({ ticketId, sla }: OpenedTicket) =>
  sla && sla.pausedSince === undefined ? [slaEvents.SlaPaused({ ticketId })] : [];

export const resuming = ({ ticketId, sla }: OpenedTicket, now: Moment) =>
  sla?.pausedSince === undefined ? [] : [slaEvents.SlaResumed({ ticketId, ...resumedDue(sla, now) })];

const brokenBy = (sla: Sla, late: ReturnType<typeof breaches>): Sla =>
  late.reduce((known, { data: { target } }) => withPromise(known, target, { breached: true }), sla);

/** New promises for those that are not kept yet. */
export function retargeted(
  before: OpenedTicket,
  priority: OpenedTicket['priority'],
  late: ReturnType<typeof breaches>,
  now: Moment,
) {
  if (!before.sla) return [];
  const { ticketId } = before;
  const sla = brokenBy(before.sla, late);
  const dues = duesOf(sla.terms, priority, sla.startedAt, sla.pausedSeconds);
  const firstResponse = sla.firstResponse.judged ? undefined : notBefore(now, dues.firstResponse, sla.firstResponse);
  const resolution = sla.resolution.judged ? undefined : notBefore(now, dues.resolution, sla.resolution);
  return [slaEvents.SlaRetargeted({ ticketId, priority, firstResponse, resolution, paused: sla.pausedSince !== undefined })];
}
