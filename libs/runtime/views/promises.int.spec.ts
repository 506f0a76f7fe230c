import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { openSqliteViews } from '#adapters/sqlite';
import { type AnyView, canonicalJson, derivedId, type Fact } from '#kernel';
import type { Space, StoredDocument, StoredFact } from '../ports.js';
import { registryOf } from '../registry.js';
import type { ViewAnswer } from '../requests.js';
import { Build } from './build.js';
import { planOf } from './plan.js';
import { parseQuery } from './query.js';
import type { Views } from './service.js';
import { CompanySystem, listedOf, READER, until } from './testing/company-system.js';
import {
  CustomerForgotten,
  CustomerNoted,
  CustomerRegistered,
  CustomersMerged,
  CustomersUnmerged,
  company,
  customers,
  DealDropped,
  DealMoved,
  DealOpened,
  DealPriced,
  deals,
  identity,
  openDeals,
} from './testing/deals.js';
import { fellowHere } from './testing/fellow-here.js';
import { Naive } from './testing/naive.js';
import { factsIn } from './testing/recorder.js';

const VIEWS: readonly AnyView[] = [deals, customers, openDeals];
const registry = registryOf([company(VIEWS)]);
const TENANTS = ['main', 'other'] as const;
const customer = fc.integer({ min: 0, max: 4 }).map((number) => derivedId('customer', `${number}`));
const deal = fc.integer({ min: 0, max: 6 }).map((number) => derivedId('deal', `${number}`));
const amount = fc.integer({ min: -1_000, max: 1_000_000 });

const anyFact: fc.Arbitrary<Fact> = fc.oneof(
  fc.record({ customerId: customer, segment: fc.constantFrom('A', 'B', 'Ü') }).map(CustomerRegistered),
  fc.record({ customerId: customer, note: fc.string({ maxLength: 5 }) }).map(CustomerNoted),
  { weight: 3, arbitrary: fc.record({ customerId: customer, survivorId: customer }).map(CustomersMerged) },
  { weight: 2, arbitrary: fc.record({ customerId: customer, survivorId: customer }).map(CustomersUnmerged) },
  fc.record({ customerId: customer }).map(CustomerForgotten),
  {
    weight: 3,
    arbitrary: fc.record({ dealId: deal, customerId: customer, amount, currency: fc.constantFrom('EUR', 'USD') }).map(DealOpened),
  },
  {
    weight: 3,
    arbitrary: fc
      .record({ dealId: deal, phase: fc.constantFrom('OPEN' as const, 'OFFER' as const, 'WON' as const, 'LOST' as const) })
      .map(DealMoved),
  },
  fc.record({ dealId: deal, amount }).map(DealPriced),
  fc.record({ dealId: deal }).map(DealDropped),
);

const DAYS = 40;
const day = (number: number, hour = 9) => new Date(Date.UTC(2026, 0, 1 + number, hour)).toISOString();
/** Late by up to 20 days, corrected, recorded by clocks that go back now and then. */
const anyEntry = fc.record({
  fact: anyFact,
  tenant: fc.oneof({ weight: 4, arbitrary: fc.constant(TENANTS[0]) }, fc.constant(TENANTS[1])),
  late: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 20 })),
  setBack: fc.oneof({ weight: 5, arbitrary: fc.constant(0) }, fc.integer({ min: 0, max: 3 })),
  restart: fc.integer({ min: 0, max: 19 }).map((number) => number === 0),
});
type Entry = typeof anyEntry extends fc.Arbitrary<infer E> ? E : never;
const entries = fc.array(anyEntry, { minLength: 1, maxLength: 60, size: 'max' }).map(withTrueUnmerges);

/** An unmerge of whoever was never merged says little, so it is made one of somebody who was. */
function withTrueUnmerges(written: readonly Entry[]): readonly Entry[] {
  const merged: Entry[] = [];
  return written.map((entry, index) => {
    if (entry.fact.type === 'CustomersMerged') merged.push(entry);
    const former = entry.fact.type === 'CustomersUnmerged' ? merged.splice(index % Math.max(1, merged.length), 1)[0] : undefined;
    return former ? { ...entry, tenant: former.tenant, fact: CustomersUnmerged(former.fact.data as never) } : entry;
  });
}

/** Closed as soon as the work is done: the log and the store of each system are threads. */
async function withSystem(
  written: readonly Entry[],
  withRestarts: boolean,
  work: (system: CompanySystem, views: Views) => Promise<void>,
): Promise<void> {
  const system = await CompanySystem.open();
  try {
    await work(system, await takenIn(system, written, withRestarts));
  } finally {
    await system.close();
  }
}

async function takenIn(system: CompanySystem, written: readonly Entry[], withRestarts: boolean): Promise<Views> {
  let views = await system.start(VIEWS);
  for (const [index, { fact, tenant, late, setBack, restart }] of written.entries()) {
    const at = Math.floor((index * DAYS) / written.length);
    await system.recorder.record(fact, { tenant, occurredAt: day(at - late), recordedAt: day(at - setBack, 10) });
    if (withRestarts && restart) {
      await views.stop(index % 2 === 0 ? 5_000 : 0);
      views = await system.start(VIEWS);
    }
  }
  const head = await system.log.head();
  await until(async () => (await views.progress()).every(({ position }) => position >= head));
  return views;
}

async function everything(generation: {
  scan: (space: Space, after: undefined, limit: number) => Promise<readonly StoredDocument[]>;
}) {
  const all: StoredDocument[] = [];
  for (const space of ['shown', 'part', 'link'] as const) all.push(...(await generation.scan(space, undefined, 10_000)));
  return all;
}

describe('views are a function of the log', () => {
  it('a rebuild gives every document byte for byte, after restarts at any point', async () => {
    await fc.assert(
      fc.asyncProperty(entries, async (written) => {
        await withSystem(written, true, async (system, views) => {
          const log = await factsIn(system.log);
          for (const view of VIEWS) {
            const { spec } = planOf(view, registry, identity);
            const live = await everything(await system.store.generation(spec));
            const states: string[] = [];
            for await (const { state } of views.rebuild(view.name)) if (state !== 'reading') states.push(state);
            expect(states).toEqual(['comparing', 'identical']);

            // Pages and runs of another size, and with a thread for half of it: the positions of documents are the same too.
            const startFellow = () => fellowHere([company(VIEWS)]);
            for (const size of [
              { documentsInMemory: 3, linkedInMemory: 0 },
              { alone: 5, startFellow },
            ]) {
              const scratch = await openSqliteViews({ memory: true });
              const token = (await scratch.lease('views', 'test', 60_000))?.token ?? 0;
              const generation = await scratch.generation(spec);
              const plan = planOf(view, registry, identity);
              const build = new Build({ plan, log: system.log, generation, token: () => token, pageSize: 7, ...size });
              for await (const _ of build.pages());
              await build.write();
              expect(await everything(generation)).toEqual(live);
              await scratch.close();
            }

            for (const tenant of TENANTS) {
              const judge = new Naive(view, registry, log, { tenant });
              const shown = live.filter((document) => document.space === 'shown' && document.tenant === tenant);
              expect(new Map(shown.map(({ key, json }) => [key, json]))).toEqual(
                new Map([...judge.json()].sort(([one], [two]) => (one < two ? -1 : 1))),
              );
            }
          }
        });
      }),
      { numRuns: 20 },
    );
  }, 240_000);

  it('a merge and its unmerge leave nothing behind', async () => {
    await fc.assert(
      fc.asyncProperty(entries, customer, customer, async (written, one, other) => {
        const plain = written.filter(({ fact: { type } }) => type !== 'CustomersMerged');
        await withSystem(plain, false, async (system, views) => {
          const generation = await system.store.generation(planOf(customers, registry, identity).spec);
          const shown = async () =>
            (await generation.scan('shown', undefined, 1_000)).map(({ tenant, key, json }) => [tenant, key, JSON.parse(json)]);
          // The view itself notes a merge in the survivor's document, so only the others can be as before.
          const before = await shown();
          await system.recorder.record(CustomersMerged({ customerId: one, survivorId: other }));
          const { position } = await system.recorder.record(CustomersUnmerged({ customerId: one, survivorId: other }));
          await until(async () => (await views.progress()).every((progress) => progress.position >= position));
          const after = await shown();
          const others = (documents: typeof before) => documents.filter(([tenant, key]) => tenant !== 'main' || key !== other);
          expect(others(after)).toEqual(others(before));
          expect(await generation.scan('part', undefined, 10)).toEqual([]);
        });
      }),
      { numRuns: 15 },
    );
  }, 120_000);
});

describe('any view, any day', () => {
  const text: fc.Arbitrary<Readonly<Record<string, string>>> = fc.oneof(
    fc.constant({}),
    customer.map((customerId) => ({ customerId })),
    fc.constantFrom<Readonly<Record<string, string>>>(
      { phase: 'WON' },
      { 'phase[ne]': 'OPEN' },
      { 'phase[in]': 'WON,LOST' },
      { 'closedAt[empty]': 'true' },
      { 'closedAt[empty]': 'false' },
    ),
    fc.integer({ min: 0, max: DAYS }).map((number) => ({ 'openedAt[gte]': day(number).slice(0, 10) })),
    fc.integer({ min: 0, max: DAYS }).map((number) => ({ 'openedAt[lte]': day(number).slice(0, 10), big: 'false' })),
    amount.map((number) => ({ 'amount[gt]': `${number}` })),
    fc.array(customer, { minLength: 1, maxLength: 3 }).map((list) => ({ 'customerId[in]': list.join() })),
  );
  const when = fc.record({
    asOf: fc.option(fc.integer({ min: -15, max: DAYS }), { nil: undefined, freq: 1 }),
    knownAt: fc.option(fc.integer({ min: -1, max: DAYS }), { nil: undefined, freq: 1 }),
    position: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: undefined, freq: 1 }),
  });
  const question = fc.record({
    when,
    filter: text,
    tenant: fc.constantFrom(...TENANTS),
    sort: fc.constantFrom('amount', '-amount', 'closedAt', '-closedAt', 'phase', '-openedAt', 'big'),
    limit: fc.constantFrom('1', '3', '50'),
    group: fc.constantFrom('phase', 'phase,big', 'closedAt:month', 'openedAt:day,phase', 'customerId', ''),
  });

  it('lists, pages, groups and documents are what a plain fold of the log gives', async () => {
    await fc.assert(
      fc.asyncProperty(entries, fc.array(question, { minLength: 10, maxLength: 15 }), async (written, questions) => {
        await withSystem(written, false, async (system, views) => {
          const log = await factsIn(system.log);
          for (const asked of questions) await check(system, views, log, asked);
        });
      }),
      { numRuns: 20 },
    );
  }, 240_000);

  it('the present asked as history is the present', async () => {
    await fc.assert(
      fc.asyncProperty(entries, async (written) => {
        await withSystem(written, false, async (_, views) => {
          for (const { name: view } of VIEWS) {
            const live = await views.query({ caller: READER, view, parameters: { limit: '500' } });
            const now = await views.query({ caller: READER, view, parameters: { limit: '500', asOf: new Date().toISOString() } });
            const known = await views.query({
              caller: READER,
              view,
              parameters: { limit: '500', knownAt: new Date().toISOString() },
            });
            for (const answer of [now, known]) expect({ ...answer, meta: undefined }).toEqual({ ...live, meta: undefined });
            expect(now.meta.position).toBe(live.meta.position);
          }
        });
      }),
      { numRuns: 10 },
    );
  }, 120_000);

  async function check(
    system: CompanySystem,
    views: Views,
    log: readonly StoredFact[],
    { when: asked, filter, tenant, sort, limit, group }: typeof question extends fc.Arbitrary<infer Q> ? Q : never,
  ): Promise<void> {
    const moments: Readonly<Record<string, string>> = {
      ...(asked.asOf === undefined ? {} : { asOf: day(asked.asOf, 9) }),
      ...(asked.knownAt === undefined ? {} : { knownAt: day(asked.knownAt, 10) }),
      ...(asked.position === undefined
        ? {}
        : { position: log[Math.floor(asked.position * (log.length - 1))]?.position ?? system.log.start }),
    };
    const caller = { ...READER, tenant };
    const judge = new Naive(deals, registry, log, { tenant, ...moments });

    const parameters = { ...filter, ...moments, sort };
    const query = parseQuery(planOf(deals, registry, identity), { caller, view: 'deals', parameters }, Date.now(), system.log.id);
    if (query.ask.kind !== 'list') throw new Error('Not a list.');
    const expected = judge.list(query.ask.list.where, query.ask.list.sort);
    const found: { key: string; document: unknown }[] = [];
    for (let cursor: string | undefined, first = true; first || cursor !== undefined; first = false) {
      const page = await listed(
        views.query({ caller, view: 'deals', parameters: { ...parameters, limit, ...(cursor === undefined ? {} : { cursor }) } }),
      );
      expect(page.items.length).toBeLessThanOrEqual(Number(limit));
      found.push(...page.items);
      cursor = page.next;
    }
    expect(found).toEqual(expected);

    const groupQuery = parseQuery(
      planOf(deals, registry, identity),
      { caller, view: 'deals', parameters: { ...filter, ...moments, group } },
      Date.now(),
      system.log.id,
    );
    if (groupQuery.ask.kind !== 'groups') throw new Error('Not groups.');
    const answer = await views.query({ caller, view: 'deals', parameters: { ...filter, ...moments, group } });
    if (answer.kind !== 'groups') throw new Error('Not groups.');
    const inOrder = (groups: readonly unknown[]) => groups.map(canonicalJson).sort();
    expect(inOrder(answer.groups)).toEqual(inOrder(judge.groups(groupQuery.ask.groups, 'currency')));

    const people = new Naive(customers, registry, log, { tenant, ...moments });
    for (let number = 0; number <= 4; number++) {
      const key = derivedId('customer', `${number}`);
      const single = await views.query({ caller, view: 'customers', key, parameters: moments });
      if (single.kind !== 'document') throw new Error('Not a document.');
      expect(single.json && JSON.parse(single.json)).toEqual(people.shown.get(people.root(key)));
    }
    const all = await listed(views.query({ caller, view: 'customers', parameters: { ...moments, limit: '500' } }));
    expect(all.items).toEqual(people.list([], undefined));

    const undecided = new Naive(openDeals, registry, log, { tenant, ...moments });
    const shown = await listed(
      views.query({ caller, view: 'open-deals', parameters: { ...moments, limit: '500', sort: 'amount' } }),
    );
    expect(shown.items).toEqual(undecided.list([], { field: 'amount', descending: false }));
    for (let number = 0; number <= 6; number++) {
      const key = derivedId('deal', `${number}`);
      const single = await views.query({ caller, view: 'open-deals', key, parameters: moments });
      expect('json' in single && single.json && JSON.parse(single.json)).toEqual(undecided.shown.get(key));
    }
  }

  async function listed(answer: Promise<ViewAnswer>) {
    return listedOf(await answer);
  }
});
