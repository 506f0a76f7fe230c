import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';

export const HOW_TO_RUN_NODES = 'set ANNALS_TEST_MONGOD to the path of a mongod (.ci/engines/mongodb.sh program prints one)';

/** The server program, for tests that start and kill nodes of their own. */
export const mongodProgram = (): string | undefined => process.env.ANNALS_TEST_MONGOD;

interface Node {
  readonly port: number;
  process: ChildProcess;
}

/** Nodes on 127.0.0.1 that are children of this process, in a temporary folder. */
export class Nodes {
  readonly #folder = mkdtempSync(join(tmpdir(), 'annals-mongod-'));
  readonly #nodes: Node[] = [];

  private constructor(private readonly program: string) {}

  /** One that stands alone, or one that is meant for a replica set but was never initiated. */
  static async startOne(program: string, options: { readonly replicaSet: boolean }): Promise<Nodes> {
    const nodes = new Nodes(program);
    await nodes.#start(1, options.replicaSet ? ['--replSet', 'annals'] : []);
    return nodes;
  }

  static async startReplicaSet(program: string, count: number): Promise<Nodes> {
    const nodes = new Nodes(program);
    await nodes.#start(count, ['--replSet', 'annals']);
    const members = nodes.#nodes.map(({ port }, _id) => ({ _id, host: `127.0.0.1:${port}` }));
    const settings = { electionTimeoutMillis: 2_000 };
    await nodes.#ask(nodes.#nodes[0]?.port ?? 0, { replSetInitiate: { _id: 'annals', members, settings } });
    await nodes.whole();
    return nodes;
  }

  get uri(): string {
    const hosts = this.#nodes.map(({ port }) => `127.0.0.1:${port}`).join();
    return this.#nodes.length > 1 ? `mongodb://${hosts}/?replicaSet=annals` : `mongodb://${hosts}/`;
  }

  /** Waits until there is a primary and every other node follows it. */
  async whole(): Promise<void> {
    await until(120_000, async () => {
      const states = await this.#states();
      return states.includes('PRIMARY') && states.every((state) => state === 'PRIMARY' || state === 'SECONDARY');
    });
  }

  /** Gives how to start it again. */
  async killPrimary(): Promise<() => Promise<void>> {
    const states = await this.#states();
    const primary = this.#nodes[states.indexOf('PRIMARY')];
    if (!primary) throw new Error(`No primary: ${states.join()}`);
    primary.process.kill('SIGKILL');
    await once(primary.process, 'exit');
    return async () => {
      primary.process = this.#spawn(primary.port, ['--replSet', 'annals']);
      await this.whole();
    };
  }

  async stop(): Promise<void> {
    for (const { process } of this.#nodes) {
      if (process.exitCode !== null || process.signalCode !== null) continue;
      process.kill('SIGKILL');
      await once(process, 'exit');
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #start(count: number, options: readonly string[]): Promise<void> {
    for (let index = 0; index < count; index++) {
      const port = await freePort();
      mkdirSync(join(this.#folder, String(port)));
      this.#nodes.push({ port, process: this.#spawn(port, options) });
    }
    for (const { port } of this.#nodes) await until(20_000, async () => (await this.#ask(port, { ping: 1 })) !== undefined);
  }

  #spawn(port: number, options: readonly string[]): ChildProcess {
    const place = ['--bind_ip', '127.0.0.1', '--port', String(port), '--dbpath', join(this.#folder, String(port))];
    const small = ['--wiredTigerCacheSizeGB', '0.25', '--oplogSize', '128', '--nounixsocket'];
    return spawn(this.program, [...options, ...place, ...small], { stdio: 'ignore' });
  }

  async #states(): Promise<readonly string[]> {
    for (const { port } of this.#nodes) {
      const status = await this.#ask(port, { replSetGetStatus: 1 });
      const members = status?.members as { readonly stateStr: string }[] | undefined;
      if (members) return members.map(({ stateStr }) => stateStr);
    }
    return [];
  }

  /** Undefined while it does not answer. */
  async #ask(port: number, command: Record<string, unknown>): Promise<Record<string, unknown> | undefined> {
    const options = { directConnection: true, serverSelectionTimeoutMS: 1_000 };
    const client = new MongoClient(`mongodb://127.0.0.1:${port}/`, options);
    try {
      return await client.db('admin').command(command);
    } catch {
      return undefined;
    } finally {
      await client.close();
    }
  }
}

/** Looks again and again until it is so. */
export async function until(milliseconds: number, isSo: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + milliseconds; !(await isSo()); ) {
    if (Date.now() > end) throw new Error(`Not so within ${milliseconds} ms.`);
    await new Promise((again) => setTimeout(again, 50));
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('No port.');
  return address.port;
}
