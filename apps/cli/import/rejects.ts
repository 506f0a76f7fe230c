import { accessSync, closeSync, constants, openSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { refusedBecause } from '../client/files.js';
import { usage } from '../client/problems.js';

/** One line of a rejects file. */
export interface Reject {
  readonly source: string;
  readonly file?: string;
  readonly line: number;
  /** Columns concerned, separated by commas; absent where the record as a whole is broken. */
  readonly field?: string;
  /** Absent for personal columns. */
  readonly value?: string;
  readonly command?: string;
  readonly reason: string;
  /** Steps of the row that were recorded all the same, in this run or an earlier one; absent where none was. */
  readonly recorded?: readonly string[];
}

/** Writes rejects as they come (NDJSON, readable by the owner only); there is no file where there are none. */
export class RejectsFile {
  #descriptor: number | undefined;
  count = 0;

  /** Throws a usage failure where no such file can be written: better before the import than at its first reject. */
  constructor(readonly path: string) {
    try {
      rmSync(path, { force: true });
      accessSync(dirname(path), constants.W_OK);
    } catch (error) {
      throw usage(`--rejects: cannot write ${path}: ${whyNot(error, dirname(path))}.`);
    }
  }

  add(reject: Reject): void {
    this.#descriptor ??= openSync(this.path, 'w', 0o600);
    writeSync(this.#descriptor, `${JSON.stringify(reject)}\n`);
    this.count++;
  }

  close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }
}

const whyNot = (error: unknown, folder: string) =>
  (error as NodeJS.ErrnoException).code === 'ENOENT' ? `the folder ${folder} does not exist` : refusedBecause(error);
