import { tenantOf } from '#kernel';
import type { LogPage, ReadOptions, StoredFact } from '#runtime/ports';
import { type AppendAnswer, type AppendRequest, FACT_FIELDS, type FlatFacts } from './messages.js';
import { positionNumber, positionText } from './position.js';

interface Append {
  readonly stream: string;
  readonly facts: FlatFacts;
  readonly firstRevision: number;
  readonly firstPosition: number;
  readonly lastPosition: number;
  /** Characters of its data. */
  readonly size: number;
}

/** Appends that are kept, and characters of their facts at most: many times what a reader that follows the log can be behind. */
const KEPT = 256;
const CHARACTERS = 8 * 1_048_576;

/**
 * The newest facts, as the only writer of the log wrote them: readers that follow it find them here and need not ask the file for
 * what this thread had in its hands a moment ago.
 */
export class RecentFacts {
  #appends: Append[] = [];
  #size = 0;
  readonly #listeners = new Set<(head: string) => void>();

  constructor(private readonly logId: string) {}

  /** What a batch came to, in its order; then whoever follows is woken. */
  take(requests: readonly AppendRequest[], answers: readonly AppendAnswer[]): void {
    let newest = 0;
    for (const [index, [outcome, revision, position]] of answers.entries()) {
      if (outcome === 'conflict') continue;
      newest = Math.max(newest, position);
      // written by an attempt whose answer was lost, so nobody was woken for it
      if (outcome === 'known') continue;
      const [stream, , facts] = requests[index] as AppendRequest;
      const count = facts.length / FACT_FIELDS;
      const [firstRevision, firstPosition] = [revision - count + 1, position - count + 1];
      // a batch whose answers were lost leaves a gap that only the file can fill
      if (firstPosition !== this.#last + 1) this.#forget();
      const size = sizeOf(facts);
      this.#size += size;
      this.#appends.push({ stream, facts, firstRevision, firstPosition, lastPosition: position, size });
    }
    if (newest === 0) return;
    if (this.#appends.length > 2 * KEPT || this.#size > CHARACTERS) this.#dropEarliest();
    const head = positionText(this.logId, newest);
    for (const listener of this.#listeners) listener(head);
  }

  onAppend(listener: (head: string) => void): () => void {
    const own = (head: string) => listener(head);
    this.#listeners.add(own);
    return () => this.#listeners.delete(own);
  }

  /** Undefined where the file has to be asked: for what lies before all that is kept, and for whether there is anything newer. */
  readAll(after: string, { limit, types, aggregates, tenant, upTo }: ReadOptions): LogPage | undefined {
    const from = positionNumber(this.logId, after);
    const first = this.#appends[0]?.firstPosition;
    if (first === undefined || from < first - 1 || from >= this.#last || upTo !== undefined) return undefined;
    const wanted = types && new Set(types);
    const facts: StoredFact[] = [];
    for (let index = this.#indexAfter(from); index < this.#appends.length; index++) {
      const append = this.#appends[index] as Append;
      if (tenant !== undefined && tenantOf(append.stream) !== tenant) continue;
      if (aggregates && !aggregates.includes(append.stream.slice(0, append.stream.indexOf('-')))) continue;
      for (let at = 0; at < append.facts.length; at += FACT_FIELDS) {
        const number = at / FACT_FIELDS;
        if (append.firstPosition + number <= from) continue;
        if (wanted && !wanted.has(append.facts[at + 1] as string)) continue;
        const fact = this.#fact(append, number);
        facts.push(fact);
        if (facts.length === limit)
          return { facts, position: fact.position, atHead: append.firstPosition + number === this.#last };
      }
    }
    return { facts, position: positionText(this.logId, this.#last), atHead: true };
  }

  close(): void {
    this.#listeners.clear();
    this.#forget();
  }

  #forget(): void {
    this.#appends = [];
    this.#size = 0;
  }

  #dropEarliest(): void {
    let from = this.#appends.length;
    this.#size = 0;
    while (from > Math.max(0, this.#appends.length - KEPT)) {
      const { size } = this.#appends[from - 1] as Append;
      if (this.#size + size > CHARACTERS / 2) break;
      this.#size += size;
      from -= 1;
    }
    this.#appends = this.#appends.slice(from);
  }

  get #last(): number {
    return this.#appends.at(-1)?.lastPosition ?? 0;
  }

  /** Of the first append that has a fact behind a position. */
  #indexAfter(position: number): number {
    let [low, high] = [0, this.#appends.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#appends[middle] as Append).lastPosition <= position) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #fact({ stream, facts, firstRevision, firstPosition }: Append, number: number): StoredFact {
    const at = number * FACT_FIELDS;
    const [id, type, schemaVersion, occurredAt, recordedAt, data, metadata] = facts.slice(at, at + FACT_FIELDS) as Parts;
    const [revision, position] = [firstRevision + number, positionText(this.logId, firstPosition + number)];
    return { stream, revision, position, id, type, schemaVersion, occurredAt, recordedAt, data, metadata };
  }
}

function sizeOf(facts: FlatFacts): number {
  let size = 0;
  for (let data = 5; data < facts.length; data += FACT_FIELDS) size += (facts[data] as string).length;
  return size;
}

type Parts = [id: string, type: string, version: number, occurredAt: string, recordedAt: string, data: string, metadata: string];
