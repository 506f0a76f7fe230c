import type { DeadLetter, Inbox } from './inbox.js';

export type SqlValue = string | number | null;

/** A database of SQL as the inbox needs it; SQLite and PostgreSQL understand its statements. */
export interface Sql<Tx> {
  transaction<R>(work: (tx: Tx) => Promise<R>): Promise<R>;
  /** Runs one statement in the transaction and gives its rows. */
  query(tx: Tx, text: string, values: readonly SqlValue[]): Promise<readonly Readonly<Record<string, unknown>>[]>;
}

export interface SqlInboxOptions {
  /** How the driver writes places for values: `?` (SQLite) or `$1`, `$2`, … (PostgreSQL). Default `?`. */
  readonly places?: '?' | '$';
}

/** Revision of a stream of which nothing was dealt with yet. */
const NONE = -1;

/** The tables of the inbox; make them with your migrations, or with each start. */
export const sqlInboxTables: readonly string[] = [
  `CREATE TABLE IF NOT EXISTS inbox_stream (
  consumer TEXT NOT NULL, stream TEXT NOT NULL, revision BIGINT NOT NULL, PRIMARY KEY (consumer, stream))`,
  `CREATE TABLE IF NOT EXISTS inbox_position (
  consumer TEXT NOT NULL, source TEXT NOT NULL, position TEXT NOT NULL, PRIMARY KEY (consumer, source))`,
  `CREATE TABLE IF NOT EXISTS inbox_dead_letter (
  consumer TEXT NOT NULL, stream TEXT NOT NULL, revision BIGINT NOT NULL,
  event TEXT NOT NULL, error TEXT, since TEXT NOT NULL, PRIMARY KEY (consumer, stream, revision))`,
];

/** An inbox in the tables of `sqlInboxTables`, in the same database as what the handlers write. */
export function sqlInbox<Tx>({ transaction, query }: Sql<Tx>, { places = '?' }: SqlInboxOptions = {}): Inbox<Tx> {
  const run = (tx: Tx, text: string, ...values: readonly SqlValue[]) => {
    let place = 0;
    return query(tx, places === '?' ? text : text.replaceAll('?', () => `$${++place}`), values);
  };

  return {
    transaction,

    // the upsert changes nothing and locks the row: whoever else deals with this stream waits here until this transaction has
    // ended, and then reads what it left, at READ COMMITTED too. What waits is asked for by a statement of its own for that reason
    async look(tx, consumer, stream) {
      const [row] = await run(
        tx,
        `INSERT INTO inbox_stream (consumer, stream, revision) VALUES (?, ?, ${NONE})
          ON CONFLICT (consumer, stream) DO UPDATE SET revision = inbox_stream.revision RETURNING revision`,
        consumer,
        stream,
      );
      const waiting = await run(
        tx,
        'SELECT 1 AS waiting FROM inbox_dead_letter WHERE consumer = ? AND stream = ? LIMIT 1',
        consumer,
        stream,
      );
      // drivers of PostgreSQL give BIGINT as text
      const revision = Number(row?.revision);
      return { revision: revision === NONE ? undefined : revision, waiting: waiting.length > 0 };
    },

    async advance(tx, consumer, stream, revision) {
      await run(
        tx,
        `INSERT INTO inbox_stream (consumer, stream, revision) VALUES (?, ?, ?)
          ON CONFLICT (consumer, stream) DO UPDATE SET revision = excluded.revision`,
        consumer,
        stream,
        revision,
      );
    },

    async position(tx, consumer, source) {
      const [row] = await run(tx, 'SELECT position FROM inbox_position WHERE consumer = ? AND source = ?', consumer, source);
      return row?.position as string | undefined;
    },

    async moveTo(tx, consumer, source, position) {
      await run(
        tx,
        `INSERT INTO inbox_position (consumer, source, position) VALUES (?, ?, ?)
          ON CONFLICT (consumer, source) DO UPDATE SET position = excluded.position`,
        consumer,
        source,
        position,
      );
    },

    async bury(tx, consumer, { stream, revision, event, error, since }) {
      await run(
        tx,
        `INSERT INTO inbox_dead_letter (consumer, stream, revision, event, error, since) VALUES (?, ?, ?, ?, ?, ?)
          ON CONFLICT (consumer, stream, revision) DO UPDATE SET error = excluded.error`,
        consumer,
        stream,
        revision,
        JSON.stringify(event),
        error ?? null,
        since,
      );
    },

    async letters(tx, consumer, stream, limit) {
      const columns = 'SELECT stream, revision, event, error, since FROM inbox_dead_letter WHERE consumer = ?';
      const order = 'ORDER BY stream, revision LIMIT ?';
      const rows =
        stream === undefined
          ? await run(tx, `${columns} ${order}`, consumer, limit)
          : await run(tx, `${columns} AND stream = ? ${order}`, consumer, stream, limit);
      return rows.map((row): DeadLetter => {
        const event = JSON.parse(row.event as string) as DeadLetter['event'];
        const {
          stream: its,
          revision,
          error,
          since,
        } = row as { stream: string; revision: unknown; error: string | null; since: string };
        return { stream: its, revision: Number(revision), type: event.type, event, error: error ?? undefined, since };
      });
    },

    async remove(tx, consumer, stream, revision) {
      await run(
        tx,
        'DELETE FROM inbox_dead_letter WHERE consumer = ? AND stream = ? AND revision = ?',
        consumer,
        stream,
        revision,
      );
    },
  };
}
