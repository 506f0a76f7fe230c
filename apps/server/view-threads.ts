import { MessageChannel, Worker } from 'node:worker_threads';
import { builtFile } from '#adapters/sqlite';
import { identity } from '#contexts';
import { type Log, Problem, type Registry, type ViewStore } from '#runtime';
import { DocumentReader, type RemoteViews, remoteViews, Standings, splitViews } from '#runtime/views/index';
import { type Engines, openViews, type ViewsThreadData } from './engines.js';
import { TroubleElsewhere, type TroubleTold } from './reason.js';

type OnError = (name: string, error: unknown) => void;

export interface Thread {
  readonly views: RemoteViews;
  readonly ended: Promise<void>;
}

/**
 * Views live in one thread, views of the past in another: neither delays commands or each other. Single documents are read here,
 * where neither delays them.
 */
export async function viewThreads(
  engines: Engines,
  {
    registry,
    log,
    writes,
    onError,
  }: { readonly registry: Registry; readonly log: Log; readonly writes: boolean; readonly onError: OnError },
): Promise<RemoteViews & { close(): Promise<void> }> {
  const standings = Standings.memoryFor(registry.views.size);
  const live = startThread({ engines, writes, standings }, onError);
  const past = new PastThread(() => startThread({ engines, writes: false, standings }, onError), onError);
  let store: ViewStore | undefined;
  const close = async () => {
    await Promise.all([live.views.stop(), past.stop()]);
    await Promise.all([live.ended, past.ended]);
    await store?.close();
  };
  try {
    await live.views.ready;
    // It keeps a copy of a log that is elsewhere, and is not to begin with that when somebody waits.
    if (engines.log.engine !== 'sqlite') await past.opened();
    if (!writes) return { ...splitViews(live.views, past), close };
    store = await openViews(engines, { writes: false });
    const told = new Standings(standings, registry.views.keys(), log.id);
    const documents = new DocumentReader({ registry, identity, log, store, standings: told });
    return { ...splitViews(live.views, past, documents), close };
  } catch (error) {
    await close().catch(() => {});
    throw error;
  }
}

/** Started by the first question: most servers are asked for long before anybody asks about the past. One that died is started again. */
export class PastThread {
  #thread: Thread | undefined;
  #stopped = false;

  constructor(
    private readonly start: () => Thread,
    private readonly onError: OnError,
  ) {}

  get ended(): Promise<void> | undefined {
    return this.#thread?.ended;
  }

  /** Throws what kept it from opening. */
  async opened(): Promise<RemoteViews> {
    this.#thread ??= this.#started();
    const { views } = this.#thread;
    await views.ready;
    return views;
  }

  async query(request: Parameters<RemoteViews['query']>[0]): ReturnType<RemoteViews['query']> {
    if (this.#stopped) throw gone();
    const views = await this.opened().catch((error: unknown) => {
      this.onError('views of the past', error);
      throw gone();
    });
    return views.query(request);
  }

  async stop(milliseconds?: number): Promise<void> {
    this.#stopped = true;
    await this.#thread?.views.stop(milliseconds);
  }

  #started(): Thread {
    const thread = this.start();
    void thread.ended.then(() => {
      if (this.#thread === thread) this.#thread = undefined;
    });
    return thread;
  }
}

const gone = () => new Problem(503, 'views-gone', 'The views of the past are not running; try again.', { retryAfter: 5 });

function startThread(data: ViewsThreadData, onError: OnError): Thread {
  const { port1, port2 } = new MessageChannel();
  const worker = new Worker(builtFile(import.meta.url, './views.worker.js'), {
    workerData: { ...data, port: port2 },
    transferList: [port2],
  });
  const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  worker.on('message', ({ reader, reason }: TroubleTold) => onError(reader, new TroubleElsewhere(reason)));
  // A thread that dies closes its port: calls are then refused with 503, and readiness says so.
  worker.on('error', (error) => {
    onError('views thread', error);
    port1.close();
  });
  return { views: remoteViews(port1), ended };
}
