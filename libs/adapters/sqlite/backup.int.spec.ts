import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ForeignPosition } from '#runtime/ports';
import { facts, newStream, readEverything } from '../../../test/contract/log.contract.js';
import { backupSqlite, logFileIn, openSqliteKeys, openSqliteLog, renewLogId, restoreSqlite, verifySqlite } from './index.js';

describe('a backup', () => {
  let folder: string;
  let file: string;
  const inFolder = (name: string) => join(folder, name);

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'annals-backup-'));
    file = logFileIn(folder);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('of a log in use holds everything up to one moment, and restores to the same log', async () => {
    const log = await openSqliteLog({ folder });
    await Promise.all(Array.from({ length: 500 }, () => log.append(newStream(), -1, facts(4))));
    let stop = false;
    const load = Array.from({ length: 20 }, async () => {
      while (!stop) await log.append(newStream(), -1, facts(2));
    });
    const report = await backupSqlite(file, inFolder('copy.db'));
    stop = true;
    await Promise.all(load);
    const all = await readEverything(log);
    await log.close();
    expect(report.kind).toBe('log');
    await restoreSqlite(inFolder('copy.db'), inFolder('restored.db'));
    const restored = await openSqliteLog({ file: inFolder('restored.db') });
    const copied = await readEverything(restored);
    expect(copied.length).toBeGreaterThanOrEqual(2000);
    expect(copied).toEqual(all.slice(0, copied.length));
    await restored.append(newStream(), -1, facts(1));
    await restored.close();
  });

  it('of keys opens with the same master key', async () => {
    const masterKey = randomBytes(32);
    const keys = await openSqliteKeys({ file: inFolder('keys.db'), masterKey });
    await keys.create('acme', 'ann.contact');
    const { kind } = await backupSqlite(inFolder('keys.db'), inFolder('keys-copy.db'));
    expect(kind).toBe('keys');
    await keys.close();
    const copy = await openSqliteKeys({ file: inFolder('keys-copy.db'), masterKey });
    expect((await copy.load('acme', ['ann.contact'])).size).toBe(1);
    await copy.close();
  });

  it('is not made of or restored from what is no whole database, and replaces nothing', async () => {
    const log = await openSqliteLog({ folder });
    for (let round = 0; round < 50; round++) await log.append(newStream(), -1, facts(50));
    await log.close();
    await backupSqlite(file, inFolder('copy.db'));
    await expect(backupSqlite(file, inFolder('copy.db'))).rejects.toThrow(/exists already/);
    await expect(backupSqlite(inFolder('none.db'), inFolder('new.db'))).rejects.toThrow(/does not exist/);
    truncateSync(inFolder('copy.db'), 40_000);
    await expect(restoreSqlite(inFolder('copy.db'), inFolder('new.db'))).rejects.toThrow();
    expect([existsSync(inFolder('new.db')), existsSync(inFolder('new.db.partial'))]).toEqual([false, false]);
    expect(() => verifySqlite(inFolder('copy.db'))).toThrow();
    writeFileSync(inFolder('other.db-wal'), '');
    await expect(restoreSqlite(file, inFolder('other.db'))).rejects.toThrow(/move it away/);
  });

  it('of a log restored under a new id makes earlier positions foreign', async () => {
    const log = await openSqliteLog({ folder });
    const { position } = await log.append(newStream(), -1, facts(1));
    await log.close();
    const id = renewLogId(file);
    expect(id).not.toBe(log.id);
    const renewed = await openSqliteLog({ folder });
    expect(renewed.id).toBe(id);
    await expect(renewed.readAll(position, { limit: 1 })).rejects.toBeInstanceOf(ForeignPosition);
    expect(await readEverything(renewed)).toHaveLength(1);
    await renewed.close();
  });
});
