import { TopicsDisagree } from '#runtime/ports';
import type { Administration } from './administration.js';
import { isSpreading } from './errors.js';

/** Milliseconds for which a topic that was just made is waited for. */
const SPREADS_WITHIN = 20_000;
const ASK_AGAIN_AFTER = 50;
const TOPIC_RESOURCE = 2;

/** Everything for ever, one fact of 1 MiB with its envelope at least, several of them in one batch. */
const FACTS_CONFIG: Readonly<Record<string, string>> = {
  'cleanup.policy': 'delete',
  'retention.ms': '-1',
  'retention.bytes': '-1',
  'max.message.bytes': '8388608',
  'message.timestamp.type': 'CreateTime',
};

/** The topics of a broker, as far as the relay needs them. */
export class BrokerTopics {
  constructor(
    private readonly admin: Administration,
    private readonly replicas: number | undefined,
  ) {}

  names(): Promise<readonly string[]> {
    return this.admin.ask('list topics', (admin) => admin.listTopics());
  }

  /** Makes those that are missing and looks at those that are there. Throws TopicsDisagree. */
  async ensure(topics: readonly string[], partitions: number, config = FACTS_CONFIG): Promise<void> {
    const there = new Set(await this.names());
    const missing = topics.filter((topic) => !there.has(topic));
    if (missing.length > 0) await this.#make(missing, partitions, config);
    for (const { name, partitions: its } of await this.#described(topics, missing.length > 0)) {
      if (its.length === partitions) continue;
      throw new TopicsDisagree(
        `Topic ${name} has ${its.length} partitions; its generation has ${partitions}, and keys would change their place. ` +
          'Wish for another number of partitions: that publishes the next generation beside it.',
      );
    }
    await this.#checkPolicy(
      topics.filter((topic) => there.has(topic)),
      config['cleanup.policy'] ?? 'delete',
    );
  }

  /** What was just made is known to one broker first; the others hear of it, and have a leader for it, a moment later. */
  async #described(topics: readonly string[], someAreNew: boolean) {
    const deadline = performance.now() + SPREADS_WITHIN;
    for (;;) {
      try {
        const found = await this.admin.ask('look at topics', (admin) => admin.fetchTopicMetadata({ topics: [...topics] }));
        return found.topics;
      } catch (error) {
        if (!someAreNew || !isSpreading(error) || performance.now() > deadline) throw error;
        await new Promise((over) => setTimeout(over, ASK_AGAIN_AFTER));
      }
    }
  }

  async #make(topics: readonly string[], partitions: number, config: Readonly<Record<string, string>>): Promise<void> {
    const { brokers } = await this.admin.ask('describe the cluster', (admin) => admin.describeCluster());
    const replicationFactor = this.replicas ?? Math.min(3, brokers.length);
    const durable = replicationFactor > 2 ? { 'min.insync.replicas': '2' } : {};
    const configEntries = Object.entries({ ...config, ...durable }).map(([name, value]) => ({ name, value }));
    await this.admin.ask('create topics', (admin) =>
      admin.createTopics({
        topics: topics.map((topic) => ({ topic, numPartitions: partitions, replicationFactor, configEntries })),
        // it gives up at the first broker that has not heard of a topic yet; #described waits
        waitForLeaders: false,
        timeout: 10_000,
      }),
    );
  }

  /** A compacted topic loses facts, and a checkpoint that expires publishes everything again. */
  async #checkPolicy(topics: readonly string[], wanted: string): Promise<void> {
    if (topics.length === 0) return;
    const { resources } = await this.admin.ask('look at the settings of topics', (admin) =>
      admin.describeConfigs({
        includeSynonyms: false,
        resources: topics.map((name) => ({ type: TOPIC_RESOURCE, name, configNames: ['cleanup.policy'] })),
      }),
    );
    for (const { resourceName, configEntries } of resources) {
      const policy = configEntries.find(({ configName }) => configName === 'cleanup.policy')?.configValue;
      if (policy === undefined || policy === wanted) continue;
      throw new TopicsDisagree(`Topic ${resourceName} has cleanup.policy=${policy}; it must be ${wanted}.`);
    }
  }
}
