import { createHash } from 'node:crypto';
import { afterAll } from '@jest/globals';
import { type Engines, embedded } from '../../apps/server/engines.js';
import { givenEventStore } from '../stand-ins/eventstoredb/given.js';

const { ANNALS_TEST_MONGODB: mongodb, ANNALS_TEST_KAFKA: kafka, ANNALS_TEST_ENGINES } = process.env;

/** True where the suites run on the distributed engines instead of the embedded ones: `npm run test:engines`. */
export const onDistributedEngines = ANNALS_TEST_ENGINES === 'distributed';

const eventStore = onDistributedEngines ? givenEventStore() : undefined;
if (eventStore) afterAll(async () => (await eventStore).end());

/** The engines of a house in a test; on shared servers each data folder has names of its own. */
export async function testEngines(folder: string): Promise<Engines> {
  if (!eventStore) return embedded(folder);
  const name = `t${createHash('sha256').update(folder).digest('hex').slice(0, 12)}`;
  const { connection } = await eventStore;
  return {
    folder,
    log: { engine: 'eventstoredb', connection, namespace: name },
    views: mongodb ? { engine: 'mongodb', uri: mongodb, database: name } : { engine: 'sqlite' },
    keys: mongodb ? { engine: 'mongodb', uri: mongodb, database: `${name}-keys` } : { engine: 'sqlite' },
    topics: kafka ? { engine: 'kafka', brokers: kafka.split(','), partitions: 2, prefix: name } : { engine: 'embedded' },
  };
}
