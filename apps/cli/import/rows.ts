import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import path from 'node:path';
import { refusedBecause } from '../client/files.js';
import { LINE, type Row } from './functions.js';
import type { PlannedSource } from './plan.js';
import {
  BadRecord,
  CR,
  csvFields,
  decode,
  type Encoding,
  LF,
  ndjsonRow,
  QUOTE,
  type RawRecord,
  RecordSplitter,
} from './records.js';

/** The longest record that is read; a longer one is rejected. */
export const LONGEST_RECORD = 1024 * 1024;

/** A row of a source, or the reason why a record is none or makes none. Lines count from 1. */
export type SourceRow =
  | { readonly line: number; readonly row: Row }
  | { readonly line: number; readonly reason: string }
  | { readonly line: number; readonly without: string };

/** The file as a whole is not what the mapping says: nothing of it is imported. */
export class BadSource extends Error {}

/** Reads a source row by row, in constant memory. `read` is told of each chunk's bytes. Throws `BadSource`. */
export async function* rowsOf(
  source: PlannedSource,
  folder: string,
  read: (bytes: number) => void = () => {},
): AsyncGenerator<SourceRow> {
  const { rows, file = '' } = source.file;
  if (rows) {
    for (const [index, row] of rows.entries()) yield { line: index + 1, row };
    return;
  }
  const fullName = path.resolve(folder, file);
  const found = source.file.format === 'ndjson' ? ndjson(source, fullName, read) : csv(source, fullName, read);
  const { each } = source.file;
  if (each === undefined) yield* found;
  else for await (const one of found) yield* elementsOf(one, each);
}

/** One row for each element of the list in a column; the element is its column `value`. Without elements it says so. */
function* elementsOf(found: SourceRow, column: string): Generator<SourceRow> {
  if (!('row' in found)) yield found;
  else {
    const list = found.row[column] ?? [];
    if (!Array.isArray(list)) yield { line: found.line, reason: `${column} is not a list` };
    else if (list.length === 0) yield { line: found.line, without: `has nothing in ${column}` };
    else for (const value of list) yield { line: found.line, row: { ...found.row, value: String(value) } };
  }
}

/** Tells a file from one that was changed since; rows of the mapping itself have none. */
export interface FileState {
  readonly bytes: number;
  /** When it was written last, in milliseconds since 1970. */
  readonly writtenAt?: number;
}

/** Throws `BadSource` where the file of a source cannot be read. */
export async function stateOf(source: PlannedSource, folder: string): Promise<FileState> {
  if (source.file.file === undefined) return { bytes: 0 };
  const file = path.resolve(folder, source.file.file);
  try {
    const found = await stat(file);
    if (found.isDirectory()) throw Object.assign(new Error(), { code: 'EISDIR' });
    await (await open(file, 'r')).close();
    return { bytes: found.size, writtenAt: found.mtimeMs };
  } catch (error) {
    throw new BadSource(`${source.name}: cannot read ${file}: ${refusedBecause(error)}; --source names the folder of the files`);
  }
}

async function* csv(source: PlannedSource, file: string, read: (bytes: number) => void): AsyncGenerator<SourceRow> {
  const { delimiter = ',', encoding = 'utf-8', columns = [], header = true, lists = [] } = source.file;
  const splitter = new RecordSplitter(chunksOf(file, encoding, read), {
    // Where spaces part the columns, quotes mean nothing.
    delimiter: delimiter === ' ' ? undefined : delimiter.charCodeAt(0),
    limit: LONGEST_RECORD,
  });
  let names: readonly string[] | undefined = header ? undefined : columns;
  for (let record = await splitter.next(); record; record = await splitter.next()) {
    try {
      const fields = csvFields(textOf(record, encoding), delimiter).map((field) => field.trim());
      if (names === undefined) names = checkedHeader(fields, columns, file);
      else if (fields.length !== names.length) throw new BadRecord(countReason(fields.length, names.length, record));
      else yield { line: record.line, row: { ...withLists(rowFrom(names, fields), lists), [LINE]: String(record.line) } };
    } catch (error) {
      if (!(error instanceof BadRecord)) throw error;
      if (names === undefined) throw new BadSource(`${file}: its header ${error.message}`);
      if (record.breaks > 0) splitter.retryFromSecondLine();
      yield { line: record.line, reason: error.message };
    }
  }
  if (names === undefined) throw new BadSource(`${file} is empty; expected a header with ${columns.join(', ')}`);
}

async function* ndjson(source: PlannedSource, file: string, read: (bytes: number) => void): AsyncGenerator<SourceRow> {
  const { encoding = 'utf-8' } = source.file;
  const splitter = new RecordSplitter(chunksOf(file, encoding, read), { delimiter: undefined, limit: LONGEST_RECORD });
  for (let record = await splitter.next(); record; record = await splitter.next()) {
    try {
      const text = textOf(record, encoding);
      if (text.trim() !== '') yield { line: record.line, row: { ...ndjsonRow(text), [LINE]: String(record.line) } };
    } catch (error) {
      if (!(error instanceof BadRecord)) throw error;
      yield {
        line: record.line,
        reason: record.terminated ? error.message : `${error.message}; the file seems to be cut off here`,
      };
    }
  }
}

function textOf(record: RawRecord, encoding: Encoding): string {
  if (record.tooLong) throw new BadRecord(`is longer than ${LONGEST_RECORD} bytes, or opens a quote that is never closed`);
  return decode(record.bytes, encoding);
}

function countReason(found: number, expected: number, { terminated }: RawRecord): string {
  const reason = `has ${found} columns, the header has ${expected}`;
  return terminated ? reason : `${reason}; the file seems to be cut off here`;
}

function checkedHeader(fields: readonly string[], columns: readonly string[], file: string): readonly string[] {
  const missing = columns.filter((column) => !fields.includes(column));
  if (missing.length > 0)
    throw new BadSource(
      `${file}: its header lacks ${missing.join(', ')}; it has ${fields.slice(0, 50).join(', ').slice(0, 500)}`,
    );
  const twice = columns.find((column) => fields.indexOf(column) !== fields.lastIndexOf(column));
  if (twice !== undefined) throw new BadSource(`${file}: its header has ${twice} twice`);
  return fields;
}

function rowFrom(names: readonly string[], fields: readonly string[]): Row {
  const row: Record<string, string> = {};
  for (let index = 0; index < names.length; index++) {
    const value = fields[index];
    if (value !== undefined && value !== '') row[names[index] as string] = value;
  }
  return row;
}

/** `['a', 'b']` and `[a, b]` are lists of two; an element has no comma, bracket or quote in it. */
function withLists(row: Row, lists: readonly string[]): Row {
  if (lists.length === 0) return row;
  const read: Record<string, unknown> = { ...row };
  for (const column of lists) {
    const text = read[column];
    if (text === undefined) continue;
    const [, inside] = /^\[([^[\]]*)\]$/.exec(String(text)) ?? [];
    if (inside === undefined) throw new BadRecord(`has no list in ${column}`);
    read[column] = inside.trim() === '' ? [] : inside.split(',').map((element) => element.trim().replace(/^(['"])(.*)\1$/, '$2'));
  }
  return read;
}

/** No LF anywhere, and a CR with more behind it that no quote encloses. */
function endsLinesWithCr(chunk: Buffer): boolean {
  const at = chunk.indexOf(CR);
  if (at === -1 || at === chunk.length - 1 || chunk.includes(LF)) return false;
  return chunk.subarray(0, at).filter((byte) => byte === QUOTE).length % 2 === 0;
}

/** The file's chunks without a byte order mark. */
async function* chunksOf(file: string, encoding: Encoding, read: (bytes: number) => void): AsyncGenerator<Buffer> {
  let first = true;
  for await (const chunk of createReadStream(file, { highWaterMark: 256 * 1024 }) as AsyncIterable<Buffer>) {
    read(chunk.length);
    if (!first) {
      yield chunk;
      continue;
    }
    first = false;
    const [one, two, three] = chunk;
    if (endsLinesWithCr(chunk))
      throw new BadSource(`${file} ends its lines with CR alone, as old Macs did; convert it to LF (\`tr '\\r' '\\n'\`)`);
    if ((one === 0xff && two === 0xfe) || (one === 0xfe && two === 0xff))
      throw new BadSource(`${file} is in UTF-16; convert it to UTF-8`);
    if (one === 0xef && two === 0xbb && three === 0xbf) {
      if (encoding === 'latin1')
        throw new BadSource(`${file} starts with the mark of UTF-8; say \`encoding: utf-8\` in the mapping`);
      yield chunk.subarray(3);
    } else yield chunk;
  }
}
