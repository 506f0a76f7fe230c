import { copyFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { backupSqlite, logFileIn, StorageError } from '#adapters/sqlite';
import { type BackupReport, Problem } from '#runtime';
import { FORMAT, STATE_ELSEWHERE } from './data-folder.js';
import type { Engines } from './engines.js';
import { isWithin, makeFolders } from './folders.js';
import { keysFileIn, stateFileIn } from './layout.js';

interface Target {
  readonly folder: string;
  readonly keysFolder: string;
}

/** Whether a backup made here has log and keys; other engines have tools of their own. */
export const isBackedUpHere = ({ log, keys }: Engines): boolean => log.engine === 'sqlite' && keys.engine === 'sqlite';

/**
 * State first, the log last: whatever it holds is then in the log of the same backup. Views are built anew from the log. State that
 * is elsewhere is left to the tools of its engine, as docs/adr/0120-backups-beside-state-elsewhere.md says. `head` is asked before the
 * log is copied: the copy has everything up to there. Throws Problem 422 for folders that cannot be the target.
 */
export async function backUp(engines: Engines, target: Target, head: () => Promise<string>): Promise<BackupReport> {
  refuseOtherEngines(engines);
  const { folder } = engines;
  const to = resolve(target.folder);
  const keysTo = resolve(target.keysFolder);
  refuseFolders(to, keysTo, resolve(folder));
  makeTargets(to, keysTo);

  const files: { file: string; bytes: number }[] = [];
  const copy = async (from: string, into: string) => {
    files.push(await copied(from, join(into, basename(from))));
  };
  const state = engines.views.engine === 'sqlite' ? undefined : STATE_ELSEWHERE;
  if (state === undefined) await copy(stateFileIn(folder), to);
  await copy(keysFileIn(folder), keysTo);
  const position = await head();
  await copy(logFileIn(folder), to);
  if (state === undefined) copyFileSync(join(folder, 'format.json'), join(to, 'format.json'));
  else writeFileSync(join(to, 'format.json'), `${JSON.stringify({ format: FORMAT, state })}\n`, { mode: 0o600 });
  return { files, position, ...(state !== undefined && { state }) };
}

function refuseOtherEngines(engines: Engines): void {
  if (isBackedUpHere(engines)) return;
  throw new Problem(
    422,
    'backup-elsewhere',
    'This copies an embedded log with embedded keys. Back up EventStoreDB and MongoDB with their own tools, keys apart: docs/how-to/back-up-and-restore.md.',
  );
}

function refuseFolders(to: string, keysTo: string, data: string): void {
  if (isWithin(to, keysTo) || isWithin(keysTo, to)) {
    throw new Problem(
      422,
      'keys-beside-data',
      'Keys are backed up apart from the data: name two folders of which neither holds the other.',
    );
  }
  const within = [to, keysTo].find((place) => isWithin(place, data));
  if (within !== undefined) {
    throw new Problem(
      422,
      'backup-refused',
      `${within} lies inside the data folder, and would be lost or copied with it. Name another folder.`,
    );
  }
}

function makeTargets(...folders: readonly string[]): void {
  for (const folder of folders) {
    try {
      makeFolders(folder);
    } catch (error) {
      throw refusal(`The folder ${folder} cannot be made`, error);
    }
  }
}

async function copied(from: string, file: string): Promise<{ readonly file: string; readonly bytes: number }> {
  await backupSqlite(from, file).catch((error: unknown) => {
    throw error instanceof StorageError
      ? new Problem(422, 'backup-refused', error.message)
      : refusal(`${file} cannot be written`, error);
  });
  return { file, bytes: statSync(file).size };
}

/** What the system refuses is the caller's to mend; anything else is a fault of ours. */
function refusal(what: string, error: unknown): unknown {
  const { code, syscall } = error as NodeJS.ErrnoException;
  return syscall === undefined ? error : new Problem(422, 'backup-refused', `${what} (${code}). Name another folder.`);
}
