import { constants } from 'node:fs';
import { access, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { Worker } from 'node:worker_threads';
import { builtFile } from './built-file.js';
import { Database, StorageError } from './database.js';
import { type Format, kindOf } from './format.js';
import { logFormat, logIdOf, newLogId } from './log/format.js';

export interface BackupReport {
  readonly kind: Format['kind'];
  readonly bytes: number;
}

/**
 * Copies a log, view store or key store while it is in use, as of one moment, checks the copy, and only then gives it its name:
 * a file `target` is a good one. Refuses to replace an existing file. Neither waits for writers nor holds them up.
 */
export async function backupSqlite(source: string, target: string): Promise<BackupReport> {
  return copyChecked(resolve(source), resolve(target));
}

/**
 * Puts a backup in its place, checked. The server must be stopped; `target` must not exist: move the old file (with its `-wal`
 * and `-shm` files) away first. A log that lost facts since the backup must get a new id (`renewLogId`), or readers that
 * are ahead of it would miss what is appended next.
 */
export async function restoreSqlite(backup: string, target: string): Promise<BackupReport> {
  for (const leftover of [`${target}-wal`, `${target}-shm`]) {
    if (await exists(leftover))
      throw new StorageError('other', `${leftover} belongs to an earlier database; move it away first.`);
  }
  return copyChecked(resolve(backup), resolve(target));
}

/**
 * Gives a log that nobody has open a new id: all positions handed out before become foreign, and views build anew. Readers
 * whose place is noted in `stateFile` stand where they stood; snapshots there are discarded.
 */
export function renewLogId(file: string, stateFile?: string): string {
  const database = new Database(resolve(file), { durability: 'full' });
  try {
    if (kindOf(database) !== logFormat.kind) throw new StorageError('other', `${file} is no log.`);
    const before = logIdOf(database);
    const id = newLogId();
    database.transaction(() => database.sql("UPDATE meta SET value = ? WHERE name = 'log'").run(id));
    if (stateFile !== undefined) movePlaces(stateFile, before, id);
    return id;
  } finally {
    database.close();
  }
}

function movePlaces(stateFile: string, before: string, id: string): void {
  const state = new Database(resolve(stateFile), { durability: 'full' });
  try {
    state.transaction(() => {
      state
        .sql('UPDATE notes SET value = ? || substr(value, length(?) + 1) WHERE substr(value, 1, length(?)) = ?')
        .run(`${id}.`, `${before}.`, `${before}.`, `${before}.`);
      state.sql('DELETE FROM snapshots').run();
    });
  } finally {
    state.close();
  }
}

/** Everything that SQLite can check about a file of Annals. Throws StorageError with what it found. */
export function verifySqlite(file: string): Format['kind'] {
  const database = new Database(resolve(file), { readonly: true, durability: 'full' });
  try {
    const kind = kindOf(database);
    if (kind === undefined) throw new StorageError('other', `${file} is no database of Annals.`);
    const found = String(database.value('PRAGMA integrity_check'));
    if (found !== 'ok') throw new StorageError('damaged', `${file} is damaged: ${found}. Restore it from a backup.`);
    return kind;
  } finally {
    database.close();
  }
}

async function copyChecked(source: string, target: string): Promise<BackupReport> {
  if (!(await exists(source))) throw new StorageError('missing', `${source} does not exist.`);
  if (await exists(target)) throw new StorageError('other', `${target} exists already.`);
  const kind = kindOfFile(source);
  const partial = `${target}.partial`;
  await rm(partial, { force: true });
  try {
    await copyInThread(source, partial);
    await sync(partial);
    await rename(partial, target);
    await sync(dirname(target));
  } finally {
    await rm(partial, { force: true });
  }
  return { kind, bytes: (await stat(target)).size };
}

function kindOfFile(file: string): Format['kind'] {
  const database = new Database(file, { readonly: true, durability: 'full' });
  const kind = kindOf(database);
  database.close();
  if (kind === undefined) throw new StorageError('other', `${file} is no database of Annals.`);
  return kind;
}

function copyInThread(source: string, target: string): Promise<void> {
  const worker = new Worker(builtFile(import.meta.url, './backup.worker.js'), { workerData: { source, target } });
  return new Promise((fulfil, reject) => {
    worker.once('message', ({ problem }: { problem?: string }) => {
      if (problem === undefined) fulfil();
      else reject(new StorageError('other', problem));
    });
    worker.once('error', reject);
  });
}

async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

const exists = (path: string): Promise<boolean> =>
  access(path, constants.F_OK).then(
    () => true,
    () => false,
  );
