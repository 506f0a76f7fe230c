import kafkajs, { type Message, type Producer } from 'kafkajs';
import {
  OutcomeUnknown,
  type TopicGeneration,
  type TopicMessage,
  TopicsReset,
  TopicsUnavailable,
  type TopicWriter,
} from '#runtime/ports';
import type { BrokerTopics } from './broker-topics.js';
import { type Client, type KafkaConnection, producerOf } from './client.js';
import { named, onceStarted } from './errors.js';
import { entry, inTransaction, type Ledger, openLedger } from './ledger.js';
import type { Names } from './names.js';
import { partitionOf } from './partition.js';

export const CHECKPOINT = 'checkpoint';

/** What lies beside the facts, written in the same transactions. */
export interface Checkpoint {
  readonly position?: string;
  /** How many topics of the generation this writer knew: fewer later on means that some were lost. */
  readonly topics: number;
}

export interface WriterOptions {
  readonly connection: KafkaConnection;
  readonly names: Names;
  readonly topics: BrokerTopics;
  readonly generation: TopicGeneration;
  readonly shard: number;
  readonly onClose: (writer: TopicWriter) => void;
}

export async function openWriter(options: WriterOptions): Promise<TopicWriter> {
  try {
    return await onceStarted(() => writerAt(options));
  } catch (error) {
    throw named('open a writer', error);
  }
}

async function writerAt(options: WriterOptions): Promise<TopicWriter> {
  const { connection, names, topics, generation, shard } = options;
  const ledger: Ledger = { topic: names.checkpoints(generation.generation), partition: shard, isOneKey: true };
  const there = await topics.names();
  if (!there.includes(ledger.topic)) throw lost(ledger.topic, 'is not there any more');
  const producer = await producerOf(connection, names.transactionalId(generation.generation, shard));
  try {
    const text = (await openLedger(connection, producer, ledger)).get(CHECKPOINT);
    if (text === undefined) throw lost(ledger.topic, `has no checkpoint of shard ${shard}`);
    const checkpoint = JSON.parse(text) as Checkpoint;
    const known = new Set(there.filter((topic) => names.generationOf(topic) === generation.generation));
    if (known.size < checkpoint.topics) {
      throw lost(ledger.topic, `tells of ${checkpoint.topics} topics, and there are ${known.size}`);
    }
    return new KafkaTopicWriter(options, ledger, producer, known, checkpoint.position);
  } catch (error) {
    await producer.close();
    throw error;
  }
}

export const lost = (topic: string, what: string): TopicsReset =>
  new TopicsReset(
    `${topic} ${what}: the broker lost it, or was replaced. Nothing is published until somebody decides: bring back what was ` +
      'lost, or delete the topics and checkpoints of this installation, and everything is published anew from the log.',
  );

class KafkaTopicWriter implements TopicWriter {
  readonly #ensured = new Set<string>();
  #failed = false;

  constructor(
    private readonly options: WriterOptions,
    private readonly ledger: Ledger,
    private readonly producer: Client<Producer>,
    private readonly known: Set<string>,
    readonly checkpoint: string | undefined,
  ) {}

  async ensure(topics: readonly Pick<TopicMessage, 'tenant' | 'aggregate'>[]): Promise<void> {
    const { generation } = this.options;
    const wanted = new Set(topics.map((topic) => this.#topic(topic)));
    const missing = [...wanted].filter((topic) => !this.#ensured.has(topic));
    if (missing.length === 0) return;
    try {
      await this.options.topics.ensure(missing, generation.partitions);
    } catch (error) {
      throw named('ensure topics', error);
    }
    for (const topic of missing) {
      this.#ensured.add(topic);
      this.known.add(topic);
    }
  }

  async publish(messages: readonly TopicMessage[], position: string): Promise<void> {
    if (this.#failed) throw new TopicsUnavailable('This writer has failed before; open another one.');
    const topics = new Map<string, Message[]>();
    for (const message of messages) {
      const topic = this.#topic(message);
      const its = topics.get(topic) ?? [];
      if (its.length === 0) topics.set(topic, its);
      const partition = partitionOf(message.stream, this.options.generation.partitions);
      its.push({ key: message.stream, value: message.value, headers: message.headers, partition });
    }
    const checkpoint: Checkpoint = { position, topics: this.known.size };
    let sent = false;
    try {
      await inTransaction(this.producer, async (transaction) => {
        await transaction.sendBatch({
          acks: -1,
          compression: kafkajs.CompressionTypes.GZIP,
          topicMessages: [
            ...[...topics].map(([topic, its]) => ({ topic, messages: its })),
            entry(this.ledger, CHECKPOINT, JSON.stringify(checkpoint)),
          ],
        });
        sent = true;
      });
    } catch (error) {
      this.#failed = true;
      const known = named('publish', error);
      // without an answer to its commit a transaction may be there or not
      if (sent && known instanceof TopicsUnavailable) throw new OutcomeUnknown(known.message, { cause: error });
      throw known;
    }
  }

  async close(): Promise<void> {
    await this.producer.close();
    this.options.onClose(this);
  }

  #topic(topic: Pick<TopicMessage, 'tenant' | 'aggregate'>): string {
    return this.options.names.topic(topic, this.options.generation.generation);
  }
}
