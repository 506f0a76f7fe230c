import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { holdFile, StorageError, type StorageFault } from './database.js';

/** Somebody else works on the folder or file. */
export class LockedError extends Error {
  constructor(
    readonly what: string,
    readonly pid: number | undefined,
    /** The moment at which that process took it. */
    readonly since?: string,
  ) {
    super(
      `${what} is in use by ${pid === undefined ? 'another process' : `process ${pid}`}. Stop it first, or use another folder.`,
    );
  }
}

export interface FileLock {
  release(): void;
}

const FAULTS: Readonly<Record<string, StorageFault>> = {
  EROFS: 'readonly',
  EACCES: 'readonly',
  EPERM: 'readonly',
  ENOSPC: 'full',
};

/** The right to work on a data folder: one process at a time. Ends with the process, however it ends. Throws LockedError. */
export const lockFolder = (folder: string): FileLock => lockFile(join(resolve(folder), 'annals.lock'), resolve(folder));

/**
 * A lock of the operating system on `file`, taken through a SQLite write transaction that is never committed, since Node has
 * no call for it. It cannot become stale: the system drops it with the process. The pid beside it only serves the message.
 */
export function lockFile(file: string, what: string): FileLock {
  const pidFile = `${file}.pid`;
  let release: () => void;
  try {
    release = holdFile(file);
  } catch (error) {
    throw error instanceof StorageError && error.fault === 'busy' ? new LockedError(what, ...holderIn(pidFile)) : error;
  }
  try {
    writeFileSync(pidFile, String(process.pid));
  } catch (error) {
    release();
    const { code = String(error) } = error as NodeJS.ErrnoException;
    throw new StorageError(FAULTS[code] ?? 'io', `${what} cannot be written (${code}): is it read-only, or its disk full?`);
  }
  return {
    release: () => {
      rmSync(pidFile, { force: true });
      release();
    },
  };
}

function holderIn(file: string): readonly [pid: number | undefined, since?: string] {
  try {
    return [Number.parseInt(readFileSync(file, 'utf8'), 10) || undefined, statSync(file).mtime.toISOString()];
  } catch {
    return [undefined];
  }
}
