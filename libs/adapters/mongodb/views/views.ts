import { MongoNetworkTimeoutError } from 'mongodb';
import type { Generation, GenerationInfo, GenerationSpec, Lease, Notes, Snapshot, Timers, ViewStore } from '#runtime/ports';
import { Connection, type MongoPlace } from '../connection.js';
import { exists, isDuplicate } from '../faults.js';
import { Sessions } from '../sessions.js';
import { documentsOf, type GenerationRecord, ViewCollections } from './format.js';
import { MongoGeneration } from './generation.js';
import { leaseHolder, releaseLease, takeLease } from './leases.js';
import { notesIn, timersIn } from './notes.js';
import { indexesOf } from './query.js';
import { Snapshots } from './snapshots.js';

/** Where indexes are built. */
const UNLIMITED = Number.POSITIVE_INFINITY;

/**
 * Opens or makes the store in a database of a replica set. Any number of processes may have it open.
 * Throws MongoFault: no server, a standalone one, not allowed, too old.
 */
export async function openMongoViews(place: MongoPlace): Promise<ViewStore> {
  const connection = await Connection.open(place);
  try {
    const collections = new ViewCollections(connection);
    const sessions = await connection.ask(async () => {
      await collections.prepare();
      return Sessions.open(connection);
    });
    return new MongoViews(connection, collections, sessions);
  } catch (error) {
    await connection.close();
    throw error;
  }
}

class MongoViews implements ViewStore {
  readonly notes: Notes;
  readonly timers: Timers;
  readonly #snapshots: Snapshots;
  /** Numbers of generations that nobody is served from as yet; only the one writer of views builds, and makes them live. */
  readonly #building = new Set<number>();

  constructor(
    private readonly connection: Connection,
    private readonly collections: ViewCollections,
    private readonly sessions: Sessions,
  ) {
    this.notes = notesIn(connection, collections);
    this.timers = timersIn(connection, collections, sessions);
    this.#snapshots = new Snapshots(connection, collections);
  }

  generation(spec: GenerationSpec): Promise<Generation> {
    return this.connection.within(UNLIMITED, async () => {
      const record = (await this.#find(spec.view, spec.hash)) ?? (await this.#create(spec));
      await this.connection.db.createCollection(documentsOf(record._id)).catch((error: unknown) => {
        if (!exists(error)) throw error;
      });
      if (record.state === 'live') await this.#index(record._id, spec);
      if (record.state === 'building') this.#building.add(record._id);
      const isBuilding = () => this.#building.has(record._id);
      return new MongoGeneration(spec, record._id, this.connection, this.sessions, this.collections, isBuilding);
    });
  }

  generations(): Promise<readonly GenerationInfo[]> {
    return this.connection.ask(async () => {
      const records = await this.collections.generations.find({}, { sort: { view: 1, _id: 1 } }).toArray();
      const counts = await this.collections.parked
        .aggregate<{ _id: number; count: number }>([{ $group: { _id: '$generation', count: { $sum: 1 } } }])
        .toArray();
      const parked = new Map(counts.map(({ _id, count }) => [_id, count]));
      return records.map(({ _id, spec, state, checkpoint }) => ({
        spec: JSON.parse(spec) as GenerationSpec,
        state,
        checkpoint: checkpoint ?? undefined,
        parked: parked.get(_id) ?? 0,
      }));
    });
  }

  /** The indexes are built before the switch: documents are written faster without them, and questions come only then. */
  promote(view: string, hash: string): Promise<void> {
    return this.connection.within(UNLIMITED, async () => {
      const record = await this.#find(view, hash);
      if (!record) throw new RangeError(`${view} has no generation ${hash}.`);
      await this.#index(record._id, JSON.parse(record.spec) as GenerationSpec);
      this.#building.delete(record._id);
      const { generations } = this.collections;
      await this.sessions.transaction(async (session) => {
        await generations.updateMany({ view, state: 'live', hash: { $ne: hash } }, { $set: { state: 'old' } }, { session });
        const { matchedCount } = await generations.updateOne({ view, hash }, { $set: { state: 'live' } }, { session });
        if (matchedCount === 0) throw new RangeError(`${view} has no generation ${hash}.`);
      });
    });
  }

  drop(view: string, hash: string): Promise<void> {
    return this.connection.ask(async () => {
      const record = await this.#find(view, hash);
      if (!record) return;
      const { generations, parked, changed } = this.collections;
      await this.sessions.transaction(async (session) => {
        await generations.deleteOne({ _id: record._id }, { session });
        await parked.deleteMany({ generation: record._id }, { session });
        await changed.deleteMany({ generation: record._id }, { session });
      });
      await this.#dropForsaken();
    });
  }

  lease(name: string, holder: string, milliseconds: number): Promise<Lease | undefined> {
    return this.connection.ask(async () => {
      const taken = await takeLease(this.collections, name, holder, milliseconds);
      if (taken?.passedOn) await this.sessions.endOthers();
      return taken?.lease;
    });
  }

  release(lease: Lease): Promise<void> {
    return this.connection.ask(() => releaseLease(this.collections, lease));
  }

  holder(name: string): Promise<string | undefined> {
    return this.connection.ask(() => leaseHolder(this.collections, name));
  }

  loadSnapshot(stream: string, stateVersion: number): Promise<Snapshot | undefined> {
    return this.#snapshots.load(stream, stateVersion);
  }

  saveSnapshot(snapshot: Snapshot): Promise<void> {
    return this.#snapshots.save(snapshot);
  }

  async close(): Promise<void> {
    await this.sessions.close();
    await this.connection.close();
  }

  #find(view: string, hash: string): Promise<GenerationRecord | null> {
    return this.collections.generations.findOne({ view, hash });
  }

  /** The first of a view is live. Another process may make the same one, or another first one, at the same time. */
  async #create({ view, hash, ...rest }: GenerationSpec): Promise<GenerationRecord> {
    const spec = JSON.stringify({ view, hash, ...rest });
    const _id = await this.collections.next('generation');
    for (;;) {
      const known = await this.#find(view, hash);
      if (known) return known;
      const live = await this.collections.generations.findOne({ view, state: 'live' });
      const record: GenerationRecord = { _id, view, hash, state: live ? 'building' : 'live', spec, checkpoint: null, commits: 0 };
      try {
        await this.collections.generations.insertOne(record);
        return record;
      } catch (error) {
        if (!isDuplicate(error)) throw error;
      }
    }
  }

  /** On a large collection this takes minutes; a connection that tires of waiting leaves the build going, and joins it again. */
  async #index(number: number, spec: GenerationSpec): Promise<void> {
    const indexes = indexesOf(spec);
    for (let built = indexes.length === 0; !built; ) {
      try {
        await this.collections.documents(number).createIndexes(indexes, { commitQuorum: 'majority' });
        built = true;
      } catch (error) {
        if (!(error instanceof MongoNetworkTimeoutError)) throw error;
      }
    }
  }

  /** Collections without a generation: of this drop, or of one that was broken off. */
  async #dropForsaken(): Promise<void> {
    const { db } = this.connection;
    const found = await db.listCollections({ name: /^documents_\d+$/ }, { nameOnly: true }).toArray();
    const kept = new Set((await this.collections.generations.find().toArray()).map(({ _id }) => documentsOf(_id)));
    for (const { name } of found) if (!kept.has(name)) await db.dropCollection(name);
  }
}
