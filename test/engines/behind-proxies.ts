import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe } from '@jest/globals';
import { TestConsumer } from '../../libs/adapters/kafka/testing/consumer.js';
import { mongodProgram, Nodes } from '../../libs/adapters/mongodb/testing/nodes.js';
import { type StandIn, startStandIn } from '../stand-ins/eventstoredb/start.js';
import { nameOf, settingsOf } from '../support/engines.js';
import { TcpProxy } from '../support/proxy.js';

const script = process.env.ANNALS_TEST_KAFKA_SCRIPT;
const run = promisify(execFile);

/** Why the tests with faults cannot run here; undefined where they can. */
const missing: string | undefined =
  process.env.ANNALS_TEST_ENGINES !== 'distributed'
    ? 'part of npm run test:engines'
    : !mongodProgram()
      ? 'set ANNALS_TEST_MONGOD: .ci/engines/mongodb.sh program'
      : !script
        ? 'set ANNALS_TEST_KAFKA_SCRIPT to .ci/engines/kafka.sh'
        : undefined;

/**
 * Engines of one test file, to kill, each behind a proxy: the stand-in for EventStoreDB (a real one is not for killing), a
 * MongoDB of one node, a broker of Kafka.
 */
export class EnginesBehindProxies {
  private constructor(
    private readonly folder: string,
    private standIn: StandIn,
    private readonly nodes: Nodes,
    private readonly kafkaAddress: string,
    readonly log: TcpProxy,
    readonly views: TcpProxy,
    readonly topics: TcpProxy,
  ) {}

  static async start(): Promise<EnginesBehindProxies> {
    const folder = mkdtempSync(join(tmpdir(), 'annals-behind-proxies-'));
    const kafka = join(folder, 'kafka');
    const [standIn, nodes, address] = await Promise.all([
      startStandIn({ folder: join(folder, 'eventstoredb') }),
      Nodes.startReplicaSet(mongodProgram() ?? '', 1),
      run(script ?? '', ['start', kafka]).then(({ stdout }) => stdout.trim()),
    ]);
    const [behind = '', proxied = ''] = (await run(script ?? '', ['proxied', kafka])).stdout.trim().split('=');
    const [log, views, topics] = await Promise.all([
      TcpProxy.to(`127.0.0.1:${standIn.port}`),
      TcpProxy.to(/127\.0\.0\.1:\d+/.exec(nodes.uri)?.[0] ?? ''),
      TcpProxy.to(behind, Number(proxied.split(':')[1])),
    ]);
    return new EnginesBehindProxies(folder, standIn, nodes, address, log, views, topics);
  }

  /** Settings of a server whose data is in a folder; engines that are left out are embedded. */
  settings(dataFolder: string, which: { log?: boolean; views?: boolean; keys?: boolean; topics?: boolean } = {}) {
    const { log = true, views = true, keys = views, topics = true } = which;
    return {
      ...settingsOf(nameOf(dataFolder), {
        ...(log && { eventstoredb: `esdb://${this.log.address}?tls=false` }),
        // a member of a replica set would name its own address, past the proxy
        ...(views && { mongodb: `mongodb://${this.views.address}/?directConnection=true` }),
        ...(topics && { kafka: this.topics.address }),
      }),
      ...(views && !keys && { ANNALS_KEYS_ENGINE: 'sqlite' }),
      // so that a way that answers nothing shows soon
      ...(topics && { ANNALS_KAFKA_TIMEOUT_MILLISECONDS: '4000' }),
    };
  }

  /** kill -9, and back on the same port with what its disk has. */
  async killLog(): Promise<void> {
    const { port } = this.standIn;
    await this.standIn.kill();
    this.standIn = await startStandIn({ folder: join(this.folder, 'eventstoredb'), port });
  }

  async killViews(): Promise<void> {
    await this.nodes.whole();
    const again = await this.nodes.killPrimary();
    await again();
  }

  async killTopics(): Promise<void> {
    await run(script ?? '', ['kill', join(this.folder, 'kafka')]);
    await run(script ?? '', ['start', join(this.folder, 'kafka')]);
  }

  /** What a reader of committed messages finds, by stream: the revisions in their order. */
  async published(dataFolder: string): Promise<ReadonlyMap<string, readonly number[]>> {
    const consumer = new TestConsumer(this.kafkaAddress);
    await consumer.connect();
    try {
      const topics = (await consumer.admin.listTopics()).filter((topic) => topic.startsWith(`${nameOf(dataFolder)}.`));
      const streams = new Map<string, number[]>();
      for (const topic of topics) {
        for (const { key, headers } of await consumer.read(topic)) {
          const revisions = streams.get(key) ?? [];
          streams.set(key, revisions);
          revisions.push(Number(headers.ce_annalsrevision));
        }
      }
      return streams;
    } finally {
      await consumer.close();
    }
  }

  async stop(): Promise<void> {
    await Promise.all([this.log, this.views, this.topics].map((proxy) => proxy.close()));
    await Promise.all([
      this.standIn.kill(),
      this.nodes.stop(),
      run(script ?? '', ['kill', join(this.folder, 'kafka')]).catch(() => {}),
    ]);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A suite on distributed engines of its own, each behind a proxy; left out, with the reason in its name, where one is missing. */
export function describeBehindProxies(name: string, suite: (engines: () => EnginesBehindProxies) => void): void {
  const described = missing === undefined ? describe : describe.skip;
  described(`the distributed engines${missing === undefined ? '' : ` (left out: ${missing})`}`, () => {
    let engines: EnginesBehindProxies;
    beforeAll(async () => {
      engines = await EnginesBehindProxies.start();
    }, 240_000);
    afterAll(() => engines?.stop());

    describe(name, () => suite(() => engines));
  });
}
