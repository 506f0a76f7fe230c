import { LogUnavailable, StoreFault } from './ports.js';
import { Problem } from './problem.js';

/** What a caller is told of an engine that does not answer; undefined for any other error. */
export function unavailable(error: unknown): Problem | undefined {
  if (error instanceof LogUnavailable)
    return new Problem(503, 'log-unavailable', 'The log does not answer; send the same request again.', { retryAfter: 2 });
  if (error instanceof StoreFault && error.passing)
    return new Problem(
      503,
      'store-unavailable',
      'The store of views or of keys does not answer; send the same request again, a command with the same key.',
      { retryAfter: 2 },
    );
  return undefined;
}
