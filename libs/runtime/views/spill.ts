import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packedOf } from '../packed-fact.js';
import type { StoredFact } from '../ports.js';
import { type SpilledChunk, type SpilledPart, spilledText } from './spilled.js';

const PARTS = 128;
/** Bytes of one part kept in memory before they go to the file. */
const CHUNK = 32 * 1024;
/** Most bytes of a character in UTF-8, for each of UTF-16. */
const WIDEST = 3;

interface Part {
  /** Texts outside the heap: thousands of facts that wait would be moved about with every collection. */
  waiting: Buffer | undefined;
  bytes: number;
  chunks: SpilledChunk[];
}

/** Facts set aside for their documents, in parts by the documents' keys: in memory while they are few, else in a temporary file. */
export class Spill {
  readonly #parts: readonly Part[] = Array.from({ length: PARTS }, () => ({ waiting: undefined, bytes: 0, chunks: [] }));
  #file: { readonly folder: string; readonly descriptor: number } | undefined;
  #bytes = 0;

  readonly parts = PARTS;

  /** The part that a document's key belongs to. */
  partOf(key: string): number {
    let hash = 0;
    for (let index = 0; index < key.length; index++) hash = (Math.imul(hash, 31) + key.charCodeAt(index)) | 0;
    return (hash ^ (hash >>> 15)) & (PARTS - 1);
  }

  /** Once for each of its documents. */
  add(tenant: string, keys: readonly string[], fact: StoredFact): void {
    const packed = packedOf(fact);
    for (const key of keys) this.#add(this.#parts[this.partOf(key)] as Part, spilledText(tenant, key, packed));
  }

  /** What `spilledFacts` reads, until something is added or the file is closed. */
  part(number: number): SpilledPart {
    const { chunks, waiting, bytes } = this.#parts[number] as Part;
    return waiting && bytes > 0 ? [...chunks, waiting.subarray(0, bytes)] : chunks;
  }

  /** All parts of what was added since the last time, to be read until the file is closed. */
  take(): readonly SpilledPart[] {
    return this.#parts.map((part) => {
      this.#flush(part);
      const { chunks } = part;
      part.chunks = [];
      return chunks;
    });
  }

  close(): void {
    if (!this.#file) return;
    closeSync(this.#file.descriptor);
    remove(this.#file.folder);
    this.#file = undefined;
  }

  #add(part: Part, text: string): void {
    const most = text.length * WIDEST;
    if (part.bytes + most > CHUNK) this.#flush(part);
    if (most > CHUNK) this.#append(part, Buffer.from(text));
    else {
      part.waiting ??= Buffer.allocUnsafeSlow(CHUNK);
      part.bytes += part.waiting.write(text, part.bytes);
    }
  }

  #flush(part: Part): void {
    if (part.waiting && part.bytes > 0) this.#append(part, part.waiting.subarray(0, part.bytes));
    part.bytes = 0;
  }

  #append({ chunks }: Part, buffer: Buffer): void {
    const descriptor = this.#open();
    for (let at = 0; at < buffer.length; ) at += writeSync(descriptor, buffer, at, buffer.length - at, this.#bytes + at);
    chunks.push({ descriptor, offset: this.#bytes, length: buffer.length });
    this.#bytes += buffer.length;
  }

  #open(): number {
    if (!this.#file) {
      const folder = mkdtempSync(join(tmpdir(), 'annals-build-'));
      this.#file = { folder, descriptor: openSync(join(folder, 'facts'), 'wx+', 0o600) };
      remove(folder);
    }
    return this.#file.descriptor;
  }
}

/** An open file without a name is gone with its process, however that ends. Where the system refuses, it goes when it is closed. */
function remove(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch {
    // still open
  }
}
