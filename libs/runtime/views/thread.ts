import type { MessagePort } from 'node:worker_threads';
import type { Context, MergeFacts } from '#kernel';
import type { RebuildProgress, ViewService } from '../annals.js';
import type { Log, ViewStore } from '../ports.js';
import { Problem, type ProblemOptions } from '../problem.js';
import { registryOf } from '../registry.js';
import { unavailable } from '../unavailable.js';
import type { DocumentReader } from './document-reader.js';
import { Views, type ViewsOptions } from './service.js';
import type { ViewProgress } from './sights.js';

/** The views as another thread sees them. */
export interface RemoteViews extends ViewService {
  /** Resolves when the other thread serves; rejects with what kept it from that. */
  readonly ready: Promise<void>;
  progress(): Promise<readonly ViewProgress[]>;
  /** Stops the views over there and closes what the thread opened. */
  stop(milliseconds?: number): Promise<void>;
}

/** What a port serves beside the service itself. */
export interface ServedViews extends ViewService {
  progress(): Promise<readonly ViewProgress[]>;
  stop(milliseconds?: number): Promise<void>;
}

export interface ViewsThreadOptions extends Omit<ViewsOptions, 'registry' | 'log' | 'store'> {
  readonly port: MessagePort;
  readonly contexts: readonly Context[];
  readonly identity?: MergeFacts;
  readonly openLog: () => Promise<Log>;
  readonly openViews: () => Promise<ViewStore>;
}

/** Runs the views in this thread for whoever holds the other end of the port, until told to stop there. */
export async function runViewsThread({ port, contexts, openLog, openViews, ...options }: ViewsThreadOptions): Promise<void> {
  let log: Log | undefined;
  let store: ViewStore | undefined;
  const close = async () => {
    await store?.close();
    await log?.close();
  };
  try {
    log = await openLog();
    store = await openViews();
    const views = new Views({ ...options, registry: registryOf(contexts), log, store });
    await views.start();
    servePort(port, views, close);
  } catch (error) {
    await close();
    port.postMessage({ id: READY, failed: nameAndMessage(error) } satisfies Reply);
    port.close();
  }
}

const METHODS = ['query', 'generations', 'parked', 'release', 'progress', 'stop'] as const;
type Method = (typeof METHODS)[number];

type Ask = { readonly id: number } & (
  | { readonly call: Method; readonly given: readonly unknown[] }
  | { readonly iterate: 'rebuild'; readonly given: readonly unknown[] }
  | { readonly next: true }
  | { readonly leave: true }
);

type Reply = { readonly id: number } & ({ readonly value: unknown; readonly done?: boolean } | { readonly failed: Failure });

/** A problem crosses whole; any other error as its name and message. */
type Failure =
  | {
      readonly problem: {
        readonly status: number;
        readonly code: string;
        readonly detail: string;
        readonly options: ProblemOptions;
      };
    }
  | { readonly name: string; readonly message: string };

const READY = 0;

/** Answers the calls that come through a port; `closed` runs after a call to stop. */
export function servePort(port: MessagePort, views: ServedViews, closed: () => Promise<void> = async () => {}): void {
  const iterators = new Map<number, AsyncIterator<RebuildProgress>>();
  const answer = async (ask: Ask): Promise<Omit<Reply, 'id'> | undefined> => {
    if ('call' in ask) {
      if (!METHODS.includes(ask.call)) throw new Error(`Unknown call ${String(ask.call)}.`);
      const value: unknown = await (views[ask.call] as (...given: readonly unknown[]) => unknown)(...ask.given);
      if (ask.call === 'stop') await closed();
      return { value };
    }
    if ('iterate' in ask) {
      const [view, options] = ask.given as Parameters<ViewService['rebuild']>;
      iterators.set(ask.id, views.rebuild(view, options)[Symbol.asyncIterator]());
      return undefined;
    }
    const iterator = iterators.get(ask.id);
    if ('next' in ask) {
      const { value, done = false } = (await iterator?.next()) ?? { value: undefined, done: true };
      if (done) iterators.delete(ask.id);
      return { value, done };
    }
    iterators.delete(ask.id);
    await iterator?.return?.();
    return { value: undefined, done: true };
  };
  port.on('message', (ask: Ask) => {
    answer(ask).then(
      (reply) => {
        if (reply) port.postMessage({ id: ask.id, ...reply });
        if ('call' in ask && ask.call === 'stop') port.close();
      },
      (error: unknown) => port.postMessage({ id: ask.id, failed: failureOf(error) } satisfies Reply),
    );
  });
  port.postMessage({ id: READY, value: undefined } satisfies Reply);
}

/** The service at the other end of a port. If the port closes, whatever waits is refused with 503. */
export function remoteViews(port: MessagePort): RemoteViews {
  const waiting = new Map<
    number,
    { readonly resolve: (reply: { value: unknown; done?: boolean }) => void; readonly reject: (error: Error) => void }
  >();
  let last = READY;
  let closed = false;
  const reply = (id: number) =>
    new Promise<{ value: unknown; done?: boolean }>((resolve, reject) => waiting.set(id, { resolve, reject }));
  const send = (ask: Ask): Promise<{ value: unknown; done?: boolean }> => {
    if (closed) return Promise.reject(gone());
    const answer = reply(ask.id);
    port.postMessage(ask);
    return answer;
  };
  const call = async <T>(method: Method, ...given: readonly unknown[]): Promise<T> => {
    last += 1;
    return (await send({ id: last, call: method, given })).value as T;
  };
  const ready = reply(READY).then(() => undefined);
  ready.catch(() => undefined);
  port.on('message', (message: Reply) => {
    const waits = waiting.get(message.id);
    waiting.delete(message.id);
    if ('failed' in message) waits?.reject(errorOf(message.failed));
    else waits?.resolve(message);
  });
  port.on('close', () => {
    closed = true;
    for (const { reject } of waiting.values()) reject(gone());
    waiting.clear();
  });
  return {
    ready,
    query: (request) => call('query', request),
    generations: () => call('generations'),
    parked: (view) => call('parked', view),
    release: (view, tenant, key) => call('release', view, tenant, key),
    progress: () => call('progress'),
    stop: (milliseconds) => call('stop', milliseconds),
    async *rebuild(view, options) {
      last += 1;
      const id = last;
      if (closed) throw gone();
      port.postMessage({ id, iterate: 'rebuild', given: [view, options] } satisfies Ask);
      let over = false;
      try {
        for (;;) {
          const { value, done } = await send({ id, next: true });
          over = done === true;
          if (over) return;
          yield value as RebuildProgress;
        }
      } catch (error) {
        over = true;
        throw error;
      } finally {
        if (!over) await send({ id, leave: true });
      }
    },
  };
}

/**
 * Queries about the past go to another thread, so that folding the log never delays a live one. `past` reads the views that
 * `live` writes (`writes: false`). Single documents are read in this thread as far as `documents` can.
 */
export function splitViews(
  live: RemoteViews,
  past: Pick<RemoteViews, 'query' | 'stop'>,
  documents?: Pick<DocumentReader, 'query'>,
): RemoteViews {
  const historic = ({ parameters }: Parameters<ViewService['query']>[0]) =>
    ['asOf', 'knownAt', 'position', 'cursor'].some((name) => parameters[name] !== undefined);
  return {
    ...live,
    query: async (request) => {
      if (historic(request)) return past.query(request);
      return (request.key === undefined ? undefined : await documents?.query(request)) ?? live.query(request);
    },
    stop: async (milliseconds) => {
      await Promise.all([live.stop(milliseconds), past.stop(milliseconds)]);
    },
  };
}

const gone = () => new Problem(503, 'views-gone', 'The views are not running; try again.', { retryAfter: 5 });

function failureOf(error: unknown): Failure {
  const problem = error instanceof Problem ? error : unavailable(error);
  if (problem) {
    const { status, code, message: detail, options } = problem;
    return { problem: { status, code, detail, options } };
  }
  return nameAndMessage(error);
}

function nameAndMessage(error: unknown): Failure {
  return error instanceof Error
    ? { name: error.name, message: error.message }
    : { name: 'Error', message: 'Something that is no error was thrown.' };
}

function errorOf(failure: Failure): Error {
  if ('problem' in failure) {
    const { status, code, detail, options } = failure.problem;
    return new Problem(status, code, detail, options);
  }
  return Object.assign(new Error(failure.message), { name: failure.name });
}
