import { existsSync } from 'node:fs';
import { logFileIn } from '#adapters/sqlite';
import { adminTokenFileIn, FolderRefused, refuseForeignToken } from './data-folder.js';
import { keysFileIn, stateFileIn, viewsFileIn } from './layout.js';

/** Throws FolderRefused where a log that is not there would be made anew, though the folders are of one that is gone. */
export function refuseMissingLog(folder: string, secrets: string): void {
  const made = [keysFileIn(folder), stateFileIn(folder), viewsFileIn(folder)].filter(existsSync);
  if (made.length > 0)
    throw new FolderRefused(
      `${logFileIn(folder)} is missing, though what is made after it is there (${made.join(', ')}). Put it back from the last backup; to begin anew, name another folder in ANNALS_DATA.`,
    );
  refuseForeignToken(adminTokenFileIn(secrets));
}

/**
 * Throws FolderRefused where only the state is gone: a start makes it before the views, so somebody took it away. Without it timers are set
 * anew, and processes and webhooks that never look back would leave out what they had not come to.
 */
export function refuseMissingState(folder: string): void {
  const state = stateFileIn(folder);
  const views = viewsFileIn(folder);
  if (existsSync(views) && !existsSync(state))
    throw new FolderRefused(
      `${state} is missing, with the timers and how far processes and webhooks are, though ${views} is there. Put it back from the last backup; to go on without it, move ${views} away too.`,
    );
}
