import { logWith } from '#runtime/log-with';
import { hasPosition } from '#runtime/places';
import { ForeignPosition, type Log, type LogPage, LogUnavailable, type ReadOptions, type StoredFact } from '#runtime/ports';

/** A local copy of a log, for who reads it: its id and its positions are those of the log that it copies. */
export interface CopyReader {
  /** Reads what was copied so far; an end of its own, behind which it refuses positions. */
  readonly log: Log;
  /** Whether a fact of this position was copied. */
  has(position: string): boolean;
  /** False while most of what is behind its end is on its way here. */
  isCaughtUp(): boolean;
  close(): Promise<void>;
}

/** The same for the one who writes it. */
export interface LocalCopy extends CopyReader {
  /** Facts in log order, behind all that are there; all or none. Need not be durable at once. */
  write(facts: readonly StoredFact[]): Promise<void>;
  noteCaughtUp(is: boolean): void;
  /** Forgets everything: the log lost its end. */
  clear(): Promise<void>;
}

const PAGE = 5_000;
const FIRST_PAUSE = 100;
const LONGEST_PAUSE = 5_000;
/** Milliseconds in which a copy that is being filled gets a page, and between two looks at it. */
const A_PAGE_TAKES = 5_000;
const LOOK = 20;

/**
 * A remote log whose past is read from a local copy, which follows it. Only speed depends on how far the copy is: what it
 * does not have yet is read from the remote log, and appends, streams and heads are always the remote log's. While that is
 * away, reading ends where the copy ends and says so, so that queries go on with what is known. Closes both.
 */
export async function mirrorLog(
  remote: Log,
  open: (logId: string) => Promise<LocalCopy>,
  /** Hears why the copy does not get on, each time before it tries again; but not that the log is away. */
  report: (error: unknown) => void = () => {},
): Promise<Log> {
  return new MirroredLog(remote, await open(remote.id), report);
}

/**
 * The same log for who reads much of it in a thread or process whose copy somebody else follows: pages come from the copy as far as
 * it is, everything else from the log. Closes what `open` gave, and not the log.
 */
export function readThroughCopy(remote: Log, open: () => Promise<CopyReader>): Log {
  let copy: Promise<Copied | undefined> | undefined;
  let file: string | undefined;
  // One that lost its end since it was copied does not know the copy's.
  const isIts = async ({ log }: CopyReader) => log.id === remote.id && (await hasPosition(remote, await log.head()));
  const opened = async () => {
    const found = await open().catch(() => undefined);
    if (found === undefined) return undefined;
    // While the log is away it says nothing of the copy, which is opened again with the next page.
    if (await isIts(found).catch(() => false)) return new Copied(found);
    await found.close();
    return undefined;
  };
  return logWith(remote, {
    async readAll(after, options) {
      copy ??= opened();
      const local = await copy;
      // There may be none yet.
      if (!local) copy = undefined;
      file = local?.file();
      return local ? local.readThrough(remote, after, options) : remote.readAll(after, options);
    },
    file: () => file,
    async close() {
      await (await copy)?.close();
    },
  });
}

/** Reads from the copy what it has, and the rest from its log. */
class Copied {
  /** An end that the copy did not get beyond in time. */
  #stuckAt: string | undefined;
  #closed = false;

  constructor(private readonly copy: CopyReader) {}

  /** A page of the copy, and behind its end one of the log. */
  async readThrough(remote: Pick<Log, 'readAll' | 'start'>, after: string, options: ReadOptions): Promise<LogPage> {
    const { log } = this.copy;
    const end = await this.#end(after);
    // A position that no fact has is the log's to judge.
    const isLocal = after < end && (after === remote.start || this.copy.has(after));
    if (!isLocal) return remote.readAll(after, options);
    const page = await log.readAll(after, options);
    if (!page.atHead || (options.upTo !== undefined && options.upTo <= end)) return page;
    // The copy ends here, the log perhaps not.
    const limit = options.limit - page.facts.length;
    if (limit <= 0 || !this.copy.isCaughtUp()) return { ...page, atHead: false };
    const rest = await remote.readAll(page.position, { ...options, limit });
    return { ...rest, facts: [...page.facts, ...rest.facts] };
  }

  file(): string | undefined {
    return this.copy.log.file?.();
  }

  close(): Promise<void> {
    this.#closed = true;
    return this.copy.close();
  }

  /**
   * Where the copy ends. Who has all of a copy that is being filled waits for its next page: what comes once for all is sooner here
   * than what each reader asks of the log.
   */
  async #end(after: string): Promise<string> {
    const { log } = this.copy;
    for (const late = performance.now() + A_PAGE_TAKES; ; await new Promise((look) => setTimeout(look, LOOK))) {
      const end = await log.head();
      if (after !== end || end === this.#stuckAt || this.#closed || this.copy.isCaughtUp()) return end;
      if (performance.now() > late) this.#stuckAt = end;
    }
  }
}

class MirroredLog implements Log {
  readonly id: string;
  readonly start: string;
  readonly exclusive: boolean;
  readonly sparse: boolean;
  readonly #following: Promise<void>;
  readonly #stopListening: () => void;
  readonly #copied: Copied;
  #wake: () => void = () => {};
  #moved = true;
  #closed = false;

  constructor(
    private readonly remote: Log,
    private readonly copy: LocalCopy,
    private readonly report: (error: unknown) => void,
  ) {
    this.id = remote.id;
    this.start = remote.start;
    this.exclusive = remote.exclusive;
    this.sparse = remote.sparse;
    this.#copied = new Copied(copy);
    this.#stopListening = remote.onAppend(() => {
      this.#moved = true;
      this.#wake();
    });
    this.#following = this.#follow();
  }

  append(...append: Parameters<Log['append']>) {
    return this.remote.append(...append);
  }

  readStream(...read: Parameters<Log['readStream']>) {
    return this.remote.readStream(...read);
  }

  readAll(after: string, options: ReadOptions): Promise<LogPage> {
    return this.#copied.readThrough({ start: this.start, readAll: this.#behindTheCopy }, after, options);
  }

  /** While the log is away, it ends where the copy ends. Whoever names an end knows of facts up to there, and needs them. */
  readonly #behindTheCopy = async (after: string, options: ReadOptions): Promise<LogPage> => {
    try {
      return await this.remote.readAll(after, options);
    } catch (error) {
      if (!(error instanceof LogUnavailable) || options.upTo !== undefined) throw error;
      return { facts: [], position: after, atHead: true, away: true };
    }
  };

  async head(): Promise<string> {
    return this.remote.head().catch((error: unknown) => {
      if (error instanceof LogUnavailable) return this.copy.log.head();
      throw error;
    });
  }

  onAppend(listener: (head: string) => void): () => void {
    return this.remote.onAppend(listener);
  }

  file(): string | undefined {
    return this.#copied.file();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#stopListening();
    this.#wake();
    await this.#following;
    await this.#copied.close();
    await this.remote.close();
  }

  async #follow(): Promise<void> {
    for (let pause = FIRST_PAUSE; !this.#closed; ) {
      try {
        this.#moved = false;
        await this.#catchUp();
        pause = FIRST_PAUSE;
        if (!this.#moved) await this.#signal();
      } catch (error) {
        await this.#mend(error);
        await this.#signal(pause);
        pause = Math.min(pause * 2, LONGEST_PAUSE);
      }
    }
  }

  async #mend(error: unknown): Promise<void> {
    if (this.#closed || error instanceof LogUnavailable) return;
    try {
      // The log lost its end, and what was copied of it is no longer so.
      if (error instanceof ForeignPosition) await this.copy.clear();
      else this.report(error);
    } catch (trouble) {
      // With the next try, as that fails for the same reason.
      this.report(trouble);
    }
  }

  async #catchUp(): Promise<void> {
    for (let atHead = false; !atHead && !this.#closed; ) {
      const page = await this.remote.readAll(await this.copy.log.head(), { limit: PAGE });
      if (page.facts.length > 0) await this.copy.write(page.facts);
      atHead = page.atHead;
      this.copy.noteCaughtUp(atHead);
    }
  }

  /** The next append, or so many milliseconds. */
  #signal(milliseconds?: number): Promise<void> {
    if (this.#closed) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = milliseconds === undefined ? undefined : setTimeout(resolve, milliseconds);
      timer?.unref();
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
