import { readFileSync, writeFileSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { Vitals } from '#runtime';

/** What the machine says about a data folder: room, and when its last backup ended. */
export async function surroundingsOf(folder: string): Promise<Pick<Vitals, 'version' | 'disk' | 'lastBackupAt'>> {
  const disk = await statfs(folder).then(
    ({ bavail, blocks, bsize }) => ({ freeBytes: bavail * bsize, sizeBytes: blocks * bsize }),
    () => undefined,
  );
  return { version: productVersion(), disk, lastBackupAt: lastBackupOf(folder) };
}

const backupFileIn = (folder: string): string => join(folder, 'last-backup.json');

/** Remembers when a backup ended, for the alert on its age. */
export function noteBackup(folder: string, at: Date): void {
  writeFileSync(backupFileIn(folder), `${JSON.stringify({ at: at.toISOString() })}\n`);
}

function lastBackupOf(folder: string): string | undefined {
  try {
    const { at } = JSON.parse(readFileSync(backupFileIn(folder), 'utf8')) as { at?: unknown };
    return typeof at === 'string' ? at : undefined;
  } catch {
    return undefined;
  }
}

/** Of package.json, which lies one folder higher for the sources than for the build. */
export function productVersion(): string {
  for (const place of ['../../package.json', '../../../package.json']) {
    try {
      const { name, version } = JSON.parse(readFileSync(new URL(place, import.meta.url), 'utf8')) as Record<string, unknown>;
      if (name === 'annals' && typeof version === 'string') return version;
    } catch {
      // tried at the other place
    }
  }
  return 'unknown';
}
