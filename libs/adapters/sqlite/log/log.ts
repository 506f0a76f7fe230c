import { join, resolve } from 'node:path';
import { parseStream } from '#kernel';
import {
  type Appended,
  type Log,
  LogUnavailable,
  MAX_APPEND_BYTES,
  type NewFact,
  OutcomeUnknown,
  TooLarge,
  WrongRevision,
} from '#runtime/ports';
import { builtFile } from '../built-file.js';
import { causeIn, StorageError } from '../database.js';
import { openFormat } from '../format.js';
import { CommitUnknown, GroupCommit } from '../group-commit.js';
import { type FileLock, lockFile } from '../lock.js';
import { logFormat, logIdOf } from './format.js';
import type { AppendAnswer, AppendRequest, LogWorkerData } from './messages.js';
import { positionText } from './position.js';
import { LogReader } from './reader.js';
import { RecentFacts } from './recent.js';

export type SqliteLogPlace = { readonly folder: string } | { readonly file: string };
export type SqliteLogOptions = SqliteLogPlace & {
  readonly readonly?: boolean;
  /** The file does not grow beyond this; appends are then refused as LogUnavailable. */
  readonly maxBytes?: number;
};

/** The log's file in a data folder. */
export const logFileIn = (folder: string): string => join(folder, 'log.db');

/**
 * Opens or makes the log. Its writer is alone: a second one on the same file is refused.
 * Throws StorageError (read-only, damaged, newer format) and LockedError.
 */
export async function openSqliteLog(options: SqliteLogOptions): Promise<Log> {
  const file = resolve('folder' in options ? logFileIn(options.folder) : options.file);
  if (options.readonly) return openSqliteLogReader(file);
  const lock = lockFile(`${file}-lock`, file);
  try {
    const database = openFormat(file, logFormat, { durability: 'full' });
    const recent = new RecentFacts(logIdOf(database));
    database.close();
    const data: LogWorkerData = { file, maxBytes: options.maxBytes };
    const script = builtFile(import.meta.url, './log.worker.js');
    const commits = await GroupCommit.start<AppendRequest, AppendAnswer>(script, data, (requests, answers) =>
      recent.take(requests, answers),
    );
    return new SqliteLog(new LogReader(file), { commits, recent, lock });
  } catch (error) {
    lock.release();
    throw error;
  }
}

/**
 * A log that only reads, for another thread or a tool. In the process that appends, `onAppend` hears of every append;
 * in another process it stays silent.
 */
export async function openSqliteLogReader(file: string): Promise<Log> {
  return new SqliteLog(new LogReader(resolve(file)), undefined);
}

interface Writer {
  readonly commits: GroupCommit<AppendRequest, AppendAnswer>;
  readonly recent: RecentFacts;
  readonly lock: FileLock;
}

class SqliteLog implements Log {
  readonly id: string;
  readonly start: string;
  readonly exclusive: boolean;
  readonly sparse = false;

  constructor(
    private readonly reader: LogReader,
    private readonly writer: Writer | undefined,
  ) {
    this.id = reader.id;
    this.start = reader.start;
    this.exclusive = writer !== undefined;
  }

  async append(stream: string, expected: number, facts: readonly NewFact[]): Promise<Appended> {
    if (!this.writer) throw new LogUnavailable('This log was opened for reading only.');
    if (facts.length === 0) throw new RangeError('An append needs at least one fact.');
    parseStream(stream);
    const flat: (string | number)[] = [];
    let bytes = 0;
    for (const { id, type, schemaVersion, occurredAt, recordedAt, data, metadata } of facts) {
      if (id.includes('\n') || occurredAt.includes('\n') || recordedAt.includes('\n'))
        throw new RangeError('A line break in the id or a moment of a fact.');
      bytes += Buffer.byteLength(data);
      flat.push(id, type, schemaVersion, occurredAt, recordedAt, data, metadata);
    }
    if (bytes > MAX_APPEND_BYTES) throw new TooLarge(`The facts hold ${bytes} bytes of data; ${MAX_APPEND_BYTES} is the limit.`);
    const answer = await this.writer.commits.ask([stream, expected, flat], bytes).catch(refused);
    const [outcome, revision, position] = answer;
    if (outcome === 'conflict') throw new WrongRevision(stream, revision);
    return { revision, position: positionText(this.id, position) };
  }

  async readStream(stream: string, from: number, limit?: number) {
    return this.#read(() => this.reader.readStream(stream, from, limit));
  }

  async readAll(after: string, options: Parameters<Log['readAll']>[1]) {
    const recent = options.following ? this.writer?.recent.readAll(after, options) : undefined;
    return recent ?? this.#read(() => this.reader.readAll(after, options));
  }

  async head() {
    return this.#read(() => this.reader.head());
  }

  onAppend(listener: (head: string) => void): () => void {
    return (this.writer?.recent ?? this.reader).onAppend(listener);
  }

  file(): string {
    return this.reader.file;
  }

  async close(): Promise<void> {
    await this.writer?.commits.close();
    this.writer?.recent.close();
    this.reader.close();
    this.writer?.lock.release();
  }

  #read<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw error instanceof StorageError ? unavailable(error) : error;
    }
  }
}

function refused(error: Error): never {
  if (error instanceof CommitUnknown) throw new OutcomeUnknown(error.message, { cause: error });
  throw unavailable(error);
}

function unavailable(error: Error): LogUnavailable {
  const why = error instanceof StorageError ? causeIn(error.fault, 'the log') : undefined;
  return new LogUnavailable(error.message, { cause: error, ...(why !== undefined && { why }) });
}
