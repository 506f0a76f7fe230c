import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { frame, frames } from './frames.js';
import { IdCache } from './id-cache.js';

/** E29: the revision of a tombstone; E28: where a deleted stream is cut off. */
export const LAST_REVISION = 9_223_372_036_854_775_807n;

export interface Proposed {
  readonly id: string;
  readonly type: string;
  readonly contentType: string;
  readonly data: Buffer;
  readonly metadata: Buffer;
}

export interface Recorded extends Proposed {
  readonly stream: string;
  readonly revision: bigint;
  readonly position: number;
  /** Milliseconds since 1970. */
  readonly created: number;
}

export type Expected = 'any' | 'no_stream' | 'stream_exists' | number;

export type WriteResult =
  | { readonly kind: 'written'; readonly revision: number; readonly position: number }
  | { readonly kind: 'conflict'; readonly actual: number }
  | { readonly kind: 'deleted' }
  /** E11: the same ids are on their way; the server forgets this write. */
  | { readonly kind: 'dropped' };

interface Write {
  readonly stream: string;
  readonly expected: Expected;
  readonly events: readonly Proposed[];
  readonly done: (result: WriteResult) => void;
}

/** E18: the first record lies at 548, each takes its bytes and about a hundred more, and there are gaps between writes. */
const FIRST_POSITION = 548;
const RECORD_OVERHEAD = 100;
const WRITE_OVERHEAD = 130;

/** A log on disk: every write is one frame, durable before it is answered, so that it is there whole or not at all (E19). */
export class Store {
  readonly log: Recorded[] = [];
  readonly #indexes = new Map<number, number>();
  readonly #streams = new Map<string, Recorded[]>();
  readonly #ids = new IdCache();
  readonly #listeners = new Set<(records: readonly Recorded[]) => void>();
  #end = FIRST_POSITION;
  #queue: Write[] = [];
  #working = false;

  private constructor(private readonly file: FileHandle) {}

  static async open(folder: string): Promise<Store> {
    mkdirSync(folder, { recursive: true });
    const path = join(folder, 'log.frames');
    const file = await open(path, 'a+');
    const store = new Store(file);
    const content = readFileSync(path);
    let whole = 0;
    for (const { records, end, next } of frames(content)) {
      for (const record of records) store.#add(record);
      store.#end = end;
      whole = next;
    }
    // E9: only in memory.
    store.#ids.clear();
    // A frame that was cut off by a kill was never answered.
    if (whole < content.length) await file.truncate(whole);
    // E18: system records take positions too, at each start.
    await store.append('$$$scavenges', 'any', [systemEvent('$metadata')]);
    return store;
  }

  append(stream: string, expected: Expected, events: readonly Proposed[]): Promise<WriteResult> {
    return new Promise((done) => {
      this.#queue.push({ stream, expected, events, done });
      void this.#work();
    });
  }

  onCommit(listener: (records: readonly Recorded[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  stream(name: string): readonly Recorded[] {
    return this.#streams.get(name) ?? [];
  }

  /** Of the record that begins there. */
  indexOf(position: number): number | undefined {
    return this.#indexes.get(position);
  }

  get end(): number {
    return this.#end;
  }

  isTombstoned(name: string): boolean {
    return this.stream(name).at(-1)?.revision === LAST_REVISION;
  }

  /** What the stream's metadata says (E28, E30). */
  settings(name: string): { truncateBefore: bigint; maxCount: number; maxAge: number } {
    const last = this.stream(`$$${name}`).at(-1);
    const text = last?.data.toString() ?? '';
    const { $maxCount, $maxAge } = (text ? JSON.parse(text) : {}) as { $maxCount?: number; $maxAge?: number };
    // As text: 2^63 - 1 is no exact number of JavaScript's.
    const truncateBefore = BigInt(/"\$tb":(\d+)/.exec(text)?.[1] ?? '0');
    return { truncateBefore, maxCount: $maxCount ?? Number.POSITIVE_INFINITY, maxAge: $maxAge ?? Number.POSITIVE_INFINITY };
  }

  /** E28: deleted, and can be written to again. */
  isSoftDeleted(name: string): boolean {
    return this.settings(name).truncateBefore === LAST_REVISION;
  }

  headOf(name: string): number {
    return this.stream(name).length - 1;
  }

  async #work(): Promise<void> {
    if (this.#working) return;
    this.#working = true;
    while (this.#queue.length > 0) {
      const writes = this.#queue;
      this.#queue = [];
      const staged = new Map<string, Recorded[]>();
      const results = writes.map((write) => ({ write, ...this.#decide(write, staged) }));
      const parts = results.flatMap(({ records, end }) => (records ? frame(records, end) : []));
      if (parts.length > 0) {
        await this.file.appendFile(Buffer.concat(parts));
        await this.file.datasync();
      }
      for (const { records } of results) for (const record of records ?? []) this.#add(record);
      // E44: a subscriber can be told before the writer.
      const committed = results.flatMap(({ records }) => records ?? []);
      if (committed.length > 0) for (const listener of this.#listeners) listener(committed);
      for (const { write, result } of results) write.done(result);
    }
    this.#working = false;
  }

  #decide(write: Write, staged: Map<string, Recorded[]>): { result: WriteResult; records?: Recorded[]; end: number } {
    const { stream, events, expected } = write;
    const answer = (result: WriteResult) => ({ result, end: this.#end });
    if (this.isTombstoned(stream)) return answer({ kind: 'deleted' });
    const mine = staged.get(stream) ?? [];
    const committed = this.stream(stream);
    const head = committed.length + mine.length - 1;
    const deleted = this.isSoftDeleted(stream);
    const at = (revision: number) => committed[revision] ?? mine[revision - committed.length];
    const conflict = answer({ kind: 'conflict', actual: head });
    const known = (last: Recorded | undefined) => {
      if (!last) return conflict;
      // E11: not committed yet, so there is no answer to repeat.
      if (mine.includes(last)) return answer({ kind: 'dropped' });
      return answer({ kind: 'written', revision: Number(last.revision), position: last.position });
    };

    if (expected === 'any' || expected === 'stream_exists') {
      if (expected === 'stream_exists' && head < 0) return conflict;
      if (expected === 'stream_exists' && deleted) return answer({ kind: 'deleted' });
      // E8: looked up in a cache in memory; the order is not checked.
      const found = events.map(({ id }) => this.#ids.find(stream, id) ?? mine.find((record) => record.id === id));
      if (found[0]) return found.every(Boolean) ? known(found.at(-1)) : conflict;
    } else {
      const base = expected === 'no_stream' ? -1 : expected;
      const again = deleted && expected === 'no_stream';
      if (base > head) return conflict;
      // E6: at the head the ids are not looked at. E5, E7: behind it they must be the ones that follow.
      if (base < head && !again) {
        if (events.length === 0 || events.some(({ id }, index) => at(base + 1 + index)?.id !== id)) return conflict;
        return known(at(base + events.length));
      }
    }

    const records: Recorded[] = [];
    const created = Date.now();
    for (const [index, event] of events.entries()) {
      records.push({ ...event, stream, revision: BigInt(head + 1 + index), position: this.#end, created });
      this.#end += RECORD_OVERHEAD + stream.length + event.type.length + event.data.length + event.metadata.length;
    }
    this.#end += WRITE_OVERHEAD;
    staged.set(stream, [...mine, ...records]);
    // E12: an empty batch writes nothing, and the position moves.
    const position = records.at(-1)?.position ?? this.#end;
    const revision = Math.max(head + events.length, 0);
    if (deleted) this.#undelete(stream, head);
    return { result: { kind: 'written', revision, position }, records, end: this.#end };
  }

  /** E28: the stream begins behind what was deleted. */
  #undelete(stream: string, head: number): void {
    const data = Buffer.from(`{"$tb":${head + 1}}`);
    this.#queue.push({
      stream: `$$${stream}`,
      expected: 'any',
      events: [{ ...systemEvent('$metadata'), data }],
      done: () => {},
    });
  }

  #add(record: Recorded): void {
    this.#indexes.set(record.position, this.log.length);
    this.log.push(record);
    const stream = this.#streams.get(record.stream);
    if (stream) stream.push(record);
    else this.#streams.set(record.stream, [record]);
    this.#ids.add(record);
  }

  /** E29: an event with the last revision of all. */
  async tombstone(stream: string): Promise<number> {
    const record: Recorded = {
      ...systemEvent('$streamDeleted'),
      stream,
      revision: LAST_REVISION,
      position: this.#end,
      created: Date.now(),
    };
    this.#end += RECORD_OVERHEAD + WRITE_OVERHEAD;
    await this.file.appendFile(Buffer.concat(frame([record], this.#end)));
    await this.file.datasync();
    this.#add(record);
    for (const listener of this.#listeners) listener([record]);
    return record.position;
  }
}

export const systemEvent = (type: string): Proposed => ({
  id: randomUUID(),
  type,
  contentType: 'application/json',
  data: Buffer.from('{}'),
  metadata: Buffer.alloc(0),
});
