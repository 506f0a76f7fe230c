import type { Producer } from 'kafkajs';
import { type TopicGeneration, type Topics, TopicsDisagree, type TopicWriter, WriterFenced } from '#runtime/ports';
import { Administration } from './administration.js';
import { BrokerTopics } from './broker-topics.js';
import { type Client, type KafkaConnection, producerOf } from './client.js';
import { isCutShort, named, onceStarted } from './errors.js';
import { entry, inTransaction, LEDGER_CONFIG, type Ledger, openLedger } from './ledger.js';
import { Names } from './names.js';
import { CHECKPOINT, type Checkpoint, lost, openWriter } from './writer.js';

export interface KafkaTopicsOptions extends KafkaConnection {
  /** Partitions of each topic. Another number than that of the last generation begins the next one. */
  readonly partitions: number;
  /** Relays that share the work; as fixed as the partitions. Default 1. */
  readonly shards?: number;
  /** Copies of each topic; default 3, or as many as there are brokers. With 3, two must have a fact before it counts. */
  readonly replicas?: number;
  /** Generations before this one are retired: nobody reads them any more. */
  readonly oldestGeneration?: number;
  /** First part of all names; lower case letters, digits, _. Default `annals`. */
  readonly prefix?: string;
}

const ATTEMPTS = 10;
/** Milliseconds at most between two of them. */
const APART = 1_000;

/** Throws TopicsUnavailable, TopicsReset, TopicsDisagree. */
export async function openKafkaTopics(options: KafkaTopicsOptions): Promise<Topics> {
  const { partitions, shards = 1, prefix = 'annals', oldestGeneration = 1 } = options;
  if (!Number.isInteger(partitions) || partitions < 1) throw new Error(`Topics have 1 partition or more; not ${partitions}.`);
  if (!Number.isInteger(shards) || shards < 1) throw new Error(`Topics have 1 shard or more; not ${shards}.`);
  const names = new Names(prefix);
  try {
    const admin = new Administration(options);
    try {
      const topics = new BrokerTopics(admin, options.replicas);
      const register = new Register(options, names, topics);
      const generations = await register.change((known) => {
        const last = known.at(-1);
        const isLast = last !== undefined && last.partitions === partitions && last.shards === shards;
        const wished = { generation: (last?.generation ?? 0) + 1, partitions, shards, retired: false };
        const old = isLast ? known.slice(0, -1) : known;
        const retired = old
          .filter((one) => !one.retired && one.generation < oldestGeneration)
          .map((one) => ({ ...one, retired: true }));
        return isLast ? retired : [...retired, wished];
      });
      return new KafkaTopics(options, names, topics, register, admin, generations);
    } catch (error) {
      await admin.close();
      throw error;
    }
  } catch (error) {
    throw named('open topics', error);
  }
}

class KafkaTopics implements Topics {
  readonly #writers = new Set<TopicWriter>();

  constructor(
    private readonly connection: KafkaConnection,
    private readonly names: Names,
    private readonly topics: BrokerTopics,
    private readonly register: Register,
    private readonly admin: Administration,
    public generations: readonly TopicGeneration[],
  ) {}

  async writer(generation: number, shard: number): Promise<TopicWriter> {
    const known = this.generations.find((one) => one.generation === generation);
    if (!known || shard >= known.shards) throw new Error(`There is no shard ${shard} of generation ${generation}.`);
    if (known.retired) throw new Error(`Generation ${generation} is retired.`);
    const { connection, names, topics } = this;
    const onClose = (closed: TopicWriter) => this.#writers.delete(closed);
    const writer = await openWriter({ connection, names, topics, generation: known, shard, onClose });
    this.#writers.add(writer);
    return writer;
  }

  async retire(generation: number): Promise<void> {
    try {
      this.generations = await this.register.change((known) => {
        const its = known.find((one) => one.generation === generation);
        if (!its || its === known.at(-1)) {
          throw new TopicsDisagree(`Generation ${generation} is the last one, or there is none such.`);
        }
        return [{ ...its, retired: true }];
      });
    } catch (error) {
      throw named('retire a generation', error);
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#writers].map((writer) => writer.close()));
    await this.admin.close();
  }
}

/** Which generations there are, kept in the broker beside what they describe. */
class Register {
  constructor(
    private readonly connection: KafkaConnection,
    private readonly names: Names,
    private readonly topics: BrokerTopics,
  ) {}

  /** Adds or replaces what `change` gives, and gives all there are then, oldest first. */
  async change(change: (known: readonly TopicGeneration[]) => readonly TopicGeneration[]): Promise<readonly TopicGeneration[]> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await onceStarted(() => this.#change(change));
      } catch (error) {
        // another server looked at the same time, and came later; what is there now is read before anything is changed
        if (attempt === ATTEMPTS || !(named('', error) instanceof WriterFenced || isCutShort(error))) throw error;
        await new Promise((over) => setTimeout(over, Math.random() * APART));
      }
    }
  }

  async #change(change: (known: readonly TopicGeneration[]) => readonly TopicGeneration[]): Promise<readonly TopicGeneration[]> {
    const ledger: Ledger = { topic: this.names.register, partition: 0 };
    await this.topics.ensure([ledger.topic], 1, LEDGER_CONFIG);
    const producer = await producerOf(this.connection, this.names.register);
    try {
      const values = await openLedger(this.connection, producer, ledger);
      const known = generationsIn(values);
      if (known.length === 0) await this.#refuseOrphans(ledger.topic);
      const changed = change(known);
      if (changed.length === 0) return known;
      const begun = changed.filter(({ generation }) => !values.has(keyOf(generation)));
      for (const { generation, shards } of begun) {
        await this.topics.ensure([this.names.checkpoints(generation)], shards, LEDGER_CONFIG);
      }
      await this.#write(producer, ledger, changed, begun);
      return generationsIn(new Map([...values, ...changed.map((one) => [keyOf(one.generation), JSON.stringify(one)] as const)]));
    } finally {
      await producer.close();
    }
  }

  /** A generation and the first checkpoint of each of its shards at once: a checkpoint that is missing later was lost. */
  async #write(
    producer: Client<Producer>,
    ledger: Ledger,
    changed: readonly TopicGeneration[],
    begun: readonly TopicGeneration[],
  ): Promise<void> {
    const first: Checkpoint = { topics: 0 };
    const checkpoints = begun.map(({ generation, shards }) => ({
      topic: this.names.checkpoints(generation),
      messages: Array.from({ length: shards }, (_, partition) => ({ key: CHECKPOINT, value: JSON.stringify(first), partition })),
    }));
    const entries = changed.map((one) => entry(ledger, keyOf(one.generation), JSON.stringify(one)));
    await inTransaction(producer, async (transaction) => {
      await transaction.sendBatch({ acks: -1, topicMessages: [...entries, ...checkpoints] });
    });
  }

  async #refuseOrphans(register: string): Promise<void> {
    const orphan = (await this.topics.names()).find((topic) => this.names.generationOf(topic) !== undefined);
    if (orphan !== undefined) throw lost(register, `knows of no generation, and there is the topic ${orphan}`);
  }
}

const keyOf = (generation: number) => `generation.${generation}`;

const generationsIn = (values: ReadonlyMap<string, string>): readonly TopicGeneration[] =>
  [...values.values()].map((text) => JSON.parse(text) as TopicGeneration).sort((one, other) => one.generation - other.generation);
