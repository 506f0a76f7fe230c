import { isAscii } from 'node:buffer';
import { readSync } from 'node:fs';
import { PackedFact } from '../packed-fact.js';
import type { StoredFact } from '../ports.js';

/** Bytes put in order of their documents at once: those of a whole part, unless the log is very long. */
const AT_ONCE = 16 * 1024 * 1024;
/** Facts folded before other work gets its turn. */
const A_LOT = 100;
// Control characters that no valid JSON, name or moment holds.
const DOCUMENT = '\u001d';
const FACT = '\u001f';

/** Where the facts of a part lie, in log order: in a file, whose descriptor holds in all threads of a process, or in memory. */
export type SpilledPart = readonly (SpilledChunk | Uint8Array)[];

export interface SpilledChunk {
  readonly descriptor: number;
  readonly offset: number;
  readonly length: number;
}

/** A fact and the document that it goes into. */
export interface SpilledFact {
  readonly document: SpilledDocument;
  readonly stored: StoredFact;
}

export interface SpilledDocument {
  readonly tenant: string;
  readonly key: string;
}

export interface SpilledFacts {
  /** In log order for each document. */
  readonly facts: readonly SpilledFact[];
  /** No more facts come for the documents that had some so far. */
  readonly complete: boolean;
}

/** A fact as it is set aside for a document. */
export const spilledText = (tenant: string, key: string, packed: string): string =>
  `${tenant} ${PLAIN.test(key) ? key : JSON.stringify(key)}${DOCUMENT}${packed}${FACT}`;

/** Characters of one byte, and no beginning of a text in JSON. */
const PLAIN = /^[!#-~][ -~]*$/;

/**
 * The facts of a part, one document's after the other's: a document that is folded in one go is written while it is young, and the
 * collector never has to move it. Parts that do not fit in memory come in several such orders.
 */
export function* spilledFacts(part: SpilledPart, atOnce = AT_ONCE): IterableIterator<SpilledFacts> {
  const bytes = part.reduce((sum, { length }) => sum + length, 0);
  let together = new ByDocument();
  for (const text of textsOf(part)) {
    together.add(text);
    if (bytes <= atOnce || together.characters < atOnce) continue;
    yield* together.facts(false);
    together = new ByDocument();
  }
  yield* together.facts(bytes <= atOnce);
  if (bytes > atOnce) yield { facts: [], complete: true };
}

class ByDocument {
  readonly #documents = new Map<string, { readonly document: SpilledDocument; readonly packed: string[] }>();
  characters = 0;

  add(text: string): void {
    this.characters += text.length;
    for (let start = 0; start < text.length; ) {
      const middle = text.indexOf(DOCUMENT, start);
      const end = text.indexOf(FACT, middle);
      this.#of(text.slice(start, middle)).push(text.slice(middle + 1, end));
      start = end + 1;
    }
  }

  /** `complete`: with the last fact of a document nothing more of it is to come. */
  *facts(complete: boolean): IterableIterator<SpilledFacts> {
    let facts: SpilledFact[] = [];
    for (const { document, packed } of this.#documents.values()) {
      for (const text of packed) {
        if (facts.length >= A_LOT) {
          yield { facts, complete: false };
          facts = [];
        }
        facts.push({ document, stored: new PackedFact(text) });
      }
      if (facts.length < A_LOT) continue;
      yield { facts, complete };
      facts = [];
    }
    yield { facts, complete };
  }

  #of(name: string): string[] {
    const known = this.#documents.get(name);
    if (known) return known.packed;
    const packed: string[] = [];
    this.#documents.set(ofItsOwn(name), { document: documentNamed(name), packed });
    return packed;
  }
}

function documentNamed(name: string): SpilledDocument {
  const space = name.indexOf(' ');
  const key = name.slice(space + 1);
  return {
    tenant: ofItsOwn(name.slice(0, space)),
    key: key.startsWith('"') ? (JSON.parse(key) as string) : ofItsOwn(key),
  };
}

function* textsOf(part: SpilledPart): IterableIterator<string> {
  // One for all: a buffer for each chunk would wait for the collector outside its heap.
  let buffer = Buffer.alloc(0);
  for (const piece of part) {
    if (piece instanceof Uint8Array) {
      yield textIn(Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength));
      continue;
    }
    const { descriptor, offset, length } = piece;
    if (buffer.length < length) buffer = Buffer.allocUnsafeSlow(length);
    for (let at = 0; at < length; ) {
      const count = readSync(descriptor, buffer, at, length - at, offset + at);
      if (count === 0) throw new Error('The temporary file of a build was cut short.');
      at += count;
    }
    yield textIn(buffer.subarray(0, length));
  }
}

/** Decoding what needs none takes a third of the time. */
const textIn = (bytes: Buffer): string => (isAscii(bytes) ? bytes.toString('latin1') : bytes.toString());

/** A part of a text keeps the whole of it in memory. */
const ofItsOwn = (part: string): string => ` ${part}`.slice(1);
