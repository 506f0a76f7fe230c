import { randomBytes } from 'node:crypto';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { KeyStore } from '#runtime/ports';
import { keyStoreContract } from '../../../test/contract/keys.contract.js';
import { Database } from './database.js';
import { openSqliteKeys } from './index.js';

keyStoreContract('SQLite', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'annals-keys-'));
  const copy = `${folder}-copy`;
  const masterKey = randomBytes(32);
  const file = join(folder, 'keys.db');
  const stores: KeyStore[] = [];
  const opened = async (key: Uint8Array) => {
    const store = await openSqliteKeys({ file, masterKey: key });
    stores.push(store);
    return store;
  };
  return {
    open: () => opened(masterKey),
    openWithAnotherMasterKey: () => opened(randomBytes(32)),
    backup: async () => cpSync(folder, copy, { recursive: true }),
    restore: async () => {
      rmSync(folder, { recursive: true });
      cpSync(copy, folder, { recursive: true });
    },
    holds: async (bytes) => filesHold(folder, bytes),
    wrappedForm: async (tenant, subject) => {
      const [person = '', retention = ''] = subject.split('.');
      const database = new Database(file, { durability: 'full' });
      const sql = 'SELECT wrapped FROM keys WHERE tenant = ? AND person = ? AND retention = ?';
      const wrapped = database.value(sql, tenant, person, retention) as Uint8Array;
      database.close();
      return wrapped;
    },
    dispose: async () => {
      for (const store of stores) await store.close();
      rmSync(folder, { recursive: true, force: true });
      rmSync(copy, { recursive: true, force: true });
    },
  };
});

describe('a SQLite key store with many persons', () => {
  let folder: string;
  let keys: KeyStore;
  const masterKey = randomBytes(32);
  const open = () => openSqliteKeys({ file: join(folder, 'keys.db'), masterKey });

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'annals-keys-'));
    keys = await open();
  });
  afterEach(async () => {
    await keys.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('says of a key that is being destroyed that it is there or destroyed, never that it is damaged', async () => {
    for (let number = 0; number < 20; number++) {
      const person = crypto.randomUUID();
      const subjects = Array.from({ length: 100 }, (_, part) => `${person}.part${part}`);
      await Promise.all(subjects.map((subject) => keys.create('main', subject)));
      // one that remembers none of them
      const reader = await open();
      let over = false;
      const destroyed = keys.destroy('main', [person]).then(() => {
        over = true;
      });
      for (const subject of subjects) {
        if (over) break;
        await reader.load('main', [subject]);
        await new Promise((resolve) => setImmediate(resolve));
      }
      await destroyed;
      expect((await reader.load('main', subjects)).size).toBe(100);
      await reader.close();
    }
  }, 60_000);

  it('holds neither keys nor look-ups of destroyed persons, however its pages were reorganised', async () => {
    const persons = Array.from({ length: 6000 }, () => randomBytes(16).toString('hex'));
    const digests = persons.map(() => randomBytes(32).toString('hex'));
    await Promise.all(
      persons.flatMap((person, index) => [
        keys.create('acme', `${person}.contact`),
        keys.reservationOf('acme', digests[index] ?? '', person, `reservation-${index}`),
      ]),
    );
    await keys.close();
    const wrapped = wrappedKeys();
    keys = await open();
    const gone = new Set(persons.filter((_, index) => index % 9 === 0));
    await keys.destroy('acme', [...gone]);
    await keys.close();
    const content = readdirSync(folder).map((name) => readFileSync(join(folder, name)));
    const left = (bytes: Uint8Array) => content.some((file) => file.includes(Buffer.from(bytes)));
    expect(persons.filter((person) => gone.has(person) && left(wrapped.get(person) ?? Buffer.alloc(1)))).toEqual([]);
    expect(digests.filter((digest, index) => index % 9 === 0 && left(Buffer.from(digest)))).toEqual([]);
    expect(persons.filter((person) => !gone.has(person) && !left(wrapped.get(person) ?? Buffer.alloc(0)))).toEqual([]);
    keys = await open();
  });

  it('does not hold up the calling thread while it makes keys', async () => {
    let longest = 0;
    let before = performance.now();
    const watch = setInterval(() => {
      longest = Math.max(longest, performance.now() - before);
      before = performance.now();
    }, 1);
    for (let round = 0; round < 10; round++) {
      await Promise.all(Array.from({ length: 200 }, (_, index) => keys.create('acme', `${round}-${index}.contact`)));
    }
    clearInterval(watch);
    expect(longest).toBeLessThan(250);
  });

  function wrappedKeys(): Map<string, Buffer> {
    const database = new Database(join(folder, 'keys.db'), { durability: 'full' });
    const rows = database.sql<[string, Uint8Array]>('SELECT person, wrapped FROM keys').all();
    database.close();
    return new Map(rows.map(([person, bytes]) => [person, Buffer.from(bytes)] as const));
  }
});

const filesHold = (folder: string, bytes: Uint8Array): boolean =>
  readdirSync(folder).some((name) => readFileSync(join(folder, name)).includes(Buffer.from(bytes)));
