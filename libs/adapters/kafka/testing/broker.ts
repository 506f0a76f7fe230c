import { createServer } from 'node:net';
import { dockerHost, serviceOf } from '../../../../test/support/compose.js';

/** A broker that tests may use, or why there is none. */
export type TestBroker =
  | { readonly address: string; readonly from: string; readonly stop: () => Promise<void> }
  | { readonly skipped: string };

const HOW =
  'set ANNALS_TEST_KAFKA to host:port of a broker (.ci/engines/kafka.sh start gives one), or run where a Docker engine answers';

/** The broker of ANNALS_TEST_KAFKA, else one in a container, else none. */
export async function testBroker(): Promise<TestBroker> {
  const address = process.env.ANNALS_TEST_KAFKA;
  if (address) return { address, from: 'ANNALS_TEST_KAFKA', stop: async () => {} };
  const host = await dockerHost();
  if (host !== undefined) return inContainer(host);
  const skipped = `no Kafka: ${HOW}`;
  process.stderr.write(`Left out, ${skipped}.\n`);
  return { skipped };
}

/**
 * One KRaft node. Clients are sent to its advertised address, so its port is chosen before it starts. It speaks to itself too, in
 * each transaction: by a listener of its own, as the port of the host does not exist inside the container.
 */
async function inContainer(host: string): Promise<TestBroker> {
  const { image } = serviceOf('kafka');
  const { GenericContainer, Wait } = await import('testcontainers');
  const port = await freePort();
  const container = await new GenericContainer(image)
    .withExposedPorts({ container: 9092, host: port })
    .withEnvironment({
      KAFKA_NODE_ID: '1',
      KAFKA_PROCESS_ROLES: 'broker,controller',
      KAFKA_CONTROLLER_QUORUM_VOTERS: '1@localhost:9093',
      KAFKA_LISTENERS: 'PLAINTEXT://:9092,BROKER://localhost:9094,CONTROLLER://localhost:9093',
      KAFKA_ADVERTISED_LISTENERS: `PLAINTEXT://${host}:${port},BROKER://localhost:9094`,
      KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: 'PLAINTEXT:PLAINTEXT,BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT',
      KAFKA_INTER_BROKER_LISTENER_NAME: 'BROKER',
      KAFKA_CONTROLLER_LISTENER_NAMES: 'CONTROLLER',
      KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: '1',
      KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: '1',
      KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: '1',
      KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS: '0',
      KAFKA_AUTO_CREATE_TOPICS_ENABLE: 'false',
      KAFKA_HEAP_OPTS: '-Xms64m -Xmx512m',
    })
    .withWaitStrategy(Wait.forLogMessage(/Kafka Server started/))
    .start();
  return { address: `${host}:${port}`, from: `container ${image}`, stop: async () => void (await container.stop()) };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
