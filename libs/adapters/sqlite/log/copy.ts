import type { Log, StoredFact } from '#runtime/ports';
import type { Database } from '../database.js';
import { type Format, openFormat } from '../format.js';
import { logFormat, logIdOf } from './format.js';
import { openSqliteLogReader } from './log.js';
import { positionNumber } from './position.js';
import { TypeIds } from './type-ids.js';

/** A copy of another log in a file of its own, with that log's id and positions: there are gaps between them. */
export interface SqliteLogCopy {
  readonly log: Log;
  /** Facts in log order, behind all that are there; all or none. A power cut may lose the newest. */
  write(facts: readonly StoredFact[]): Promise<void>;
  clear(): Promise<void>;
  close(): Promise<void>;
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
  return {
    log,
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
    clear: async () => clear(database),
    close: async () => {
      await log.close();
      database.close();
    },
  };
}

/** Types stay: readers remember their numbers. */
function clear(database: Database): void {
  database.transaction(() => {
    database.exec('DELETE FROM facts');
    database.exec('DELETE FROM streams');
  });
}

function rename(database: Database, logId: string): void {
  database.sql("INSERT OR REPLACE INTO meta VALUES ('log', ?)").run(logId);
  database.sql("INSERT OR REPLACE INTO meta VALUES ('gaps', 'yes')").run();
}
