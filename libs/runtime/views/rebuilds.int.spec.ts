import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { openSqliteViews } from '#adapters/sqlite';
import type { AnyView } from '#kernel';
import { logWith } from '../log-with.js';
import { ForeignPosition, type Log, type ViewStore } from '../ports.js';
import { document, givenCompany, list, problemOf, until } from './testing/company-system.js';
import { CustomerNoted, CustomerRegistered, CustomersMerged, customers, DealMoved, deals, opened } from './testing/deals.js';

const given = givenCompany();

const id = () => randomUUID();

/** The log, read by builds only once the gate is open. */
const gated = () => {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  const forRebuilds = (log: Log) =>
    logWith(log, {
      readAll: async (...given) => {
        await opened;
        return await log.readAll(...given);
      },
      close: async () => {},
    });
  return { open, forRebuilds };
};

describe('a rebuild', () => {
  it('under writes ends identical, and the view goes on meanwhile', async () => {
    const views = await given.system.start();
    const people = Array.from({ length: 20 }, id);
    const write = async (number: number) => {
      const customerId = people[number % 20] ?? '';
      if (number % 7 === 0)
        await given.system.recorder.record(CustomersMerged({ customerId, survivorId: people[(number * 3) % 20] ?? '' }));
      return await given.system.recorder.record([
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
    const views = await given.system.start([deals]);
    const deal = id();
    const { position } = await given.system.recorder.record(opened(deal, id()));
    await list(views, 'deals', { minPosition: position });
    await views.stop();
    const [live] = await given.system.store.generations();
    if (!live) throw new Error('There is no view.');
    const generation = await given.system.store.generation(live.spec);
    const [stored] = await generation.scan('shown', undefined, 1);
    const lease = await given.system.store.lease('views', 'somebody', 60_000);
    if (!stored || !lease) throw new Error('There is no document.');
    const from = live.checkpoint;
    const forged = { ...stored, json: stored.json.replace('1000', '9000') };
    await generation.commit({ from, to: from ?? '', token: lease.token, put: [forged], remove: [], park: [], release: [] });
    await given.system.store.release(lease);

    const again = await given.system.start([deals]);
    expect((await document(again, 'deals', deal)).document).toMatchObject({ amount: 9_000 });
    const reports = [];
    for await (const report of again.rebuild('deals')) reports.push(report);
    expect(reports.slice(-2)).toMatchObject([
      { state: 'differs', differing: 1, documents: 1 },
      { state: 'switched', differing: 1 },
    ]);
    expect((await document(again, 'deals', deal)).document).toMatchObject({ amount: 1_000 });
    const next = await given.system.recorder.record(DealMoved({ dealId: deal, phase: 'WON' }));
    expect((await document(again, 'deals', deal, { minPosition: next.position })).document).toMatchObject({
      phase: 'WON',
      moves: 1,
    });
  });

  it('that ended with its server leaves nothing once the next one writes', async () => {
    const views = await given.system.start([deals]);
    const { position } = await given.system.recorder.record(opened(id(), id()));
    await list(views, 'deals', { minPosition: position });
    const [live] = await given.system.store.generations();
    if (!live) throw new Error('There is no view.');
    await given.system.store.generation({ ...live.spec, hash: `${live.spec.hash}.2` });
    expect(await given.system.store.generations()).toHaveLength(2);
    await views.stop();
    const again = await given.system.start([deals]);
    await list(again, 'deals', { minPosition: position });
    expect(await again.generations()).toMatchObject([{ spec: live.spec, state: 'live' }]);
  });
});

describe('a view that is far behind', () => {
  const FAR = 50;
  const people = Array.from({ length: 10 }, id);
  const write = async (number: number) => {
    const customerId = people[number % 10] ?? '';
    if (number % 7 === 0)
      await given.system.recorder.record(CustomersMerged({ customerId, survivorId: people[(number * 3) % 10] ?? '' }));
    return await given.system.recorder.record([
      CustomerNoted({ customerId, note: number === 13 ? 'poison' : `${number}` }),
      CustomerRegistered({ customerId, segment: 'A' }),
    ]);
  };
  const written = async (numbers: number, from = 0) => {
    let last = '';
    for (let number = from; number < from + numbers; number++) last = (await write(number)).position;
    return last;
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
      const following = await given.system.start([customers], { store: beside });
      await list(following, 'customers', { minPosition: position });
      expect(await following.generations()).toHaveLength(1);
      return await served(beside);
    } finally {
      await given.system.opened.pop()?.stop();
      await beside.close();
    }
  };

  it('and empty is built as in a rebuild and then follows, to the documents that following alone makes', async () => {
    await written(60);
    const { open, forRebuilds } = gated();
    const views = await given.system.start([customers], { farBehind: FAR, forRebuilds });
    const before = await list(views, 'customers');
    expect(before).toMatchObject({ items: [], meta: { position: given.system.log.start } });
    expect(before.meta.frozen).toBeUndefined();
    expect(await views.progress()).toMatchObject([{ position: given.system.log.start, frozen: false }]);
    const position = await written(5, 60);
    expect(await problemOf(list(views, 'customers', { minPosition: position, wait: '30' }))).toMatchObject({
      code: 'view-behind',
    });
    open();
    await list(views, 'customers', { minPosition: position, wait: '10000' });
    const last = await written(5, 65);
    await list(views, 'customers', { minPosition: last });
    const built = await served(given.system.store);
    expect(built.parked.length).toBeGreaterThan(0);
    expect((await views.generations()).map(({ state }) => state)).toEqual(['old', 'live']);
    await views.stop();

    expect(await asFollowing(last)).toEqual(built);

    const again = await given.system.start([customers], { farBehind: FAR });
    const next = await written(1, 70);
    await list(again, 'customers', { minPosition: next });
    expect((await again.generations()).map(({ state }) => state)).toEqual(['old', 'live']);
  });

  it('does not stand still while another one is built before it', async () => {
    await written(60);
    const slow = (log: Log) =>
      logWith(log, {
        readAll: async (...asked) => {
          await new Promise((later) => setTimeout(later, 600));
          return log.readAll(...asked);
        },
        close: async () => {},
      });
    const views = await given.system.start([customers, deals], { farBehind: FAR, forRebuilds: slow });
    const [first, second] = (await views.progress()).map(({ view }) => view);
    const movedAt = async (view: string | undefined) => (await views.progress()).find((one) => one.view === view)?.movedAt ?? 0;
    const before = await movedAt(second);
    await until(async () => (await movedAt(first)) > before + 300);
    expect(await movedAt(second)).toBeGreaterThan(before + 300);
    await views.stop();
  });

  it('lacks most of the log at a start, serves what it has, and is built anew', async () => {
    const first = await given.system.start([customers], { farBehind: FAR });
    await list(first, 'customers', { minPosition: await written(5) });
    const before = await list(first, 'customers');
    await first.stop();
    const position = await written(60, 5);
    const { open, forRebuilds } = gated();
    const views = await given.system.start([customers], { farBehind: FAR, forRebuilds });
    expect(await list(views, 'customers')).toMatchObject({ items: before.items, meta: { position: before.meta.position } });
    open();
    await list(views, 'customers', { minPosition: position, wait: '10000' });
    expect((await views.generations()).map(({ state }) => state)).toEqual(['old', 'live']);
    expect(await served(given.system.store)).toEqual(await asFollowing(position));
  });

  it('comes to lack most of the log while it follows, and is built anew', async () => {
    const { open, forRebuilds: held } = gated();
    const views = await given.system.start([customers], { farBehind: FAR, log: held(given.system.log) });
    const position = await written(300);
    open();
    await list(views, 'customers', { minPosition: position, wait: '10000' });
    expect((await views.generations()).map(({ state }) => state)).toEqual(['old', 'live']);
    expect(await served(given.system.store)).toEqual(await asFollowing(position));
  });

  it('by no more than half of the log follows', async () => {
    const first = await given.system.start([customers], { farBehind: FAR });
    await list(first, 'customers', { minPosition: await written(60) });
    await first.stop();
    const position = await written(40, 60);
    const views = await given.system.start([customers], { farBehind: FAR });
    await list(views, 'customers', { minPosition: position, wait: '10000' });
    expect(await views.generations()).toHaveLength(1);
  });

  it('is served as the writer before built it by whoever takes over', async () => {
    const position = await written(60);
    const { open, forRebuilds } = gated();
    const short = { leaseMilliseconds: 2_000, farBehind: FAR };
    const first = await given.system.start([customers], { ...short, holder: 'first', forRebuilds });
    const second = await given.system.start([customers], { ...short, holder: 'second' });
    open();
    await list(first, 'customers', { minPosition: position, wait: '10000' });
    await first.stop();
    const next = await written(1, 60);
    await list(second, 'customers', { minPosition: next, wait: '10000' });
    expect((await second.generations()).map(({ state }) => state)).toEqual(['old', 'live']);
  });

  it('is served as the writer built it by whoever stands by meanwhile', async () => {
    const position = await written(60);
    const { open, forRebuilds } = gated();
    const first = await given.system.start([customers], { farBehind: FAR, holder: 'first', forRebuilds });
    const second = await given.system.start([customers], { leaseMilliseconds: 400, farBehind: FAR, holder: 'second' });
    open();
    const built = await list(first, 'customers', { minPosition: position, wait: '10000' });
    expect((await list(second, 'customers', { minPosition: position, wait: '10000' })).items).toEqual(built.items);
    await expect(second.rebuild('customers')[Symbol.asyncIterator]().next()).rejects.toMatchObject({
      code: 'not-the-writer',
      message: expect.stringMatching(/^Another server writes the views: first\. Ask that one .* or stop it/),
    });
    await expect(second.release('customers', 'main', id())).rejects.toMatchObject({ code: 'not-the-writer' });
    await first.stop();
    expect((await second.release('customers', 'main', id())).released).toBe(0);
  });
});

describe('a changed definition', () => {
  it('is built beside the old one, which serves meanwhile, and switched to', async () => {
    const old = await given.system.start([deals]);
    const { position } = await given.system.recorder.record(opened(id(), id()));
    const before = await list(old, 'deals', { minPosition: position });
    await old.stop();
    const DealOpened: typeof deals.apply.DealOpened = (...given) =>
      ({ ...(deals.apply.DealOpened(...given) as object), moves: 77 }) as never;
    const doubled = { ...deals, version: 2, apply: { ...deals.apply, DealOpened } } as unknown as AnyView;
    const views = await given.system.start([doubled]);
    const first = await list(views, 'deals');
    expect(first.meta).toMatchObject({ version: 1, definition: before.meta.definition, frozen: true });
    await until(async () => (await list(views, 'deals')).meta.version === 2);
    const after = await list(views, 'deals');
    expect(after.meta.frozen).toBeUndefined();
    expect(after.meta.definition).not.toBe(before.meta.definition);
    expect(after.items).toMatchObject([{ document: { moves: 77 } }]);
    const next = (await given.system.recorder.record(opened(id(), id()))).position;
    expect((await list(views, 'deals', { minPosition: next })).items).toHaveLength(2);
    expect((await views.generations()).map(({ state, spec: { version } }) => [version, state])).toEqual([
      [1, 'old'],
      [2, 'live'],
    ]);
  });
});

describe('a view of a log that was restored and knows less', () => {
  it('is refused as soon as that shows, and built anew from what the log has', async () => {
    const { log, recorder } = given.system;
    const { position: end } = await recorder.record(opened(id(), id()));
    let isRestored = false;
    const restored = logWith(log, {
      head: async () => (isRestored ? end : log.head()),
      readAll: async (after, options) => {
        if (!isRestored) return log.readAll(after, options);
        if (after > end) throw new ForeignPosition('There is no such fact.');
        return log.readAll(after, { ...options, upTo: end });
      },
    });
    let refusals = 0;
    const report = ({ error }: { readonly error: unknown }) => {
      if (error instanceof ForeignPosition) refusals += 1;
    };
    const { open, forRebuilds } = gated();
    const views = await given.system.start([deals], { log: restored, forRebuilds, report });
    const { position } = await recorder.record(opened(id(), id()));
    expect((await list(views, 'deals', { minPosition: position })).items).toHaveLength(2);

    isRestored = true;
    await until(() => refusals > 0);
    expect(await problemOf(list(views, 'deals'))).toMatchObject({ status: 503, code: 'view-rebuilding' });
    expect(await views.progress()).toMatchObject([{ position: log.start }]);
    open();
    await until(async () => (await views.progress())[0]?.position === end);
    expect((await list(views, 'deals')).items).toHaveLength(1);
  });
});
