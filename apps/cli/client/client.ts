import type { CommandAnswer, CommandLine, DryRunAnswer } from '../../../libs/client/answers.js';
import { FETCH_WAITS, patientFetch } from './patient-fetch.js';
import { type ProblemAnswer, Refusal, Unreachable } from './problems.js';

export type { CommandAnswer, DryRunAnswer };

/** One line of `POST /v1/commands`. */
export interface BatchLine extends CommandLine {
  readonly key: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly imported?: { readonly cutOver: string; readonly clock: boolean };
}

export interface BatchAnswer {
  readonly line: number;
  readonly key?: string;
  readonly status: number;
  readonly answer?: CommandAnswer;
  readonly problem?: ProblemAnswer;
}

export interface ViewItem {
  readonly key: string;
  readonly document: Readonly<Record<string, unknown>>;
}

export interface ViewPage {
  readonly items: readonly ViewItem[];
  readonly next?: string;
}

export interface RequestOptions {
  readonly method?: 'GET' | 'POST';
  readonly query?: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  /** Milliseconds until the answer has begun; streams may go on for longer. 60,000 if left out. */
  readonly timeout?: number;
}

const ANSWER_WITHIN = 60_000;

/** The public HTTP interface of a running Annals. Refusals are thrown as `Refusal`, silence as `Unreachable`. */
export class Client {
  constructor(
    readonly url: string,
    private readonly token: string | undefined,
  ) {}

  async get<T>(path: string, query: RequestOptions['query'] = {}): Promise<T> {
    return await this.#json<T>(await this.request(path, { query }));
  }

  /** The documents of a view, page after page to the end. */
  async *documents(view: string, query: RequestOptions['query'] = {}): AsyncGenerator<ViewItem> {
    for (let cursor: string | undefined; ; ) {
      const page = await this.get<ViewPage>(`/v1/views/${view}`, { limit: '500', ...query, cursor });
      yield* page.items;
      cursor = page.next;
      if (cursor === undefined) return;
    }
  }

  /** `waits`: milliseconds that the server may take for it, beside those of any other answer. */
  async post<T>(path: string, body: unknown, headers: RequestOptions['headers'] = {}, waits = 0): Promise<T> {
    const timeout = ANSWER_WITHIN + waits;
    return await this.#json<T>(await this.request(path, { method: 'POST', body, headers, timeout }));
  }

  /** The answer to a good request; other statuses are thrown. */
  async request(path: string, options: RequestOptions = {}): Promise<Response> {
    const response = await this.raw(path, options);
    if (response.ok) return response;
    throw new Refusal(response.status, await problemFrom(response));
  }

  async raw(
    path: string,
    { method = 'GET', query = {}, body, headers = {}, timeout = ANSWER_WITHIN }: RequestOptions = {},
  ): Promise<Response> {
    const sent: Record<string, string> = { accept: 'application/json' };
    if (this.token !== undefined) sent.authorization = `Bearer ${this.token}`;
    if (body !== undefined && typeof body !== 'string') sent['content-type'] = 'application/json';
    for (const [name, value] of Object.entries(headers)) if (value !== undefined) sent[name.toLowerCase()] = value;
    const silence = new AbortController();
    const timer = setTimeout(() => silence.abort(new Error(`no answer within ${timeout / 1000} s`)), timeout);
    try {
      const ask = timeout < FETCH_WAITS ? fetch : patientFetch;
      return await ask(`${this.url}${path}${queryText(query)}`, {
        method,
        headers: sent,
        signal: silence.signal,
        ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
    } catch (error) {
      throw new Unreachable(this.url, error);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Large pages are written as they are read, and may break off. */
  async #json<T>(response: Response): Promise<T> {
    try {
      return (await response.json()) as T;
    } catch (error) {
      throw new Unreachable(this.url, error);
    }
  }

  /** The objects of an NDJSON answer, as they come. */
  async *lines<T>(path: string, options: RequestOptions = {}): AsyncGenerator<T> {
    const response = await this.request(path, { ...options, headers: { accept: 'application/x-ndjson', ...options.headers } });
    yield* linesOf<T>(response, this.url);
  }

  /** Sends commands in one request; answers come in order of completion. */
  async *batch(lines: readonly BatchLine[]): AsyncGenerator<BatchAnswer> {
    const body = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
    yield* this.lines<BatchAnswer>('/v1/commands', { method: 'POST', body, headers: { 'content-type': 'application/x-ndjson' } });
  }
}

function queryText(query: NonNullable<RequestOptions['query']>): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (typeof value === 'string') parameters.append(name, value);
    else for (const one of value ?? []) parameters.append(name, one);
  }
  const text = parameters.toString();
  return text === '' ? '' : `?${text}`;
}

async function problemFrom(response: Response): Promise<ProblemAnswer> {
  const text = await response.text();
  try {
    const problem = JSON.parse(text) as Partial<ProblemAnswer>;
    return { type: 'about:blank', ...problem, status: response.status };
  } catch {
    return { type: 'about:blank', status: response.status, title: response.statusText, detail: text.slice(0, 500) };
  }
}

async function* linesOf<T>(response: Response, url: string): AsyncGenerator<T> {
  if (!response.body) return;
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      rest += decoder.decode(chunk, { stream: true });
      const complete = rest.split('\n');
      rest = complete.pop() ?? '';
      for (const line of complete) if (line.trim() !== '') yield JSON.parse(line) as T;
    }
  } catch (error) {
    throw error instanceof SyntaxError ? error : new Unreachable(url, error);
  }
  if (rest.trim() !== '') yield JSON.parse(rest) as T;
}
