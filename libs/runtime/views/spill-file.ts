import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A piece of the file. */
export interface Chunk {
  readonly offset: number;
  readonly bytes: number;
}

/** A temporary file of a build: made with its first bytes, gone with its process, however that ends. */
export class SpillFile {
  #opened: { readonly descriptor: number; readonly folder?: string } | undefined;
  #bytes = 0;
  /** For what comes back: a buffer for each chunk would wait for the collector outside its heap. */
  #read = Buffer.alloc(0);

  /** A file that somebody else in this process made, and closes when it is used no more. */
  static of(descriptor: number): SpillFile {
    const file = new SpillFile();
    file.#opened = { descriptor };
    return file;
  }

  get descriptor(): number {
    this.#opened ??= opened();
    return this.#opened.descriptor;
  }

  /** Behind what was appended here before. */
  append(buffer: Buffer): Chunk {
    const chunk = { offset: this.#bytes, bytes: buffer.length };
    for (let at = 0; at < buffer.length; ) at += writeSync(this.descriptor, buffer, at, buffer.length - at, this.#bytes + at);
    this.#bytes += buffer.length;
    return chunk;
  }

  /** Valid until the next one is read. */
  read({ offset, bytes }: Chunk): Buffer {
    if (this.#read.length < bytes) this.#read = Buffer.allocUnsafeSlow(bytes);
    for (let at = 0; at < bytes; ) {
      const count = readSync(this.descriptor, this.#read, at, bytes - at, offset + at);
      if (count === 0) throw new Error('The temporary file of a build was cut short.');
      at += count;
    }
    return this.#read.subarray(0, bytes);
  }

  close(): void {
    if (this.#opened?.folder === undefined) return;
    closeSync(this.#opened.descriptor);
    remove(this.#opened.folder);
    this.#opened = undefined;
  }
}

function opened() {
  const folder = mkdtempSync(join(tmpdir(), 'annals-build-'));
  const descriptor = openSync(join(folder, 'facts'), 'wx+', 0o600);
  remove(folder);
  return { descriptor, folder };
}

/** An open file without a name is gone with its process. Where the system refuses, it goes when it is closed. */
function remove(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch {
    // still open
  }
}
