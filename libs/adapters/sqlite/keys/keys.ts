import { resolve } from 'node:path';
import { BroadcastChannel } from 'node:worker_threads';
import { type DataKey, type KeyStore, subjectOf } from '#runtime/ports';
import { KEY_BYTES, keyName, secretName, unwrap } from '#runtime/sealing/wrapping';
import { builtFile } from '../built-file.js';
import { Database, StorageError } from '../database.js';
import { openFormat } from '../format.js';
import { GroupCommit } from '../group-commit.js';
import { keysFormat } from './format.js';
import { channelOf, DESTROYED, type Forgotten, type KeyAnswer, type KeyRequest, type KeysWorkerData } from './messages.js';
import { findReservation, reservationAt } from './reservations.js';

/** Keys kept in memory, each some 200 bytes. */
const REMEMBERED = 50_000;
/** Every store has this secret from its birth on: opening it proves the master key. */
const PROOF = 'master key';

/**
 * Opens or makes the key store. `masterKey` has 32 bytes and wraps everything that is secret in the file.
 * Throws StorageError: another master key, read-only, damaged, newer format.
 */
export async function openSqliteKeys(options: { readonly file: string; readonly masterKey: Uint8Array }): Promise<KeyStore> {
  if (options.masterKey.length !== KEY_BYTES) throw new RangeError(`A master key has ${KEY_BYTES} bytes.`);
  const data: KeysWorkerData = { file: resolve(options.file), masterKey: options.masterKey };
  const database = openFormat(data.file, keysFormat, { durability: 'full', secureDelete: true, cacheBytes: 8_388_608 });
  try {
    checkMasterKey(database, data.masterKey);
    const commits = await GroupCommit.start<KeyRequest, KeyAnswer>(builtFile(import.meta.url, './keys.worker.js'), data);
    const keys = new SqliteKeys(database, commits, data.masterKey);
    await keys.secret(PROOF);
    return keys;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Whether the master key (32 bytes) is the one of this key store; nothing is opened or changed. Throws StorageError where it is not. */
export function proveMasterKey(file: string, masterKey: Uint8Array): void {
  const database = new Database(resolve(file), { readonly: true, durability: 'full' });
  try {
    checkMasterKey(database, masterKey);
  } finally {
    database.close();
  }
}

function checkMasterKey(database: Database, masterKey: Uint8Array): void {
  const proof = database.sql<[Uint8Array]>('SELECT wrapped FROM secrets WHERE purpose = ?').get(PROOF)?.[0];
  if (!proof) return;
  try {
    unwrap(masterKey, proof, secretName(PROOF));
  } catch (cause) {
    throw new StorageError('other', `The master key does not open ${database.file}: it was made with another one.`, { cause });
  }
}

class SqliteKeys implements KeyStore {
  /** Living keys by tenant and subject, the least recently used first. */
  readonly #remembered = new Map<string, DataKey>();
  readonly #channel: BroadcastChannel;

  constructor(
    private readonly database: Database,
    private readonly commits: GroupCommit<KeyRequest, KeyAnswer>,
    private readonly masterKey: Uint8Array,
  ) {
    this.#channel = new BroadcastChannel(channelOf(database.file));
    this.#channel.onmessage = (event) => this.#forget((event as unknown as { data: Forgotten }).data);
    this.#channel.unref();
  }

  async load(tenant: string, subjects: readonly string[]): Promise<ReadonlyMap<string, DataKey | 'destroyed'>> {
    const found = new Map<string, DataKey | 'destroyed'>();
    for (const subject of subjects) {
      const key = this.#recall(tenant, subject) ?? this.#read(tenant, subject);
      if (key !== undefined) found.set(subject, key);
    }
    return found;
  }

  async create(tenant: string, subject: string): Promise<DataKey | 'destroyed'> {
    const known = this.#recall(tenant, subject);
    if (known) return known;
    const { person, retention } = partsOf(subject);
    const key = await this.commits.ask({ kind: 'create', tenant, person, retention }, subject.length);
    return key === DESTROYED ? DESTROYED : this.#remember(tenant, subject, Buffer.from(key as Uint8Array));
  }

  async destroy(tenant: string, persons: readonly string[]): Promise<void> {
    this.#forget({ tenant, persons });
    await this.commits.ask({ kind: 'destroy', tenant, persons }, persons.length * 40);
    this.#forget({ tenant, persons });
  }

  async reservationOf(tenant: string, digest: string, person: string, proposed: string): Promise<string> {
    const known = await this.findReservation(tenant, digest);
    return known ?? ((await this.commits.ask({ kind: 'reserve', tenant, digest, person, proposed }, digest.length)) as string);
  }

  async assignReservation(tenant: string, digest: string, person: string, reservation: string): Promise<string> {
    const found = reservationAt(this.database, tenant, digest);
    if (found?.person === person && found.reservation === reservation) return reservation;
    return (await this.commits.ask({ kind: 'assign', tenant, digest, person, reservation }, digest.length)) as string;
  }

  async findReservation(tenant: string, digest: string): Promise<string | undefined> {
    return findReservation(this.database, tenant, digest);
  }

  async secret(purpose: string): Promise<Uint8Array> {
    const wrapped = this.database.sql<[Uint8Array]>('SELECT wrapped FROM secrets WHERE purpose = ?').get(purpose)?.[0];
    if (wrapped) return unwrap(this.masterKey, wrapped, secretName(purpose));
    return Buffer.from((await this.commits.ask({ kind: 'secret', purpose }, purpose.length)) as Uint8Array);
  }

  async appliedTo(): Promise<string | undefined> {
    return this.database.sql<[string]>("SELECT value FROM meta WHERE name = 'applied'").get()?.[0];
  }

  async setAppliedTo(position: string): Promise<void> {
    await this.commits.ask({ kind: 'applied', position }, position.length);
  }

  async close(): Promise<void> {
    await this.commits.close();
    this.#channel.close();
    this.#remembered.clear();
    this.database.close();
  }

  #read(tenant: string, subject: string): DataKey | 'destroyed' | undefined {
    const { person, retention } = partsOf(subject);
    const sql = 'SELECT wrapped FROM keys WHERE tenant = ? AND person = ? AND retention = ?';
    const wrapped = this.database.sql<[Uint8Array]>(sql).get(tenant, person, retention)?.[0];
    // In this order: a key that was destroyed between the two is zeros, and is never taken for a damaged one.
    if (this.database.sql('SELECT 1 FROM destroyed WHERE tenant = ? AND person = ?').get(tenant, person)) return DESTROYED;
    return wrapped && this.#remember(tenant, subject, unwrap(this.masterKey, wrapped, keyName(tenant, person, retention)));
  }

  #recall(tenant: string, subject: string): DataKey | undefined {
    const name = `${tenant} ${subject}`;
    const key = this.#remembered.get(name);
    if (!key) return undefined;
    this.#remembered.delete(name);
    this.#remembered.set(name, key);
    return key;
  }

  #remember(tenant: string, subject: string, key: DataKey): DataKey {
    this.#remembered.set(`${tenant} ${subject}`, key);
    const [oldest] = this.#remembered.keys();
    if (this.#remembered.size > REMEMBERED && oldest !== undefined) this.#remembered.delete(oldest);
    return key;
  }

  #forget({ tenant, persons }: Forgotten): void {
    const gone = new Set(persons.map((person) => `${tenant} ${person}`));
    for (const name of this.#remembered.keys()) {
      if (gone.has(name.slice(0, name.lastIndexOf('.')))) this.#remembered.delete(name);
    }
  }
}

/** Of `<person>.<retention>`. */
function partsOf(subject: string): { person: string; retention: string } {
  const dot = subject.lastIndexOf('.');
  const parts = { person: subject.slice(0, dot), retention: subject.slice(dot + 1) };
  if (dot < 1 || subjectOf(parts.person, parts.retention) !== subject) throw new RangeError(`Not a subject: ${subject}`);
  return parts;
}
