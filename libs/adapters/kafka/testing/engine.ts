import { randomUUID } from 'node:crypto';
import type { Topics } from '#runtime/ports';
import { Names } from '../names.js';
import { type KafkaTopicsOptions, openKafkaTopics } from '../topics.js';
import { TestConsumer } from './consumer.js';

/** Topics of one test, under a prefix of their own, on a broker that others use too. */
export class KafkaTestEngine {
  readonly prefix = `t${randomUUID().slice(0, 8)}`;
  readonly names = new Names(this.prefix);
  readonly #opened: Topics[] = [];

  private constructor(
    readonly address: string,
    readonly consumer: TestConsumer,
  ) {}

  static async start(address: string): Promise<KafkaTestEngine> {
    const consumer = new TestConsumer(address);
    await consumer.connect();
    return new KafkaTestEngine(address, consumer);
  }

  get options(): KafkaTopicsOptions {
    return { brokers: [this.address], partitions: 3, prefix: this.prefix };
  }

  async open(wish: Partial<KafkaTopicsOptions> = {}): Promise<Topics> {
    const topics = await openKafkaTopics({ ...this.options, ...wish });
    this.#opened.push(topics);
    return topics;
  }

  read(topic: { readonly tenant: string; readonly aggregate: string; readonly generation?: number }) {
    return this.consumer.read(this.names.topic(topic, topic.generation ?? 1));
  }

  async dispose(): Promise<void> {
    await Promise.all(this.#opened.map((topics) => topics.close()));
    await this.consumer.remove(this.prefix);
    await this.consumer.close();
  }
}
