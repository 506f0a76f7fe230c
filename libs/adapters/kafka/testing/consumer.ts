import { randomUUID } from 'node:crypto';
import kafkajs, { type Admin, type Kafka } from 'kafkajs';

export interface Consumed {
  readonly key: string;
  readonly value: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly partition: number;
}

const END = 'end-of-reading';
const READ_WITHIN = 30_000;

/** A consumer of committed messages as others would write it, with the stock client and its defaults. */
export class TestConsumer {
  readonly kafka: Kafka;
  readonly admin: Admin;

  constructor(address: string) {
    this.kafka = new kafkajs.Kafka({ clientId: 'test', brokers: [address], logLevel: kafkajs.logLevel.NOTHING });
    this.admin = this.kafka.admin();
  }

  async connect(): Promise<void> {
    await this.admin.connect();
  }

  /** Everything committed, from zero; empty for a topic that does not exist. Marks the end of each partition with a message of its own. */
  async read(topic: string): Promise<readonly Consumed[]> {
    if (!(await this.admin.listTopics()).includes(topic)) return [];
    const partitions = (await this.admin.fetchTopicMetadata({ topics: [topic] })).topics[0]?.partitions.length ?? 0;
    const mark = randomUUID();
    const producer = this.kafka.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner });
    await producer.connect();
    const ends = Array.from({ length: partitions }, (_, partition) => ({ key: END, value: mark, partition }));
    await producer.send({ topic, messages: ends });
    await producer.disconnect();

    const found: Consumed[] = [];
    const open = new Set(ends.map(({ partition }) => partition));
    const consumer = this.kafka.consumer({ groupId: `test.${mark}`, maxWaitTimeInMs: 50 });
    await consumer.connect();
    let timer: NodeJS.Timeout | undefined;
    try {
      await consumer.subscribe({ topics: [topic], fromBeginning: true });
      await new Promise<void>((resolve, reject) => {
        timer = setTimeout(() => reject(new Error(`No end of ${topic} after ${found.length} messages.`)), READ_WITHIN);
        consumer
          .run({
            autoCommit: false,
            eachMessage: async ({ partition, message }) => {
              const key = message.key?.toString() ?? '';
              const value = message.value?.toString() ?? '';
              if (key !== END) found.push({ key, value, headers: textOf(message.headers ?? {}), partition });
              else if (value === mark) open.delete(partition);
              if (open.size === 0) resolve();
            },
          })
          .catch(reject);
      });
    } finally {
      clearTimeout(timer);
      await consumer.disconnect();
    }
    return found;
  }

  /** Removes all topics whose names begin so. */
  async remove(prefix: string): Promise<void> {
    const topics = (await this.admin.listTopics()).filter((topic) => topic.startsWith(prefix));
    if (topics.length > 0) await this.admin.deleteTopics({ topics, timeout: 10_000 });
  }

  async close(): Promise<void> {
    await this.admin.disconnect();
  }
}

const textOf = (headers: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
