import { randomUUID } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { builtFile, openSqliteViews } from '#adapters/sqlite';
import { type AnyView, derivedId, type Fact } from '#kernel';
import { registryOf } from '../registry.js';
import { Build, type BuildOptions } from './build.js';
import { planOf } from './plan.js';
import { CompanySystem, until } from './testing/company-system.js';
import {
  CustomerForgotten,
  CustomerNoted,
  CustomersMerged,
  CustomersUnmerged,
  company,
  customers,
  DealMoved,
  DealOpened,
  deals,
  identity,
  poison,
  unwritable,
} from './testing/deals.js';

const registry = registryOf([company()]);
let system: CompanySystem;
let heard: string[] = [];
let ended = 0;
let started = 0;
beforeEach(async () => {
  system = await CompanySystem.open();
  [heard, ended, started] = [[], 0, 0];
});
afterEach(() => system.close());

const thread = (script = builtFile(import.meta.url, './testing/build.worker.js')): Worker => {
  const worker = new Worker(script, { workerData: { folder: system.folder } });
  started += 1;
  worker.on('message', ({ kind }: { readonly kind: string }) => heard.push(kind));
  worker.once('exit', () => {
    ended += 1;
  });
  return worker;
};
const gone = () => thread(new URL('data:text/javascript,process.exit(1)'));

const customer = (number: number) => derivedId('customer', `${number}`);
const deal = (number: number) => derivedId('deal', `${number}`);

/** Customers and deals of two tenants, some merged, some unmerged, some that cannot be folded. */
async function history(facts: number, customerCount: number): Promise<void> {
  for (let number = 0; number < facts; number++) {
    const [customerId, dealId, survivorId] = [
      customer((number * 7) % customerCount),
      deal(number % 50),
      customer((number * 11) % customerCount),
    ];
    const told: Fact[] = [
      DealOpened({ dealId, customerId, amount: number, currency: 'EUR' }),
      CustomerNoted({ customerId, note: number % 40 === 7 ? poison.text : `note ${number}` }),
      DealMoved({ dealId, phase: 'WON' }),
      CustomerNoted({ customerId, note: 'again' }),
      number % 15 === 4 ? CustomersMerged({ customerId, survivorId }) : CustomerNoted({ customerId, note: 'x' }),
      number % 25 === 5 ? CustomersUnmerged({ customerId, survivorId }) : CustomerForgotten({ customerId }),
    ];
    await system.recorder.record(told[number % told.length] as Fact, { tenant: number % 3 === 0 ? 'other' : 'main' });
  }
}

async function built(view: AnyView, options: Partial<BuildOptions>) {
  const store = await openSqliteViews({ memory: true });
  const plan = planOf(view, registry, identity);
  const generation = await store.generation(plan.spec);
  const token = (await store.lease('views', 'test', 60_000))?.token ?? 0;
  const build = new Build({ plan, log: system.log, generation, token: () => token, pageSize: 7, ...options });
  for await (const _ of build.pages());
  await build.write();
  const documents = await Promise.all(
    (['shown', 'part', 'link'] as const).map((space) => generation.scan(space, undefined, 10_000)),
  );
  const parked = await generation.parked();
  await store.close();
  return { documents, parked, facts: build.facts, position: build.position, lastFact: build.lastFact };
}

const byTwo = { startThread: () => thread(), many: 0, patience: 5_000 };
const folders = () => readdirSync(tmpdir()).filter((name) => name.startsWith('annals-build-'));

describe('a build by two threads', () => {
  it('makes what one thread makes: documents, positions, parked facts', async () => {
    await history(600, 40);
    for (const view of [deals, customers] as readonly AnyView[]) {
      const alone = await built(view, {});
      expect(await built(view, byTwo)).toEqual(alone);
      expect(await built(view, { ...byTwo, bytesAtOnce: 500 })).toEqual(alone);
    }
    expect((await built(customers, {})).parked.length).toBeGreaterThan(0);
    expect(heard.filter((kind) => kind === 'read').length).toBeGreaterThan(0);
    expect(heard.filter((kind) => kind === 'made').length).toBeGreaterThan(0);
    expect([started, ended]).toEqual([4, 4]);
  }, 60_000);

  it('goes through the log in order, and alone, where a fact cannot be read', async () => {
    await history(100, 10);
    const stream = `customer-main.${randomUUID()}`;
    const [made] = (await system.log.readAll(system.log.start, { limit: 1 })).facts;
    if (!made) throw new Error('There is no fact.');
    await system.log.append(stream, -1, [{ ...made, id: randomUUID(), type: 'CustomerNoted', data: '{}{' }]);
    await history(100, 10).catch(() => undefined);
    const alone = await built(customers, {});
    expect(alone.parked.some((fact) => fact.stream === stream)).toBe(true);
    expect(await built(customers, byTwo)).toEqual(alone);
  }, 60_000);

  it('starts no thread for few facts', async () => {
    await history(30, 5);
    await built(customers, { startThread: () => thread(), many: 1_000 });
    expect(started).toBe(0);
  });

  it('parks a document that cannot be written, whichever thread comes upon it', async () => {
    await history(60, 20);
    for (let number = 0; number < 20; number++)
      await system.recorder.record(CustomerNoted({ customerId: customer(number), note: unwritable }));
    const views = await system.start([customers], { startBuildThread: () => thread(), farBehind: 10 });
    await until(() => views.progress().every(({ frozen }) => !frozen) && views.progress()[0]?.position !== system.log.start);
    const states: string[] = [];
    for await (const { state } of views.rebuild('customers')) if (state !== 'reading') states.push(state);
    expect(states).toEqual(['comparing', 'identical']);
    const parked = await views.parked('customers');
    const waiting = new Set(
      parked.filter(({ error }) => error?.includes('This note')).map(({ tenant, key }) => `${tenant} ${key}`),
    );
    expect(waiting.size).toBeGreaterThan(0);
    const others = Array.from({ length: 20 }, (_, number) => `main ${customer(number)}`).filter((key) => !waiting.has(key));
    expect(parked.filter(({ error }) => error?.includes('BigInt'))).toHaveLength(others.length);
    expect(started).toBeGreaterThan(0);
  }, 60_000);

  it('is done again by one thread where the other one ends or cannot be started', async () => {
    await history(100, 10);
    const views = await system.start([customers], { startBuildThread: gone, farBehind: 10 });
    await until(() => views.progress()[0]?.position !== system.log.start);
    const states: string[] = [];
    for await (const { state } of views.rebuild('customers')) if (state !== 'reading') states.push(state);
    expect(states).toEqual(['comparing', 'identical']);
    expect(ended).toBe(started);
  }, 60_000);

  it('waits for nothing that the other thread does not come to', async () => {
    await history(120, 20);
    /** A thread that does not hear of orders of a kind. */
    const deafTo = (...kinds: readonly string[]) => {
      const worker = thread();
      const post = worker.postMessage.bind(worker);
      worker.postMessage = (order: { readonly kind?: string }) => {
        if (!kinds.includes(order.kind ?? '')) post(order);
      };
      return worker;
    };
    const alone = await built(customers, {});
    expect(await built(customers, { ...byTwo, patience: 0, startThread: () => deafTo('read', 'fold') })).toEqual(alone);
    expect(heard).toEqual([]);
    expect(await built(customers, { ...byTwo, startThread: () => deafTo('fold') })).toEqual(alone);
    expect(heard).toContain('read');
    expect([started, ended]).toEqual([2, 2]);
  }, 60_000);

  it('leaves neither thread nor file behind when it is left in the middle', async () => {
    await history(300, 30);
    const before = folders();
    const store = await openSqliteViews({ memory: true });
    const plan = planOf(customers as AnyView, registry, identity);
    const generation = await store.generation(plan.spec);
    for (const pages of [1, 20, 60]) {
      const build = new Build({ plan, log: system.log, generation, token: () => 1, pageSize: 7, ...byTwo });
      let read = 0;
      for await (const _ of build.pages()) if (++read === pages) break;
    }
    expect([started, ended]).toEqual([3, 3]);
    expect(folders()).toEqual(before);
    await store.close();
  }, 60_000);
});
