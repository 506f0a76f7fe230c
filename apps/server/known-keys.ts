import { existsSync } from 'node:fs';
import type { KeyStore, Log, Registry } from '#runtime';
import { firstWithoutKeys } from '#runtime/sealing/lost-keys';
import { FolderRefused } from './data-folder.js';
import { type Engines, openKeys } from './engines.js';
import { keysFileIn } from './layout.js';

type Asked = Pick<KeyStore, 'appliedTo' | 'load'>;

const NO_KEYS: Asked = { appliedTo: async () => undefined, load: async () => new Map() };

/** The key store of this log. Throws FolderRefused where it is gone: under new keys names stay sealed, and identifiers are free again. */
export async function openKnownKeys(engines: Engines, masterKey: Uint8Array, log: Log, registry: Registry): Promise<KeyStore> {
  await refuseMissingKeys(engines, log, registry);
  const keys = await openKeys(engines, masterKey);
  try {
    await refuseLostKeys(engines, keys, log, registry);
    return keys;
  } catch (error) {
    await keys.close();
    throw error;
  }
}

/** Throws FolderRefused where the file of the keys is not there, before it is made anew, and the log needs it. */
export async function refuseMissingKeys(engines: Engines, log: Log, registry: Registry): Promise<void> {
  if (engines.keys.engine === 'sqlite' && !existsSync(keysFileIn(engines.folder)))
    await refuseLostKeys(engines, NO_KEYS, log, registry);
}

async function refuseLostKeys({ folder, keys }: Engines, asked: Asked, log: Log, registry: Registry): Promise<void> {
  const first = await firstWithoutKeys(log, asked, registry);
  if (!first) return;
  const [place, remedy] =
    keys.engine === 'sqlite'
      ? [keysFileIn(folder), 'Put keys.db of the last backup of the keys there']
      : [
          `the database ${keys.database}`,
          'Restore that database from its last backup, or name the right one in ANNALS_MONGODB_DATABASE',
        ];
  throw new FolderRefused(
    `The log has personal fields from position ${first.position} on, and ${place} has none of their keys: they were lost, or are of another installation. ${remedy}, with its master key; without them nobody can open these fields.`,
  );
}
