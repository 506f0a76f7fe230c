import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Log, LogUnavailable } from '#runtime/ports';
import { eventually, fact, facts, logContract, newStream, readEverything } from '../../../test/contract/log.contract.js';
import { Database } from './database.js';
import { lockFolder, logFileIn, openSqliteLog, openSqliteLogReader, type SqliteLogOptions } from './index.js';

logContract('SQLite', async () => {
  const folders: string[] = [];
  const logs: Log[] = [];
  const newFolder = () => {
    const folder = mkdtempSync(join(tmpdir(), 'annals-log-'));
    folders.push(folder);
    return folder;
  };
  const opened = async (options: SqliteLogOptions) => {
    const log = await openSqliteLog(options);
    logs.push(log);
    return log;
  };
  const folder = newFolder();
  return {
    open: () => opened({ folder }),
    openAnother: () => opened({ folder: newFolder() }),
    dispose: async () => {
      for (const log of logs) await log.close();
      for (const each of folders) rmSync(each, { recursive: true });
    },
  };
});

describe('a SQLite log', () => {
  let folder: string;
  const logs: Log[] = [];
  const opened = async (options: Partial<SqliteLogOptions> = {}) => {
    const log = await openSqliteLog({ folder, ...options });
    logs.push(log);
    return log;
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'annals-log-'));
  });
  afterEach(async () => {
    for (const log of logs.splice(0)) await log.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('has one writer and says who it is', async () => {
    const log = await opened();
    expect(log.exclusive).toBe(true);
    await expect(openSqliteLog({ folder })).rejects.toThrow(`process ${process.pid}`);
    await log.close();
    await (await openSqliteLog({ folder })).close();
  });

  it('refuses what does not fit into its limit as a whole, says so, and goes on with what fits', async () => {
    const log = await opened({ maxBytes: 1_000_000 });
    const big = fact({ data: `"${'x'.repeat(300_000)}"` });
    await log.append(newStream(), -1, [big]);
    const stream = newStream();
    const refusal = log.append(stream, -1, [fact(), big, big, big]);
    await expect(refusal).rejects.toBeInstanceOf(LogUnavailable);
    await expect(refusal).rejects.toThrow(/full/);
    await expect(refusal).rejects.toMatchObject({ why: 'the disk that holds the log is full' });
    expect(await log.readStream(stream, 0)).toEqual([]);
    await log.append(stream, -1, facts(1));
    expect(await readEverything(log)).toHaveLength(2);
  });

  it('names a damaged file and the remedy', async () => {
    const log = await opened();
    for (let round = 0; round < 40; round++) await log.append(newStream(), -1, [fact({ data: `"${'x'.repeat(9000)}"` })]);
    await log.close();
    const file = logFileIn(folder);
    const handle = await open(file, 'r+');
    const { size } = await handle.stat();
    expect(size).toBeGreaterThan(300_000);
    for (let at = 8192; at < size; at += 8192) await handle.write(Buffer.alloc(64, 0xa5), 0, 64, at);
    await handle.close();
    const broken = (async () => {
      const again = await opened();
      await readEverything(again);
      await again.append(newStream(), -1, facts(1));
    })();
    await expect(broken).rejects.toThrow(/log\.db is damaged.*backup/);
  });

  it('says that the file is damaged to whoever reads what is, wherever in a page of facts that lies', async () => {
    const log = await opened();
    const stream = newStream();
    for (let round = 0; round < 40; round++) await log.append(stream, round - 1, [fact({ data: `"${'x'.repeat(7_000)}"` })]);
    await log.close();
    const file = await open(logFileIn(folder), 'r+');
    const pages = (await file.stat()).size / 8192;
    // the first facts and the last one are as they were
    for (let page = pages >> 1; page < pages - 5; page++) await file.write(Buffer.alloc(8192, 0xa5), 0, 8192, page * 8192);
    await file.close();
    const again = await opened();
    const [whole] = (await again.readAll(again.start, { limit: 1 })).facts;
    expect(whole?.data).toHaveLength(7_002);
    await expect(again.readAll(again.start, { limit: 100 })).rejects.toMatchObject({
      why: 'the file of the log is damaged',
    });
  });

  it('refuses a file that is no database, of another kind, or of a newer format', async () => {
    writeFileSync(logFileIn(folder), 'not a database at all, but long enough to be looked at as one'.repeat(20));
    await expect(opened()).rejects.toThrow(/damaged or no database/);
    rmSync(logFileIn(folder));
    await (await opened()).close();
    const database = new Database(logFileIn(folder), { durability: 'full' });
    database.exec('PRAGMA user_version = 99');
    database.close();
    await expect(opened()).rejects.toThrow(/format 99.*Upgrade the server/);
  });

  it('reports a folder that is missing', async () => {
    await expect(openSqliteLog({ folder: join(folder, 'nowhere') })).rejects.toThrow(/cannot be opened: check that its folder/);
  });

  // The superuser may write anywhere.
  (process.getuid?.() === 0 ? it.skip : it)('reports a folder that is read-only', async () => {
    chmodSync(folder, 0o500);
    await expect(opened()).rejects.toThrow(/cannot be opened|cannot be written/);
    chmodSync(folder, 0o700);
  });

  it('appends nothing when opened for reading', async () => {
    const log = await opened();
    await log.append(newStream(), -1, facts(2));
    const reader = await opened({ readonly: true });
    expect(reader.exclusive).toBe(false);
    await expect(reader.append(newStream(), -1, facts(1))).rejects.toBeInstanceOf(LogUnavailable);
    expect(await readEverything(reader)).toEqual(await readEverything(log));
  });

  it('wakes readers of the same file', async () => {
    const log = await opened();
    const reader = await openSqliteLogReader(logFileIn(folder));
    logs.push(reader);
    let heard = '';
    reader.onAppend((head) => {
      heard = head;
    });
    const { position } = await log.append(newStream(), -1, facts(1));
    await eventually(() => heard === position);
    expect(await reader.head()).toBe(position);
  });

  it('is not held up by a reader in the middle of a page', async () => {
    const log = await opened();
    await log.append(newStream(), -1, facts(100));
    const reading = new Database(logFileIn(folder), { readonly: true, durability: 'full' });
    reading.exec('BEGIN; SELECT count(*) FROM facts');
    const before = reading.value('SELECT count(*) FROM facts');
    await Promise.all(Array.from({ length: 100 }, () => log.append(newStream(), -1, facts(10))));
    expect(reading.value('SELECT count(*) FROM facts')).toBe(before);
    reading.exec('COMMIT');
    reading.close();
    expect(await readEverything(log)).toHaveLength(1100);
  });

  it('looks through many facts of other types in bounded pages', async () => {
    const log = await opened();
    const streams = Array.from({ length: 60 }, () => newStream());
    await Promise.all(streams.map((stream) => log.append(stream, -1, facts(1000))));
    const { position } = await log.append(newStream(), -1, [fact({ type: 'RareThing' })]);
    const first = await log.readAll(log.start, { limit: 10, types: ['RareThing'] });
    expect([first.facts.length, first.atHead]).toEqual([0, false]);
    expect(first.position > log.start).toBe(true);
    expect((await readEverything(log, { types: ['RareThing'], limit: 10 })).map((each) => each.position)).toEqual([position]);
  });

  it('refuses a position beyond its head: it was handed out by a log that lost its end', async () => {
    const log = await opened();
    await log.append(newStream(), -1, facts(1));
    await expect(log.readAll(`${log.id}.0000000000000002`, { limit: 1 })).rejects.toThrow(/behind the head/);
  });
});

describe('a locked folder', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'annals-lock-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('is refused to a second one until it is released', () => {
    const lock = lockFolder(folder);
    expect(() => lockFolder(folder)).toThrow(`${folder} is in use by process ${process.pid}`);
    lock.release();
    lock.release();
    lockFolder(folder).release();
  });

  it('does not mind what a killed holder left behind', () => {
    writeFileSync(join(folder, 'annals.lock'), '');
    writeFileSync(join(folder, 'annals.lock.pid'), '1');
    lockFolder(folder).release();
  });
});
