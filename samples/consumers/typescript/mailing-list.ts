// Whom may the newsletter be sent to? A table of contacts with their e-mail addresses, kept up to date from the topic of customers:
// a contact whose customer is erased is gone from it.
//
//   ANNALS_URL, ANNALS_TOKEN   the server, and a token with the roles consumer and opener
//   KAFKA_BROKERS              reads from Kafka where it is set, over HTTP otherwise
//   ANNALS_TENANT, TOPIC_PREFIX, DATABASE
import {
  Consumer,
  ERASED,
  httpKeys,
  httpSource,
  kafkaSource,
  on,
  type SqlValue,
  sqlInbox,
  sqlInboxTables,
} from '@annals/consumer';
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite';
import { Kafka, logLevel } from 'kafkajs';

const {
  ANNALS_URL: url = 'http://127.0.0.1:7070',
  ANNALS_TOKEN: token = '',
  KAFKA_BROKERS,
  ANNALS_TENANT: tenant = 'main',
} = process.env;

const database = new DatabaseSync(process.env.DATABASE ?? 'mailing-list.db', { timeout: 5_000 });
database.exec('PRAGMA journal_mode = WAL');
for (const table of sqlInboxTables) database.exec(table);
database.exec(
  'CREATE TABLE IF NOT EXISTS recipient (id TEXT PRIMARY KEY, customer TEXT NOT NULL, name TEXT NOT NULL, email TEXT NOT NULL)',
);

type Tx = DatabaseSyncInstance;

const contactAdded = on<Tx, 'ContactAdded', 'name' | 'email'>(
  'ContactAdded',
  ({ data }, { tx, opened: { name, email } }) => {
    if (name === ERASED || email === ERASED || email === undefined) return;
    const insert = tx.prepare('INSERT INTO recipient (id, customer, name, email) VALUES (?, ?, ?, ?)');
    insert.run(data.contactId, data.customerId, name, email);
  },
  { opens: ['name', 'email'] },
);

/** What was opened is a copy in the open: it goes when its person does. */
const customerErased = on<Tx, 'CustomerErased'>('CustomerErased', ({ data }, { tx }) => {
  const remove = tx.prepare('DELETE FROM recipient WHERE id = ? OR customer = ?');
  for (const person of data.persons) remove.run(person, person);
});

const consumer = new Consumer<Tx>({
  name: 'mailing-list',
  inbox: sqlInbox<Tx>({
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
  }),
  handlers: [contactAdded, customerErased],
  keys: httpKeys({ url, token, purpose: 'mailing-list' }),
  onTrouble: (trouble) => console.error(trouble.kind, String(trouble.error)),
});

const source = KAFKA_BROKERS
  ? kafkaSource({
      kafka: new Kafka({ clientId: 'mailing-list', brokers: KAFKA_BROKERS.split(','), logLevel: logLevel.ERROR }),
      groupId: `${process.env.TOPIC_PREFIX ?? 'annals'}-mailing-list`,
      prefix: process.env.TOPIC_PREFIX ?? 'annals',
      tenant,
      topics: ['customer'],
      sessionTimeout: 6_000,
    })
  : httpSource({ url, token, topics: ['customer'] });

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
await consumer.run(source, stop.signal);
database.close();
