import {
  type Appended,
  type Log,
  type LogPage,
  LogUnavailable,
  type NewFact,
  type ReadOptions,
  type StoredFact,
  WrongRevision,
} from '#runtime/ports';
import { Follower } from './follower.js';
import { makeLogId, readLogId, renewLogId } from './identity.js';
import { Link, type Live } from './link.js';
import { parsePosition, placeOf, positionText, START } from './position.js';
import { Scan } from './scan.js';
import { SharedPages } from './shared-pages.js';
import { StoreFailure, type StreamFilter } from './store.js';
import { eventsOf, factOf } from './stored-form.js';

export interface EventStoreLogOptions {
  /** `esdb://…` or `esdb+discover://…`, as EventStoreDB documents it. */
  readonly connection: string;
  /** Goes before every stream name, so that several installations share one server: `[a-z0-9]{1,16}`, then a dot is added. */
  readonly namespace?: string;
  /** Milliseconds that a call may take; 5,000 by default. */
  readonly deadline?: number;
  /** Hears of listeners that throw; a process warning by default. */
  readonly report?: (error: unknown) => void;
}

const DEADLINE = 5_000;
/** Facts of one page of a stream; it is read to its end page by page. */
const STREAM_PAGE = 1_000;
/** Names that tenants' streams have, and neither EventStoreDB's own nor the streams of other programs. */
const STREAMS = '^[a-z][A-Za-z0-9]*-[a-z0-9]{1,32}\\.';

/**
 * Opens the log in an EventStoreDB, and gives it an id if it has none yet. Waits at most the deadline for a server that starts.
 * Throws LogUnavailable.
 */
export async function openEventStoreLog(options: EventStoreLogOptions): Promise<Log> {
  const { connection, namespace, deadline = DEADLINE, report = warn } = options;
  const prefix = prefixOf(namespace);
  const link = new Link({ connection, prefix, deadline });
  try {
    return new EventStoreLog(link, prefix, deadline, await logIdIn(link, prefix, deadline), report);
  } catch (error) {
    await link.close();
    throw error;
  }
}

/**
 * For a log that went back to an older backup: gives it a new id, so that every position handed out before is answered as
 * foreign and views build anew. Servers that have it open must be started again. Throws LogUnavailable.
 */
export async function renewEventStoreLogId({
  connection,
  namespace,
  deadline = DEADLINE,
}: EventStoreLogOptions): Promise<string> {
  const prefix = prefixOf(namespace);
  const link = new Link({ connection, prefix, deadline });
  try {
    const live = await link.live();
    await renewLogId(live.connection, live.appends, prefix, deadline);
    return await logIdIn(link, prefix, deadline);
  } catch (error) {
    throw error instanceof StoreFailure ? new LogUnavailable(error.message, { cause: error }) : error;
  } finally {
    await link.close();
  }
}

function prefixOf(namespace: string | undefined): string {
  if (namespace !== undefined && !/^[a-z0-9]{1,16}$/.test(namespace)) throw new RangeError(`Not a namespace: ${namespace}`);
  return namespace === undefined ? '' : `${namespace}.`;
}

/** A server that starts opens its port before it takes appends (E50): asked again until the deadline. */
async function logIdIn(link: Link, prefix: string, deadline: number): Promise<string> {
  for (const late = Date.now() + deadline; ; ) {
    try {
      const live = await link.live();
      const known = await readLogId(live.connection, prefix, deadline);
      if (known !== undefined) {
        link.expect(known);
        return known;
      }
      await makeLogId(live.appends, prefix);
    } catch (error) {
      if (Date.now() > late) throw error instanceof StoreFailure ? new LogUnavailable(error.message, { cause: error }) : error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

class EventStoreLog implements Log {
  readonly start: string;
  /** Other servers append too. */
  readonly exclusive = false;
  /** They are places in its files. */
  readonly sparse = true;
  readonly #filter: StreamFilter;
  readonly #scan: Scan;
  readonly #shared = new SharedPages(
    () => this.#scan.newest.offset,
    (after, options) => this.#page(after, options),
  );
  readonly #listeners = new Set<(head: string) => void>();
  readonly #atWork = new Set<Promise<unknown>>();
  #follower: Follower | undefined;
  #waking = false;
  #closed = false;

  constructor(
    private readonly link: Link,
    private readonly prefix: string,
    private readonly deadline: number,
    readonly id: string,
    private readonly report: (error: unknown) => void,
  ) {
    this.start = positionText(id, START);
    this.#filter = prefix === '' ? { regex: STREAMS } : { prefix };
    this.#scan = new Scan({ filter: this.#filter, prefix, logId: id, deadline });
  }

  append(stream: string, expected: number, facts: readonly NewFact[]): Promise<Appended> {
    return this.#work(async () => {
      const events = eventsOf(stream, facts);
      const { appends } = await this.link.live();
      const { revision, offset } = await appends.append(this.prefix + stream, expected, events).catch((error: unknown) => {
        throw error instanceof WrongRevision ? new WrongRevision(stream, error.actual) : error;
      });
      const place = placeOf(offset, facts.at(-1)?.id ?? '');
      this.#scan.learn(place);
      this.#wake();
      return { revision, position: positionText(this.id, place) };
    });
  }

  readStream(stream: string, from: number, limit = Number.POSITIVE_INFINITY): Promise<readonly StoredFact[]> {
    return this.#read(async ({ connection }) => {
      const facts: StoredFact[] = [];
      while (facts.length < limit) {
        const count = Math.min(STREAM_PAGE, limit - facts.length);
        const query = { stream: this.prefix + stream, from: from + facts.length, count, deadline: this.deadline };
        const events = await connection.read(query);
        facts.push(...events.map((event) => factOf(event, stream, this.id)));
        if (events.length < count) break;
      }
      return facts;
    });
  }

  readAll(after: string, options: ReadOptions): Promise<LogPage> {
    return options.following && options.upTo === undefined ? this.#shared.page(after, options) : this.#page(after, options);
  }

  #page(after: string, options: ReadOptions): Promise<LogPage> {
    return this.#read(async ({ connection }) => {
      const from = parsePosition(this.id, after);
      const upTo = options.upTo === undefined ? undefined : parsePosition(this.id, options.upTo);
      return this.#scan.page(connection, from, options, upTo);
    });
  }

  head(): Promise<string> {
    return this.#read(async ({ connection }) => positionText(this.id, await this.#scan.head(connection)));
  }

  onAppend(listener: (head: string) => void): () => void {
    const own = (head: string) => listener(head);
    this.#listeners.add(own);
    if (!this.#closed) this.#follower ??= this.#follow();
    return () => this.#listeners.delete(own);
  }

  /** Bounded by the deadline: every call at work is. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#listeners.clear();
    this.#follower?.close();
    await Promise.allSettled(this.#atWork);
    await this.link.close();
  }

  #follow(): Follower {
    return new Follower({
      live: () => this.link.live(),
      replace: (live) => this.link.replace(live),
      filter: this.#filter,
      from: () => this.#read(async ({ connection }) => this.#scan.anchor(connection)),
      seen: (event) => {
        this.#scan.learn(placeOf(event.offset, event.id));
        this.#wake();
      },
      joined: () => this.#wake(),
      deadline: this.deadline,
    });
  }

  /** Many appends, one call: a listener reads on from where it is, so only the newest head matters. Nothing queues up. */
  #wake(): void {
    if (this.#waking || this.#listeners.size === 0) return;
    this.#waking = true;
    setImmediate(() => {
      this.#waking = false;
      const head = positionText(this.id, this.#scan.newest);
      for (const listener of this.#listeners) {
        try {
          listener(head);
        } catch (error) {
          // In the client such an error would stall the subscription for good (E43).
          this.report(error);
        }
      }
    });
  }

  #work<T>(work: () => Promise<T>): Promise<T> {
    if (this.#closed) return Promise.reject(new LogUnavailable('The log was closed.'));
    const working = work();
    const settled: Promise<void> = working.then(noted, noted).then(() => void this.#atWork.delete(settled));
    this.#atWork.add(settled);
    return working;
  }

  #read<T>(work: (live: Live) => Promise<T>): Promise<T> {
    return this.#work(async () => {
      const live = await this.link.live();
      try {
        return await work(live);
      } catch (error) {
        if (!(error instanceof StoreFailure)) throw error;
        if (error.kind === 'dropped' || error.kind === 'not-leader' || error.kind === 'unreachable') void this.link.replace(live);
        throw new LogUnavailable(error.message, { cause: error });
      }
    });
  }
}

const noted = () => {};
const warn = (error: unknown) => process.emitWarning(`A listener of the log failed: ${(error as Error).stack ?? error}`);
