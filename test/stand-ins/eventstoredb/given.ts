import { randomInt } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dockerHost, serviceOf } from '../../support/compose.js';
import { startStandIn } from './start.js';

export interface GivenServer {
  readonly connection: string;
  end(): Promise<void>;
}

/**
 * The real server at the address in ANNALS_TEST_EVENTSTOREDB, else one in a container where Docker answers, else the stand-in in a
 * process and a folder of its own.
 */
export async function givenEventStore(): Promise<GivenServer> {
  const connection = process.env.ANNALS_TEST_EVENTSTOREDB;
  if (connection) return { connection, end: async () => {} };
  const host = await dockerHost();
  if (host !== undefined) return inContainer(host);
  const folder = mkdtempSync(join(tmpdir(), 'annals-eventstoredb-'));
  const standIn = await startStandIn({ folder });
  return {
    connection: standIn.connection,
    end: async () => {
      await standIn.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function inContainer(host: string): Promise<GivenServer> {
  const { GenericContainer, Wait } = await import('testcontainers');
  const { image, environment } = serviceOf('eventstoredb');
  const container = await new GenericContainer(image)
    .withEnvironment(environment)
    .withExposedPorts(2113)
    .withWaitStrategy(Wait.forHttp('/health/live', 2113).forStatusCode(204))
    .start();
  return {
    connection: `esdb://${host}:${container.getMappedPort(2113)}?tls=false`,
    end: async () => void (await container.stop()),
  };
}

/** A real server keeps what earlier runs wrote: each test has streams of its own. */
export const newNamespace = (): string => `t${randomInt(2 ** 47).toString(36)}`;
