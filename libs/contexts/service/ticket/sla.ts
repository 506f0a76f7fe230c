import { type DataOf, laterOf, type Moment } from '#kernel';
import { promiseFor, type SlaPolicy } from '../sla-policy/sla-policy.js';
import { type Priority, priorities, type Target } from '../words.js';
import { afterWorkingTime, dayIn, type WorkingTime, workingTimeBetween } from '../working-time/working-time.js';
import type { Due, SlaAttached, SlaFulfilled } from './sla-events.js';

type Attached = DataOf<typeof SlaAttached>;
type Verdict = DataOf<typeof SlaFulfilled>;
export type Terms = Omit<Attached, 'ticketId' | 'customerId' | 'firstResponse' | 'resolution'>;

/** One of the two promises of a ticket. */
export interface Promised {
  readonly targetSeconds: number;
  /** Gone while its time stands still. */
  readonly dueAt?: Moment | undefined;
  readonly escalatesAt?: Moment | undefined;
  readonly escalated: boolean;
  readonly breached: boolean;
  /** Whether there is a verdict. */
  readonly judged: boolean;
}

/**
 * What a ticket was promised and how far that is. The first response has its time whatever happens; the time to the solution
 * stands still while we wait for somebody else, and while the ticket counts as resolved.
 */
export interface Sla {
  readonly terms: Terms;
  readonly startedAt: Moment;
  readonly firstResponse: Promised;
  readonly resolution: Promised;
  /** Working time for which the resolution has stood still, without the pause that lasts. */
  readonly pausedSeconds: number;
  readonly pausedSince?: Moment | undefined;
}

/** The terms of a policy for a ticket that is opened now. */
export function termsOf(
  policy: SlaPolicy,
  policyId: string,
  { timeZone, hours, holidays }: WorkingTime,
  tier: string | undefined,
  now: Moment,
): Terms {
  const today = dayIn(timeZone, now);
  return {
    policyId,
    policyName: policy.name,
    tier,
    promises: priorities.map((priority) => {
      const { firstResponseMinutes, resolutionMinutes } = promiseFor(policy, priority, tier);
      return { priority, firstResponseMinutes, resolutionMinutes };
    }),
    escalationPercent: policy.escalationPercent,
    escalatesTo: policy.escalatesTo,
    closesAfterDays: policy.closesAfterDays,
    timeZone,
    hours: hours.map((open) => ({ ...open })),
    // What is over cannot be waited for.
    holidays: holidays.filter((day) => day >= today),
  };
}

/** When the promises of a priority end; a pause is added to the working time of the resolution, not to the clock on the wall. */
export function duesOf(
  terms: Terms,
  priority: Priority,
  startedAt: Moment,
  pausedSeconds = 0,
): { readonly firstResponse: Due; readonly resolution: Due } {
  const promised = terms.promises.find((one) => one.priority === priority);
  if (!promised) throw new Error(`The terms promise nothing for ${priority}.`);
  return {
    firstResponse: dueOf(terms, startedAt, promised.firstResponseMinutes * 60, 0),
    resolution: dueOf(terms, startedAt, promised.resolutionMinutes * 60, pausedSeconds),
  };
}

function dueOf(terms: Terms, startedAt: Moment, targetSeconds: number, pausedSeconds: number): Due {
  const after = (seconds: number) => afterWorkingTime(terms, startedAt, Math.round((seconds + pausedSeconds) * 1000));
  return {
    targetSeconds,
    dueAt: after(targetSeconds),
    escalatesAt: after((targetSeconds * terms.escalationPercent) / 100),
  };
}

/** Working time for which the resolution has stood still until `now`, in seconds. */
export const pausedUntil = ({ terms, pausedSeconds, pausedSince }: Sla, now: Moment): number =>
  pausedSince === undefined ? pausedSeconds : toThousandth(pausedSeconds + workingTimeBetween(terms, pausedSince, now) / 1000);

/** When the resolution is due if its time goes on from `now`. */
export const resumedDue = (sla: Sla, now: Moment): { readonly pausedSeconds: number; readonly resolution: Due } => {
  const pausedSeconds = pausedUntil(sla, now);
  const due = dueOf(sla.terms, sla.startedAt, sla.resolution.targetSeconds, pausedSeconds);
  return { pausedSeconds, resolution: notBefore(now, due, sla.resolution) };
};

/**
 * A promise that is made anew may have run out by its own reckoning, from the opening of the ticket on. It runs out when it is made:
 * before, nobody could have kept it. One that was broken before has its moment.
 */
export const notBefore = (now: Moment, due: Due, { breached }: Promised): Due =>
  breached ? due : { ...due, dueAt: laterOf(due.dueAt, now), escalatesAt: laterOf(due.escalatesAt, now) };

/** Promises whose time ran out before `now` without anybody having said so, the earlier first. */
export const runOut = (sla: Sla, now: Moment): { readonly target: Target; readonly dueAt: Moment }[] =>
  (['FIRST_RESPONSE', 'RESOLUTION'] as const)
    .flatMap((target) => {
      const { dueAt, breached, judged } = promisedBy(sla, target);
      return dueAt !== undefined && dueAt < now && !breached && !judged ? [{ target, dueAt }] : [];
    })
    .sort((one, other) => (one.dueAt < other.dueAt ? -1 : 1));

/** Whether a promise that is kept at `now` is kept in time, and the numbers of it. */
export function verdictOf(
  sla: Sla,
  target: Target,
  now: Moment,
): { readonly kept: boolean } & Pick<Verdict, 'targetSeconds' | 'takenSeconds' | 'marginSeconds' | 'pausedSeconds' | 'dueAt'> {
  const promised = promisedBy(sla, target);
  const pausedSeconds = target === 'RESOLUTION' ? pausedUntil(sla, now) : 0;
  const { targetSeconds } = promised;
  const dueAt = promised.dueAt ?? dueOf(sla.terms, sla.startedAt, targetSeconds, pausedSeconds).dueAt;
  const takenSeconds = toThousandth(workingTimeBetween(sla.terms, sla.startedAt, now) / 1000 - pausedSeconds);
  return {
    kept: !promised.breached && (promised.dueAt === undefined || now <= promised.dueAt),
    targetSeconds,
    takenSeconds,
    marginSeconds: toThousandth(targetSeconds - takenSeconds),
    pausedSeconds,
    dueAt,
  };
}

export const promisedBy = ({ firstResponse, resolution }: Sla, target: Target): Promised =>
  target === 'FIRST_RESPONSE' ? firstResponse : resolution;

// ---- the SLA after a fact ----

export const attached = (
  { ticketId: _, customerId: __, firstResponse, resolution, ...terms }: Attached,
  startedAt: Moment,
): Sla => ({
  terms,
  startedAt,
  firstResponse: promised(firstResponse),
  resolution: promised(resolution),
  pausedSeconds: 0,
});

export const promised = (due: Due, before?: Promised): Promised => ({
  escalated: before?.escalated ?? false,
  breached: before?.breached ?? false,
  judged: false,
  ...due,
});

export const paused = ({ resolution: { dueAt: _, escalatesAt: __, ...resolution }, ...sla }: Sla, since: Moment): Sla => ({
  ...sla,
  resolution,
  pausedSince: sla.pausedSince ?? since,
});

export const withPromise = (sla: Sla, target: Target, change: Partial<Promised>): Sla =>
  target === 'FIRST_RESPONSE'
    ? { ...sla, firstResponse: { ...sla.firstResponse, ...change } }
    : { ...sla, resolution: { ...sla.resolution, ...change } };

const toThousandth = (seconds: number) => Math.round(seconds * 1000) / 1000;
