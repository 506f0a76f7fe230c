import { closeSync, openSync, rmSync, writeSync } from 'node:fs';

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
}

/** Writes rejects as they come (NDJSON, readable by the owner only); there is no file where there are none. */
export class RejectsFile {
  #descriptor: number | undefined;
  count = 0;

  constructor(readonly path: string) {
    rmSync(path, { force: true });
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
