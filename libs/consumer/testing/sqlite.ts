import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite';
import { type Inbox, type SqlValue, sqlInbox, sqlInboxTables } from '../index.js';

export interface TestStore {
  readonly inbox: Inbox<DatabaseSyncInstance>;
  readonly database: DatabaseSyncInstance;
  close(): void;
}

/** A database with the tables of the inbox and one for what handlers do. */
export function testStore(file = ':memory:'): TestStore {
  const database = new DatabaseSync(file);
  for (const table of sqlInboxTables) database.exec(table);
  database.exec('CREATE TABLE IF NOT EXISTS done (stream TEXT, revision INTEGER, note TEXT)');
  const inbox = sqlInbox<DatabaseSyncInstance>({
    async transaction(work) {
      database.exec('BEGIN IMMEDIATE');
      try {
        const result = await work(database);
        database.exec('COMMIT');
        return result;
      } catch (error) {
        database.exec('ROLLBACK');
        throw error;
      }
    },
    query: async (tx, text, values) => tx.prepare(text).all(...(values as SqlValue[])) as Record<string, unknown>[],
  });
  return { inbox, database, close: () => database.close() };
}
