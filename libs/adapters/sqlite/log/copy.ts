import type { Log, StoredFact } from '#runtime/ports';
import type { Database } from '../database.js';
import { type Format, openFormat } from '../format.js';
import { logFormat, logIdOf } from './format.js';
import { openSqliteLogReader } from './log.js';
import { positionNumber } from './position.js';
import { TypeIds } from './type-ids.js';

/** A copy of another log in a file of its own, with that log's id and positions: there are gaps between them. */
export interface SqliteCopyReader {
  readonly log: Log;
  /** Whether a fact of this position was copied. Throws ForeignPosition for one of another log. */
  has(position: string): boolean;
  /** As whoever writes the copy noted it. */
  isCaughtUp(): boolean;
  close(): Promise<void>;
}

export interface SqliteLogCopy extends SqliteCopyReader {
  /** Facts in log order, behind all that are there; all or none. A power cut may lose the newest. */
  write(facts: readonly StoredFact[]): Promise<void>;
  noteCaughtUp(is: boolean): void;
  clear(): Promise<void>;
}

/** Opens or makes the copy of the log with this id; what the file held of another log is forgotten. Throws StorageError. */
export async function openSqliteLogCopy(file: string, logId: string): Promise<SqliteLogCopy> {
  const format: Format = { ...logFormat, fill: (database) => rename(database, logId) };
  const database = openFormat(file, format, { durability: 'normal' });
  if (logIdOf(database) !== logId) {
    clear(database);
    rename(database, logId);
  }
  const log = await openSqliteLogReader(file);
  const types = new TypeIds(database);
  const findStream = database.sql<[number]>('SELECT id FROM streams WHERE name = ?');
  const addStream = database.sql<[number]>('INSERT INTO streams (name) VALUES (?) RETURNING id');
  const addFact = database.sql('INSERT INTO facts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
  let caughtUp: boolean | undefined;
  return {
    ...readerOf(database, log),
    write: async (facts) => {
      database.transaction(() => {
        types.begin();
        for (const { position, stream, revision, type, schemaVersion, id, occurredAt, recordedAt, data, metadata } of facts) {
          const streamId = findStream.get(stream)?.[0] ?? (addStream.get(stream)?.[0] as number);
          const number = positionNumber(logId, position);
          addFact.run(number, streamId, revision, types.of(type), schemaVersion, id, occurredAt, recordedAt, data, metadata);
        }
      });
    },
    noteCaughtUp: (is) => {
      if (is === caughtUp) return;
      database.sql("INSERT OR REPLACE INTO meta VALUES ('caught-up', ?)").run(is ? 'yes' : 'no');
      caughtUp = is;
    },
    clear: async () => {
      clear(database);
      caughtUp = undefined;
    },
  };
}

/** For another thread or process than the one that writes the copy. Throws StorageError where there is none. */
export async function openSqliteCopyReader(file: string): Promise<SqliteCopyReader> {
  const log = await openSqliteLogReader(file);
  return readerOf(openFormat(file, logFormat, { readonly: true, durability: 'normal' }), log);
}

const readerOf = (database: Database, log: Log): SqliteCopyReader => ({
  log,
  has: (position) => database.value('SELECT 1 FROM facts WHERE position = ?', positionNumber(log.id, position)) !== undefined,
  isCaughtUp: () => database.value("SELECT value FROM meta WHERE name = 'caught-up'") === 'yes',
  close: async () => {
    await log.close();
    database.close();
  },
});

/** Types stay: readers remember their numbers. */
function clear(database: Database): void {
  database.transaction(() => {
    database.exec('DELETE FROM facts');
    database.exec('DELETE FROM streams');
    database.exec("DELETE FROM meta WHERE name = 'caught-up'");
  });
}

function rename(database: Database, logId: string): void {
  database.sql("INSERT OR REPLACE INTO meta VALUES ('log', ?)").run(logId);
  database.sql("INSERT OR REPLACE INTO meta VALUES ('gaps', 'yes')").run();
}
