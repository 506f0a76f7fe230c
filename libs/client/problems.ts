import type { ProblemCode } from './generated/problem-codes.js';

/** `application/problem+json` (RFC 9457), as the server answers it. */
export interface ProblemAnswer {
  /** `/problems/<code>` */
  readonly type: string;
  readonly title?: string;
  readonly status: number;
  readonly detail?: string;
  /** Names the request in the log of the server. */
  readonly instance?: string;
  /** One entry a field. */
  readonly errors?: readonly { readonly field: string; readonly message: string }[];
  readonly [member: string]: unknown;
}

/** A code that this version of the client knows, or one that came later. */
export type AnyProblemCode = ProblemCode | (string & {});

/** Everything that the client throws, so that one `instanceof` finds it. */
export abstract class AnnalsError extends Error {}

/** The server said no: sent again, the same request would be refused again. */
export class AnnalsRefusal extends AnnalsError {
  readonly status: number;
  /** Stable, and part of the contract: decide by it, not by the text. */
  readonly code: AnyProblemCode;

  constructor(
    readonly problem: ProblemAnswer,
    /** Of the command that was refused. */
    readonly idempotencyKey?: string,
  ) {
    super(problem.detail ?? problem.title ?? `Refused with status ${problem.status}.`);
    this.name = 'AnnalsRefusal';
    this.status = problem.status;
    this.code = problem.type.split('/').at(-1) ?? problem.type;
  }

  /** One message a field, by the field's path (`lines[2].quantity`). */
  get fields(): Readonly<Record<string, string>> {
    return Object.fromEntries((this.problem.errors ?? []).map(({ field, message }) => [field, message]));
  }
}

/**
 * No answer that says what came of it, for as long as the client has patience. A command may have taken effect: send it again
 * with `idempotencyKey`, now or in a week, and it takes effect once and gets its answer.
 */
export class AnnalsUnavailable extends AnnalsError {
  constructor(
    message: string,
    readonly idempotencyKey: string | undefined,
    /** The last answer, where there was one. */
    readonly problem: ProblemAnswer | undefined,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'AnnalsUnavailable';
  }
}

export async function problemFrom(response: Response): Promise<ProblemAnswer> {
  const text = await response.text();
  try {
    const problem = JSON.parse(text) as Partial<ProblemAnswer>;
    return { type: 'about:blank', ...problem, status: response.status };
  } catch {
    // a proxy on the way answers in its own words
    return { type: 'about:blank', status: response.status, title: response.statusText, detail: text.slice(0, 500) };
  }
}

/**
 * The server does not know dry runs (the header `Annals-Dry-Run` came back from no part of it): it took what was meant to be tried
 * for real, so it may have taken effect. Look at `answer`, and update the server before you try again.
 */
export class DryRunIgnored extends AnnalsError {
  constructor(
    /** What it answered. */
    readonly answer: unknown,
  ) {
    super('The server does not know dry runs: what was to be tried may have taken effect. Use a newer server.');
    this.name = 'DryRunIgnored';
  }
}
