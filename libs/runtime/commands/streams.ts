import { type AnyAggregate, evolved, laterOf, type Moment, parseStream } from '#kernel';
import { recordedOf } from '../envelope.js';
import { isOf, type Log, type Snapshots, type StoredFact } from '../ports.js';
import type { Registry } from '../registry.js';
import { onAnyStream } from '../system/any-stream.js';
import { StreamCache } from './stream-cache.js';

/** A stream folded to its state, with what the pipeline must know of its past. */
export interface Stream {
  readonly name: string;
  readonly aggregate: AnyAggregate;
  readonly state: unknown;
  /** Characters of the data that the state was made of, or of the state itself where it was written down since. */
  readonly size: number;
  /** -1 for a stream that does not exist. */
  readonly revision: number;
  /** Revision of the last fact that changed its state; those behind it are of any stream. -1 if there is none. */
  readonly changedAt: number;
  /** Position of its last fact; undefined for a stream that does not exist. */
  readonly position: string | undefined;
  readonly lastOccurredAt: Moment | undefined;
  /** The same of the facts that do not yield to late ones. */
  readonly lastToldAt: Moment | undefined;
  /** Command id → revision of its first fact. Every accepted command is remembered for ever. */
  readonly commands: ReadonlyMap<string, number>;
}

interface SnapshotContent {
  readonly state: unknown;
  readonly position: string;
  /** Left out by servers that did not know it: then the revision of the snapshot, as if all had changed something. */
  readonly changedAt?: number;
  readonly lastOccurredAt: Moment;
  /** Left out by servers that did not know it: then as if no fact yielded. */
  readonly lastToldAt?: Moment;
  readonly commands: readonly (readonly [string, number])[];
}

/** A snapshot is written each time a stream has grown by so many facts; it lists all commands, so that of a long stream is dearer. */
const FACTS_BETWEEN_SNAPSHOTS = { short: 32, long: 256 };
const LONG = 1_024;
const PAGE = 1_000;
/** Beyond so many under way a snapshot is left out: it is due again when the stream has grown as much once more. */
const SNAPSHOTS_AT_ONCE = 16;

/** Loads streams from cache, snapshot and tail, and keeps them current with what this process appends. */
export class Streams {
  readonly #cache = new StreamCache<Stream>();
  #snapshotsUnderWay = 0;

  constructor(
    private readonly log: Log,
    private readonly snapshots: Snapshots,
    private readonly registry: Registry,
  ) {}

  /**
   * Throws UnknownFact when the log holds a fact that this server does not know. That there is no such stream is kept too, as most
   * commands ask for a definition that nobody changed; but not where `isNamedByStrangers`, who could fill the memory with it.
   */
  async load(name: string, { isNamedByStrangers = false } = {}): Promise<Stream> {
    const cached = this.#cache.get(name);
    if (cached) {
      if (this.log.exclusive) return cached;
      return this.#catchUp(cached);
    }
    return this.#catchUp(await this.#start(name), isNamedByStrangers);
  }

  /**
   * The stream as it is if it does not exist yet, without a look at the log. Whoever appends to it on that assumption learns
   * from the append whether it holds, and whether the command was there before. Undefined where more is known.
   */
  assumedNew(name: string): Stream | undefined {
    return this.#cache.get(name) ? undefined : this.#nothing(name);
  }

  /**
   * The stream as this process saw it last, without a look at the log: others may have written since. Whoever appends to it at its
   * revision learns from the append whether they have; whoever does not append must load it.
   */
  lastKnown(name: string): Stream | undefined {
    return this.#cache.get(name);
  }

  /** The state as cached, without a look at the log; undefined when it is not. For authentication, thousands of times a second. */
  cached(name: string): Stream | undefined {
    return this.log.exclusive ? this.#cache.get(name) : undefined;
  }

  /** Takes over facts of one command that were just appended behind `before` and lead to `state`. */
  appended(before: Stream, facts: readonly StoredFact[], state: unknown, commandId: string): Stream {
    const first = facts[0] as StoredFact;
    const { revision, position, occurredAt, type } = facts[facts.length - 1] as StoredFact;
    const commands = before.commands as Map<string, number>;
    commands.set(commandId, first.revision);
    const lastOccurredAt = laterOf(before.lastOccurredAt, occurredAt);
    const lastToldAt = facts.every((fact) => this.#yields(fact.type))
      ? before.lastToldAt
      : laterOf(before.lastToldAt, occurredAt);
    const changedAt = onAnyStream.has(type) ? before.changedAt : revision;
    const size = facts.reduce((sum, { data }) => sum + data.length, before.size);
    const after = { ...before, state, size, revision, changedAt, position, lastOccurredAt, lastToldAt, commands };
    this.#keep(after);
    if (snapshotIsDue(before, after)) this.#snapshotSoon(after);
    return after;
  }

  forget(name: string): void {
    this.#cache.delete(name);
  }

  #nothing(name: string): Stream {
    const { aggregate: aggregateName } = parseStream(name);
    const aggregate = this.registry.aggregates.get(aggregateName);
    if (!aggregate) throw new Error(`No aggregate is called ${aggregateName}.`);
    const { initial: state } = aggregate;
    return {
      name,
      aggregate,
      state,
      size: 0,
      revision: -1,
      changedAt: -1,
      position: undefined,
      lastOccurredAt: undefined,
      lastToldAt: undefined,
      commands: new Map(),
    };
  }

  async #start(name: string): Promise<Stream> {
    const nothing = this.#nothing(name);
    const { aggregate } = nothing;
    // Snapshots save time and nothing else: a store that is down never stops a command.
    const snapshot = await this.snapshots.loadSnapshot(name, aggregate.stateVersion ?? 1).catch(() => undefined);
    if (!snapshot) return nothing;
    const { revision } = snapshot;
    const {
      state,
      position,
      changedAt = revision,
      lastOccurredAt,
      lastToldAt = lastOccurredAt,
      commands,
    } = JSON.parse(snapshot.json) as SnapshotContent;
    // One of a log that went by another id: its streams may be longer than they are now.
    if (!isOf(this.log, position)) return nothing;
    return {
      ...nothing,
      state,
      size: snapshot.json.length,
      revision,
      changedAt,
      position,
      lastOccurredAt,
      lastToldAt,
      commands: new Map(commands),
    };
  }

  async #catchUp(from: Stream, isNamedByStrangers = false): Promise<Stream> {
    let stream = from;
    for (;;) {
      const facts = await this.log.readStream(stream.name, stream.revision + 1, PAGE);
      stream = this.#fold(stream, facts);
      if (facts.length < PAGE) break;
    }
    if (stream.revision >= 0 || (this.log.exclusive && !isNamedByStrangers)) this.#keep(stream);
    if (snapshotIsDue(from, stream)) this.#snapshotSoon(stream);
    return stream;
  }

  #fold(before: Stream, facts: readonly StoredFact[]): Stream {
    if (facts.length === 0) return before;
    let { state, size, changedAt, lastOccurredAt, lastToldAt } = before;
    const commands = before.commands as Map<string, number>;
    for (const stored of facts) {
      const recorded = recordedOf(stored, this.registry);
      size += stored.data.length;
      if (!onAnyStream.has(recorded.type)) {
        changedAt = recorded.revision;
        state = evolved(before.aggregate, state, recorded, recorded.occurredAt, recorded.imported);
      }
      lastOccurredAt = laterOf(lastOccurredAt, recorded.occurredAt);
      if (!this.#yields(recorded.type)) lastToldAt = laterOf(lastToldAt, recorded.occurredAt);
      const { commandId } = recorded;
      if (!commands.has(commandId)) commands.set(commandId, stored.revision);
    }
    const last = facts[facts.length - 1] as StoredFact;
    return {
      ...before,
      state,
      size,
      revision: last.revision,
      changedAt,
      position: last.position,
      lastOccurredAt,
      lastToldAt,
      commands,
    };
  }

  #yields(type: string): boolean {
    return this.registry.facts.get(type)?.yields ?? false;
  }

  #keep(stream: Stream): void {
    // A reader that began before an append may end after it: what it read is older than what is known.
    if ((this.#cache.get(stream.name)?.revision ?? -1) <= stream.revision) this.#cache.set(stream);
  }

  /** Nobody waits for one: the command that it is due at goes on first. */
  #snapshotSoon(after: Stream): void {
    if (this.#snapshotsUnderWay >= SNAPSHOTS_AT_ONCE) return;
    this.#snapshotsUnderWay++;
    setImmediate(async () => {
      await this.#snapshot(after);
      this.#snapshotsUnderWay--;
    });
  }

  async #snapshot(after: Stream): Promise<void> {
    const content: SnapshotContent = {
      state: after.state,
      position: after.position as string,
      changedAt: after.changedAt,
      lastOccurredAt: after.lastOccurredAt as Moment,
      lastToldAt: after.lastToldAt,
      commands: [...after.commands],
    };
    const snapshot = {
      stream: after.name,
      stateVersion: after.aggregate.stateVersion ?? 1,
      revision: after.revision,
      json: JSON.stringify(content),
    };
    this.#keep({ ...after, size: snapshot.json.length });
    // One that cannot be saved costs the next load some time; the facts that it sums up are on disk.
    await this.snapshots.saveSnapshot(snapshot).catch(() => {});
  }
}

function snapshotIsDue(before: Stream, after: Stream): boolean {
  const between = after.revision < LONG ? FACTS_BETWEEN_SNAPSHOTS.short : FACTS_BETWEEN_SNAPSHOTS.long;
  return Math.floor((after.revision + 1) / between) !== Math.floor((before.revision + 1) / between);
}
