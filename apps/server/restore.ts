import { chmodSync, copyFileSync, existsSync, readdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { lockFolder, logFileIn, proveMasterKey, renewLogId, restoreSqlite } from '#adapters/sqlite';
import { FolderRefused, isWithoutState, makeFolder, prepareDataFolder } from './data-folder.js';
import { keysFileIn, stateFileIn } from './layout.js';

/**
 * Makes a data folder from a backup. Its log gets a new id: readers outside that are ahead of the backup are told so (410)
 * instead of missing what comes next. Views are built at the first start; erasures in the log are applied to the keys then.
 * Throws FolderRefused, LockedError, StorageError; what was made so far is removed again.
 */
export async function restoreFolder(
  backup: {
    readonly folder: string;
    readonly keysFolder: string;
    /** 32 bytes; where it is known, it has to open the keys. */
    readonly masterKey?: Uint8Array | undefined;
  },
  folder: string,
): Promise<readonly string[]> {
  const format = join(backup.folder, 'format.json');
  const hasState = !isWithoutState(format);
  const sources = {
    log: join(backup.folder, basename(logFileIn(folder))),
    ...(hasState && { state: join(backup.folder, basename(stateFileIn(folder))) }),
    keys: join(backup.keysFolder, basename(keysFileIn(folder))),
  };
  for (const file of Object.values(sources)) {
    if (!existsSync(file)) throw new FolderRefused(`${file} is missing; name the two folders that annals backup wrote.`);
  }
  if (existsSync(folder) && readdirSync(folder).length > 0)
    throw new FolderRefused(`${folder} is not empty; restore into a new folder.`);
  if (backup.masterKey) proveMasterKey(sources.keys, backup.masterKey);
  makeFolder(folder);
  const lock = lockFolder(folder);
  try {
    // where the folder was there before, and is empty, it may be open to others
    chmodSync(folder, 0o700);
    for (const [source, target] of [
      [sources.keys, keysFileIn(folder)],
      [sources.state, stateFileIn(folder)],
      [sources.log, logFileIn(folder)],
    ] as const) {
      if (source === undefined) continue;
      await restoreSqlite(source, target);
      chmodSync(target, 0o600);
    }
    renewLogId(logFileIn(folder), ...(hasState ? [stateFileIn(folder)] : []));
    if (!existsSync(format)) throw new FolderRefused(`${format} is missing; name the folder that annals backup wrote.`);
    copyFileSync(format, join(folder, 'format.json'));
    chmodSync(join(folder, 'format.json'), 0o600);
    prepareDataFolder(folder);
    return Object.values(sources).map((file) => basename(file));
  } catch (error) {
    lock.release();
    rmSync(folder, { recursive: true, force: true });
    throw error;
  } finally {
    lock.release();
  }
}
