import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { logWith } from '../log-with.js';
import { ForeignPosition, type Generation, StaleWriter, StoreFault, type ViewChange, type ViewStore } from '../ports.js';
import { document, givenCompany, list, problemOf, until } from './testing/company-system.js';
import { CustomerNoted, customers, DealMoved, deals, opened, poison } from './testing/deals.js';

const given = givenCompany();

const id = () => randomUUID();

describe('following the log', () => {
  it('shows a write to whoever names its position', async () => {
    const views = await given.system.start();
    const deal = id();
    const { position } = await given.system.recorder.record(opened(deal, id()));
    const answer = await document(views, 'deals', deal, { minPosition: position });
    expect(answer.document).toMatchObject({ phase: 'OPEN', amount: 1_000 });
    expect(answer.meta.position >= position).toBe(true);
  });

  it('reaches a position of the log that holds nothing for the view', async () => {
    const views = await given.system.start([deals]);
    const { position } = await given.system.recorder.record(CustomerNoted({ customerId: id(), note: 'hello' }));
    expect((await list(views, 'deals', { minPosition: position })).items).toEqual([]);
  });

  it('says how far it is when a position does not come in time', async () => {
    const views = await given.system.start();
    const { position } = await given.system.recorder.record(opened(id(), id()));
    const later = `${position.slice(0, -1)}${(Number(position.at(-1)) + 1) % 10}`;
    const problem = await problemOf(list(views, 'deals', { minPosition: later, wait: '30' }));
    expect(problem).toMatchObject({ status: 503, code: 'view-behind', options: { members: { position, lagFacts: 0 } } });
  });

  it('goes on where it stopped, quiet stretches included', async () => {
    const first = await given.system.start([deals]);
    await given.system.recorder.record(opened(id(), id()));
    const { position } = await given.system.recorder.record(CustomerNoted({ customerId: id(), note: 'hello' }));
    await list(first, 'deals', { minPosition: position });
    await first.stop();
    expect((await given.system.store.generations()).map(({ checkpoint }) => checkpoint)).toEqual([position]);
    const second = await given.system.start([deals]);
    expect(await second.progress()).toMatchObject([{ view: 'deals', position, lagFacts: 0, parked: 0 }]);
    expect((await list(second, 'deals')).items).toHaveLength(1);
  });

  it('gives no fact twice to a view that was ahead of another one', async () => {
    const first = await given.system.start([deals]);
    const deal = id();
    const customerId = id();
    await given.system.recorder.record([opened(deal, customerId), DealMoved({ dealId: deal, phase: 'OFFER' })]);
    await list(first, 'deals', { minPosition: await given.system.log.head() });
    await first.stop();
    const { position } = await given.system.recorder.record(DealMoved({ dealId: deal, phase: 'WON' }));
    const views = await given.system.start([deals, customers]);
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
    withOwn(given.system.store, {
      generation: async (spec) => {
        const generation = await given.system.store.generation(spec);
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
    await Promise.all(facts.map((fact) => given.system.recorder.record(fact)));
    const views = await given.system.start([deals], { store });
    const position = await given.system.log.head();
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
    const { position } = await given.system.recorder.record(opened(id(), id()));
    const views = await given.system.start([deals, customers], { store });
    for (const view of ['deals', 'customers']) expect((await list(views, view, { minPosition: position })).items).toHaveLength(1);
    expect(together).toBe(2);
  });

  it('says nothing of a page that its end did not wait for, and whose store was closed meanwhile', async () => {
    const troubles: unknown[] = [];
    let close = (_: Error) => {};
    const closed = new Promise<void>((_, reject) => {
      close = reject;
    });
    let underWay = false;
    const store = storeThrough(() => {
      underWay = true;
      return closed;
    });
    const views = await given.system.start([deals], { store, report: (trouble) => troubles.push(trouble) });
    await given.system.recorder.record(opened(id(), id()));
    await until(async () => underWay);
    await views.stop(20);
    close(new StoreFault(true, 'The connection is closed.'));
    await new Promise((later) => setTimeout(later, 20));
    expect(troubles).toEqual([]);
  });

  it('does not write over another worker, and takes over when that one is gone', async () => {
    const troubles: unknown[] = [];
    const views = await given.system.start([deals], {
      holder: 'first',
      leaseMilliseconds: 6_000,
      report: ({ error }) => troubles.push(error),
    });
    const deal = id();
    await list(views, 'deals', { minPosition: (await given.system.recorder.record(opened(deal, id()))).position });
    const [before] = await given.system.store.generations();

    // Another process has been given the lease, as if this one had slept through its own.
    const mine = await given.system.store.lease('views', 'first', 6_000);
    if (!mine) throw new Error('The worker has no lease.');
    await given.system.store.release(mine);
    const theirs = await given.system.store.lease('views', 'another', 500);
    expect(theirs?.token).toBeGreaterThan(mine.token);
    const { position } = await given.system.recorder.record(DealMoved({ dealId: deal, phase: 'WON' }));
    await until(() => troubles.some((error) => error instanceof StaleWriter));
    expect((await given.system.store.generations())[0]?.checkpoint).toBe(before?.checkpoint);

    const answer = await document(views, 'deals', deal, { minPosition: position, wait: '20000' });
    expect(answer.document).toMatchObject({ phase: 'WON', moves: 1 });
  }, 30_000);

  it.each([
    ['asks who stands by', {}],
    ['asks who only reads', { writes: false }],
  ])('says where views are that another process writes, when one %s', async (_what, options) => {
    const writer = await given.system.start([deals, customers], { holder: 'first' });
    const other = await given.system.start([deals, customers], { holder: 'second', ...options });
    const [before] = await other.progress();
    const { position } = await given.system.recorder.record([
      opened(id(), id()),
      CustomerNoted({ customerId: id(), note: poison.text }),
    ]);
    await list(writer, 'deals', { minPosition: position });
    await until(async () => (await other.progress()).every((one) => one.position >= position));
    const found = await other.progress();
    expect(found.map(({ view, parked }) => [view, parked])).toEqual([
      ['deals', 0],
      ['customers', 1],
    ]);
    expect(found[0]?.movedAt).toBeGreaterThan(before?.movedAt ?? 0);
  });

  it('refuses for a while, and says why, where the log was restored and knows no more where a view stands that another process writes', async () => {
    const writer = await given.system.start([deals], { holder: 'first' });
    const { position } = await given.system.recorder.record(opened(id(), id()));
    await list(writer, 'deals', { minPosition: position });
    let restored = false;
    const log = logWith(given.system.log, {
      readAll: (...read) =>
        restored ? Promise.reject(new ForeignPosition('There is no such fact.')) : given.system.log.readAll(...read),
    });
    const reader = await given.system.start([deals], { writes: false, log });
    restored = true;
    expect(await problemOf(list(reader, 'deals', { minPosition: position }))).toMatchObject({
      status: 503,
      code: 'view-rebuilding',
    });
    restored = false;
    expect((await list(reader, 'deals', { minPosition: position })).items).toHaveLength(1);
  });
});
