import { isAscii } from 'node:buffer';
import { PackedFact, packedOf } from '../packed-fact.js';
import type { StoredFact } from '../ports.js';
import type { Chunk, SpillFile } from './spill-file.js';
import type { KeyedFact } from './touch.js';

export const PARTS = 64;
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
  readonly chunks: Chunk[];
}

/** Which pieces of a file hold each part. */
export type Layout = readonly (readonly Chunk[])[];

/** The part that a document's key belongs to. */
export function partOf(key: string): number {
  let hash = 0;
  for (let index = 0; index < key.length; index++) hash = (Math.imul(hash, 31) + key.charCodeAt(index)) | 0;
  return (hash ^ (hash >>> 15)) & (PARTS - 1);
}

/** Facts set aside by the keys of their documents, in log order in each part: in memory while they are few, else in a temporary file. */
export class Spill {
  readonly #parts: readonly Part[] = Array.from({ length: PARTS }, () => ({ waiting: undefined, bytes: 0, chunks: [] }));

  constructor(private readonly file: SpillFile) {}

  /** Into each part that has some of the keys. */
  add(keys: readonly string[], fact: StoredFact): void {
    if (keys.length === 1) {
      this.#add(partOf(keys[0] as string), keys, fact);
      return;
    }
    for (const part of new Set(keys.map(partOf))) {
      const its = keys.filter((key) => partOf(key) === part);
      this.#add(part, its, fact);
    }
  }

  /** The facts of a part, a chunk at a time. */
  *read(number: number): IterableIterator<readonly KeyedFact[]> {
    const { chunks, waiting, bytes: left } = this.#parts[number] as Part;
    yield* readChunks(this.file, chunks);
    if (waiting && left > 0) yield factsIn(waiting.subarray(0, left));
  }

  /** Puts everything into the file, for who reads it elsewhere. */
  layout(): Layout {
    return this.#parts.map((part) => {
      this.#flush(part);
      return part.chunks;
    });
  }

  #add(number: number, keys: readonly string[], fact: StoredFact): void {
    const part = this.#parts[number] as Part;
    const text = `${keysText(keys)}${KEYS}${packedOf(fact)}${FACT}`;
    const most = text.length * WIDEST;
    if (part.bytes + most > CHUNK) this.#flush(part);
    if (most > CHUNK) part.chunks.push(this.file.append(Buffer.from(text)));
    else {
      part.waiting ??= Buffer.allocUnsafeSlow(CHUNK);
      part.bytes += part.waiting.write(text, part.bytes);
    }
  }

  #flush(part: Part): void {
    if (part.waiting && part.bytes > 0) part.chunks.push(this.file.append(part.waiting.subarray(0, part.bytes)));
    part.bytes = 0;
  }
}

export function* readChunks(file: SpillFile, chunks: readonly Chunk[]): IterableIterator<readonly KeyedFact[]> {
  for (const chunk of chunks) yield factsIn(file.read(chunk));
}

/** One key of the usual kind as it is, all others as a list in JSON. */
const keysText = (keys: readonly string[]): string => {
  const [key = ''] = keys;
  return keys.length === 1 && PLAIN.test(key) ? key : JSON.stringify(keys);
};

/** Characters of one byte, and no beginning of a list. */
const PLAIN = /^[!-Z^-~][ -~]*$/;

function factsIn(buffer: Buffer): readonly KeyedFact[] {
  // Decoding what needs none takes a third of the time.
  const text = isAscii(buffer) ? buffer.toString('latin1') : buffer.toString();
  const facts: KeyedFact[] = [];
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
