import type { AnyBulkWriteOperation, ClientSession, Collection } from 'mongodb';
import {
  type DocumentKey,
  type Generation,
  type GenerationSpec,
  type Group,
  type GroupQuery,
  type ListQuery,
  type ParkedFact,
  type Space,
  StaleWriter,
  type StoredDocument,
  TooMuchAtOnce,
  type ViewChange,
} from '#runtime/ports';
import { orderedText, originalText } from '#runtime/views/ordered-text';
import type { Connection } from '../connection.js';
import { isDuplicate } from '../faults.js';
import type { Sessions } from '../sessions.js';
import { type DocumentRecord, documentOf, extractor, idOf, idsOf, idsOfSpace } from './documents.js';
import { type ChangedRecord, changedId, type ParkedRecord, parkedRecord, type ViewCollections } from './format.js';
import { groupQuestion, listQuestion } from './query.js';

/** Ids asked for in one message. */
const IDS_AT_ONCE = 5_000;
/** Characters of JSON. Beyond what its cache holds the server ends a transaction as if it conflicted with another, each time. */
const LARGE = 8_000_000;
/** So few documents come of one fact; they go as they are. */
const FEW = 100;
const RUNS_OF_LARGE = 5;
const MANY = 500;
const CONTENT = { _id: 1, json: 1, position: 1 } as const;

/** A change, or a part of one that leaves the checkpoint where it is. */
type Piece = Omit<ViewChange, 'to'> & { readonly to: string | undefined };

export class MongoGeneration implements Generation {
  readonly #documents: Collection<DocumentRecord>;
  readonly #record: ReturnType<typeof extractor>;
  /** The last documents were all new, and many: so may be the next. */
  #onlyNew = false;

  constructor(
    readonly spec: GenerationSpec,
    private readonly number: number,
    private readonly connection: Connection,
    private readonly sessions: Sessions,
    private readonly collections: ViewCollections,
    /** Nobody is served from it yet. */
    private readonly isBuilding: () => boolean,
  ) {
    this.#documents = collections.documents(number);
    this.#record = extractor(spec);
  }

  checkpoint(): Promise<string | undefined> {
    return this.connection.ask(async () => {
      const found = await this.collections.generations.findOne({ _id: this.number }, { projection: { checkpoint: 1 } });
      if (!found) throw new StaleWriter(`This generation of ${this.spec.view} was dropped.`);
      return found.checkpoint ?? undefined;
    });
  }

  load(keys: readonly DocumentKey[]): Promise<readonly StoredDocument[]> {
    return this.connection.ask(async () => {
      const found = new Map<string, DocumentRecord>();
      for (const ids of inParts(keys.map(idOf))) {
        const records = this.#documents.find({ _id: { $in: ids } }, { projection: CONTENT, batchSize: ids.length });
        for await (const record of records) found.set(record._id, record);
      }
      return keys.flatMap((key) => {
        const record = found.get(idOf(key));
        return record ? [documentOf(record, key.space)] : [];
      });
    });
  }

  async commit(change: ViewChange): Promise<void> {
    const characters = charactersOf(change.put);
    if (characters <= LARGE || change.put.length <= FEW) return this.#commit(change);
    if (!this.isBuilding()) throw new TooMuchAtOnce(false, `${this.connection.place}: ${inMegabytes(characters)} at once.`);
    const pieces = piecesOf(change.put);
    const last = pieces.pop() ?? [];
    const { from, token } = change;
    // What is built has no reader, and is dropped when it is broken off: only the last piece moves the checkpoint.
    for (const put of pieces) await this.#commit({ from, to: from, token, put, remove: [], park: [], release: [] });
    return this.#commit({ ...change, put: last });
  }

  #commit(change: Piece): Promise<void> {
    const records = new Map(change.put.map((document) => [idOf(document), this.#record(document)]));
    const characters = charactersOf(change.put);
    let runs = 0;
    const transaction = () =>
      this.sessions.transaction(async (session) => {
        runs += 1;
        if (runs > RUNS_OF_LARGE && characters > LARGE) throw this.#tooLarge(characters);
        const changed = changesOf(change);
        await this.#advance(change, session);
        await this.#put([...records.values()], session);
        await this.#remove(change, changed, session);
        await this.#park(change, session);
        await this.#noteChanged(changed, session);
      });
    return this.connection.ask(async () => {
      if (change.from === undefined) this.#onlyNew = true;
      try {
        await transaction();
      } catch (error) {
        if (!this.#onlyNew || !isDuplicate(error)) throw error;
        this.#onlyNew = false;
        await transaction();
      }
    });
  }

  async get(tenant: string, key: string): Promise<StoredDocument | undefined> {
    return (await this.load([{ tenant, space: 'shown', key }]))[0];
  }

  list(tenant: string, query: ListQuery): Promise<readonly StoredDocument[]> {
    const { filter, sort } = listQuestion(this.spec, tenant, query);
    return this.#find('shown', () => this.#documents.find(filter, { sort, limit: query.limit, batchSize: query.limit + 1 }));
  }

  groups(tenant: string, query: GroupQuery): Promise<readonly Group[]> {
    const { pipeline, group } = groupQuestion(this.spec, tenant, query);
    return this.connection.ask(async () =>
      (await this.#documents.aggregate([...pipeline], { allowDiskUse: true }).toArray()).map(group),
    );
  }

  changedAt(tenant: string): Promise<string | undefined> {
    return this.connection.ask(
      async () => (await this.collections.changed.findOne({ _id: changedId(this.number, tenant) }))?.position,
    );
  }

  scan(space: Space, after: { tenant: string; key: string } | undefined, limit: number): Promise<readonly StoredDocument[]> {
    const { $gte, $lt } = idsOfSpace(space);
    const ids = after ? { $gt: idOf({ ...after, space }), $lt } : { $gte, $lt };
    return this.#find(space, () => this.#documents.find({ _id: ids }, { sort: { _id: 1 }, limit, batchSize: limit + 1 }));
  }

  parked(): Promise<readonly ParkedFact[]> {
    return this.connection.ask(async () => {
      const records = this.collections.parked.find({ generation: this.number }, { sort: { tenant: 1, key: 1, position: 1 } });
      return (await records.toArray()).map(({ tenant, key, position, stream, type, error }) => ({
        tenant,
        key: originalText(key),
        position,
        stream,
        type,
        ...(error === null ? {} : { error }),
      }));
    });
  }

  count(tenant?: string): Promise<number> {
    const ids = tenant === undefined ? idsOfSpace('shown') : idsOf(tenant, 'shown');
    return this.connection.ask(() => this.#documents.countDocuments({ _id: ids }));
  }

  #find(space: Space, find: () => ReturnType<Collection<DocumentRecord>['find']>): Promise<readonly StoredDocument[]> {
    return this.connection.ask(async () => {
      const records = await find().project<DocumentRecord>(CONTENT).toArray();
      return records.map((record) => documentOf(record, space));
    });
  }

  #tooLarge(characters: number): TooMuchAtOnce {
    return new TooMuchAtOnce(
      false,
      `${this.connection.place} ended a transaction of ${inMegabytes(characters)} ${RUNS_OF_LARGE} times: a tenth of the server's cache has to hold it twice. Raise --wiredTigerCacheSizeGB.`,
    );
  }

  /** First, so that a writer who lost writes nothing, and two who are here at once meet at this one record. */
  async #advance({ from, to, token }: Piece, session: ClientSession): Promise<void> {
    // The count makes it a write also when the checkpoint stays.
    const { matchedCount } = await this.collections.generations.updateOne(
      { _id: this.number, checkpoint: from ?? null },
      { $set: { checkpoint: to ?? null }, $inc: { commits: 1 } },
      { session },
    );
    if (matchedCount === 0) throw new StaleWriter(`The checkpoint of ${this.spec.view} is not at ${from}, or it was dropped.`);
    const lease = await this.collections.leases.findOne({ token }, { session, projection: { _id: 1 } });
    if (!lease) throw new StaleWriter(`A newer token than ${token} was handed out.`);
  }

  /** While a view is built its documents are all new, and inserts take a third of the time of upserts: where it was so the last time. */
  async #put(records: readonly DocumentRecord[], session: ClientSession): Promise<void> {
    if (records.length === 0) return;
    if (this.#onlyNew) {
      await this.#documents.insertMany(records, { session, ordered: false });
      return;
    }
    const { upsertedCount } = await this.#documents.bulkWrite(records.map(upsert), { session, ordered: false });
    this.#onlyNew = upsertedCount === records.length && upsertedCount > MANY;
  }

  async #remove({ remove, to = '' }: Piece, changed: Map<string, string>, session: ClientSession): Promise<void> {
    const hidden = remove.filter(({ space }) => space !== 'shown');
    for (const ids of inParts(hidden.map(idOf))) await this.#documents.deleteMany({ _id: { $in: ids } }, { session });
    for (const [tenant, keys] of groupedByTenant(remove.filter(({ space }) => space === 'shown'))) {
      for (const ids of inParts(keys.map(idOf))) {
        const { deletedCount } = await this.#documents.deleteMany({ _id: { $in: ids } }, { session });
        if (deletedCount > 0) changed.set(tenant, later(to, changed.get(tenant)));
      }
    }
  }

  async #park({ park, release }: Piece, session: ClientSession): Promise<void> {
    const { parked } = this.collections;
    for (const [tenant, keys] of groupedByTenant(release)) {
      const names = keys.map(({ key }) => orderedText(key));
      for (const key of inParts(names))
        await parked.deleteMany({ generation: this.number, tenant, key: { $in: key } }, { session });
    }
    if (park.length === 0) return;
    const writes = park.map((fact): AnyBulkWriteOperation<ParkedRecord> => {
      const replacement = parkedRecord(this.number, fact);
      return { replaceOne: { filter: { _id: replacement._id }, replacement, upsert: true } };
    });
    await parked.bulkWrite(writes, { session });
  }

  async #noteChanged(changed: ReadonlyMap<string, string>, session: ClientSession): Promise<void> {
    if (changed.size === 0) return;
    const writes = [...changed].map(([tenant, position]): AnyBulkWriteOperation<ChangedRecord> => {
      const filter = { _id: changedId(this.number, tenant) };
      return { updateOne: { filter, update: { $max: { position }, $setOnInsert: { generation: this.number } }, upsert: true } };
    });
    await this.collections.changed.bulkWrite(writes, { session, ordered: false });
  }
}

/** Sets the fields rather than replacing the document: an index whose field stays the same is left alone. */
const upsert = ({ _id, ...content }: DocumentRecord): AnyBulkWriteOperation<DocumentRecord> => ({
  updateOne: { filter: { _id }, update: { $set: content }, upsert: true },
});

const charactersOf = (put: readonly StoredDocument[]) => put.reduce((sum, { json }) => sum + json.length, 0);
const inMegabytes = (characters: number) => `${Math.round(characters / 1_000_000)} MB`;

/** Parts of at most 8 million characters, or of one document. */
function piecesOf(put: readonly StoredDocument[]): StoredDocument[][] {
  const pieces: StoredDocument[][] = [];
  let room = 0;
  for (const document of put) {
    room -= document.json.length;
    const piece = pieces.at(-1);
    if (piece && room >= 0) piece.push(document);
    else {
      pieces.push([document]);
      room = LARGE - document.json.length;
    }
  }
  return pieces;
}

/** The last change of each tenant's shown documents. */
function changesOf({ put }: Piece): Map<string, string> {
  const changed = new Map<string, string>();
  for (const { tenant, space, position } of put) {
    if (space === 'shown') changed.set(tenant, later(position, changed.get(tenant)));
  }
  return changed;
}

const later = (one: string, other: string | undefined): string => (other === undefined || one > other ? one : other);

function groupedByTenant<T extends { readonly tenant: string }>(all: readonly T[]): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const each of all) {
    const group = groups.get(each.tenant);
    if (group) group.push(each);
    else groups.set(each.tenant, [each]);
  }
  return groups;
}

function* inParts<T>(all: readonly T[]): Iterable<T[]> {
  for (let from = 0; from < all.length; from += IDS_AT_ONCE) yield all.slice(from, from + IDS_AT_ONCE);
}
