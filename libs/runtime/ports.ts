/**
 * What the runtime needs of an engine. Each port has a contract suite in `test/contract` that every adapter passes;
 * none assumes transactions over several streams or unique indexes over all of them.
 */

// ---- log: the one source of truth ----

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
   * All facts or none, durable when it returns. `expected` is the stream's last revision, -1 for a new stream.
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
  close(): Promise<void>;
}

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
export class LogUnavailable extends Error {}
/** The facts of one append exceed 1 MiB of data. */
export class TooLarge extends Error {}
export class ForeignPosition extends Error {}
/** Largest sum of data bytes of one append, on every engine. */
export const MAX_APPEND_BYTES = 1_048_576;

// ---- views: documents, checkpoints, leases, snapshots ----

export type FieldKind = 'text' | 'integer' | 'number' | 'moment' | 'flag';

/** One built form of a view. Another definition hash is another generation beside it. */
export interface GenerationSpec {
  readonly view: string;
  readonly version: number;
  /** Hash of the definition; names the generation. */
  readonly hash: string;
  readonly filters: readonly { readonly field: string; readonly kind: FieldKind }[];
  /** Summed field → the field of its currency, or null. */
  readonly sums: Readonly<Record<string, string | null>>;
}

/** `shown` documents are what queries see; `part` and `link` hold what merged customers are made of. */
export type Space = 'shown' | 'part' | 'link';

export interface DocumentKey {
  readonly tenant: string;
  readonly space: Space;
  readonly key: string;
}

export interface StoredDocument extends DocumentKey {
  /** Canonical JSON. */
  readonly json: string;
  /** Position of the last fact that changed it. */
  readonly position: string;
}

/** A fact that a view could not fold, or that waits behind such a one of the same key. */
export interface ParkedFact {
  readonly tenant: string;
  readonly key: string;
  readonly position: string;
  readonly stream: string;
  readonly type: string;
  /** The first of a key carries the error; those behind it none. Never personal data. */
  readonly error?: string;
}

export interface ViewChange {
  /** Compare-and-set: the checkpoint must still be here (`undefined`: none yet), and `token` the newest handed out. */
  readonly from: string | undefined;
  readonly to: string;
  readonly token: number;
  readonly put: readonly StoredDocument[];
  readonly remove: readonly DocumentKey[];
  readonly park: readonly ParkedFact[];
  readonly release: readonly { readonly tenant: string; readonly key: string }[];
}

export interface Condition {
  readonly field: string;
  readonly operator: 'eq' | 'ne' | 'lt' | 'lte' | 'gt' | 'gte' | 'in' | 'empty' | 'set';
  readonly values: readonly (string | number | boolean)[];
}

export interface ListQuery {
  readonly where: readonly Condition[];
  /** At most one field; the key breaks ties in the same direction. */
  readonly sort?: { readonly field: string; readonly descending: boolean };
  /** The sort value and key of the last document of the page before. */
  readonly after?: { readonly value: string | number | boolean | null; readonly key: string };
  readonly limit: number;
}

export interface GroupQuery {
  readonly where: readonly Condition[];
  readonly by: readonly { readonly field: string; readonly period?: 'day' | 'month' | 'quarter' | 'year' }[];
  readonly sums: readonly string[];
}

/** Values of the grouping fields, then `count`, then the sums; with a money sum also its `currency`. Ordered by the grouping values. */
export type Group = Readonly<Record<string, string | number | boolean | null>>;

export interface Generation {
  readonly spec: GenerationSpec;
  checkpoint(): Promise<string | undefined>;
  /** Documents that exist, in no order. */
  load(keys: readonly DocumentKey[]): Promise<readonly StoredDocument[]>;
  /**
   * Documents, parked facts and checkpoint in one transaction; while the generation is built the documents may be there before the
   * checkpoint. Throws StaleWriter, TooMuchAtOnce; then nothing of what is served was written.
   */
  commit(change: ViewChange): Promise<void>;
  get(tenant: string, key: string): Promise<StoredDocument | undefined>;
  list(tenant: string, query: ListQuery): Promise<readonly StoredDocument[]>;
  groups(tenant: string, query: GroupQuery): Promise<readonly Group[]>;
  /** Position of the last change of any shown document of the tenant; undefined if there was none. */
  changedAt(tenant: string): Promise<string | undefined>;
  /** All documents of a space, by tenant and key, in pages; for comparison and start-up. */
  scan(space: Space, after: { tenant: string; key: string } | undefined, limit: number): Promise<readonly StoredDocument[]>;
  parked(): Promise<readonly ParkedFact[]>;
  count(tenant?: string): Promise<number>;
}

/** The engine of views or of keys failed. The message is for operators and holds no secret. */
export class StoreFault extends Error {
  constructor(
    /** It does not answer now; asked again later it may. What was asked may still happen. */
    readonly passing: boolean,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The engine does not take so much in one transaction; nothing was written. Less at once may do. */
export class TooMuchAtOnce extends StoreFault {}

/** The checkpoint moved or a newer token was handed out: this writer is no longer the one. */
export class StaleWriter extends Error {}

export interface Lease {
  readonly name: string;
  readonly holder: string;
  /** Grows with each new holder: a write that carries an older one is refused. */
  readonly token: number;
}

export interface Snapshot {
  readonly stream: string;
  readonly stateVersion: number;
  readonly revision: number;
  readonly json: string;
}

/** Small durable values of the runtime's readers (process checkpoints, timers), each changed by compare-and-set. */
export interface Notes {
  read(name: string): Promise<{ readonly value: string; readonly version: number } | undefined>;
  /** `version` as read, 0 for a new one. Throws StaleWriter. */
  write(name: string, value: string, version: number): Promise<void>;
}

export interface Timer {
  /** Always comes with the same moment and clock. */
  readonly id: string;
  readonly due: string;
  readonly json: string;
  /** The sandbox whose clock it follows; left out for that of the servers. */
  readonly clock?: string;
}

export interface Timers {
  /** Adds those that are not there yet and removes `done`, and moves the reader's note, all in one transaction. */
  change(change: {
    readonly add: readonly Timer[];
    readonly done: readonly Omit<Timer, 'json'>[];
    readonly note?: { name: string; value: string; version: number };
  }): Promise<void>;
  /** Those of a clock (left out: that of the servers) that are due at or before `now`, earliest first. */
  due(now: string, limit: number, clock?: string): Promise<readonly Timer[]>;
  /** When the earliest is due that waits for a clock. */
  next(clock?: string): Promise<string | undefined>;
  /** The sandboxes for whose clocks some wait. */
  clocks(): Promise<readonly string[]>;
  /** Of all clocks. */
  count(): Promise<number>;
}

export interface GenerationInfo {
  readonly spec: GenerationSpec;
  readonly state: 'live' | 'building' | 'old';
  readonly checkpoint: string | undefined;
  readonly parked: number;
}

/** What a view store keeps for the streams of the log. */
export type Snapshots = Pick<ViewStore, 'loadSnapshot' | 'saveSnapshot'>;

export interface ViewStore {
  /** Opens or makes a generation; the first one of a view is live at once, a later one `building`. */
  generation(spec: GenerationSpec): Promise<Generation>;
  generations(): Promise<readonly GenerationInfo[]>;
  /** Makes a generation the live one; the one before becomes old. */
  promote(view: string, hash: string): Promise<void>;
  drop(view: string, hash: string): Promise<void>;
  /** Undefined while another holder has it. Time is the store's own. */
  lease(name: string, holder: string, milliseconds: number): Promise<Lease | undefined>;
  release(lease: Lease): Promise<void>;
  readonly notes: Notes;
  readonly timers: Timers;
  loadSnapshot(stream: string, stateVersion: number): Promise<Snapshot | undefined>;
  saveSnapshot(snapshot: Snapshot): Promise<void>;
  close(): Promise<void>;
}

// ---- keys: the only other state that cannot be rebuilt ----

/** A data key of one person and retention class. 32 bytes. */
export type DataKey = Uint8Array;

export interface KeyStore {
  /** The keys that exist and live; `undefined` for one never made, 'destroyed' for one that is gone for good. */
  load(tenant: string, subjects: readonly string[]): Promise<ReadonlyMap<string, DataKey | 'destroyed'>>;
  /** Durable when it returns; gives the existing key if there is one. 'destroyed' is never made again. */
  create(tenant: string, subject: string): Promise<DataKey | 'destroyed'>;
  /** Destroys all keys and identifier look-ups of these persons; idempotent; durable when it returns. */
  destroy(tenant: string, persons: readonly string[]): Promise<void>;
  /** The reservation id of a digest, made from `proposed` if there is none yet. */
  reservationOf(tenant: string, digest: string, person: string, proposed: string): Promise<string>;
  /**
   * Makes the look-up of a digest this person's, who is about to hold what it leads to; makes it anew if it went with its person
   * before. Gives the reservation id that stands: another one if somebody else was first, who then keeps it. A destroyed person
   * gets none. Durable when it returns.
   */
  assignReservation(tenant: string, digest: string, person: string, reservation: string): Promise<string>;
  /** The reservation id of a digest, if any. */
  findReservation(tenant: string, digest: string): Promise<string | undefined>;
  /** Secret of the installation for keyed digests, 32 bytes per purpose; the same after restore. */
  secret(purpose: string): Promise<Uint8Array>;
  /** How far destruction facts of the log were applied here; a restored store says an earlier one. */
  appliedTo(): Promise<string | undefined>;
  setAppliedTo(position: string): Promise<void>;
  close(): Promise<void>;
}

/** `<person>.<retention>` */
export const subjectOf = (person: string, retention: string): string => `${person}.${retention}`;

// ---- topics: what others may read ----

/** One fact on its way to its topic. Key and order are the stream's. */
export interface TopicMessage {
  readonly tenant: string;
  readonly aggregate: string;
  readonly stream: string;
  readonly value: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** A whole publication of the log. Its partitions and shards never change: another wish is the next generation. */
export interface TopicGeneration {
  readonly generation: number;
  /** Partitions of each of its topics. */
  readonly partitions: number;
  /** How many writers share it; a stream belongs to one of them for good. */
  readonly shards: number;
  /** Nobody reads it any more, so nothing is written. */
  readonly retired: boolean;
}

/** The one writer of a shard of a generation. After an error it may only be closed; another one goes on where this one stood. */
export interface TopicWriter {
  /** How far everything is published; undefined at the beginning. */
  readonly checkpoint: string | undefined;
  /** Makes the topics that are missing. Throws TopicsDisagree, TopicsUnavailable. */
  ensure(topics: readonly Pick<TopicMessage, 'tenant' | 'aggregate'>[]): Promise<void>;
  /**
   * Messages (of topics that were ensured, in order) and checkpoint in one transaction: readers of committed messages see
   * all or none. Throws WriterFenced and TopicsUnavailable (then nothing was published), OutcomeUnknown, MessageTooLarge.
   */
  publish(messages: readonly TopicMessage[], checkpoint: string): Promise<void>;
  /** Bounded; never throws. */
  close(): Promise<void>;
}

export interface Topics {
  /** All there ever were, oldest first; the last is the one that is wished for. */
  readonly generations: readonly TopicGeneration[];
  /** Fences whoever wrote this shard before. Throws TopicsReset, TopicsUnavailable. */
  writer(generation: number, shard: number): Promise<TopicWriter>;
  /** Stops a generation for good; never the last one. */
  retire(generation: number): Promise<void>;
  /** Bounded; never throws. */
  close(): Promise<void>;
}

/** Another writer of the same shard came after this one. */
export class WriterFenced extends Error {}
/** Not reachable, too slow, or refusing; it will be tried again. */
export class TopicsUnavailable extends Error {}
/** Topics and stored checkpoints do not belong together: the engine lost one of them. Somebody has to decide. */
export class TopicsReset extends Error {}
/** A topic exists with properties under which the promise cannot hold. */
export class TopicsDisagree extends Error {}
/** The engine refuses a message for its size. */
export class MessageTooLarge extends Error {}
