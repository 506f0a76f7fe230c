import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import kafkajs, { type Kafka, type Message, type Producer } from 'kafkajs';
import { openKafkaTopics } from '#adapters/kafka';
import { openSqliteLog } from '#adapters/sqlite';
import type { Log, TopicMessage } from '#runtime/ports';
import { type Batch, Batches } from '#runtime/relay/batches';
import { Publication } from '#runtime/relay/index';
import { atLeast, type Bench, median } from '../support/measure.js';
import { newFact } from './facts.js';

const PARTITIONS = 6;
const FACTS_A_STREAM = 20;
/** Transactions before the clock starts: the broker makes the files of new partitions with the first ones. */
const WARM_UP = 3;
/** The adapter's: the client's own pauses of 300 ms after each transaction would make the comparison too easy. */
const RETRY = { retries: 10, initialRetryTime: 5, maxRetryTime: 1_000, factor: 0.2, multiplier: 2 };

/**
 * The relay of a log beside kafkajs alone: the same messages in transactions of the same size, ready in memory, without a
 * checkpoint. Needs a broker: ANNALS_TEST_KAFKA.
 */
export const kafka: Bench = async ({ short, folder, say }) => {
  const address = process.env.ANNALS_TEST_KAFKA;
  if (!address) {
    say('kafka: left out, ANNALS_TEST_KAFKA names no broker');
    return [];
  }
  const [facts, rounds] = short ? [30_000, 3] : [60_000, 9];
  const data = join(folder, 'kafka');
  mkdirSync(data, { recursive: true });
  const log = await openSqliteLog({ folder: data });
  const client = new kafkajs.Kafka({ brokers: [address], retry: RETRY, logLevel: kafkajs.logLevel.NOTHING });
  const run = `b${randomUUID().slice(0, 8)}`;
  try {
    await fill(log, facts);
    const batches = await batchesOf(log);
    const messages = batches.flatMap((batch) => batch.messages);
    const bytes = messages.reduce((sum, { value }) => sum + Buffer.byteLength(value), 0) / messages.length;
    await rawRate(client, address, `${run}warm`, batches);
    await relayRate(log, address, `${run}warmer`, batches);
    const raw: number[] = [];
    const relayed: number[] = [];
    for (let round = 0; round < rounds; round++) {
      raw.push(await rawRate(client, address, `${run}r${round}`, batches));
      relayed.push(await relayRate(log, address, `${run}p${round}`, batches));
      say(`kafka: raw ${raw.at(-1)?.toFixed(0)}/s, relay ${relayed.at(-1)?.toFixed(0)}/s`);
    }
    const ratio = median(relayed.map((rate, round) => rate / (raw[round] ?? Number.NaN)));
    return [
      {
        bench: 'kafka',
        measure: 'relay from the log, facts a second',
        value: median(relayed),
        unit: '/s',
        baseline: { name: 'kafkajs transactions of the same messages', value: median(raw) },
        ratio,
        target: atLeast(ratio, 0.8),
        note: `${messages.length} facts of ${bytes.toFixed(0)} bytes, ${Math.round(messages.length / batches.length)} a transaction, gzip`,
      },
    ];
  } finally {
    await log.close();
    await removeTopics(client, run);
  }
};

async function fill(log: Log, facts: number): Promise<void> {
  const streams = Array.from({ length: facts / FACTS_A_STREAM }, (_, index) => ({
    name: `${index % 3 === 0 ? 'order' : 'opportunity'}-main.${randomUUID()}`,
    revision: -1,
  }));
  for (let step = 0; step < FACTS_A_STREAM; step += 2) {
    await Promise.all(
      streams.map(async (stream) => {
        stream.revision = (await log.append(stream.name, stream.revision, [newFact(step), newFact(step + 1)])).revision;
      }),
    );
  }
}

async function batchesOf(log: Log): Promise<readonly Batch[]> {
  const batches = new Batches(log, { generation: 1, partitions: PARTITIONS, shards: 1, retired: false }, 0, log.start);
  const found: Batch[] = [];
  for (;;) {
    const batch = await batches.next();
    if (batch.messages.length > 0) found.push(batch);
    if (batch.atHead) return found;
  }
}

async function rawRate(client: Kafka, address: string, prefix: string, batches: readonly Batch[]): Promise<number> {
  // the same topics with the same settings, made by the same hand
  const topics = await openKafkaTopics({ brokers: [address], partitions: PARTITIONS, prefix });
  const writer = await topics.writer(1, 0);
  await writer.ensure(batches.flatMap(({ messages }) => messages));
  await topics.close();
  const producer = client.producer({
    transactionalId: prefix,
    maxInFlightRequests: 1,
    idempotent: true,
    createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
    retry: RETRY,
  });
  await producer.connect();
  try {
    for (const { messages } of batches.slice(0, WARM_UP)) await send(producer, prefix, messages);
    const began = performance.now();
    for (const { messages } of batches.slice(WARM_UP)) await send(producer, prefix, messages);
    return countAfterWarmUp(batches) / ((performance.now() - began) / 1_000);
  } finally {
    await producer.disconnect();
  }
}

async function send(producer: Producer, prefix: string, batch: readonly TopicMessage[]): Promise<void> {
  const topics = new Map<string, Message[]>();
  for (const { tenant, aggregate, stream, value, headers } of batch) {
    const topic = `${prefix}.${tenant}.${aggregate}`;
    const its = topics.get(topic) ?? [];
    if (its.length === 0) topics.set(topic, its);
    its.push({ key: stream, value, headers });
  }
  const transaction = await producer.transaction();
  await transaction.sendBatch({
    acks: -1,
    compression: kafkajs.CompressionTypes.GZIP,
    topicMessages: [...topics].map(([topic, messages]) => ({ topic, messages })),
  });
  await transaction.commit();
}

const countAfterWarmUp = (batches: readonly Batch[]) =>
  batches.slice(WARM_UP).reduce((sum, { messages }) => sum + messages.length, 0);

async function relayRate(log: Log, address: string, prefix: string, batches: readonly Batch[]): Promise<number> {
  const warm = batches[WARM_UP - 1]?.to ?? log.start;
  const head = await log.head();
  const errors: unknown[] = [];
  const publication = new Publication({
    log,
    open: () => openKafkaTopics({ brokers: [address], partitions: PARTITIONS, prefix }),
    onError: (_, error) => errors.push(error),
  });
  publication.start();
  const position = () => publication.readers()[0]?.position;
  const reached = async (holds: () => boolean) => {
    while (!holds()) {
      if (errors.length > 0) throw errors[0];
      await new Promise((next) => setTimeout(next, 1));
    }
  };
  try {
    await reached(() => (position() ?? '') >= warm);
    const began = performance.now();
    await reached(() => position() === head);
    return countAfterWarmUp(batches) / ((performance.now() - began) / 1_000);
  } finally {
    await publication.stop();
  }
}

async function removeTopics(client: Kafka, run: string): Promise<void> {
  const admin = client.admin();
  await admin.connect();
  const topics = (await admin.listTopics()).filter((topic) => topic.startsWith(run));
  if (topics.length > 0) await admin.deleteTopics({ topics });
  await admin.disconnect();
}
