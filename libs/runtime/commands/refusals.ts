import { type AnyFactType, type Moment, Refused } from '#kernel';
import { UnknownFact } from '../envelope.js';
import { LogUnavailable, OutcomeUnknown, StoreFault, TooLarge } from '../ports.js';
import { Problem, refusedByRule } from '../problem.js';
import { causeOf } from '../unavailable.js';
import type { Stream } from './streams.js';

/**
 * Within a stream business time never goes back, but for corrections, and behind facts that yield: so log order is business order of
 * each thing.
 */
export function refuseEarlier({ lastToldAt }: Stream, now: Moment, types: readonly AnyFactType[]): void {
  if (lastToldAt === undefined || now >= lastToldAt || types.every(({ correction }) => correction)) return;
  throw new Problem(
    422,
    'before-last-fact',
    `The last fact here occurred at ${lastToldAt}; ${now} is earlier. Only corrections may go back.`,
  );
}

/** Facts that changed nothing make nobody stale: whoever saw the last one that did, or one behind it, knows the state. */
export function refuseStale({ revision, changedAt }: Stream, expected: number | undefined): void {
  if (expected === undefined || (expected >= changedAt && expected <= revision)) return;
  throw new Problem(
    412,
    'stale-revision',
    `If-Match names revision ${expected}; it is at ${revision} now. Read it again and decide anew.`,
    { members: { revision } },
  );
}

/** What a caller is told of a failure; anything else is a fault of ours. */
export function asProblem(error: unknown): unknown {
  if (error instanceof Refused) return refusedByRule(error);
  if (error instanceof TooLarge)
    return new Problem(413, 'too-large', 'The facts of one command may hold 1 MiB together; split it.');
  if (error instanceof OutcomeUnknown)
    return new Problem(
      503,
      'outcome-unknown',
      'Whether this took effect is not known yet; send the same command with the same key again.',
      { retryAfter: 2 },
    );
  if (error instanceof LogUnavailable)
    return new Problem(
      503,
      'log-unavailable',
      `${causeOf(error)}; nothing was recorded. Send the same command with the same key again.`,
      { retryAfter: 2, why: error.why },
    );
  if (error instanceof StoreFault && error.passing)
    return new Problem(503, 'store-unavailable', `${causeOf(error)}. Send the same command with the same key again.`, {
      retryAfter: 2,
      why: error.why,
    });
  if (error instanceof UnknownFact) return new Problem(503, 'newer-log', error.message, { retryAfter: 60 });
  return error;
}
