import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StoredFact } from '../ports.js';

const PARTS = 64;
/** Bytes of one part kept in memory before they go to the file. */
const CHUNK = 128 * 1024;
/** Most bytes of a character in UTF-8, for each of UTF-16. */
const WIDEST = 3;
// Control characters that no valid JSON, name or moment holds.
const FIELD = '\u001f';
const FACT = '\u001e';

interface Part {
  /** Texts outside the heap: thousands of facts that wait would be moved about with every collection. */
  waiting: Buffer | undefined;
  bytes: number;
  readonly chunks: { readonly offset: number; readonly bytes: number }[];
}

/** Facts set aside by the keys of their documents, in log order in each part: in memory while they are few, else in a temporary file. */
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

  add(number: number, fact: StoredFact): void {
    const part = this.#parts[number] as Part;
    const text = packed(fact);
    const most = text.length * WIDEST;
    if (part.bytes + most > CHUNK) this.#flush(part);
    if (most > CHUNK) this.#append(part, Buffer.from(text));
    else {
      part.waiting ??= Buffer.allocUnsafe(CHUNK);
      part.bytes += part.waiting.write(text, part.bytes);
    }
  }

  /** The facts of a part, a chunk at a time. */
  *read(number: number): IterableIterator<readonly StoredFact[]> {
    const { chunks, waiting, bytes: left } = this.#parts[number] as Part;
    for (const { offset, bytes } of chunks) {
      const buffer = Buffer.allocUnsafe(bytes);
      for (let at = 0; at < bytes; ) {
        const count = readSync(this.#open(), buffer, at, bytes - at, offset + at);
        if (count === 0) throw new Error('The temporary file of a build was cut short.');
        at += count;
      }
      yield facts(buffer);
    }
    if (waiting && left > 0) yield facts(waiting.subarray(0, left));
  }

  close(): void {
    if (!this.#file) return;
    closeSync(this.#file.descriptor);
    remove(this.#file.folder);
    this.#file = undefined;
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

const packed = (fact: StoredFact): string =>
  `${fact.position}${FIELD}${fact.revision}${FIELD}${fact.type}${FIELD}${fact.schemaVersion}${FIELD}${fact.stream}${FIELD}${fact.id}${FIELD}${fact.occurredAt}${FIELD}${fact.recordedAt}${FIELD}${fact.data}${FIELD}${fact.metadata}${FACT}`;

const facts = (buffer: Buffer): readonly StoredFact[] => buffer.toString().split(FACT).slice(0, -1).map(unpacked);

function unpacked(text: string): StoredFact {
  const [position, revision, type, schemaVersion, stream, id, occurredAt, recordedAt, data, metadata] = text.split(
    FIELD,
  ) as FieldTexts;
  return {
    position,
    revision: Number(revision),
    type,
    schemaVersion: Number(schemaVersion),
    stream,
    id,
    occurredAt,
    recordedAt,
    data,
    metadata,
  };
}

type FieldTexts = [string, string, string, string, string, string, string, string, string, string];
