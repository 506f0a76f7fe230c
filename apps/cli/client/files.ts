import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { usage } from './problems.js';

/**
 * Makes the file, readable by its owner only, before the secret is asked for: one that could not be kept would be lost. There is no file
 * where there is no secret. Throws a usage failure where there can be none.
 */
export async function keptIn<T>(file: string, ask: () => Promise<T>, secretOf: (answer: T) => string): Promise<T> {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'wx', 0o600);
  } catch (error) {
    throw usage(`The secret cannot be written to ${file}: ${refusedBecause(error)}. Name another file with --out.`);
  }
  try {
    const answer = await ask();
    writeSync(descriptor, `${secretOf(answer)}\n`);
    return answer;
  } catch (error) {
    rmSync(file, { force: true });
    throw error;
  } finally {
    closeSync(descriptor);
  }
}

/** Why the system refused a file, in words; its own code where there are none for it. */
export function refusedBecause(error: unknown): string {
  const { code = 'no reason given' } = error as NodeJS.ErrnoException;
  return reasons[code] ?? code;
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'it does not exist',
  EISDIR: 'it is a folder',
  ERR_FS_EISDIR: 'it is a folder',
  ENOTDIR: 'a part of its path is no folder',
  EACCES: 'this user may not',
  EPERM: 'this user may not',
  EROFS: 'the disk is read-only',
  ENOSPC: 'the disk is full',
  ENAMETOOLONG: 'its name is too long',
  ERR_INVALID_ARG_VALUE: 'its name holds a NUL character',
};
