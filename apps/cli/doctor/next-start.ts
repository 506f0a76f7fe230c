import { existsSync } from 'node:fs';
import path from 'node:path';
import { logFileIn, openSqliteLogReader, openSqliteViews, proveMasterKey, StorageError } from '#adapters/sqlite';
import { type Log, registryOf } from '#runtime';
import { loadConfig } from '../../server/config.js';
import { ConfigRefused } from '../../server/config-refused.js';
import { FolderRefused, masterKeyIn } from '../../server/data-folder.js';
import { type Engines, enginesOf } from '../../server/engines.js';
import { refuseMissingKeys } from '../../server/known-keys.js';
import { refuseMissingLog, refuseMissingState } from '../../server/known-log.js';
import { allContexts, keysFileIn, stateFileIn, viewsFileIn } from '../../server/layout.js';
import type { Config } from '../../server/settings.js';
import { refuseSettings } from '../../server/start.js';
import { unusedSettings } from '../../server/unused-settings.js';
import type { Terminal } from '../terminal.js';
import { type Finding, ok, problem, warning } from './finding.js';

/** What a start on this folder would be refused for, looked at as it does, and nothing made. For folders on which no server runs. */
export async function nextStart(folder: string, secrets: string, env: Terminal['env']): Promise<readonly Finding[]> {
  const { config, findings } = settings({ ...env, ANNALS_DATA: folder });
  if (!config || !existsSync(path.join(folder, 'format.json'))) return findings;
  const engines = enginesOf(config, folder);
  const log = await embeddedLog(engines, secrets);
  try {
    return [...findings, ...log.findings, ...(await embeddedKeys(engines, secrets, log.log)), ...(await embeddedViews(engines))];
  } finally {
    await log.log?.close();
  }
}

interface Settings {
  /** Missing where a start would refuse it. */
  readonly config?: Config;
  readonly findings: readonly Finding[];
}

function settings(env: Terminal['env']): Settings {
  try {
    const config = loadConfig(env);
    refuseSettings(config);
    const unused = unusedSettings(config);
    const findings =
      unused.length === 0
        ? [ok('settings', 'a start takes them')]
        : [warning('settings', `for an engine that is not used: ${unused.join(', ')}`, 'Choose the engine, or leave them out.')];
    return { config, findings };
  } catch (error) {
    if (!(error instanceof ConfigRefused)) throw error;
    const advice = 'Mend it before the start; docs/reference/configuration.md has all settings.';
    return { findings: error.message.split('\n').map((fault) => problem('settings', fault, advice)) };
  }
}

const RESTORE = 'Restore the folder from the last backup (annals restore), or name the right one with --data.';

async function embeddedLog(
  { folder, log }: Engines,
  secrets: string,
): Promise<{ readonly log?: Log; readonly findings: readonly Finding[] }> {
  if (log.engine !== 'sqlite') return { findings: [] };
  const file = logFileIn(folder);
  try {
    if (!existsSync(file)) {
      refuseMissingLog(folder, secrets);
      return { findings: [ok('log', 'none yet; the first start makes it')] };
    }
    const opened = await openSqliteLogReader(file);
    return { log: opened, findings: [ok('log', `can be read, up to ${await opened.head()}`)] };
  } catch (error) {
    return { findings: [problem('log', refusalOf(error), RESTORE)] };
  }
}

const RESTORE_KEYS =
  'Put back the master key of this installation (ANNALS_SECRETS names its folder), or keys.db of the last backup of the keys; see docs/how-to/back-up-and-restore.md';

async function embeddedKeys(engines: Engines, secrets: string, log: Log | undefined): Promise<readonly Finding[]> {
  if (engines.keys.engine !== 'sqlite') return [];
  const file = keysFileIn(engines.folder);
  try {
    if (!existsSync(file)) {
      if (!log) return [];
      await refuseMissingKeys(engines, log, registryOf(allContexts));
      return [ok('keys', 'none yet; the next start makes the key store')];
    }
    const masterKey = readableKey(path.join(secrets, 'master.key'));
    // what is wrong with the file itself is found beside its rights
    if (!masterKey) return [];
    proveMasterKey(file, masterKey);
    return [ok('keys', `${file} opens with the master key`)];
  } catch (error) {
    return [problem('keys', refusalOf(error), RESTORE_KEYS)];
  }
}

function readableKey(file: string): Uint8Array | undefined {
  try {
    return masterKeyIn(file);
  } catch (error) {
    if (error instanceof FolderRefused) return undefined;
    throw error;
  }
}

async function embeddedViews({ folder, views }: Engines): Promise<readonly Finding[]> {
  if (views.engine !== 'sqlite') return [];
  const advice = {
    [stateFileIn(folder)]: RESTORE,
    [viewsFileIn(folder)]: 'Move the file away: the next start builds the views anew from the log.',
  };
  const looked = Object.entries(advice).map(async ([file, remedy]) => {
    try {
      if (file === stateFileIn(folder)) refuseMissingState(folder);
      if (!existsSync(file)) return [];
      await (await openSqliteViews({ file }, { readonly: true })).close();
      return [];
    } catch (error) {
      return [problem(path.basename(file), refusalOf(error), remedy)];
    }
  });
  return (await Promise.all(looked)).flat();
}

/** In the words with which a start would refuse it. */
function refusalOf(error: unknown): string {
  if (error instanceof StorageError || error instanceof FolderRefused) return error.message;
  throw error;
}
