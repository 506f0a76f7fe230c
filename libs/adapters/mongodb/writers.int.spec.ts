import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { MongoClient } from 'mongodb';
import { builtFile } from '#adapters/sqlite';
import type { Generation, Lease, ViewStore } from '#runtime/ports';
import { Connection } from './connection.js';
import { openMongoViews } from './index.js';
import { Sessions } from './sessions.js';
import { findMongo, HOW_TO_RUN } from './testing/engine.js';
import { until } from './testing/nodes.js';
import { STEPS_VIEW, saidAt, stepsIn, takeStep } from './testing/steps.js';
import { ViewCollections } from './views/format.js';

const mongo = await findMongo();
const describeOnMongo = mongo ? describe : describe.skip;
const LEASE = 400;

describeOnMongo(`writers of views in MongoDB${mongo ? '' : ` (to run it, ${HOW_TO_RUN})`}`, () => {
  const uri = mongo?.uri ?? '';
  let database: string;
  let store: ViewStore;
  let generation: Generation;
  let writer: Writer | undefined;

  beforeEach(async () => {
    database = `annals_writers_${randomBytes(6).toString('hex')}`;
    store = await openMongoViews({ uri, database });
    generation = await store.generation(STEPS_VIEW);
  });
  afterEach(async () => {
    await writer?.kill();
    await store.close();
    const client = new MongoClient(uri);
    await client.db(database).dropDatabase();
    await client.close();
  });
  afterAll(() => mongo?.stop());

  const takeOver = async (): Promise<Lease> => {
    let lease: Lease | undefined;
    await until(10_000, async () => {
      lease = await store.lease('views', 'the next', 60_000);
      return lease !== undefined;
    });
    if (!lease) throw new Error('No lease.');
    return lease;
  };

  it.each([2, 5, 9])('are fenced when they were stopped after %i steps, lost the lease and wake late', async (steps) => {
    writer = new Writer(uri, database);
    await writer.said(steps);
    writer.stop();
    const lease = await takeOver();
    const began = Date.now();
    let last = 0;
    for (let step = 0; step < 3; step++) last = await takeStep(generation, lease.token);
    // The server would keep the stopped one's open transaction, and what it locked, for a minute.
    expect(Date.now() - began).toBeLessThan(20_000);
    writer.wake();
    expect(await writer.ended()).toBe('stale');
    expect(await stepsIn(generation)).toEqual({ said: [saidAt(last)], at: last });
  });

  it.each(['takes over the lease', 'opens the store'])(
    'keep nothing locked in an open transaction from whoever %s',
    async (who) => {
      const connection = await Connection.open({ uri, database });
      const sessions = await Sessions.open(connection);
      const generations = new ViewCollections(connection).generations;
      await store.lease('views', 'the one before', 0);
      const wake = gate();
      const inside = gate();
      let runs = 0;
      const transaction = sessions.transaction(async (session) => {
        runs += 1;
        await generations.updateOne({ view: STEPS_VIEW.view }, { $inc: { commits: 1 } }, { session });
        inside.resolve();
        await wake.promise;
      });
      try {
        await inside.promise;
        const began = Date.now();
        if (who === 'opens the store') await (await openMongoViews({ uri, database })).close();
        const lease = await takeOver();
        await takeStep(generation, lease.token);
        expect(Date.now() - began).toBeLessThan(10_000);
        wake.resolve();
        await transaction;
        expect(runs).toBe(2);
      } finally {
        wake.resolve();
        await transaction.catch(() => undefined);
        await sessions.close();
        await connection.close();
      }
    },
  );

  it('leave nothing torn and nothing locked when they are killed', async () => {
    let last = 0;
    for (const steps of [1, 4, 8]) {
      writer = new Writer(uri, database);
      const said = await writer.said(steps);
      await writer.kill();
      const lease = await takeOver();
      const began = Date.now();
      last = await takeStep(generation, lease.token);
      expect(Date.now() - began).toBeLessThan(20_000);
      expect(last).toBeGreaterThan(said);
      expect(await stepsIn(generation)).toEqual({ said: [saidAt(last)], at: last });
      await store.release(lease);
    }
  });
});

function gate(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((opened) => {
    resolve = opened;
  });
  return { promise, resolve: () => resolve() };
}

class Writer {
  readonly #process: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  #last = '';

  constructor(uri: string, database: string) {
    const file = fileURLToPath(builtFile(import.meta.url, './testing/writer.child.js'));
    this.#process = spawn(process.execPath, [file, uri, database, String(LEASE)], { stdio: ['ignore', 'pipe', 'inherit'] });
    if (!this.#process.stdout) throw new Error('No output.');
    this.#lines = createInterface({ input: this.#process.stdout })[Symbol.asyncIterator]();
  }

  /** Waits for so many acknowledged steps more; gives the number of the last. */
  async said(steps: number): Promise<number> {
    for (let step = 0; step < steps; step++) this.#last = (await this.#lines.next()).value ?? 'ended';
    return Number(this.#last);
  }

  /** Its last word. */
  async ended(): Promise<string> {
    for (let line = await this.#lines.next(); !line.done; line = await this.#lines.next()) this.#last = line.value;
    return this.#last;
  }

  stop() {
    this.#process.kill('SIGSTOP');
  }

  wake() {
    this.#process.kill('SIGCONT');
  }

  async kill() {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    this.#process.kill('SIGKILL');
    await once(this.#process, 'exit');
  }
}
