import { randomUUID } from 'node:crypto';
import type { Producer, Transaction } from 'kafkajs';
import { type Client, consumerOf, type KafkaConnection } from './client.js';
import { within } from './errors.js';

/** A few values by key, kept in one partition of a compacted topic that has one writer at a time. */
export interface Ledger {
  readonly topic: string;
  readonly partition: number;
  /** There is one key only, so that its last value, which lies near the end, is all there is. */
  readonly isOneKey?: boolean;
}

const OPENED = 'opened';
/** How many records before its end are read first: a checkpoint and a marker for each transaction. */
const TAIL = 200;

/** Compaction keeps the topic small, so that a writer finds its values in a moment. */
export const LEDGER_CONFIG: Readonly<Record<string, string>> = {
  'cleanup.policy': 'compact',
  'segment.ms': '3600000',
  'segment.bytes': '4194304',
  'min.cleanable.dirty.ratio': '0.1',
};

export const entry = ({ topic, partition }: Ledger, key: string, value: string) => ({
  topic,
  messages: [{ key, value, partition }],
});

/**
 * Fences the writer before and reads what is there. With its first transaction the broker ends whatever an earlier writer
 * left open; a mark written in it then lies behind everything that an earlier writer can ever have committed.
 */
export async function openLedger(
  connection: KafkaConnection,
  producer: Client<Producer>,
  ledger: Ledger,
): Promise<ReadonlyMap<string, string>> {
  const mark = randomUUID();
  let at = 0n;
  await inTransaction(producer, async (transaction) => {
    const [written] = await transaction.sendBatch({ acks: -1, topicMessages: [entry(ledger, OPENED, mark)] });
    at = BigInt(written?.baseOffset ?? '0');
  });
  const tail = at - BigInt(TAIL);
  if (ledger.isOneKey && tail > 0n) {
    const values = await readUpTo(connection, ledger, tail, mark);
    if (values.size > 0) return values;
  }
  return readUpTo(connection, ledger, 0n, mark);
}

/** Bounded; aborted when the work throws, as far as the broker can be reached. */
export async function inTransaction(
  { of: producer, limits }: Client<Producer>,
  work: (transaction: Transaction) => Promise<void>,
): Promise<void> {
  const transaction = await within(limits.work, 'begin a transaction', producer.transaction());
  try {
    await within(limits.work, 'send', work(transaction));
  } catch (error) {
    if (transaction.isActive()) await within(2_000, 'abort', transaction.abort()).catch(() => {});
    throw error;
  }
  await within(limits.work, 'commit', transaction.commit());
}

/** The last value of each key up to the mark, from an offset on. */
async function readUpTo(
  connection: KafkaConnection,
  { topic, partition }: Ledger,
  from: bigint,
  mark: string,
): Promise<ReadonlyMap<string, string>> {
  // a group of its own, so that no dead member of one before is waited for; it stores nothing and vanishes
  const consumer = await consumerOf(connection, `${topic}.${partition}.${mark}`);
  try {
    const values = new Map<string, string>();
    await consumer.of.subscribe({ topics: [topic], fromBeginning: true });
    const read = new Promise<void>((resolve, reject) => {
      consumer.of.on(consumer.of.events.CRASH, ({ payload }) => reject(payload.error));
      const started = consumer.of.run({
        autoCommit: false,
        eachMessage: async ({ partition: its, message }) => {
          if (its !== partition) return;
          const key = message.key?.toString() ?? '';
          const value = message.value?.toString() ?? '';
          if (key !== OPENED) values.set(key, value);
          else if (value === mark) resolve();
        },
      });
      started.then(() => from > 0n && consumer.of.seek({ topic, partition, offset: String(from) }), reject);
    });
    await within(consumer.limits.read, `read ${topic}`, read);
    return values;
  } finally {
    await consumer.close();
  }
}
