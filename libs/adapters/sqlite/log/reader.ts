import { BroadcastChannel } from 'node:worker_threads';
import { PackedFact } from '#runtime/packed-fact';
import { ForeignPosition, type LogPage, type ReadOptions, type StoredFact } from '#runtime/ports';
import type { Database, SqlValue } from '../database.js';
import { openFormat } from '../format.js';
import { logFormat, logIdOf } from './format.js';
import { channelOf } from './messages.js';
import { positionNumber, positionText } from './position.js';

/** A filtered page looks at no more than this many facts, some milliseconds: a rare type must not hold up the thread that serves everybody. */
const LOOKED_AT = 5_000;

/** The driver pays for each column, and most for text: one packed text taken apart here is read 1.4 times as fast as two of them beside four numbers. */
const packedFrom = (
  logId: string,
  stream: string,
) => `SELECT concat_ws(char(10), '${logId}.' || substr(${POSITIONS_FROM} + f.position, 2), f.revision, t.name,
      f.schema_version, ${stream}, f.id, f.occurred_at, f.recorded_at, f.data || char(30) || f.metadata)
  FROM facts f`;
const TYPES = 'CROSS JOIN types t ON t.id = f.type_id';
const factsOf = (logId: string) => `${packedFrom(logId, 's.name')} CROSS JOIN streams s ON s.id = f.stream_id ${TYPES}`;
/** Whoever asks for a stream knows its name: it is looked up once, not for every fact. */
const factsOfStream = (logId: string) => `${packedFrom(logId, '?1')} ${TYPES}
  WHERE f.stream_id = (SELECT id FROM streams WHERE name = ?1) AND f.revision >= ?2 ORDER BY f.revision LIMIT ?3`;
/** Behind its first digit a position of 16 digits, zeros in front. */
const POSITIONS_FROM = '10000000000000000';

/** For the upper levels of the trees: the system keeps what is read of the file once and in order. */
const CACHE_BYTES = 4_194_304;

type Row = [packed: string];

/** Reads a log file on the calling thread with a connection of its own: never waits for the writer, never holds it up. */
export class LogReader {
  readonly id: string;
  readonly start: string;
  readonly #database: Database;
  readonly #select: string;
  readonly #ofStream: string;
  /** A copy of another log has its positions, which do not count facts. */
  readonly #gaps: boolean;
  /** What was looked up last: a position, and another one `LOOKED_AT` facts behind it or as far as the log went. */
  #lookedUp = { from: 0, until: 0 };
  readonly #typeNumbers = new Map<string, number>();
  #lastType = 0;
  #channel: BroadcastChannel | undefined;
  readonly #listeners = new Set<(head: string) => void>();

  /** Throws StorageError: no such file, damaged, of another kind, of a newer format. */
  constructor(file: string) {
    this.#database = openFormat(file, logFormat, { readonly: true, durability: 'full', cacheBytes: CACHE_BYTES });
    this.id = logIdOf(this.#database);
    this.#gaps = this.#database.value("SELECT value FROM meta WHERE name = 'gaps'") !== undefined;
    this.start = positionText(this.id, 0);
    this.#select = factsOf(this.id);
    this.#ofStream = factsOfStream(this.id);
  }

  readStream(stream: string, from: number, limit = -1): readonly StoredFact[] {
    return this.#database
      .sql<Row>(this.#ofStream)
      .all(stream, from, limit)
      .map(([packed]) => new PackedFact(packed).unpacked());
  }

  readAll(after: string, options: ReadOptions): LogPage {
    const from = positionNumber(this.id, after);
    const head = this.#head();
    if (from > head)
      throw new ForeignPosition(`${after} lies behind the head of the log; it was handed out by a log that is no more.`);
    const end = options.upTo === undefined ? head : Math.min(head, positionNumber(this.id, options.upTo));
    if (from >= end) return { facts: [], position: after, atHead: true };
    const { conditions, values } = this.#filter(options);
    const until = conditions.length > 0 ? Math.min(end, this.#further(from, head)) : end;
    const where = ['f.position > ?', 'f.position <= ?', ...conditions].join(' AND ');
    const page = this.#database.sql<Row>(`${this.#select} WHERE ${where} ORDER BY f.position LIMIT ?`);
    const rows = page.all(from, until, ...values, options.limit);
    const packed = rows.map(([text]) => new PackedFact(text));
    const facts = options.packed ? packed : packed.map((fact) => fact.unpacked());
    const full = rows.length === options.limit ? facts.at(-1) : undefined;
    const position = full?.position ?? positionText(this.id, until);
    return { facts, position, atHead: positionNumber(this.id, position) >= end };
  }

  head(): string {
    return positionText(this.id, this.#head());
  }

  /** Hears from the thread that writes, if that is one of this process. */
  onAppend(listener: (head: string) => void): () => void {
    this.#channel ??= this.#hear();
    const own = (head: string) => listener(head);
    this.#listeners.add(own);
    return () => this.#listeners.delete(own);
  }

  get file(): string {
    return this.#database.file;
  }

  close(): void {
    this.#listeners.clear();
    this.#channel?.close();
    this.#database.close();
  }

  #head(): number {
    return Number(this.#database.value('SELECT coalesce(max(position), 0) FROM facts'));
  }

  /** How far a filtered page looks. Where positions do not count facts, many pages share what is looked up once. */
  #further(from: number, head: number): number {
    if (!this.#gaps) return from + LOOKED_AT;
    const known = this.#lookedUp;
    if (known.from <= from && from < known.until) return known.until;
    const found = this.#database.value(
      'SELECT position FROM facts WHERE position > ? ORDER BY position LIMIT 1 OFFSET ?',
      from,
      LOOKED_AT - 1,
    );
    this.#lookedUp = { from, until: found === undefined ? head : Number(found) };
    return this.#lookedUp.until;
  }

  #hear(): BroadcastChannel {
    const channel = new BroadcastChannel(channelOf(this.#database.file));
    channel.onmessage = (event) => this.#wake((event as unknown as { data: number }).data);
    channel.unref();
    return channel;
  }

  #wake(head: number): void {
    const position = positionText(this.id, head);
    for (const listener of this.#listeners) listener(position);
  }

  /** Numbers of those types that the log has; a type that it has not yet matches nothing. */
  #typeIds(names: readonly string[]): readonly number[] {
    const added = this.#database.sql<[string, number]>('SELECT name, id FROM types WHERE id > ? ORDER BY id').all(this.#lastType);
    for (const [name, id] of added) {
      this.#typeNumbers.set(name, id);
      this.#lastType = id;
    }
    return [...new Set(names)].flatMap((name) => this.#typeNumbers.get(name) ?? []);
  }

  /** Aggregate and tenant are read off the stream's name, `<aggregate>-<tenant>.<id>`. */
  #filter({ types, aggregates, tenant }: ReadOptions): { conditions: readonly string[]; values: readonly SqlValue[] } {
    const conditions: string[] = [];
    const values: SqlValue[] = [];
    if (types) conditions.push(`f.type_id IN (${this.#typeIds(types).join()})`);
    if (aggregates) {
      conditions.push(`substr(s.name, 1, instr(s.name, '-') - 1) IN (${aggregates.map(() => '?').join()})`);
      values.push(...aggregates);
    }
    if (tenant !== undefined) {
      conditions.push(`substr(s.name, instr(s.name, '-') + 1, ?) = ?`);
      values.push(tenant.length + 1, `${tenant}.`);
    }
    return { conditions, values };
  }
}
