import type { Refused } from '#kernel';

/** One entry of `errors` in a problem: the field (or line) and what to do about it. */
export interface FieldError {
  readonly field: string;
  readonly message: string;
}

export interface ProblemOptions {
  readonly errors?: readonly FieldError[];
  /** Seconds. */
  readonly retryAfter?: number;
  /** Seconds since the view that was asked was last known to have everything; left out while that is a moment ago. */
  readonly age?: number;
  /** Why an engine refused, where it says: words without addresses and paths. */
  readonly why?: string | undefined;
  /** Further members of the answer (existing id, actual revision). Never personal. */
  readonly members?: Readonly<Record<string, unknown>>;
}

/**
 * A refusal that the caller can read (RFC 9457): `code` is stable and ends its type `/problems/<code>`.
 * 400 shape · 401 · 403 · 404 · 409 taken or in flight · 410 erased or foreign position · 412 stale If-Match · 413 ·
 * 422 rule · 429 · 503 try again with the same key.
 */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    detail: string,
    readonly options: ProblemOptions = {},
  ) {
    super(detail);
    this.name = 'Problem';
  }
}

export const refusedByRule = ({ code, message, field }: Refused): Problem =>
  new Problem(422, code, message, field === undefined ? {} : { errors: [{ field, message }] });
