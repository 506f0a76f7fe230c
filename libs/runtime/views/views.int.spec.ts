import { randomUUID } from 'node:crypto';
import { MessageChannel } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openSqliteLogReader, openSqliteViews } from '#adapters/sqlite';
import type { AnyView } from '#kernel';
import { type Generation, type Log, StaleWriter, StoreFault, type ViewChange, type ViewStore } from '../ports.js';
import { Problem } from '../problem.js';
import { registryOf } from '../registry.js';
import { CompanySystem, document, groups, list, READER, until } from './testing/company-system.js';
import {
  CustomerNoted,
  CustomerRegistered,
  CustomersMerged,
  CustomersUnmerged,
  company,
  customers,
  DealMoved,
  DealOpened,
  DealPriced,
  deals,
  identity,
  poison,
} from './testing/deals.js';
import { remoteViews, runViewsThread, splitViews } from './worker.js';

let system: CompanySystem;
beforeEach(async () => {
  poison.cured = false;
  system = await CompanySystem.open();
});
afterEach(() => system.close());

const id = () => randomUUID();
const opened = (dealId: string, customerId: string, amount = 1_000) =>
  DealOpened({ dealId, customerId, amount, currency: 'EUR' });
const problemOf = (work: Promise<unknown>): Promise<Problem> =>
  work.then(
    () => Promise.reject(new Error('No problem was thrown.')),
    (error: unknown) => (error instanceof Problem ? error : Promise.reject(error)),
  );

describe('following the log', () => {
  it('shows a write to whoever names its position', async () => {
    const views = await system.start();
    const deal = id();
    const { position } = await system.recorder.record(opened(deal, id()));
    const answer = await document(views, 'deals', deal, { minPosition: position });
    expect(answer.document).toMatchObject({ phase: 'OPEN', amount: 1_000 });
    expect(answer.meta.position >= position).toBe(true);
  });

  it('reaches a position of the log that holds nothing for the view', async () => {
    const views = await system.start([deals]);
    const { position } = await system.recorder.record(CustomerNoted({ customerId: id(), note: 'hello' }));
    expect((await list(views, 'deals', { minPosition: position })).items).toEqual([]);
  });

  it('says how far it is when a position does not come in time', async () => {
    const views = await system.start();
    const { position } = await system.recorder.record(opened(id(), id()));
    const later = `${position.slice(0, -1)}${(Number(position.at(-1)) + 1) % 10}`;
    const problem = await problemOf(list(views, 'deals', { minPosition: later, wait: '30' }));
    expect(problem).toMatchObject({ status: 503, code: 'view-behind', options: { members: { position, lagFacts: 0 } } });
  });

  it('goes on where it stopped, quiet stretches included', async () => {
    const first = await system.start([deals]);
    await system.recorder.record(opened(id(), id()));
    const { position } = await system.recorder.record(CustomerNoted({ customerId: id(), note: 'hello' }));
    await list(first, 'deals', { minPosition: position });
    await first.stop();
    expect((await system.store.generations()).map(({ checkpoint }) => checkpoint)).toEqual([position]);
    const second = await system.start([deals]);
    expect(second.progress()).toMatchObject([{ view: 'deals', position, lagFacts: 0, parked: 0 }]);
    expect((await list(second, 'deals')).items).toHaveLength(1);
  });

  it('gives no fact twice to a view that was ahead of another one', async () => {
    const first = await system.start([deals]);
    const deal = id();
    const customerId = id();
    await system.recorder.record([opened(deal, customerId), DealMoved({ dealId: deal, phase: 'OFFER' })]);
    await list(first, 'deals', { minPosition: await system.log.head() });
    await first.stop();
    const { position } = await system.recorder.record(DealMoved({ dealId: deal, phase: 'WON' }));
    const views = await system.start([deals, customers]);
    expect((await document(views, 'deals', deal, { minPosition: position })).document).toMatchObject({ moves: 2 });
    expect((await document(views, 'customers', customerId, { minPosition: position })).document).toMatchObject({ deals: 1 });
  });

  /** The same, with members of its own. */
  const withOwn = <T extends object>(of: T, own: Partial<T>): T =>
    new Proxy(of, {
      get: (target, name) => {
        const member: unknown = Reflect.get(own, name) ?? Reflect.get(target, name, target);
        return typeof member === 'function' ? member.bind(target) : member;
      },
    });

  /** The store of the system, with commits that go through `through`. */
  const storeThrough = (through: (commit: () => Promise<void>, change: ViewChange) => Promise<void>): ViewStore =>
    withOwn(system.store, {
      generation: async (spec) => {
        const generation = await system.store.generation(spec);
        return withOwn<Generation>(generation, { commit: (change) => through(() => generation.commit(change), change) });
      },
    });

  it('gets ahead in smaller steps where a store cannot take a large one in its time', async () => {
    const most = 600;
    const store = storeThrough(async (commit, { put }) => {
      if (put.length > most) throw new StoreFault(true, 'It did not answer in time.');
      await commit();
    });
    const facts = Array.from({ length: 3_000 }, () => opened(id(), id()));
    await Promise.all(facts.map((fact) => system.recorder.record(fact)));
    const views = await system.start([deals], { store });
    const position = await system.log.head();
    expect((await list(views, 'deals', { minPosition: position, wait: '10000', limit: '1' })).meta.position).toBe(position);
  });

  it('has several views take in a page at the same time, and no view two', async () => {
    const writing: string[] = [];
    let together = 0;
    const store = storeThrough(async (commit, { put }) => {
      const [view = ''] = put.map(({ json }) => ('dealId' in JSON.parse(json) ? 'deals' : 'customers'));
      expect(writing).not.toContain(view);
      writing.push(view);
      together = Math.max(together, writing.length);
      await new Promise((resolve) => setTimeout(resolve, 20));
      await commit();
      writing.splice(writing.indexOf(view), 1);
    });
    const { position } = await system.recorder.record(opened(id(), id()));
    const views = await system.start([deals, customers], { store });
    for (const view of ['deals', 'customers']) expect((await list(views, view, { minPosition: position })).items).toHaveLength(1);
    expect(together).toBe(2);
  });

  it('does not write over another worker, and takes over when that one is gone', async () => {
    const troubles: unknown[] = [];
    const views = await system.start([deals], {
      holder: 'first',
      leaseMilliseconds: 6_000,
      report: ({ error }) => troubles.push(error),
    });
    const deal = id();
    await list(views, 'deals', { minPosition: (await system.recorder.record(opened(deal, id()))).position });
    const [before] = await system.store.generations();

    // Another process has been given the lease, as if this one had slept through its own.
    const mine = await system.store.lease('views', 'first', 6_000);
    if (!mine) throw new Error('The worker has no lease.');
    await system.store.release(mine);
    const theirs = await system.store.lease('views', 'another', 500);
    expect(theirs?.token).toBeGreaterThan(mine.token);
    const { position } = await system.recorder.record(DealMoved({ dealId: deal, phase: 'WON' }));
    await until(() => troubles.some((error) => error instanceof StaleWriter));
    expect((await system.store.generations())[0]?.checkpoint).toBe(before?.checkpoint);

    const answer = await document(views, 'deals', deal, { minPosition: position, wait: '20000' });
    expect(answer.document).toMatchObject({ phase: 'WON', moves: 1 });
  }, 30_000);
});

describe('merged customers', () => {
  it('are one, and exactly two again', async () => {
    const views = await system.start();
    const [one, other, deal] = [id(), id(), id()];
    const { record } = { record: system.recorder.record.bind(system.recorder) };
    await record(CustomerRegistered({ customerId: one, segment: 'A' }));
    await record([CustomerRegistered({ customerId: other, segment: 'B' }), CustomerNoted({ customerId: other, note: 'n' })]);
    const apart = (await record(opened(deal, other))).position;
    const before = await document(views, 'customers', other, { minPosition: apart });

    const merged = (await record(CustomersMerged({ customerId: other, survivorId: one }))).position;
    const together = await document(views, 'customers', other, { minPosition: merged });
    expect(together).toMatchObject({ key: one, document: { customerId: one, segment: 'A', deals: 1, notes: ['merged', 'n'] } });
    expect((await list(views, 'customers')).items.map(({ key }) => key)).toEqual([one]);
    expect((await list(views, 'deals', { customerId: one, minPosition: merged })).items.map(({ key }) => key)).toEqual([deal]);

    const parted = (await record(CustomersUnmerged({ customerId: other, survivorId: one }))).position;
    const after = await document(views, 'customers', other, { minPosition: parted });
    expect(after).toMatchObject({ key: other, document: before.document });
    expect((await list(views, 'deals', { customerId: one, minPosition: parted })).items).toEqual([]);
  });
});

describe('a fact that cannot be folded', () => {
  it('stops its own key only, and is released in order', async () => {
    const views = await system.start();
    const [sick, well] = [id(), id()];
    const note = (customerId: string, text: string) => system.recorder.record(CustomerNoted({ customerId, note: text }));
    await note(sick, 'one');
    await note(sick, 'poison');
    await note(sick, 'three');
    const { position } = await note(well, 'fine');
    expect((await document(views, 'customers', well, { minPosition: position })).document).toMatchObject({ notes: ['fine'] });
    expect((await document(views, 'customers', sick)).document).toMatchObject({ notes: ['one'] });
    expect(await views.parked('customers')).toMatchObject([
      { view: 'customers', tenant: 'main', key: sick, type: 'CustomerNoted', error: 'Error: This note cannot be folded.' },
      { view: 'customers', tenant: 'main', key: sick, type: 'CustomerNoted' },
    ]);
    expect(await views.release('customers', 'main', sick)).toEqual({ released: 0, error: 'Error: This note cannot be folded.' });
    expect(views.progress().find(({ view }) => view === 'customers')?.parked).toBe(2);

    poison.cured = true;
    expect(await views.release('customers', 'main', sick)).toEqual({ released: 2 });
    expect((await document(views, 'customers', sick)).document).toMatchObject({ notes: ['one', 'poison', 'three'] });
    const last = (await note(sick, 'four')).position;
    expect((await document(views, 'customers', sick, { minPosition: last })).document).toMatchObject({
      notes: ['one', 'poison', 'three', 'four'],
    });
    expect(await views.parked()).toEqual([]);
  });

  it('that the server does not know is parked with what follows in its stream', async () => {
    const views = await system.start();
    const customerId = id();
    const stream = `customer-main.${customerId}`;
    const unknown = {
      id: id(),
      type: 'CustomerNoted',
      schemaVersion: 9,
      occurredAt: '2026-01-05T09:00:00.000Z',
      recordedAt: '2026-01-05T09:00:00.000Z',
      data: '{}',
      metadata: '{}',
    };
    const known = { ...unknown, id: id(), schemaVersion: 1, data: JSON.stringify({ customerId, note: 'later' }) };
    const { position } = await system.log.append(stream, -1, [unknown, known]);
    expect((await document(views, 'customers', customerId, { minPosition: position })).document).toBeUndefined();
    expect(await views.parked('customers')).toMatchObject([
      { key: stream, error: expect.stringContaining('UnknownFact') },
      { key: stream, position },
    ]);
  });

  it('in a merged document hides that one only, until it can be made', async () => {
    const views = await system.start([
      {
        ...customers,
        merge: (documents: never, survivor: string) => (poison.cured ? customers.merge?.(documents, survivor) : noMerge()),
      } as unknown as AnyView,
    ]);
    const [one, other] = [id(), id()];
    await system.recorder.record(CustomerNoted({ customerId: one, note: 'one' }));
    await system.recorder.record(CustomerNoted({ customerId: other, note: 'two' }));
    const { position } = await system.recorder.record(CustomersMerged({ customerId: other, survivorId: one }));
    expect((await document(views, 'customers', one, { minPosition: position })).document).toBeUndefined();
    expect(await views.parked('customers')).toMatchObject([{ key: `merge ${one}`, error: 'TypeError: These cannot be one.' }]);
    const parted = await system.recorder.record(CustomersUnmerged({ customerId: other, survivorId: one }));
    expect((await document(views, 'customers', other, { minPosition: parted.position })).document).toMatchObject({
      notes: ['two'],
    });
    expect(await views.parked('customers')).toEqual([]);
    const again = await system.recorder.record(CustomersMerged({ customerId: other, survivorId: one }));
    await list(views, 'customers', { minPosition: again.position });
    poison.cured = true;
    expect(await views.release('customers', 'main', `merge ${one}`)).toEqual({ released: 1 });
    expect((await document(views, 'customers', other)).document).toMatchObject({ notes: ['one', 'merged', 'merged', 'two'] });

    function noMerge(): never {
      throw new TypeError('These cannot be one.');
    }
  });

  it('keeps a rebuild from being switched to if it would park more', async () => {
    poison.cured = true;
    const views = await system.start();
    const { position } = await system.recorder.record(CustomerNoted({ customerId: id(), note: 'poison' }));
    await list(views, 'customers', { minPosition: position });
    poison.cured = false;
    const states: string[] = [];
    for await (const { state } of views.rebuild('customers')) if (state !== 'reading') states.push(state);
    expect(states).toEqual(['comparing', 'differs', 'refused']);
    expect((await list(views, 'customers')).items).toHaveLength(1);
    expect((await system.store.generations()).filter(({ spec }) => spec.view === 'customers')).toHaveLength(1);
  });

  it('makes a document that cannot be written: found, and only that key stops', async () => {
    const heavy = {
      ...deals,
      version: 7,
      apply: { ...deals.apply, DealPriced: (deal: object) => ({ ...deal, amount: 1n as never }) },
    } as unknown as typeof deals;
    const views = await system.start([heavy]);
    const [bad, good] = [id(), id()];
    await system.recorder.record([
      opened(bad, id()),
      DealPriced({ dealId: bad, amount: 3 }),
      DealMoved({ dealId: bad, phase: 'WON' }),
    ]);
    const { position } = await system.recorder.record(opened(good, id()));
    expect((await list(views, 'deals', { minPosition: position })).items).toMatchObject([
      { document: { phase: 'OPEN' } },
      { document: { phase: 'OPEN' } },
    ]);
    expect(await views.parked('deals')).toHaveLength(2);
  });
});

describe('a rebuild', () => {
  it('under writes ends identical, and the view goes on meanwhile', async () => {
    const views = await system.start();
    const people = Array.from({ length: 20 }, id);
    const write = async (number: number) => {
      const customerId = people[number % 20] ?? '';
      if (number % 7 === 0)
        await system.recorder.record(CustomersMerged({ customerId, survivorId: people[(number * 3) % 20] ?? '' }));
      return await system.recorder.record([
        CustomerNoted({ customerId, note: `${number}` }),
        CustomerRegistered({ customerId, segment: 'A' }),
      ]);
    };
    for (let number = 0; number < 100; number++) await write(number);
    let number = 100;
    let done = false;
    const writing = (async () => {
      while (!done) {
        const { position } = await write(number++);
        await list(views, 'customers', { minPosition: position, limit: '1' });
      }
    })();
    const states: string[] = [];
    for await (const { state } of views.rebuild('customers')) if (state !== 'reading') states.push(state);
    done = true;
    await writing;
    expect(states).toEqual(['comparing', 'identical']);
    expect(number).toBeGreaterThan(100);
  });

  it('of documents that somebody changed finds and replaces them', async () => {
    const views = await system.start([deals]);
    const deal = id();
    const { position } = await system.recorder.record(opened(deal, id()));
    await list(views, 'deals', { minPosition: position });
    await views.stop();
    const [live] = await system.store.generations();
    if (!live) throw new Error('There is no view.');
    const generation = await system.store.generation(live.spec);
    const [stored] = await generation.scan('shown', undefined, 1);
    const lease = await system.store.lease('views', 'somebody', 60_000);
    if (!stored || !lease) throw new Error('There is no document.');
    const from = live.checkpoint;
    const forged = { ...stored, json: stored.json.replace('1000', '9000') };
    await generation.commit({ from, to: from ?? '', token: lease.token, put: [forged], remove: [], park: [], release: [] });
    await system.store.release(lease);

    const again = await system.start([deals]);
    expect((await document(again, 'deals', deal)).document).toMatchObject({ amount: 9_000 });
    const reports = [];
    for await (const report of again.rebuild('deals')) reports.push(report);
    expect(reports.slice(-2)).toMatchObject([
      { state: 'differs', differing: 1, documents: 1 },
      { state: 'switched', differing: 1 },
    ]);
    expect((await document(again, 'deals', deal)).document).toMatchObject({ amount: 1_000 });
    const next = await system.recorder.record(DealMoved({ dealId: deal, phase: 'WON' }));
    expect((await document(again, 'deals', deal, { minPosition: next.position })).document).toMatchObject({
      phase: 'WON',
      moves: 1,
    });
  });
});

describe('a view that is far behind', () => {
  const FAR = 50;
  const people = Array.from({ length: 10 }, id);
  const write = async (number: number) => {
    const customerId = people[number % 10] ?? '';
    if (number % 7 === 0)
      await system.recorder.record(CustomersMerged({ customerId, survivorId: people[(number * 3) % 10] ?? '' }));
    return await system.recorder.record([
      CustomerNoted({ customerId, note: number === 13 ? 'poison' : `${number}` }),
      CustomerRegistered({ customerId, segment: 'A' }),
    ]);
  };
  const written = async (numbers: number, from = 0) => {
    let last = '';
    for (let number = from; number < from + numbers; number++) last = (await write(number)).position;
    return last;
  };
  /** The log, read by builds only once the gate is open. */
  const gated = () => {
    let open = () => {};
    const opened = new Promise<void>((resolve) => {
      open = resolve;
    });
    const forRebuilds = (log: Log): Log => ({
      id: log.id,
      start: log.start,
      exclusive: false,
      sparse: false,
      append: (...given) => log.append(...given),
      readStream: (...given) => log.readStream(...given),
      readAll: async (...given) => {
        await opened;
        return await log.readAll(...given);
      },
      head: () => log.head(),
      onAppend: (listener) => log.onAppend(listener),
      close: async () => {},
    });
    return { open, forRebuilds };
  };
  const served = async (store: ViewStore) => {
    const live = (await store.generations()).find(({ state }) => state === 'live');
    if (!live) throw new Error('There is no view.');
    const generation = await store.generation(live.spec);
    const documents = await Promise.all(
      (['shown', 'part', 'link'] as const).map((space) => generation.scan(space, undefined, 1_000)),
    );
    return { documents, parked: await generation.parked() };
  };

  const asFollowing = async (position: string) => {
    const beside = await openSqliteViews({ memory: true });
    try {
      const following = await system.start([customers], { store: beside });
      await list(following, 'customers', { minPosition: position });
      expect(await following.generations()).toHaveLength(1);
      return await served(beside);
    } finally {
      await system.opened.pop()?.stop();
      await beside.close();
    }
  };

  it('and empty is built as in a rebuild and then follows, to the documents that following alone makes', async () => {
    await written(60);
    const { open, forRebuilds } = gated();
    const views = await system.start([customers], { farBehind: FAR, forRebuilds });
    const before = await list(views, 'customers');
    expect(before).toMatchObject({ items: [], meta: { position: system.log.start } });
    expect(before.meta.frozen).toBeUndefined();
    expect(views.progress()).toMatchObject([{ position: system.log.start, frozen: false }]);
    const position = await written(5, 60);
    expect(await problemOf(list(views, 'customers', { minPosition: position, wait: '30' }))).toMatchObject({
      code: 'view-behind',
    });
    open();
    await list(views, 'customers', { minPosition: position, wait: '10000' });
    const last = await written(5, 65);
    await list(views, 'customers', { minPosition: last });
    const built = await served(system.store);
    expect(built.parked.length).toBeGreaterThan(0);
    expect((await views.generations()).map(({ state }) => state)).toEqual(['old', 'live']);
    await views.stop();

    expect(await asFollowing(last)).toEqual(built);

    const again = await system.start([customers], { farBehind: FAR });
    const next = await written(1, 70);
    await list(again, 'customers', { minPosition: next });
    expect((await again.generations()).map(({ state }) => state)).toEqual(['old', 'live']);
  });

  it('lacks most of the log at a start, serves what it has, and is built anew', async () => {
    const first = await system.start([customers], { farBehind: FAR });
    await list(first, 'customers', { minPosition: await written(5) });
    const before = await list(first, 'customers');
    await first.stop();
    const position = await written(60, 5);
    const { open, forRebuilds } = gated();
    const views = await system.start([customers], { farBehind: FAR, forRebuilds });
    expect(await list(views, 'customers')).toMatchObject({ items: before.items, meta: { position: before.meta.position } });
    open();
    await list(views, 'customers', { minPosition: position, wait: '10000' });
    expect((await views.generations()).map(({ state }) => state)).toEqual(['old', 'live']);
    expect(await served(system.store)).toEqual(await asFollowing(position));
  });

  it('comes to lack most of the log while it follows, and is built anew', async () => {
    const { open, forRebuilds: held } = gated();
    const views = await system.start([customers], { farBehind: FAR, log: held(system.log) });
    const position = await written(300);
    open();
    await list(views, 'customers', { minPosition: position, wait: '10000' });
    expect((await views.generations()).map(({ state }) => state)).toEqual(['old', 'live']);
    expect(await served(system.store)).toEqual(await asFollowing(position));
  });

  it('by no more than half of the log follows', async () => {
    const first = await system.start([customers], { farBehind: FAR });
    await list(first, 'customers', { minPosition: await written(60) });
    await first.stop();
    const position = await written(40, 60);
    const views = await system.start([customers], { farBehind: FAR });
    await list(views, 'customers', { minPosition: position, wait: '10000' });
    expect(await views.generations()).toHaveLength(1);
  });

  it('is served as the writer before built it by whoever takes over', async () => {
    const position = await written(60);
    const { open, forRebuilds } = gated();
    const short = { leaseMilliseconds: 200, farBehind: FAR };
    const first = await system.start([customers], { ...short, holder: 'first', forRebuilds });
    const second = await system.start([customers], { ...short, holder: 'second' });
    open();
    await list(first, 'customers', { minPosition: position, wait: '10000' });
    await first.stop();
    const next = await written(1, 60);
    await list(second, 'customers', { minPosition: next, wait: '10000' });
    expect((await second.generations()).map(({ state }) => state)).toEqual(['old', 'live']);
  });
});

describe('a changed definition', () => {
  it('is built beside the old one, which serves meanwhile, and switched to', async () => {
    const old = await system.start([deals]);
    const { position } = await system.recorder.record(opened(id(), id()));
    const before = await list(old, 'deals', { minPosition: position });
    await old.stop();
    const DealOpened: typeof deals.apply.DealOpened = (...given) =>
      ({ ...(deals.apply.DealOpened(...given) as object), moves: 77 }) as never;
    const doubled = { ...deals, version: 2, apply: { ...deals.apply, DealOpened } } as unknown as AnyView;
    const views = await system.start([doubled]);
    const first = await list(views, 'deals');
    expect(first.meta).toMatchObject({ version: 1, definition: before.meta.definition, frozen: true });
    await until(async () => (await list(views, 'deals')).meta.version === 2);
    const after = await list(views, 'deals');
    expect(after.meta.frozen).toBeUndefined();
    expect(after.meta.definition).not.toBe(before.meta.definition);
    expect(after.items).toMatchObject([{ document: { moves: 77 } }]);
    const next = (await system.recorder.record(opened(id(), id()))).position;
    expect((await list(views, 'deals', { minPosition: next })).items).toHaveLength(2);
    expect((await views.generations()).map(({ state, spec: { version } }) => [version, state])).toEqual([
      [1, 'old'],
      [2, 'live'],
    ]);
  });
});

describe('queries', () => {
  it.each([
    [{ colour: 'red' }, 'colour', 'customerId, phase, amount'],
    [{ 'amount[like]': '1' }, 'amount[like]', 'amount[gte]'],
    [{ amount: 'much' }, 'amount', 'whole number'],
    [{ phase: 'SOLD' }, 'phase', 'OPEN, OFFER, WON, LOST'],
    [{ 'openedAt[gte]': '2026-02-30' }, 'openedAt[gte]', '2026-01-31'],
    [{ asOf: 'yesterday' }, 'asOf', '2026-01-31'],
    [{ asOf: '2999-01-01' }, 'asOf', 'future'],
    [{ limit: '501' }, 'limit', '1 to 500'],
    [{ sort: 'colour' }, 'sort', 'customerId'],
    [{ group: 'phase:month' }, 'group', 'no moment'],
    [{ group: 'phase', sum: 'customerId' }, 'sum', 'amount, moves'],
    [{ group: 'amount', sum: 'amount' }, 'sum', 'moves'],
    [{ group: 'phase', limit: '5' }, 'limit', 'limit is for lists; groups are not paged'],
    [{ group: 'phase', sort: 'amount' }, 'sort', 'sort is for lists'],
    [{ group: 'phase', colour: 'red' }, 'colour', 'wait, group, sum.'],
    [{ 'phase[in]': '' }, 'phase[in]', 'at least one value'],
    [{ tz: 'Mars/Olympus' }, 'tz', 'Europe/Berlin'],
    [{ cursor: 'abc' }, 'cursor', 'page before'],
    [{ position: '7' }, 'position', 'position'],
  ])('refuses %j naming it and what is allowed', async (parameters, field, hint) => {
    const views = await system.start([deals]);
    const problem = await problemOf(list(views, 'deals', parameters as Record<string, string>));
    expect(problem).toMatchObject({ status: 400, code: 'invalid-query', options: { errors: [{ field }] } });
    expect(problem.options.errors?.[0]?.message).toContain(hint);
  });

  it('refuses positions of another log, unknown views and callers without a role', async () => {
    const views = await system.start();
    expect(await problemOf(list(views, 'deals', { position: 'zzzzzzzz.0000000000000001' }))).toMatchObject({ status: 410 });
    expect(await problemOf(list(views, 'nothing'))).toMatchObject({ status: 404 });
    const caller = { ...READER, roles: new Set(['care'] as const) };
    const refused = await problemOf(views.query({ caller, view: 'deals', parameters: {} }));
    expect(refused.status).toBe(403);
    expect(refused.message).toContain('sales, analyst, auditor');
  });

  it('pages through the list as it was on the first page, whatever is written meanwhile', async () => {
    const views = await system.start([deals]);
    let position = '';
    const keys: string[] = [];
    for (let number = 0; number < 10; number++) {
      const deal = id();
      keys.push(deal);
      ({ position } = await system.recorder.record(opened(deal, id(), 1_000 * (number % 3))));
    }
    const parameters = { sort: '-amount', limit: '3' };
    const first = await list(views, 'deals', { ...parameters, minPosition: position });
    const seen = first.items.map(({ key }) => key);
    for (let next = first.next; next !== undefined; ) {
      const written = await system.recorder.record(opened(id(), id(), 1_000));
      const page = await list(views, 'deals', { ...parameters, cursor: next, minPosition: written.position });
      expect(page.meta.position).toBe(first.meta.position);
      seen.push(...page.items.map(({ key }) => key));
      next = page.next;
    }
    expect(seen).toHaveLength(10);
    expect(new Set(seen)).toEqual(new Set(keys));
    expect(await problemOf(list(views, 'deals', { sort: 'amount', cursor: first.next ?? '' }))).toMatchObject({ status: 400 });
  });

  it('pages through the deals of a customer as they were, though another one was merged into it since', async () => {
    const views = await system.start([deals]);
    const [one, other] = [id(), id()];
    let position = '';
    for (const customerId of [one, one, one, other, other])
      ({ position } = await system.recorder.record(opened(id(), customerId)));
    const parameters = { customerId: one, sort: 'amount', limit: '2' };
    const first = await list(views, 'deals', { ...parameters, minPosition: position });
    const merged = await system.recorder.record(CustomersMerged({ customerId: other, survivorId: one }));
    const second = await list(views, 'deals', { ...parameters, cursor: first.next ?? '', minPosition: merged.position });
    expect([first.items.length, second.items.length, second.next]).toEqual([2, 1, undefined]);
    expect((await list(views, 'deals', { customerId: one })).items).toHaveLength(5);
  });

  it('answers for any earlier position, in any order of asking', async () => {
    const views = await system.start([deals]);
    const positions: string[] = [];
    for (let number = 0; number < 4; number++) positions.push((await system.recorder.record(opened(id(), id()))).position);
    for (const index of [2, 0, 1, 3, 0, 2]) {
      const answer = await list(views, 'deals', { position: positions[index] ?? '' });
      expect(answer.items).toHaveLength(index + 1);
      expect(answer.meta.position).toBe(positions[index]);
    }
  });

  it('adds up a day of the past once, and again when a late fact belongs to it', async () => {
    let stores = 0;
    let added = 0;
    const scratch = async () => {
      stores += 1;
      const store = await openSqliteViews({ memory: true });
      const { generation } = store;
      store.generation = async (spec) => {
        const made = await generation.call(store, spec);
        const { groups } = made;
        made.groups = (...given) => {
          added += 1;
          return groups.call(made, ...given);
        };
        return made;
      };
      return store;
    };
    const views = await system.start([deals], { scratch });
    const open = (occurredAt: string) =>
      system.recorder.record(DealOpened({ dealId: id(), customerId: id(), amount: 5, currency: 'EUR' }), { occurredAt });
    const asOf = async ({ position }: { position: string }) =>
      (await groups(views, 'deals', { group: 'phase', sum: 'amount', asOf: '2026-01-31', minPosition: position })).groups;
    expect(await asOf(await open('2026-01-31T10:00:00.000Z'))).toMatchObject([{ count: 1, amount: 5 }]);
    for (let day = 1; day <= 3; day++)
      expect(await asOf(await open(`2026-02-0${day}T10:00:00.000Z`))).toMatchObject([{ count: 1, amount: 5 }]);
    expect([stores, added]).toEqual([1, 1]);
    expect(await asOf(await open('2026-01-01T10:00:00.000Z'))).toMatchObject([{ count: 2, amount: 10 }]);
    expect([stores, added]).toEqual([1, 2]);
  });

  it('counts and sums by field and period, never across currencies', async () => {
    const views = await system.start([deals]);
    await system.recorder.record(DealOpened({ dealId: id(), customerId: id(), amount: 5, currency: 'EUR' }), {
      occurredAt: '2026-01-31T10:00:00.000Z',
    });
    await system.recorder.record(DealOpened({ dealId: id(), customerId: id(), amount: 7, currency: 'EUR' }), {
      occurredAt: '2026-01-01T10:00:00.000Z',
    });
    const { position } = await system.recorder.record(
      DealOpened({ dealId: id(), customerId: id(), amount: 9, currency: 'USD' }),
      { occurredAt: '2026-02-01T10:00:00.000Z' },
    );
    expect((await groups(views, 'deals', { group: 'openedAt:month', sum: 'amount', minPosition: position })).groups).toEqual([
      { openedAt: '2026-01', currency: 'EUR', count: 2, amount: 12 },
      { openedAt: '2026-02', currency: 'USD', count: 1, amount: 9 },
    ]);
  });
});

describe('in another thread', () => {
  const channels: MessageChannel[] = [];
  afterEach(() => {
    for (const { port1 } of channels.splice(0)) port1.close();
  });
  const channel = () => {
    const made = new MessageChannel();
    channels.push(made);
    return made;
  };

  it('answers through a port, problems whole, and past and present can be two', async () => {
    const open = (port: import('node:worker_threads').MessagePort, writes: boolean) =>
      runViewsThread({
        port,
        contexts: [company([deals, customers])],
        identity,
        writes,
        openLog: () => openSqliteLogReader(`${system.folder}/log.db`),
        openViews: () => openSqliteViews({ file: `${system.folder}/views.db` }),
        scratch: () => openSqliteViews({ memory: true }),
      });
    const [live, past] = [channel(), channel()];
    const liveViews = remoteViews(live.port2);
    const pastViews = remoteViews(past.port2);
    const views = splitViews(liveViews, pastViews);
    await open(live.port1, true);
    await liveViews.ready;
    await open(past.port1, false);
    await pastViews.ready;
    const deal = id();
    const { position } = await system.recorder.record(opened(deal, id()), { occurredAt: '2026-01-05T09:00:00.000Z' });
    expect((await document(views, 'deals', deal, { minPosition: position })).document).toMatchObject({ phase: 'OPEN' });
    const quiet = (await system.recorder.record({ type: 'Unheard', data: { customerId: id() } })).position;
    expect((await document(views, 'deals', deal, { minPosition: quiet, asOf: '2026-01-05' })).document).toMatchObject({
      phase: 'OPEN',
    });
    expect((await document(views, 'deals', deal, { minPosition: quiet, asOf: '2026-01-04' })).document).toBeUndefined();
    expect(await problemOf(list(views, 'deals', { colour: 'red' }))).toMatchObject({
      status: 400,
      code: 'invalid-query',
      options: { errors: [{ field: 'colour' }] },
    });
    const states: string[] = [];
    for await (const { state } of views.rebuild('deals')) states.push(state);
    expect(states.at(-1)).toBe('identical');
    await views.stop();
    expect(await problemOf(list(views, 'deals'))).toMatchObject({ status: 503 });
  });

  it('says what kept it from starting', async () => {
    const { port1, port2 } = channel();
    const views = remoteViews(port2);
    const broken = { ...registryOf([company()]).contexts[0] } as ReturnType<typeof company>;
    await runViewsThread({
      port: port1,
      contexts: [broken, broken],
      identity,
      openLog: () => openSqliteLogReader(`${system.folder}/log.db`),
      openViews: () => openSqliteViews({ memory: true }),
      scratch: () => openSqliteViews({ memory: true }),
    });
    await expect(views.ready).rejects.toThrow('names are unique');
  });
});
