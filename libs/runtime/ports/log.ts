/** A fact on its way to the log. Data and metadata are JSON text, stored and given back byte for byte. */
export interface NewFact {
  readonly id: string;
  readonly type: string;
  readonly schemaVersion: number;
  readonly occurredAt: string;
  readonly recordedAt: string;
  readonly data: string;
  readonly metadata: string;
}

export interface StoredFact extends NewFact {
  readonly stream: string;
  /** Number in its stream, from 0. */
  readonly revision: number;
  /** Fixed-width text, `<log id>.<16 digits>`: byte order is log order within one log. */
  readonly position: string;
}

export interface Appended {
  /** Revision and position of the last fact written. */
  readonly revision: number;
  readonly position: string;
}

export interface LogPage {
  readonly facts: readonly StoredFact[];
  /** Everything up to here was looked at; go on after it. Equal to the argument when nothing lies behind it. */
  readonly position: string;
  /** False when more may follow at once. */
  readonly atHead: boolean;
  /** The log did not answer: this is where a copy of it ends. */
  readonly away?: true;
}

export interface ReadOptions {
  /** At most this many facts in a page. */
  readonly limit: number;
  /** Only facts of these types. */
  readonly types?: readonly string[];
  /** Only streams of these aggregates. */
  readonly aggregates?: readonly string[];
  readonly tenant?: string;
  /** No fact behind this position. */
  readonly upTo?: string;
  /** The caller is woken by `onAppend` and reads again: it may share a read that began when the newest fact was known here. */
  readonly following?: boolean;
  /** Who reads many facts and few members of each: they may come as `PackedFact`. */
  readonly packed?: boolean;
}

export interface Log {
  /** Eight characters, made when the log was; prefix of its positions. */
  readonly id: string;
  /** The position before the first fact. */
  readonly start: string;
  /** True while nobody else can append: a cache of streams then needs no look at the tail. */
  readonly exclusive: boolean;
  /** Positions do not count facts: between two of them there may be fewer than their numbers say. */
  readonly sparse: boolean;
  /**
   * All facts or none, durable when it returns. `expected` is the stream's last revision, -1 for a new stream. Facts with the same ids
   * that lie behind that revision already are taken for these, whatever they say: nothing is written, and the answer is as then.
   * Throws WrongRevision, OutcomeUnknown, LogUnavailable, TooLarge.
   */
  append(stream: string, expected: number, facts: readonly NewFact[]): Promise<Appended>;
  /** Facts from a revision on (inclusive), in order; empty for a missing stream. */
  readStream(stream: string, from: number, limit?: number): Promise<readonly StoredFact[]>;
  /** Facts after a position (exclusive), in log order. Throws ForeignPosition. */
  readAll(after: string, options: ReadOptions): Promise<LogPage>;
  head(): Promise<string>;
  /** Calls back after each append that became durable; wakes readers. Returns how to stop. */
  onAppend(listener: (head: string) => void): () => void;
  /** A file with the facts, or the first of them, that another thread of this process can read for itself; most logs have none. */
  file?(): string | undefined;
  close(): Promise<void>;
}

/** Whether a log handed out a position: each starts with the id of its log. */
export const isOf = ({ id }: Pick<Log, 'id'>, position: string): boolean => position.startsWith(`${id}.`);

export class WrongRevision extends Error {
  constructor(
    readonly stream: string,
    readonly actual: number,
  ) {
    super(`${stream} is at revision ${actual}.`);
  }
}
/** Written or not: only reading tells. Retry with the same ids at the original revision. */
export class OutcomeUnknown extends Error {}
/** The message is for operators. */
export class LogUnavailable extends Error {
  /** The cause in words for whoever called: no address, no path, nothing of a fact. `the disk that holds the log is full`. */
  readonly why: string | undefined;

  constructor(message: string, { why, ...options }: ErrorOptions & { readonly why?: string } = {}) {
    super(message, options);
    this.why = why;
  }
}
/** The facts of one append exceed 1 MiB of data. */
export class TooLarge extends Error {}
export class ForeignPosition extends Error {}
/** Largest sum of data bytes of one append, on every engine. */
export const MAX_APPEND_BYTES = 1_048_576;
