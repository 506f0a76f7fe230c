import { randomBytes } from 'node:crypto';
import { Binary, type ClientSession, type Collection } from 'mongodb';
import { type DataKey, type KeyStore, subjectOf } from '#runtime/ports';
import { KEY_BYTES, keyName, secretName, unwrap, wrap } from '#runtime/sealing/wrapping';
import { Connection, type MongoPlace } from '../connection.js';
import { isDuplicate, MongoFault } from '../faults.js';
import { Sessions } from '../sessions.js';

/** Commands with personal fields wait for each question as long as `timeoutMilliseconds`: 5,000 if left out. */
export interface MongoKeysPlace extends MongoPlace {
  /** For how long opening is tried again while nothing answers; 30,000 if left out. */
  readonly startMilliseconds?: number;
  /** 32 bytes; wraps everything that is secret in the database. */
  readonly masterKey: Uint8Array;
}

/** All of a person in one record, so that making a key and destroying the person meet there. `_id` is `<tenant> <person>`. */
interface PersonRecord {
  readonly _id: string;
  readonly keys: readonly { readonly retention: string; readonly wrapped: Binary }[];
  /** Counts reservations made, so that each is a write of this record. */
  readonly reservations?: number;
  readonly destroyed?: true;
}

/** `_id` is `<tenant> <digest>`. */
interface ReservationRecord {
  readonly _id: string;
  readonly person: string;
  readonly reservation: string;
}

interface SecretRecord {
  readonly _id: string;
  readonly wrapped: Binary;
}

interface MetaRecord {
  readonly _id: string;
  readonly value: string;
}

/** Every store has this secret from its birth on: opening it proves the master key. */
const PROOF = 'master key';
const PERSONS_AT_ONCE = 200;
const ATTEMPTS = 5;
/** Milliseconds; when no keys come by then, commands are answered 503. */
const COMMANDS_WAIT = 5_000;
/** A server that starts waits as long as for its views: an election may be under way. */
const A_START_WAITS = 30_000;
const PAUSE = 500;

/**
 * Opens or makes the key store in a database of its own. Any number of processes may have it open; none keeps keys in memory, so
 * that a key destroyed by one opens nothing in another.
 * Throws MongoFault: another master key, no server, a standalone one, not allowed, too old.
 */
export async function openMongoKeys(place: MongoKeysPlace): Promise<KeyStore> {
  if (place.masterKey.length !== KEY_BYTES) throw new RangeError(`A master key has ${KEY_BYTES} bytes.`);
  const { timeoutMilliseconds = COMMANDS_WAIT, startMilliseconds = A_START_WAITS } = place;
  for (const late = performance.now() + startMilliseconds; ; await new Promise((again) => setTimeout(again, PAUSE))) {
    try {
      return await open(place, timeoutMilliseconds);
    } catch (error) {
      if (!(error instanceof MongoFault && error.fault === 'unavailable') || performance.now() > late) throw error;
    }
  }
}

async function open({ masterKey, ...place }: MongoKeysPlace, timeoutMilliseconds: number): Promise<KeyStore> {
  const connection = await Connection.open({ ...place, timeoutMilliseconds });
  try {
    const sessions = await connection.ask(async () => {
      await connection.db.collection('reservations').createIndex({ person: 1 }, { name: 'by_person' });
      return Sessions.open(connection);
    });
    const keys = new MongoKeys(connection, sessions, masterKey);
    await proveMasterKey(keys, connection.place);
    return keys;
  } catch (error) {
    await connection.close();
    throw error;
  }
}

async function proveMasterKey(keys: KeyStore, place: string): Promise<void> {
  try {
    await keys.secret(PROOF);
  } catch (cause) {
    if (cause instanceof MongoFault) throw cause;
    throw new MongoFault('other', `The master key does not open ${place}: it was made with another one.`, { cause });
  }
}

class MongoKeys implements KeyStore {
  readonly #persons: Collection<PersonRecord>;
  readonly #reservations: Collection<ReservationRecord>;
  readonly #secrets: Collection<SecretRecord>;
  readonly #meta: Collection<MetaRecord>;
  /** Reservations on their way, by id: those who ask at the same time get the same one. */
  readonly #reserving = new Map<string, Promise<string>>();

  constructor(
    private readonly connection: Connection,
    private readonly sessions: Sessions,
    private readonly masterKey: Uint8Array,
  ) {
    this.#persons = connection.db.collection('persons');
    this.#reservations = connection.db.collection('reservations');
    this.#secrets = connection.db.collection('secrets');
    this.#meta = connection.db.collection('meta');
  }

  load(tenant: string, subjects: readonly string[]): Promise<ReadonlyMap<string, DataKey | 'destroyed'>> {
    return this.connection.ask(async () => {
      const ids = [...new Set(subjects.map((subject) => idOf(tenant, partsOf(subject).person)))];
      const found = new Map<string, PersonRecord>();
      for await (const person of this.#persons.find({ _id: { $in: ids } })) found.set(person._id, person);
      return new Map(
        subjects.flatMap((subject) => {
          const { person, retention } = partsOf(subject);
          const record = found.get(idOf(tenant, person));
          const key = record && this.#keyIn(record, tenant, person, retention);
          return key === undefined ? [] : [[subject, key] as const];
        }),
      );
    });
  }

  /** One atomic update: a record that is destroyed, or has such a key, does not match it, and a second one cannot be. */
  create(tenant: string, subject: string): Promise<DataKey | 'destroyed'> {
    const { person, retention } = partsOf(subject);
    return this.connection.ask(async () => {
      const _id = idOf(tenant, person);
      const known = await this.#persons.findOne({ _id });
      const existing = known && this.#keyIn(known, tenant, person, retention);
      if (existing) return existing;
      const key = randomBytes(KEY_BYTES);
      const wrapped = new Binary(wrap(this.masterKey, key, keyName(tenant, person, retention)));
      const without = { _id, destroyed: { $exists: false }, 'keys.retention': { $ne: retention } };
      for (let attempt = 1; ; attempt++) {
        const isMet = await this.#persons.updateOne(without, { $push: { keys: { retention, wrapped } } }, { upsert: true }).then(
          () => false,
          (error: unknown) => {
            if (!isDuplicate(error)) throw error;
            return true;
          },
        );
        const stored = await this.#persons.findOne({ _id });
        const made = stored && this.#keyIn(stored, tenant, person, retention);
        if (made) return made;
        // The record may have been made at the same time for another key of this person.
        if (!isMet || attempt === ATTEMPTS)
          throw new MongoFault('other', `${this.connection.place} lost a key it was just given.`);
      }
    });
  }

  destroy(tenant: string, persons: readonly string[]): Promise<void> {
    return this.connection.ask(async () => {
      for (let from = 0; from < persons.length; from += PERSONS_AT_ONCE) {
        const ids = persons.slice(from, from + PERSONS_AT_ONCE).map((person) => idOf(tenant, person));
        await this.sessions.transaction((session) => this.#destroy(ids, session));
      }
    });
  }

  reservationOf(tenant: string, digest: string, person: string, proposed: string): Promise<string> {
    const _id = idOf(tenant, digest);
    const going = this.#reserving.get(_id);
    if (going) return going;
    const reserving = this.connection.ask(() => this.#reserve({ _id, person: idOf(tenant, person), reservation: proposed }));
    this.#reserving.set(_id, reserving);
    return reserving.finally(() => this.#reserving.delete(_id));
  }

  /** A person destroyed meanwhile has written the record that this one writes: one of the two transactions runs again. */
  assignReservation(tenant: string, digest: string, person: string, reservation: string): Promise<string> {
    const _id = idOf(tenant, digest);
    return this.connection.ask(async () => {
      const found = await this.#reservations.findOne({ _id });
      if (found && found.reservation !== reservation) return found.reservation;
      const record = { _id, person: idOf(tenant, person), reservation };
      if (found?.person !== record.person) {
        await this.sessions
          .transaction((session) => this.#assign(record, session))
          .catch((error: unknown) => {
            if (!isDuplicate(error)) throw error;
          });
      }
      return (await this.#reservations.findOne({ _id }))?.reservation ?? reservation;
    });
  }

  findReservation(tenant: string, digest: string): Promise<string | undefined> {
    return this.connection.ask(async () => (await this.#reservations.findOne({ _id: idOf(tenant, digest) }))?.reservation);
  }

  secret(purpose: string): Promise<Uint8Array> {
    return this.connection.ask(async () => {
      const open = ({ wrapped }: SecretRecord) => unwrap(this.masterKey, bytesOf(wrapped), secretName(purpose));
      const known = await this.#secrets.findOne({ _id: purpose });
      if (known) return open(known);
      const wrapped = new Binary(wrap(this.masterKey, randomBytes(KEY_BYTES), secretName(purpose)));
      await this.#secrets.insertOne({ _id: purpose, wrapped }).catch((error: unknown) => {
        if (!isDuplicate(error)) throw error;
      });
      const stored = await this.#secrets.findOne({ _id: purpose });
      if (!stored) throw new MongoFault('other', `${this.connection.place} lost a secret it was just given.`);
      return open(stored);
    });
  }

  appliedTo(): Promise<string | undefined> {
    return this.connection.ask(async () => (await this.#meta.findOne({ _id: 'applied' }))?.value);
  }

  setAppliedTo(position: string): Promise<void> {
    return this.connection.ask(async () => {
      await this.#meta.updateOne({ _id: 'applied' }, { $set: { value: position } }, { upsert: true });
    });
  }

  async close(): Promise<void> {
    await this.sessions.close();
    await this.connection.close();
  }

  #keyIn(record: PersonRecord, tenant: string, person: string, retention: string): DataKey | 'destroyed' | undefined {
    if (record.destroyed) return 'destroyed';
    const found = record.keys?.find((key) => key.retention === retention);
    return found && unwrap(this.masterKey, bytesOf(found.wrapped), keyName(tenant, person, retention));
  }

  /** A reservation made meanwhile has written one of these records: one of the two transactions runs again and sees the other. */
  async #destroy(ids: readonly string[], session: ClientSession): Promise<void> {
    const tombstones = ids.map((_id) => ({
      replaceOne: { filter: { _id }, replacement: { destroyed: true as const, keys: [] }, upsert: true },
    }));
    await this.#persons.bulkWrite(tombstones, { session });
    await this.#reservations.deleteMany({ person: { $in: [...ids] } }, { session });
  }

  async #assign(record: ReservationRecord, session: ClientSession): Promise<void> {
    const found = await this.#reservations.findOne({ _id: record._id }, { session });
    if (found && found.reservation !== record.reservation) return;
    const person = await this.#persons.findOne({ _id: record.person }, { session });
    if (person?.destroyed) {
      await this.#reservations.deleteOne({ _id: record._id }, { session });
      return;
    }
    await this.#persons.updateOne({ _id: record.person }, { $inc: { reservations: 1 } }, { session, upsert: true });
    await this.#reservations.replaceOne({ _id: record._id }, record, { session, upsert: true });
  }

  /** An erased person gets no look-up any more: the proposed id is as good as any, and nothing of it is kept. */
  async #reserve(record: ReservationRecord): Promise<string> {
    const find = async () => (await this.#reservations.findOne({ _id: record._id }))?.reservation;
    const known = await find();
    if (known !== undefined) return known;
    try {
      await this.sessions.transaction(async (session) => {
        const alive = { _id: record.person, destroyed: { $exists: false } };
        await this.#persons.updateOne(alive, { $inc: { reservations: 1 } }, { session, upsert: true });
        await this.#reservations.insertOne(record, { session });
      });
    } catch (error) {
      if (!isDuplicate(error)) throw error;
      return (await find()) ?? record.reservation;
    }
    return record.reservation;
  }
}

const idOf = (tenant: string, name: string) => `${tenant} ${name}`;

const bytesOf = (binary: Binary): Uint8Array => binary.value();

/** Of `<person>.<retention>`. */
function partsOf(subject: string): { person: string; retention: string } {
  const dot = subject.lastIndexOf('.');
  const parts = { person: subject.slice(0, dot), retention: subject.slice(dot + 1) };
  if (dot < 1 || subjectOf(parts.person, parts.retention) !== subject) throw new RangeError(`Not a subject: ${subject}`);
  return parts;
}
