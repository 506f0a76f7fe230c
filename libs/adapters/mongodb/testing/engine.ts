import type { StartedTestContainer } from 'testcontainers';
import { dockerHost, serviceOf } from '../../../../test/support/compose.js';

/** A server for the tests of this adapter, and where it came from. */
export interface MongoUnderTest {
  readonly uri: string;
  readonly from: string;
  stop(): Promise<void>;
}

export const HOW_TO_RUN =
  'set ANNALS_TEST_MONGODB to the address of a replica set (.ci/engines/mongodb.sh start prints one), or start Docker';

/** Given by address, else in Docker, else none. */
export async function findMongo(): Promise<MongoUnderTest | undefined> {
  const uri = process.env.ANNALS_TEST_MONGODB;
  if (uri) return { uri, from: 'ANNALS_TEST_MONGODB', stop: async () => undefined };
  if ((await dockerHost()) === undefined) return undefined;
  const { GenericContainer, Wait } = await import('testcontainers');
  const { image } = serviceOf('mongodb');
  const container = await new GenericContainer(image)
    .withCommand(['mongod', '--replSet', 'annals', '--bind_ip_all'])
    .withExposedPorts(27017)
    .withWaitStrategy(Wait.forLogMessage(/Waiting for connections/i))
    .start();
  try {
    await initiate(container);
  } catch (error) {
    await container.stop();
    throw error;
  }
  // The member calls itself by its name inside the container: only a direct connection finds it from outside.
  const address = `mongodb://${container.getHost()}:${container.getMappedPort(27017)}/?directConnection=true`;
  return { uri: address, from: `Docker, ${image}`, stop: async () => void (await container.stop()) };
}

async function initiate(container: StartedTestContainer): Promise<void> {
  const script =
    "rs.initiate({_id:'annals',members:[{_id:0,host:'localhost:27017'}]}); while (!db.hello().isWritablePrimary) sleep(100)";
  const { exitCode, output } = await container.exec(['mongosh', '--quiet', '--eval', script]);
  if (exitCode !== 0) throw new Error(`The replica set was not initiated: ${output}`);
}
