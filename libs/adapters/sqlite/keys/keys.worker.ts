import { randomBytes } from 'node:crypto';
import { BroadcastChannel, workerData } from 'node:worker_threads';
import { KEY_BYTES, keyName, secretName, unwrap, WRAPPED_BYTES, wrap } from '#runtime/sealing/wrapping';
import { serveCommits } from '../committer.js';
import { type Database, StorageError } from '../database.js';
import { openFormat } from '../format.js';
import { keysFormat } from './format.js';
import { channelOf, DESTROYED, type Forgotten, type KeyAnswer, type KeyRequest, type KeysWorkerData } from './messages.js';
import { addReservation, eraseReservation, eraseReservations, findReservation, reservationAt } from './reservations.js';

/** The thread that writes the key store: makes, destroys, reserves. */
serveCommits<KeyRequest, KeyAnswer>(() => {
  const { file, masterKey } = workerData as KeysWorkerData;
  const database = openFormat(file, keysFormat, { durability: 'full', secureDelete: true });
  const channel = new BroadcastChannel(channelOf(file));
  channel.unref();
  let forgotten: Forgotten[] = [];
  return {
    database,
    begin: () => {
      forgotten = [];
    },
    answer: (request) => {
      switch (request.kind) {
        case 'create':
          return createKey(database, masterKey, request);
        case 'destroy':
          destroyKeys(database, request);
          forgotten.push({ tenant: request.tenant, persons: request.persons });
          return undefined;
        case 'reserve':
          return reserve(database, request);
        case 'assign':
          return assign(database, request);
        case 'secret':
          return secretOf(database, masterKey, request.purpose);
        case 'applied':
          database.sql("INSERT OR REPLACE INTO meta VALUES ('applied', ?)").run(request.position);
          return undefined;
      }
    },
    committed: () => {
      if (forgotten.length === 0) return;
      emptyWriteAhead(database);
      for (const each of forgotten) channel.postMessage(each);
      forgotten = [];
    },
  };
});

function createKey(
  database: Database,
  masterKey: Uint8Array,
  { tenant, person, retention }: Extract<KeyRequest, { kind: 'create' }>,
): KeyAnswer {
  if (isDestroyed(database, tenant, person)) return DESTROYED;
  const found = database
    .sql<[Uint8Array]>('SELECT wrapped FROM keys WHERE tenant = ? AND person = ? AND retention = ?')
    .get(tenant, person, retention);
  const name = keyName(tenant, person, retention);
  if (found) return unwrap(masterKey, found[0], name);
  const key = randomBytes(KEY_BYTES);
  database
    .sql('INSERT INTO keys (tenant, person, retention, wrapped) VALUES (?, ?, ?, ?)')
    .run(tenant, person, retention, wrap(masterKey, key, name));
  return key;
}

function destroyKeys(database: Database, { tenant, persons }: Extract<KeyRequest, { kind: 'destroy' }>): void {
  const zeros = new Uint8Array(WRAPPED_BYTES);
  for (const person of persons) {
    database.sql('INSERT OR IGNORE INTO destroyed VALUES (?, ?)').run(tenant, person);
    database.sql('UPDATE keys SET wrapped = ? WHERE tenant = ? AND person = ?').run(zeros, tenant, person);
    eraseReservations(database, tenant, person);
  }
}

/** An erased person gets no look-up any more: the proposed id is as good as any, and nothing of it is kept. */
function reserve(database: Database, { tenant, digest, person, proposed }: Extract<KeyRequest, { kind: 'reserve' }>): string {
  const found = findReservation(database, tenant, digest);
  if (found !== undefined || isDestroyed(database, tenant, person)) return found ?? proposed;
  addReservation(database, tenant, digest, person, proposed);
  return proposed;
}

/** The row stays where it is and goes blank; the person's own is a new one. */
function assign(database: Database, { tenant, digest, person, reservation }: Extract<KeyRequest, { kind: 'assign' }>): string {
  const found = reservationAt(database, tenant, digest);
  if (found && found.reservation !== reservation) return found.reservation;
  if (found?.person === person) return reservation;
  if (found) eraseReservation(database, found);
  if (!isDestroyed(database, tenant, person)) addReservation(database, tenant, digest, person, reservation);
  return reservation;
}

function secretOf(database: Database, masterKey: Uint8Array, purpose: string): Uint8Array {
  const found = database.sql<[Uint8Array]>('SELECT wrapped FROM secrets WHERE purpose = ?').get(purpose);
  if (found) return unwrap(masterKey, found[0], secretName(purpose));
  const secret = randomBytes(KEY_BYTES);
  database.sql('INSERT INTO secrets VALUES (?, ?)').run(purpose, wrap(masterKey, secret, secretName(purpose)));
  return secret;
}

const isDestroyed = (database: Database, tenant: string, person: string) =>
  database.sql('SELECT 1 FROM destroyed WHERE tenant = ? AND person = ?').get(tenant, person) !== undefined;

/** The write-ahead file still holds pages as they were before; after this it is empty and the database file has the zeros. */
function emptyWriteAhead(database: Database): void {
  const busy = database.value('PRAGMA wal_checkpoint(TRUNCATE)');
  if (busy !== 0) {
    throw new StorageError(
      'busy',
      `The keys are destroyed, but a reader of ${database.file} holds their former bytes on disk. Try again.`,
    );
  }
}
