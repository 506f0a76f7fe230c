import { createHash } from 'node:crypto';
import { afterAll, describe } from '@jest/globals';
import { type Engines, embedded } from '../../apps/server/engines.js';
import { givenEventStore } from '../stand-ins/eventstoredb/given.js';

const { ANNALS_TEST_MONGODB: mongodb, ANNALS_TEST_KAFKA: kafka, ANNALS_TEST_ENGINES } = process.env;

/** True where the suites run on the distributed engines instead of the embedded ones: `npm run test:engines`. */
export const onDistributedEngines = ANNALS_TEST_ENGINES === 'distributed';

/** For suites about the files of the embedded engines; left out on others. */
export function describeEmbedded(name: string, suite: () => void): void {
  if (onDistributedEngines) describe.skip(`${name} (left out: it is about files of the embedded engines)`, suite);
  else describe(name, suite);
}

const eventStore = onDistributedEngines ? givenEventStore() : undefined;
if (eventStore) afterAll(async () => (await eventStore).end());

/** On shared servers each data folder has names of its own. */
export const nameOf = (dataFolder: string): string => `t${createHash('sha256').update(dataFolder).digest('hex').slice(0, 12)}`;

/** The engines of a house in a test. */
export async function testEngines(folder: string): Promise<Engines> {
  if (!eventStore) return embedded(folder);
  const name = nameOf(folder);
  const { connection } = await eventStore;
  return {
    folder,
    log: { engine: 'eventstoredb', connection, namespace: name },
    views: mongodb ? { engine: 'mongodb', uri: mongodb, database: name } : { engine: 'sqlite' },
    keys: mongodb ? { engine: 'mongodb', uri: mongodb, database: `${name}-keys` } : { engine: 'sqlite' },
    topics: kafka ? { engine: 'kafka', brokers: kafka.split(','), partitions: 2, prefix: name } : { engine: 'embedded' },
  };
}

/** The same as settings of a server, for a test that starts one of its own. */
export async function engineSettings(dataFolder: string): Promise<Readonly<Record<string, string>>> {
  if (!eventStore) return {};
  return settingsOf(nameOf(dataFolder), { eventstoredb: (await eventStore).connection, mongodb, kafka });
}

/** Where the engines are; what is left out stays embedded. */
export interface Addresses {
  readonly eventstoredb?: string;
  readonly mongodb?: string;
  readonly kafka?: string;
}

export const settingsOf = (name: string, at: Addresses): Readonly<Record<string, string>> => ({
  ...(at.eventstoredb && {
    ANNALS_LOG_ENGINE: 'eventstoredb',
    ANNALS_EVENTSTOREDB_URI: at.eventstoredb,
    ANNALS_EVENTSTOREDB_NAMESPACE: name,
  }),
  ...(at.mongodb && {
    ANNALS_VIEWS_ENGINE: 'mongodb',
    ANNALS_KEYS_ENGINE: 'mongodb',
    ANNALS_MONGODB_URI: at.mongodb,
    ANNALS_MONGODB_DATABASE: name,
  }),
  ...(at.kafka && {
    ANNALS_TOPICS_ENGINE: 'kafka',
    ANNALS_KAFKA_BROKERS: at.kafka,
    ANNALS_KAFKA_PARTITIONS: '2',
    ANNALS_KAFKA_PREFIX: name,
  }),
});
