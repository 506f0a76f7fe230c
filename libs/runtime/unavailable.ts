import { LogUnavailable, StoreFault } from './ports.js';
import { Problem } from './problem.js';

/** What a caller is told of an engine that does not answer; undefined for any other error. */
export function unavailable(error: unknown): Problem | undefined {
  if (error instanceof LogUnavailable)
    return new Problem(503, 'log-unavailable', `${causeOf(error)}; send the same request again.`, { retryAfter: 2 });
  if (error instanceof StoreFault && error.passing)
    return new Problem(503, 'store-unavailable', `${causeOf(error)}; send the same request again, a command with the same key.`, {
      retryAfter: 2,
    });
  return undefined;
}

/** Why an engine refuses, as the beginning of a sentence: words without addresses and paths. */
export function causeOf(error: LogUnavailable | StoreFault): string {
  if (error.why !== undefined) return `${error.why.charAt(0).toUpperCase()}${error.why.slice(1)}`;
  return error instanceof LogUnavailable ? 'The log does not answer' : 'The store of views or of keys does not answer';
}

/** The refusal of a command that was sent on behalf of a read: who reads sent none, and has nothing to send but the read. */
export function asRead(error: unknown, before: string): unknown {
  if (!(error instanceof Problem) || error.status !== 503) return error;
  const { why } = error.options;
  const cause = why === undefined ? '' : ` (${why})`;
  return new Problem(
    503,
    error.code,
    `${before}, which is not possible now${cause}. Send the same request again.`,
    error.options,
  );
}
