import { randomInt } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startStandIn } from './start.js';

export interface GivenServer {
  readonly connection: string;
  end(): Promise<void>;
}

/** The real server at the address in ANNALS_TEST_EVENTSTOREDB, else the stand-in in a process and a folder of its own. */
export async function givenEventStore(): Promise<GivenServer> {
  const connection = process.env.ANNALS_TEST_EVENTSTOREDB;
  if (connection) return { connection, end: async () => {} };
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

/** A real server keeps what earlier runs wrote: each test has streams of its own. */
export const newNamespace = (): string => `t${randomInt(2 ** 47).toString(36)}`;
