import type { Collection, Document } from 'mongodb';
import type { GenerationInfo, ParkedFact } from '#runtime/ports';
import { orderedText } from '#runtime/views/ordered-text';
import type { Connection } from '../connection.js';
import type { DocumentRecord } from './documents.js';

export interface GenerationRecord {
  /** Grows; names the collection of its documents. */
  readonly _id: number;
  readonly view: string;
  readonly hash: string;
  readonly state: GenerationInfo['state'];
  /** JSON. */
  readonly spec: string;
  readonly checkpoint: string | null;
  readonly commits: number;
}

export interface ParkedRecord extends Omit<ParkedFact, 'error'> {
  readonly _id: string;
  readonly generation: number;
  readonly error: string | null;
}

export interface ChangedRecord {
  readonly _id: string;
  readonly generation: number;
  readonly position: string;
}

export interface LeaseRecord {
  readonly _id: string;
  readonly holder: string;
  readonly token: number;
  readonly expires: Date;
}

export interface NoteRecord {
  readonly _id: string;
  readonly value: string;
  readonly version: number;
}

export interface TimerRecord {
  readonly _id: string;
  readonly due: string;
  readonly json: string;
  /** The sandbox whose clock it follows; not there for that of the servers. */
  readonly clock?: string;
}

export interface SnapshotRecord {
  readonly _id: string;
  readonly revision: number;
  readonly json: string;
}

interface CounterRecord {
  readonly _id: string;
  readonly value: number;
}

/** Documents of a generation are in a collection of their own, `documents_<number>`. */
export class ViewCollections {
  readonly generations = this.#of<GenerationRecord>('generations');
  readonly parked = this.#of<ParkedRecord>('parked');
  readonly changed = this.#of<ChangedRecord>('changed');
  readonly leases = this.#of<LeaseRecord>('leases');
  readonly notes = this.#of<NoteRecord>('notes');
  readonly timers = this.#of<TimerRecord>('timers');
  readonly snapshots = this.#of<SnapshotRecord>('snapshots');
  readonly #counters = this.#of<CounterRecord>('counters');

  constructor(private readonly connection: Connection) {}

  documents(number: number): Collection<DocumentRecord> {
    return this.#of<DocumentRecord>(documentsOf(number));
  }

  /** Makes what is missing. */
  async prepare(): Promise<void> {
    await Promise.all([
      this.generations.createIndexes([
        { key: { view: 1, hash: 1 }, name: 'by_hash', unique: true },
        { key: { view: 1 }, name: 'one_live', unique: true, partialFilterExpression: { state: 'live' } },
      ]),
      this.parked.createIndex({ generation: 1, tenant: 1, key: 1, position: 1 }, { name: 'by_key' }),
      this.changed.createIndex({ generation: 1 }, { name: 'by_generation' }),
      this.leases.createIndex({ token: 1 }, { name: 'by_token', unique: true }),
      this.timers.createIndex({ clock: 1, due: 1, _id: 1 }, { name: 'by_clock' }),
    ]);
  }

  /** Unique in the database, and growing. */
  async next(counter: 'generation' | 'token'): Promise<number> {
    const found = await this.#counters.findOneAndUpdate(
      { _id: counter },
      { $inc: { value: 1 } },
      { upsert: true, returnDocument: 'after' },
    );
    if (!found) throw new TypeError(`The counter ${counter} gave nothing.`);
    return found.value;
  }

  #of<T extends Document>(name: string): Collection<T> {
    return this.connection.db.collection<T>(name);
  }
}

export const documentsOf = (number: number): string => `documents_${number}`;

export const changedId = (generation: number, tenant: string): string => `${generation} ${tenant}`;

export function parkedRecord(generation: number, { tenant, key, position, stream, type, error }: ParkedFact): ParkedRecord {
  const ordered = orderedText(key);
  const _id = `${generation} ${tenant}\u0000${ordered}\u0000${position}`;
  return { _id, generation, tenant, key: ordered, position, stream, type, error: error ?? null };
}
