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

/** `shown` documents are what queries see; `part` holds what merged customers are made of and documents that a view does not show, `link` who was merged. */
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
  readonly by: readonly {
    readonly field: string;
    readonly period?: 'day' | 'month' | 'quarter' | 'year';
    /** IANA name of the zone in which a period begins and ends; UTC if left out. */
    readonly zone?: string;
  }[];
  readonly sums: readonly string[];
  /** At most so many groups, the first in their order; all if left out. */
  readonly limit?: number;
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
    /** The cause in words for whoever called, as that of `LogUnavailable`. */
    readonly why?: string,
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

/** Small durable values of the runtime's readers (process checkpoints, webhooks), each changed by compare-and-set. */
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
  /** Names the clock that it follows; left out for that of the servers. */
  readonly clock?: string;
}

export interface Timers {
  /** Adds those that are not there yet and removes `done`, in one transaction. */
  change(change: { readonly add: readonly Timer[]; readonly done: readonly Omit<Timer, 'json'>[] }): Promise<void>;
  /** Those of a clock (left out: that of the servers) that are due at or before `now`, earliest first. */
  due(now: string, limit: number, clock?: string): Promise<readonly Timer[]>;
  /** When the earliest is due that waits for a clock. */
  next(clock?: string): Promise<string | undefined>;
  /** The other clocks that some wait for. */
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
  /** Who has it now; undefined while nobody does. */
  holder(name: string): Promise<string | undefined>;
  readonly notes: Notes;
  readonly timers: Timers;
  loadSnapshot(stream: string, stateVersion: number): Promise<Snapshot | undefined>;
  saveSnapshot(snapshot: Snapshot): Promise<void>;
  close(): Promise<void>;
}
