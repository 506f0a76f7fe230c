import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openAnnals } from './compose.js';
import { loadConfig } from './config.js';
import { FolderRefused, writeSecret } from './data-folder.js';
import { enginesOf } from './engines.js';

/**
 * Makes an administrator token in the log of a data folder, whose lock nobody may hold, and writes its secret to a file first. The
 * master key has to be the one of the keys. Throws what `refusedStart` can explain.
 */
export async function recoverToken(folder: string, env: NodeJS.ProcessEnv, file: string): Promise<void> {
  const config = loadConfig(env);
  if (!existsSync(join(folder, 'format.json')))
    throw new FolderRefused(`${folder} is no data folder; its first start makes its token. Name another with --data.`);
  const house = await openAnnals({
    data: folder,
    secrets: config.secrets,
    engines: enginesOf(config, folder),
    backdateDays: config.backdateDays,
    runsProcesses: false,
    relays: false,
  });
  try {
    await house.recoverToken((token) => writeSecret(file, token));
  } finally {
    await house.close();
  }
}
