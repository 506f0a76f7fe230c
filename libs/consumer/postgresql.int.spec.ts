import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { Consumer, type FactEvent, fixtures, type Inbox, listSource, on, sqlInbox, sqlInboxTables } from './index.js';

const address = process.env.ANNALS_TEST_POSTGRESQL;
const never = new AbortController().signal;
const [won] = fixtures('OpportunityWon') as readonly [FactEvent<'OpportunityWon'>];
const event = (stream: string, revision: number): FactEvent => ({
  ...won,
  id: `${stream}@${revision}`,
  subject: `opportunity-main.${stream}`,
  annalsrevision: revision,
  annalsposition: `sample00.${String(revision).padStart(16, '0')}`,
});

/** Needs a server that may be written to: .ci/engines/postgresql.sh start prints its address. */
(address === undefined ? describe.skip : describe)('the inbox on a real PostgreSQL (set ANNALS_TEST_POSTGRESQL)', () => {
  const schema = `inbox_${crypto.randomUUID().replaceAll('-', '')}`;
  const pool = new pg.Pool({ connectionString: address, max: 8, options: `-c search_path=${schema}` });

  beforeEach(async () => {
    await pool.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`);
    await pool.query(`CREATE SCHEMA ${schema}`);
    for (const table of sqlInboxTables) await pool.query(table);
    await pool.query('CREATE TABLE done (number SERIAL, stream TEXT NOT NULL, revision BIGINT NOT NULL)');
  });
  afterAll(async () => {
    await pool.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`);
    await pool.end();
  });

  /** As a user writes it: a connection for each transaction, a plain BEGIN unless told otherwise. */
  const inbox = (begin = 'BEGIN'): Inbox<pg.PoolClient> =>
    sqlInbox<pg.PoolClient>(
      {
        async transaction(work) {
          const client = await pool.connect();
          try {
            await client.query(begin);
            const result = await work(client);
            await client.query('COMMIT');
            return result;
          } catch (error) {
            await client.query('ROLLBACK');
            throw error;
          } finally {
            client.release();
          }
        },
        query: async (tx, text, values) => (await tx.query(text, [...values])).rows,
      },
      { places: '$' },
    );
  /** Resolves when a connection waits for a lock that another one holds. */
  const somebodyWaits = async () => {
    for (;;) {
      const { rows } = await pool.query(
        "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()",
      );
      if (rows.length > 0) return;
    }
  };
  const consumer = (own: Inbox<pg.PoolClient>, then: (event: FactEvent) => void = () => {}) =>
    new Consumer<pg.PoolClient>({
      name: 'won',
      inbox: own,
      parallel: true,
      retry: { attempts: 20, first: 1, longest: 5 },
      handlers: [
        on<pg.PoolClient, 'OpportunityWon'>('OpportunityWon', async (given, { tx }) => {
          await tx.query('INSERT INTO done (stream, revision) VALUES ($1, $2)', [given.subject, given.annalsrevision]);
          then(given as FactEvent);
        }),
      ],
    });
  const done = async () => {
    const { rows } = await pool.query<{ stream: string; revision: string }>('SELECT stream, revision FROM done ORDER BY number');
    return rows.map(({ stream, revision }) => `${stream.split('.')[1]}@${revision}`);
  };

  it('lets the second who looks wait, also at a stream of which nothing is known, and then read what the first left', async () => {
    const [one, other] = [inbox(), inbox()];
    let second: Promise<unknown> = Promise.resolve();
    await one.transaction(async (tx) => {
      expect(await one.look(tx, 'mail', 'a')).toEqual({ revision: undefined, waiting: false });
      second = other.transaction((theirs) => other.look(theirs, 'mail', 'a'));
      // another stream waits for nobody
      expect(await other.transaction((theirs) => other.look(theirs, 'mail', 'b'))).toEqual({
        revision: undefined,
        waiting: false,
      });
      await somebodyWaits();
      const letter = {
        stream: 'a',
        revision: 7,
        type: won.type,
        event: event('a', 7),
        error: 'x',
        since: '2026-01-05T09:00:00.000Z',
      };
      await one.bury(tx, 'mail', letter);
      await one.advance(tx, 'mail', 'a', 7);
    });
    expect(await second).toEqual({ revision: 7, waiting: true });
  });

  it('forgets what a transaction did that failed', async () => {
    const its = inbox();
    const failing = its.transaction(async (tx) => {
      await its.look(tx, 'mail', 'a');
      await its.advance(tx, 'mail', 'a', 3);
      await its.moveTo(tx, 'mail', 'list', 'here');
      throw new Error('not now');
    });
    await expect(failing).rejects.toThrow('not now');
    const after = await its.transaction(async (tx) => [await its.look(tx, 'mail', 'a'), await its.position(tx, 'mail', 'list')]);
    expect(after).toEqual([{ revision: undefined, waiting: false }, undefined]);
  });

  it.each(['BEGIN', 'BEGIN ISOLATION LEVEL REPEATABLE READ', 'BEGIN ISOLATION LEVEL SERIALIZABLE'])(
    'has each event handled once and in order by two processes that get the same ones (%s)',
    async (begin) => {
      const events = Array.from({ length: 30 }, (_, index) => event('a', index));
      const both = [consumer(inbox(begin)), consumer(inbox(begin))];
      await Promise.all(both.map((its) => its.run(listSource(events), never)));
      expect(await done()).toEqual(events.map(({ annalsrevision }) => `a@${annalsrevision}`));
      expect(await both[0]?.deadLetters()).toEqual([]);
    },
  );

  it('keeps what cannot be handled in sequence, and releases it in order', async () => {
    let poisoned = true;
    const its = consumer(inbox(), ({ subject, annalsrevision }) => {
      if (poisoned && subject.endsWith('.a') && annalsrevision === 1) throw new Error('poison');
    });
    await its.run(listSource([event('a', 0), event('a', 1), event('b', 0), event('a', 2), event('a', 10)]), never);
    expect(await done()).toEqual(['a@0', 'b@0']);
    expect((await its.deadLetters()).map(({ revision, error }) => [revision, error])).toEqual([
      [1, 'Error: poison'],
      [2, undefined],
      [10, undefined],
    ]);
    poisoned = false;
    expect(await its.release('opportunity-main.a')).toEqual({ released: 3, left: 0 });
    expect(await done()).toEqual(['a@0', 'b@0', 'a@1', 'a@2', 'a@10']);
  });
});
