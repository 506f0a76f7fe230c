import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite';
import { type Inbox, type SqlValue, sqlInbox, sqlInboxTables } from './index.js';

describe('the inbox in SQL, beside another process', () => {
  let folder: string;
  const open: DatabaseSyncInstance[] = [];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'inbox-'));
  });
  afterEach(() => {
    for (const database of open.splice(0)) database.close();
    rmSync(folder, { recursive: true });
  });

  /** A connection of its own that takes no lock before a statement does, as PostgreSQL's do. */
  const connection = (): Inbox<DatabaseSyncInstance> => {
    const database = new DatabaseSync(join(folder, 'inbox.db'), { timeout: 0 });
    open.push(database);
    database.exec('PRAGMA journal_mode = WAL');
    for (const table of sqlInboxTables) database.exec(table);
    return sqlInbox<DatabaseSyncInstance>({
      async transaction(work) {
        database.exec('BEGIN');
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
  };

  it('is held by the first who looks, before anything was read that could be out of date', async () => {
    const [one, other] = [connection(), connection()];
    await one.transaction(async (tx) => {
      expect(await one.look(tx, 'mail', 'customer-main.1')).toEqual({ revision: undefined, waiting: false });
      await expect(other.transaction((theirs) => other.look(theirs, 'mail', 'customer-main.1'))).rejects.toThrow('locked');
      await one.advance(tx, 'mail', 'customer-main.1', 0);
    });
    await other.transaction(async (tx) => {
      expect(await other.look(tx, 'mail', 'customer-main.1')).toEqual({ revision: 0, waiting: false });
      expect(await other.look(tx, 'mail', 'customer-main.2')).toEqual({ revision: undefined, waiting: false });
    });
  });
  it('shows what was put aside meanwhile', async () => {
    const [one, other] = [connection(), connection()];
    const event = { type: 'CustomerRegistered' } as never;
    const letter = { stream: 'a', revision: 3, type: 'CustomerRegistered', event, error: 'x', since: '2026-01-05T09:00:00.000Z' };
    await one.transaction(async (tx) => {
      await one.look(tx, 'mail', 'a');
      await one.bury(tx, 'mail', letter);
      await one.advance(tx, 'mail', 'a', 3);
    });
    await other.transaction(async (tx) => expect(await other.look(tx, 'mail', 'a')).toEqual({ revision: 3, waiting: true }));
  });
});
