import { execFile, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { builtFile, openSqliteLog, openSqliteViews } from '#adapters/sqlite';
import { type Log, MAX_APPEND_BYTES, type StoredFact, type ViewStore } from '#runtime/ports';
import { Publication } from '#runtime/relay/index';
import { readEverything } from '../../../test/contract/log.contract.js';
import { testBroker } from './testing/broker.js';
import { KafkaTestEngine } from './testing/engine.js';
import { isPublic, newFact, newStream, TOPICS } from './testing/facts.js';
import { Way } from './testing/way.js';
import { type KafkaTopicsOptions, openKafkaTopics } from './topics.js';

const broker = await testBroker();
const described = 'skipped' in broker ? describe.skip : describe;
/** .ci/engines/kafka.sh: starts brokers of our own, to kill. */
const script = process.env.ANNALS_TEST_KAFKA_SCRIPT;
const CAUGHT_UP_WITHIN = 45_000;
const LONGER_THAN_A_TRANSACTION = 80;

described(`the relay of a SQLite log to Kafka (${'skipped' in broker ? broker.skipped : broker.from})`, () => {
  const address = 'skipped' in broker ? '' : broker.address;
  let folder: string;
  let engine: KafkaTestEngine;
  const open: { stop?(): Promise<void>; close?(): Promise<void> }[] = [];

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'annals-relay-'));
    engine = await KafkaTestEngine.start(address);
  });
  afterEach(async () => {
    for (const thing of open.splice(0).reverse()) await (thing.stop?.() ?? thing.close?.());
    await engine.dispose();
    rmSync(folder, { recursive: true, force: true });
  });
  afterAll(async () => {
    if ('stop' in broker) await broker.stop();
  });

  async function openLog(): Promise<Log> {
    const log = await openSqliteLog({ folder });
    open.push(log);
    return log;
  }
  function publish(log: Log, more: Partial<KafkaTopicsOptions> = {}, leases?: ViewStore) {
    const errors: string[] = [];
    const publication = new Publication({
      log,
      ...(leases && { leases }),
      open: () => openKafkaTopics({ ...engine.options, ...more }),
      onError: (name, error) => errors.push(`${name}: ${String(error)}`),
    });
    publication.start();
    open.push(publication);
    return { publication, errors };
  }
  const append = async (log: Log, count: number) => {
    const stream = newStream();
    for (let revision = -1; revision < count - 1; revision += 2) {
      await log.append(stream, revision, [newFact(), newFact(revision % 3 === 0 ? 'internal' : 'public')]);
    }
  };
  const published = async (generation = 1) =>
    (await Promise.all(TOPICS.map((topic) => engine.read({ ...topic, generation })))).flat();
  const expectAllOnce = async (log: Log, generation = 1) => {
    const facts = (await readEverything(log)).filter(isPublic);
    const read = await published(generation);
    expect(placesByStream(read.map(({ headers }) => [headers.ce_subject ?? '', Number(headers.ce_annalsrevision)]))).toEqual(
      placesByStream(facts.map(({ stream, revision }) => [stream, revision])),
    );
    return { facts, read };
  };

  it('publishes what is public, as it is stored, and nothing else', async () => {
    const log = await openLog();
    const stream = newStream();
    await log.append(stream, -1, [newFact(), newFact('internal'), newFact('imported'), newFact()]);
    const large = { ...newFact(), data: `{ "sealed":  {"$sealed":"${'x'.repeat(MAX_APPEND_BYTES - 100)}"} }` };
    await log.append(stream, 3, [large]);
    const { publication } = publish(log);
    await caughtUp(publication, log);
    const { facts, read } = await expectAllOnce(log);
    expect(facts.map(({ revision }) => revision)).toEqual([0, 3, 4]);
    for (const [index, fact] of facts.entries()) expectSame(read[index]?.value ?? '', fact);
    expect(read.every(({ key }) => key === stream)).toBe(true);
  });

  it('publishes each public fact once and in order, whenever its process is killed', async () => {
    for (const positions of [1, 5, 2, 12, 3, 20, 1, 9, 4, 2]) {
      await killAfter([folder, address, engine.prefix], positions);
    }
    const log = await openLog();
    const { publication, errors } = publish(log);
    await caughtUp(publication, log);
    const { facts } = await expectAllOnce(log);
    expect(facts.length).toBeGreaterThan(500);
    expect(errors).toEqual([]);
  }, 120_000);

  it.each(['cut', 'frozen'] as const)(
    'lets appends go on and catches up when the way to the broker was %s',
    async (state) => {
      const way = await Way.to(address);
      const log = await openLog();
      const { publication, errors } = publish(log, { socket: way.socket });
      await append(log, 20);
      await caughtUp(publication, log);
      way.set(state);
      const began = Date.now();
      for (let stream = 0; stream < 10; stream++) await append(log, 20);
      expect(Date.now() - began).toBeLessThan(5_000);
      await until('the relay notices', () => errors.length > 0);
      expect(publication.readers()[0]?.failure).toBeDefined();
      way.set('cut');
      way.set('open');
      await caughtUp(publication, log);
      expect(publication.readers()[0]?.failure).toBeUndefined();
      await expectAllOnce(log);
      await publication.stop();
      way.close();
    },
    120_000,
  );

  (script ? it : it.skip)(
    'catches up after the broker was killed and came back (ANNALS_TEST_KAFKA_SCRIPT)',
    async () => {
      const mine = join(folder, 'broker');
      const control = (action: string) => promisify(execFile)(script ?? '', [action, mine]);
      open.push({ stop: async () => void (await control('remove')) });
      await engine.dispose();
      engine = await KafkaTestEngine.start((await control('start')).stdout.trim());
      const log = await openLog();
      const { publication, errors } = publish(log);
      const load = loaded(log);
      await until('something is published', () => (publication.readers()[0]?.position ?? '') > log.start);
      await control('kill');
      await until('the relay notices', () => errors.length > 0);
      await control('start');
      await load.stop();
      await caughtUp(publication, log);
      const { facts } = await expectAllOnce(log);
      expect(facts.length).toBeGreaterThan(100);
      await publication.stop();
      await engine.dispose();
      engine = await KafkaTestEngine.start(address);
    },
    180_000,
  );

  it('publishes the next generation from the start of the log, beside the one before', async () => {
    const log = await openLog();
    const first = publish(log);
    for (let stream = 0; stream < 6; stream++) await append(log, 10);
    await caughtUp(first.publication, log);
    await first.publication.stop();
    const { publication } = publish(log, { partitions: 5 });
    await append(log, 10);
    await caughtUp(publication, log);
    await expectAllOnce(log, 1);
    await expectAllOnce(log, 2);
    expect(publication.readers().map(({ name }) => name)).toEqual(['relay.g1.0', 'relay.g2.0']);
  });

  it('shares the streams among the shards of a generation', async () => {
    const log = await openLog();
    for (let stream = 0; stream < 20; stream++) await append(log, 6);
    const { publication } = publish(log, { shards: 3 });
    await caughtUp(publication, log);
    expect(publication.readers()).toHaveLength(3);
    await expectAllOnce(log);
  });

  it('does not go on with another log, nor with an older copy of it', async () => {
    const [copy, elsewhere] = ['copy', 'elsewhere'].map((name) => join(folder, '..', `${basename(folder)}-${name}`));
    const before = await openSqliteLog({ folder });
    await append(before, 10);
    await before.close();
    cpSync(folder, copy ?? '', { recursive: true });
    const log = await openLog();
    await append(log, 10);
    const first = publish(log);
    await caughtUp(first.publication, log);
    await first.publication.stop();
    for (const other of [copy ?? '', elsewhere ?? '']) {
      mkdirSync(other, { recursive: true });
      const wrong = await openSqliteLog({ folder: other });
      await append(wrong, 4);
      const { publication, errors } = publish(wrong);
      await until('the relay refuses', () => errors.length > 0);
      expect(errors[0]).toMatch(/restored from a backup or replaced/);
      await publication.stop();
      await wrong.close();
      rmSync(other, { recursive: true, force: true });
    }
    await expectAllOnce(log);
  });

  it('leaves a shard to the server that holds its lease, and takes over when that one stops', async () => {
    const log = await openLog();
    const store = await openSqliteViews({ file: join(folder, 'state.db') });
    open.push(store);
    const first = publish(log, {}, store);
    await append(log, 10);
    await caughtUp(first.publication, log);
    const second = publish(log, {}, store);
    await append(log, 10);
    await caughtUp(first.publication, log);
    // nothing lags there: who publishes tells how far it is
    await until('the other one stands by', () => second.publication.readers().length === 0);
    await first.publication.stop();
    await append(log, 10);
    await caughtUp(second.publication, log);
    expect([...first.errors, ...second.errors]).toEqual([]);
    await expectAllOnce(log);
  });
});

const expectSame = (value: string, fact: StoredFact) => {
  expect(JSON.parse(value)).toMatchObject({ specversion: '1.0', id: fact.id, annalsposition: fact.position });
  expect(value.endsWith(`,"data":${fact.data}}`)).toBe(true);
};

/** The revisions of each stream, in the order in which they come. */
function placesByStream(places: readonly (readonly [string, number])[]): Readonly<Record<string, readonly number[]>> {
  const streams: Record<string, number[]> = {};
  for (const [stream, revision] of places) {
    const its = streams[stream] ?? [];
    its.push(revision);
    streams[stream] = its;
  }
  return streams;
}

async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + CAUGHT_UP_WITHIN; !(await holds()); ) {
    if (Date.now() > deadline) throw new Error(`Not within ${CAUGHT_UP_WITHIN} ms: ${what}.`);
    await new Promise((next) => setTimeout(next, 10));
  }
}

const caughtUp = (publication: Publication, log: Log) =>
  until('the relay has everything', async () => {
    const head = await log.head();
    const readers = publication.readers();
    return readers.length > 0 && readers.every(({ position }) => position === head);
  });

/** Ends by SIGKILL at any moment of the transactions that follow after it said so many positions. */
function killAfter(args: readonly string[], positions: number): Promise<void> {
  const child = spawn(process.execPath, [fileURLToPath(builtFile(import.meta.url, './testing/relay.child.js')), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return new Promise((resolve, reject) => {
    let lines = 0;
    child.stdout.on('data', (chunk: Buffer) => {
      for (const byte of chunk) if (byte === 10) lines += 1;
      if (lines < positions) return;
      child.stdout.removeAllListeners('data').resume();
      setTimeout(() => child.kill('SIGKILL'), Math.random() * LONGER_THAN_A_TRANSACTION);
    });
    child.on('error', reject);
    child.on('close', (_, signal) => (signal === 'SIGKILL' ? resolve() : reject(new Error('The child ended by itself.'))));
  });
}

/** Appends until it is stopped; no append may fail or wait for the broker. */
function loaded(log: Log): { stop(): Promise<void> } {
  let stopped = false;
  const work = (async () => {
    while (!stopped) {
      const began = Date.now();
      await log.append(newStream(), -1, [newFact(), newFact('internal'), newFact()]);
      expect(Date.now() - began).toBeLessThan(5_000);
      await new Promise((next) => setTimeout(next, 20));
    }
  })();
  return {
    stop: () => {
      stopped = true;
      return work;
    },
  };
}
