import { AnnalsRefusal, AnnalsUnavailable, type ProblemAnswer, problemFrom } from './problems.js';
import { mayPass, pauseAfter, retryAfterOf } from './retry.js';

export interface TransportOptions {
  /** `https://annals.example` */
  readonly url: string;
  /** A token of Annals or of your identity provider; a function is asked before every attempt, so that it can renew it. */
  readonly token: string | (() => string | Promise<string>);
  /** Milliseconds until one attempt is given up, beside those that the server was asked to wait; 30,000 if left out. */
  readonly timeout?: number;
  /** Milliseconds from the first attempt within which the last one begins; 60,000 if left out, 0 to try once. */
  readonly patience?: number;
  /** Told of each attempt that is to be repeated, for logs and metrics. */
  readonly onRetry?: (retry: Retry) => void;
  /** The platform's own if left out. */
  readonly fetch?: typeof fetch;
}

export interface Retry {
  readonly method: string;
  readonly path: string;
  /** The attempt that failed, from 1. */
  readonly attempt: number;
  /** Milliseconds until the next one. */
  readonly pause: number;
  /** Absent where the connection failed. */
  readonly status?: number;
}

export interface Call {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly query?: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body?: unknown;
  /** Instead of a body: one JSON a line, and the answer is read the same way. */
  readonly lines?: readonly unknown[];
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly idempotencyKey?: string;
  /** Milliseconds that the server is asked to wait before it answers. */
  readonly waits?: number | undefined;
  readonly signal?: AbortSignal;
}

export interface Reply<T> {
  readonly body: T;
  readonly status: number;
  /** Of the header `Annals-Position`. */
  readonly position: string | undefined;
  /** The server says that it recorded nothing, as asked by `Annals-Dry-Run`. */
  readonly dryRun: boolean;
}

/** Milliseconds, where nothing else is said. */
export const PATIENCE = 60_000;

/** What one attempt came to. */
type Attempt<T> =
  | { readonly reply: Reply<T> }
  | { readonly problem: ProblemAnswer; readonly retryAfter: number | undefined }
  | { readonly broken: unknown };

/** Requests that are repeated until they have an answer: all that go through here may be sent twice. */
export class Transport {
  readonly #url: string;

  /** Throws TypeError for an address that no attempt could reach, and without a token. */
  constructor(private readonly options: TransportOptions) {
    if (!/^https?:$/.test(protocolOf(options.url)))
      throw new TypeError(`url must be the address of a server, such as https://annals.example; it is ${options.url}.`);
    if (options.token === undefined) throw new TypeError('token is missing: give a text, or a function that gives one.');
    this.#url = options.url.replace(/\/+$/, '');
  }

  /** Throws AnnalsRefusal at once, AnnalsUnavailable when patience ends, the signal's reason when it is aborted. */
  async send<T>(call: Call): Promise<Reply<T>> {
    const { patience = PATIENCE, onRetry } = this.options;
    const began = Date.now();
    for (let attempt = 1; ; attempt++) {
      const outcome = await this.#once<T>(call);
      if ('reply' in outcome) return outcome.reply;
      call.signal?.throwIfAborted();
      const problem = 'problem' in outcome ? outcome.problem : undefined;
      const retryAfter = 'problem' in outcome ? outcome.retryAfter : undefined;
      if (problem && !mayPass(problem.status, retryAfter)) throw new AnnalsRefusal(problem, call.idempotencyKey);
      const pause = pauseAfter(attempt, retryAfter, Math.random());
      if (Date.now() - began + pause > patience) {
        const why = problem ? `answers ${problem.status}` : 'does not answer';
        throw new AnnalsUnavailable(
          `${this.#url} ${why}; gave up after ${attempt} ${attempt === 1 ? 'attempt' : 'attempts'}.`,
          call.idempotencyKey,
          problem,
          { cause: 'broken' in outcome ? outcome.broken : undefined },
        );
      }
      onRetry?.({ method: call.method, path: call.path, attempt, pause, ...(problem && { status: problem.status }) });
      await sleep(pause, call.signal);
    }
  }

  async #once<T>({
    method,
    path,
    query = {},
    body,
    lines,
    headers = {},
    idempotencyKey,
    waits = 0,
    signal,
  }: Call): Promise<Attempt<T>> {
    const { token, timeout = 30_000, fetch: send = fetch } = this.options;
    const sent: Record<string, string> = { accept: 'application/json' };
    sent.authorization = `Bearer ${typeof token === 'string' ? token : await token()}`;
    if (body !== undefined) sent['content-type'] = 'application/json';
    if (lines !== undefined) sent['content-type'] = 'application/x-ndjson';
    if (idempotencyKey !== undefined) sent['idempotency-key'] = idempotencyKey;
    for (const [name, value] of Object.entries(headers)) if (value !== undefined) sent[name] = value;
    const limit = AbortSignal.timeout(timeout + waits);
    try {
      const response = await send(`${this.#url}${path}${queryText(query)}`, {
        method,
        headers: sent,
        redirect: 'error',
        signal: signal ? AbortSignal.any([signal, limit]) : limit,
        ...(body !== undefined && { body: JSON.stringify(body) }),
        ...(lines !== undefined && { body: lines.map((line) => `${JSON.stringify(line)}\n`).join('') }),
      });
      if (!response.ok)
        return {
          problem: await problemFrom(response),
          retryAfter: retryAfterOf(response.headers.get('retry-after'), Date.now()),
        };
      return {
        reply: {
          body: (lines === undefined ? await response.json() : linesIn(await response.text())) as T,
          status: response.status,
          position: response.headers.get('annals-position') ?? undefined,
          dryRun: response.headers.get('annals-dry-run') === 'true',
        },
      };
    } catch (broken) {
      return { broken };
    }
  }
}

function protocolOf(url: string): string {
  try {
    return new URL(url).protocol;
  } catch {
    return '';
  }
}

const linesIn = (text: string): unknown[] =>
  text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as unknown]));

function queryText(query: NonNullable<Call['query']>): string {
  const given = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [value].flat().map((one): [string, string] => [name, one]),
  );
  return given.length === 0 ? '' : `?${new URLSearchParams(given)}`;
}

/** Throws the signal's reason when it is aborted. */
export async function sleep(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const over = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', over);
      resolve();
    }, milliseconds);
    signal?.addEventListener('abort', over, { once: true });
  });
}
