import { isAscii } from 'node:buffer';
import { parse } from 'csv-parse/sync';
import { repeatedMember } from '#runtime/repeated-member';

/** One record of a file as it stands there: bytes without the line end, and where it starts (lines count from 1). */
export interface RawRecord {
  readonly line: number;
  readonly bytes: Buffer;
  /** How many line ends are inside it (quoted fields may hold some). */
  readonly breaks: number;
  /** False for the last record of a file that does not end with a line end. */
  readonly terminated: boolean;
  /** The record was longer than the limit; `bytes` is empty. */
  readonly tooLong: boolean;
}

export const LF = 0x0a;
export const CR = 0x0d;
export const QUOTE = 0x22;

/**
 * Splits a stream of bytes into records of at most `limit` bytes. With a delimiter, line ends inside quoted fields belong to
 * their record. Memory stays below `limit` plus two chunks, whatever the file holds: a longer record is skipped up to the
 * next line end and reported.
 */
export class RecordSplitter {
  #buffer: Buffer = Buffer.alloc(0);
  #start = 0;
  #line = 1;
  #ended = false;
  /** Where the second line of the last record starts, for `retryFromSecondLine`. */
  #secondLine: { readonly start: number; readonly line: number } | undefined;
  readonly #chunks: AsyncIterator<Buffer>;

  constructor(
    chunks: AsyncIterable<Buffer>,
    private readonly options: { readonly delimiter: number | undefined; readonly limit: number },
  ) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** The next record, or undefined at the end. Blank lines are left out. */
  async next(): Promise<RawRecord | undefined> {
    for (;;) {
      const record = await this.#read();
      if (record === undefined || record.tooLong || record.bytes.length > 0) return record;
    }
  }

  /** After a record of several lines that turned out broken (a quote never closed): gives up its first line only. */
  retryFromSecondLine(): void {
    if (!this.#secondLine) return;
    this.#start = this.#secondLine.start;
    this.#line = this.#secondLine.line;
    this.#secondLine = undefined;
  }

  async #read(): Promise<RawRecord | undefined> {
    const { delimiter, limit } = this.options;
    const line = this.#line;
    let offset = 0;
    let quoted = false;
    let closed = false;
    let fieldStart = true;
    let breaks = 0;
    let second: number | undefined;
    for (;;) {
      const buffer = this.#buffer;
      for (let index = this.#start + offset; index < buffer.length; index++, offset++) {
        const byte = buffer[index];
        if (byte === QUOTE && delimiter !== undefined) {
          // A quote right after the closing one is a doubled quote: the field goes on.
          const opens: boolean = !quoted && (fieldStart || closed);
          closed = quoted;
          quoted = opens;
          fieldStart = false;
          continue;
        }
        closed = false;
        if (byte === LF) {
          if (!quoted) return this.#cut(line, offset, 1, breaks, true, second);
          breaks++;
          second ??= offset + 1;
        } else fieldStart = byte === delimiter;
      }
      if (offset > limit) return second === undefined ? this.#skip(line) : this.#giveUpFirstLine(line, second);
      if (!(await this.#fill())) break;
    }
    if (offset === 0) return undefined;
    return this.#cut(line, offset, 0, breaks, false, second);
  }

  #cut(line: number, length: number, end: number, breaks: number, terminated: boolean, second: number | undefined): RawRecord {
    const start = this.#start;
    const tooLong = length > this.options.limit;
    const last = length > 0 && this.#buffer[start + length - 1] === CR ? length - 1 : length;
    this.#start += length + end;
    this.#line = line + breaks + end;
    this.#secondLine = second === undefined ? undefined : { start: start + second, line: line + 1 };
    return { line, bytes: tooLong ? Buffer.alloc(0) : this.#buffer.subarray(start, start + last), breaks, terminated, tooLong };
  }

  /** A quote left open is the likely mistake: the lines after the first one deserve another look. */
  #giveUpFirstLine(line: number, second: number): RawRecord {
    this.#start += second;
    this.#line = line + 1;
    this.#secondLine = undefined;
    return { line, bytes: Buffer.alloc(0), breaks: 0, terminated: true, tooLong: true };
  }

  /** Drops everything up to the next line end without keeping it. */
  async #skip(line: number): Promise<RawRecord> {
    this.#secondLine = undefined;
    this.#line = line + 1;
    this.#start = this.#buffer.length;
    while (await this.#fill()) {
      const end = this.#buffer.indexOf(LF, this.#start);
      this.#start = end === -1 ? this.#buffer.length : end + 1;
      if (end !== -1) return { line, bytes: Buffer.alloc(0), breaks: 0, terminated: true, tooLong: true };
    }
    return { line, bytes: Buffer.alloc(0), breaks: 0, terminated: false, tooLong: true };
  }

  async #fill(): Promise<boolean> {
    if (this.#ended) return false;
    const { value, done } = await this.#chunks.next();
    if (done) {
      this.#ended = true;
      return false;
    }
    const rest = this.#buffer.subarray(this.#start);
    this.#buffer = rest.length === 0 ? value : Buffer.concat([rest, value]);
    this.#start = 0;
    return true;
  }
}

/** What is wrong with a record as a whole. */
export class BadRecord extends Error {}

export type Encoding = 'utf-8' | 'latin1';

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Throws `BadRecord` where the bytes are not of that encoding. */
export function decode(bytes: Buffer, encoding: Encoding): string {
  if (isAscii(bytes)) return bytes.toString('latin1');
  const text = utf8(bytes);
  if (encoding === 'utf-8') {
    if (text === undefined) throw new BadRecord('is not UTF-8; if the file is in Latin-1, say `encoding: latin1` in the mapping');
    return text;
  }
  if (text !== undefined) throw new BadRecord('is UTF-8 and not Latin-1; say `encoding: utf-8` in the mapping');
  return bytes.toString('latin1');
}

function utf8(bytes: Buffer): string | undefined {
  try {
    return strict.decode(bytes);
  } catch {
    return undefined;
  }
}

/** The fields of one CSV record; between fields apart by spaces there may be any number of them. Throws `BadRecord`. */
export function csvFields(text: string, delimiter: string): readonly string[] {
  if (text.includes('\0')) throw new BadRecord('holds a NUL character: not a text file, or one in UTF-16');
  if (delimiter === ' ') return text.trim().split(/ +/);
  if (!text.includes('"')) return text.split(delimiter);
  try {
    const [fields] = parse(text, { delimiter, relax_column_count: true }) as string[][];
    return fields ?? [];
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === 'CSV_QUOTE_NOT_CLOSED') throw new BadRecord('opens a quote that is never closed');
    throw new BadRecord('has a quote in the middle of a field; a field with quotes is quoted as a whole, its quotes doubled');
  }
}

/** The object of one NDJSON line, its scalars as text, its nested objects as `outer.inner`. Throws `BadRecord`. */
export function ndjsonRow(text: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
    if (MANY_DIGITS.test(text)) value = JSON.parse(withLongNumbersAsText(text));
  } catch {
    throw new BadRecord('is not JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new BadRecord('is not a JSON object');
  const again = repeatedMember(text, value);
  if (again) throw new BadRecord(`says ${again.name} twice`);
  return flat(value as Record<string, unknown>);
}

const MANY_DIGITS = /\d{16}/;
const TEXT_OR_NUMBER = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** A number that is not exact here, such as an identifier of 20 digits, as the text of all its digits. */
const withLongNumbersAsText = (json: string): string =>
  json.replace(TEXT_OR_NUMBER, (found) =>
    found.startsWith('"') || Math.abs(Number(found)) <= Number.MAX_SAFE_INTEGER ? found : `"${found}"`,
  );

export function flat(value: Readonly<Record<string, unknown>>, prefix = ''): Record<string, unknown> {
  const row: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(value)) {
    if (member === null) continue;
    if (Array.isArray(member)) row[prefix + name] = member;
    else if (typeof member === 'object') Object.assign(row, flat(member as Record<string, unknown>, `${prefix}${name}.`));
    else if (String(member).trim() !== '') row[prefix + name] = String(member).trim();
  }
  return row;
}
