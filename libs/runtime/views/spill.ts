import { isAscii } from 'node:buffer';
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PackedFact, packedOf } from '../packed-fact.js';
import type { StoredFact } from '../ports.js';

const PARTS = 64;
/** Bytes of one part kept in memory before they go to the file. */
const CHUNK = 64 * 1024;
/** Most bytes of a character in UTF-8, for each of UTF-16. */
const WIDEST = 3;
// Control characters that no valid JSON, name or moment holds.
const KEYS = '\u001d';
const FACT = '\u001f';

interface Part {
  /** Texts outside the heap: thousands of facts that wait would be moved about with every collection. */
  waiting: Buffer | undefined;
  bytes: number;
  readonly chunks: { readonly offset: number; readonly bytes: number }[];
}

/** A fact and those of its documents that belong to the part. */
export interface SpilledFact {
  readonly keys: readonly string[];
  readonly stored: StoredFact;
}

/** Facts set aside by the keys of their documents, in log order in each part: in memory while they are few, else in a temporary file. */
export class Spill {
  readonly #parts: readonly Part[] = Array.from({ length: PARTS }, () => ({ waiting: undefined, bytes: 0, chunks: [] }));
  #file: { readonly folder: string; readonly descriptor: number } | undefined;
  #bytes = 0;
  /** For what comes back from the file: a buffer for each chunk would wait for the collector outside its heap. */
  #chunk = Buffer.alloc(0);

  readonly parts = PARTS;

  /** The part that a document's key belongs to. */
  partOf(key: string): number {
    let hash = 0;
    for (let index = 0; index < key.length; index++) hash = (Math.imul(hash, 31) + key.charCodeAt(index)) | 0;
    return (hash ^ (hash >>> 15)) & (PARTS - 1);
  }

  /** Into each part that has some of the keys. */
  add(keys: readonly string[], fact: StoredFact): void {
    if (keys.length === 1) {
      this.#add(this.partOf(keys[0] as string), keys, fact);
      return;
    }
    for (const part of new Set(keys.map((key) => this.partOf(key)))) {
      const its = keys.filter((key) => this.partOf(key) === part);
      this.#add(part, its, fact);
    }
  }

  /** The facts of a part, a chunk at a time. */
  *read(number: number): IterableIterator<readonly SpilledFact[]> {
    const { chunks, waiting, bytes: left } = this.#parts[number] as Part;
    for (const { offset, bytes } of chunks) {
      if (this.#chunk.length < bytes) this.#chunk = Buffer.allocUnsafeSlow(bytes);
      for (let at = 0; at < bytes; ) {
        const count = readSync(this.#open(), this.#chunk, at, bytes - at, offset + at);
        if (count === 0) throw new Error('The temporary file of a build was cut short.');
        at += count;
      }
      yield factsIn(this.#chunk.subarray(0, bytes));
    }
    if (waiting && left > 0) yield factsIn(waiting.subarray(0, left));
  }

  close(): void {
    if (!this.#file) return;
    closeSync(this.#file.descriptor);
    remove(this.#file.folder);
    this.#file = undefined;
  }

  #add(number: number, keys: readonly string[], fact: StoredFact): void {
    const part = this.#parts[number] as Part;
    const text = `${keysText(keys)}${KEYS}${packedOf(fact)}${FACT}`;
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
    for (let at = 0; at < buffer.length; ) at += writeSync(this.#open(), buffer, at, buffer.length - at, this.#bytes + at);
    chunks.push({ offset: this.#bytes, bytes: buffer.length });
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

/** One key of the usual kind as it is, all others as a list in JSON. */
const keysText = (keys: readonly string[]): string => {
  const [key = ''] = keys;
  return keys.length === 1 && PLAIN.test(key) ? key : JSON.stringify(keys);
};

/** Characters of one byte, and no beginning of a list. */
const PLAIN = /^[!-Z^-~][ -~]*$/;

function factsIn(buffer: Buffer): readonly SpilledFact[] {
  // Decoding what needs none takes a third of the time.
  const text = isAscii(buffer) ? buffer.toString('latin1') : buffer.toString();
  const facts: SpilledFact[] = [];
  for (let start = 0; start < text.length; ) {
    const middle = text.indexOf(KEYS, start);
    const end = text.indexOf(FACT, middle);
    const keys = text.slice(start, middle);
    facts.push({
      keys: keys.startsWith('[') ? (JSON.parse(keys) as readonly string[]) : [ofItsOwn(keys)],
      stored: new PackedFact(text.slice(middle + 1, end)),
    });
    start = end + 1;
  }
  return facts;
}

/** A part of a text keeps the whole of it in memory. */
const ofItsOwn = (part: string): string => ` ${part}`.slice(1);
