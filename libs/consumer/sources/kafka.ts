import type { FactEvent, TopicName } from '../event.js';
import { pause, pauseBefore, type Reader, type Source, type Unreadable } from '../source.js';
import type { KafkaBatch, KafkaClient, KafkaConsumer, KafkaMessage } from './kafka-client.js';

export interface KafkaSourceOptions {
  /** A client of kafkajs, with the brokers and whatever they ask for. */
  readonly kafka: KafkaClient;
  /** Name of the group: its members share the partitions. */
  readonly groupId: string;
  readonly tenant: string;
  readonly topics: readonly TopicName[];
  /** First part of the names of topics; `annals` if left out. */
  readonly prefix?: string;
  /** Generation of the topics; 1 if left out. */
  readonly generation?: number;
  /** Partitions that are dealt with side by side; 1 if left out. More than 1 needs `parallel` of the consumer. */
  readonly partitionsAtOnce?: number;
  /** Milliseconds after which others take over from one that died; 15,000 if left out. One event must not take longer. */
  readonly sessionTimeout?: number;
}

/** Events after which the broker hears how far we are. */
const EVENTS_AT_ONCE = 200;
/** Milliseconds between looks at which topics there are. */
const LOOK_AGAIN = 5_000;

/**
 * Reads topics from Kafka, committed messages only, from the first one on. The group's offsets say where it goes on; they are stored
 * after the inbox, so that an event may come again but never be missed.
 */
export function kafkaSource(options: KafkaSourceOptions): Source {
  const { prefix = 'annals', tenant, generation = 1 } = options;
  const names = options.topics.map((topic) => `${prefix}.${tenant}.${topic}${generation === 1 ? '' : `.g${generation}`}`);
  return {
    async read(reader, signal) {
      for (let attempt = 1; !signal.aborted; attempt++) {
        try {
          const topics = await topicsThere(options.kafka, names, signal);
          if (topics.length > 0) await readTopics(options, topics, names, reader, signal);
          attempt = 0;
        } catch (error) {
          if (signal.aborted) return;
          reader.failed(error);
          await pause(pauseBefore(attempt, 500, 30_000), signal);
        }
      }
    },
  };
}

/** A topic is made with its first fact; waits until there is one of them. */
async function topicsThere(kafka: KafkaClient, names: readonly string[], signal: AbortSignal): Promise<readonly string[]> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    for (;;) {
      const there = new Set(await admin.listTopics());
      const found = names.filter((name) => there.has(name));
      if (found.length > 0 || signal.aborted) return found;
      await pause(LOOK_AGAIN / 5, signal);
    }
  } finally {
    await admin.disconnect();
  }
}

/** Until the signal, until the client gives up, or until a topic appeared that was missing. */
async function readTopics(
  { kafka, groupId, partitionsAtOnce = 1, sessionTimeout = 15_000 }: KafkaSourceOptions,
  topics: readonly string[],
  names: readonly string[],
  reader: Reader,
  signal: AbortSignal,
): Promise<void> {
  const ended = new AbortController();
  const until = AbortSignal.any([signal, ended.signal]);
  let failure: unknown;
  const consumer = kafka.consumer({ groupId, readUncommitted: false, sessionTimeout });
  consumer.on(consumer.events.CRASH, ({ payload: { error, restart } }) => {
    reader.failed(error);
    if (restart) return;
    failure = error;
    ended.abort();
  });
  try {
    await consumer.connect();
    await consumer.subscribe({ topics: [...topics], fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: partitionsAtOnce,
      eachBatch: (payload) => handleBatch(consumer, payload, reader),
    });
    while (!until.aborted) {
      await pause(topics.length < names.length ? LOOK_AGAIN : 2_147_483_647, until);
      if (!until.aborted && (await topicsThere(kafka, names, until)).length > topics.length) ended.abort();
    }
    if (failure) throw failure;
  } finally {
    await consumer.disconnect();
  }
}

/** An event, or why a message is none: somebody else may write to the topic, or clear it. */
function read(topic: string, partition: number, { offset, value }: KafkaMessage): FactEvent | Unreadable {
  const text = value?.toString('utf8') ?? '';
  const place = `${topic}[${partition}]@${offset}`;
  try {
    const event = JSON.parse(text) as Partial<FactEvent> | null;
    if (typeof event?.subject === 'string' && typeof event.annalsrevision === 'number') return event as FactEvent;
    return { place, text, why: 'This is JSON, and no event of Annals.' };
  } catch {
    return { place, text, why: 'This is no JSON.' };
  }
}

const isEvent = (one: FactEvent | Unreadable): one is FactEvent => !('why' in one);

/** For specifications; the consumer of kafkajs calls it with each batch. */
export async function handleBatch(
  consumer: Pick<KafkaConsumer, 'commitOffsets'>,
  { batch: { topic, partition, messages }, heartbeat, resolveOffset, isRunning, isStale }: KafkaBatch,
  reader: Reader,
): Promise<void> {
  for (let start = 0; start < messages.length; start += EVENTS_AT_ONCE) {
    if (!isRunning() || isStale()) return;
    const part = messages.slice(start, start + EVENTS_AT_ONCE);
    const found = part.map((message) => read(topic, partition, message));
    if (!(await reader.handle({ events: found.filter(isEvent), alive: heartbeat }))) return;
    for (const one of found) if (!isEvent(one) && !(await reader.putAside({ ...one, alive: heartbeat }))) return;
    const last = part.at(-1)?.offset as string;
    resolveOffset(last);
    await consumer.commitOffsets([{ topic, partition, offset: String(BigInt(last) + 1n) }]);
    await heartbeat();
  }
}
