import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  type Condition,
  type DocumentKey,
  type Generation,
  type GenerationSpec,
  type Lease,
  type ListQuery,
  StaleWriter,
  type StoredDocument,
  type ViewChange,
  type ViewStore,
} from '#runtime/ports';

/** A fresh, empty engine for one test. */
export interface ViewEngine {
  /** The store; after it was closed, the same store again. */
  open(): Promise<ViewStore>;
  /** A second connection to the open store, as another worker has. */
  openBeside?(): Promise<ViewStore>;
  /** False where nothing outlives closing. */
  readonly durable: boolean;
  dispose(): Promise<void>;
}

const SPEC: GenerationSpec = {
  view: 'deals',
  version: 1,
  hash: 'hash-1',
  filters: [
    { field: 'name', kind: 'text' },
    { field: 'size', kind: 'integer' },
    { field: 'rate', kind: 'number' },
    { field: 'closedAt', kind: 'moment' },
    { field: 'won', kind: 'flag' },
    { field: 'currency', kind: 'text' },
  ],
  sums: { amount: 'currency', hours: null },
};

type Deal = Readonly<Record<string, string | number | boolean | null>>;

export function viewStoreContract(name: string, start: () => Promise<ViewEngine>): void {
  describe(`${name} keeps the view store contract`, () => {
    let engine: ViewEngine;
    let store: ViewStore;
    let deals: Generation;
    let lease: Lease;
    let clock: number;

    beforeEach(async () => {
      clock = 0;
      engine = await start();
      store = await engine.open();
      deals = await store.generation(SPEC);
      lease = await leased(store, 'views');
    });
    afterEach(() => engine.dispose());

    /** Writes documents of the tenant at the next position. */
    const write = async (documents: Readonly<Record<string, Deal>>, over: Partial<ViewChange> = {}, tenant = 'acme') => {
      const to = at(++clock);
      const put = Object.entries(documents).map(([key, deal]) => shown(key, deal, to, tenant));
      await deals.commit({ ...nothing, from: await deals.checkpoint(), to, token: lease.token, put, ...over });
      return to;
    };
    const keysOf = async (query: Partial<ListQuery>, tenant = 'acme') =>
      (await deals.list(tenant, { where: [], limit: 1000, ...query })).map(({ key }) => key);
    const matching = (...where: Condition[]) => keysOf({ where });

    describe('commit', () => {
      it('writes documents, checkpoint and parked facts together', async () => {
        const parked = parkedFact('k1', at(1), 'It did not fold.');
        const to = await write({ a: { size: 1 }, b: { size: 2 } }, { park: [parked] });
        expect(await deals.checkpoint()).toBe(to);
        expect(await keysOf({})).toEqual(['a', 'b']);
        expect(await deals.parked()).toEqual([parked]);
        expect(await deals.get('acme', 'a')).toEqual(shown('a', { size: 1 }, to));
      });

      it('replaces, removes and keeps spaces and tenants apart', async () => {
        await write({ a: { size: 1 }, b: { size: 2 } });
        await write({ a: { size: 7 } }, {}, 'globex');
        const part: StoredDocument = { tenant: 'acme', space: 'part', key: 'a', json: '{"part":true}', position: at(3) };
        await write({}, { put: [part, shown('a', { size: 3 }, at(3))], remove: [{ tenant: 'acme', space: 'shown', key: 'b' }] });
        expect(await keysOf({})).toEqual(['a']);
        expect(await deals.get('acme', 'b')).toBeUndefined();
        expect((await deals.get('acme', 'a'))?.json).toBe('{"size":3}');
        expect((await deals.get('globex', 'a'))?.json).toBe('{"size":7}');
        expect(await deals.load([part, { tenant: 'acme', space: 'link', key: 'a' }])).toEqual([part]);
        await write({}, { remove: [{ tenant: 'acme', space: 'part', key: 'a' }] });
        expect((await deals.get('acme', 'a'))?.json).toBe('{"size":3}');
      });

      it('refuses a writer whose checkpoint was passed, and writes nothing of it', async () => {
        const first = await write({ a: { size: 1 } });
        const stale = {
          ...nothing,
          from: undefined,
          to: at(9),
          token: lease.token,
          put: [shown('a', { size: 9 }, at(9)), shown('z', { size: 9 }, at(9))],
          park: [parkedFact('k', at(9), 'x')],
        };
        await expect(deals.commit(stale)).rejects.toBeInstanceOf(StaleWriter);
        await expect(deals.commit({ ...stale, from: at(5) })).rejects.toBeInstanceOf(StaleWriter);
        expect(await deals.checkpoint()).toBe(first);
        expect(await keysOf({})).toEqual(['a']);
        expect((await deals.get('acme', 'a'))?.json).toBe('{"size":1}');
        expect(await deals.parked()).toEqual([]);
      });

      it('refuses a writer whose lease passed on', async () => {
        await write({ a: { size: 1 } });
        await store.release(lease);
        const next = await leased(store, 'views', 'another');
        expect(next.token).toBeGreaterThan(lease.token);
        await expect(write({ a: { size: 2 } })).rejects.toBeInstanceOf(StaleWriter);
        expect((await deals.get('acme', 'a'))?.json).toBe('{"size":1}');
        await write({ a: { size: 3 } }, { token: next.token });
        expect((await deals.get('acme', 'a'))?.json).toBe('{"size":3}');
      });

      it('lets one of two writers at the same checkpoint win', async () => {
        const from = await write({});
        const change = (size: number) =>
          deals.commit({ ...nothing, from, to: at(5), token: lease.token, put: [shown('a', { size }, at(5))] });
        const outcomes = await Promise.allSettled([1, 2, 3].map(change));
        expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      });

      it('stores and finds documents with any key', async () => {
        const keys = ['', ' ', 'ü/ß', 'a\u0000b', 'a\u0001b', '\u{1f600}', '\uff41', "'; DROP", 'x'.repeat(2000)];
        await write(Object.fromEntries(keys.map((key, size) => [key, { size }])));
        const wanted = keys.map((key) => ({ tenant: 'acme', space: 'shown' as const, key }));
        expect((await deals.load(wanted)).map(({ key }) => key)).toEqual(keys);
        expect(await keysOf({})).toEqual([...keys].sort(byCodeUnits));
      });
    });

    describe('changedAt and count', () => {
      it('name the last change of a shown document of the tenant', async () => {
        expect(await deals.changedAt('acme')).toBeUndefined();
        const first = await write({ a: {}, b: {} });
        await write({ c: {} }, {}, 'globex');
        const hidden: StoredDocument = { tenant: 'acme', space: 'part', key: 'p', json: '{}', position: at(8) };
        await write({}, { put: [hidden] });
        expect(await deals.changedAt('acme')).toBe(first);
        expect([await deals.count(), await deals.count('acme'), await deals.count('nobody')]).toEqual([3, 2, 0]);
        const removed = await write({}, { remove: [{ tenant: 'acme', space: 'shown', key: 'a' }] });
        expect(await deals.changedAt('acme')).toBe(removed);
        expect(await deals.count('acme')).toBe(1);
      });
    });

    describe('filters', () => {
      beforeEach(async () => {
        await write({
          n: { name: null, size: null, rate: null, closedAt: null, won: null },
          m: {},
          a: { name: 'ann', size: -1, rate: 0.5, closedAt: '2025-12-31T23:59:59.999Z', won: true },
          b: { name: 'Bob', size: 0, rate: 1.25, closedAt: '2026-01-01T00:00:00.000Z', won: false },
          c: { name: "o'c", size: 9007199254740991, rate: -3, closedAt: '2026-02-01T00:00:00.000Z', won: true },
          d: { name: '', size: 10, rate: 10, closedAt: '2026-02-01T00:00:00.000Z', won: false },
        });
        await write({ a: { name: 'ann' } }, {}, 'globex');
      });

      it.each<[string, Condition['operator'], Condition['values'], string[]]>([
        ['name', 'eq', ['ann'], ['a']],
        ['name', 'eq', ['Ann'], []],
        ['name', 'eq', ["o'c"], ['c']],
        ['name', 'eq', [''], ['d']],
        ['name', 'ne', ['ann'], ['b', 'c', 'd', 'm', 'n']],
        ['name', 'lt', ['a'], ['b', 'd']],
        ['name', 'gte', ['ann'], ['a', 'c']],
        ['name', 'in', ['ann', 'Bob', 'x'], ['a', 'b']],
        ['name', 'in', [], []],
        ['name', 'empty', [], ['m', 'n']],
        ['name', 'set', [], ['a', 'b', 'c', 'd']],
        ['size', 'eq', [0], ['b']],
        ['size', 'eq', [9007199254740991], ['c']],
        ['size', 'ne', [0], ['a', 'c', 'd', 'm', 'n']],
        ['size', 'lt', [0], ['a']],
        ['size', 'lte', [0], ['a', 'b']],
        ['size', 'gt', [0], ['c', 'd']],
        ['size', 'gte', [9], ['c', 'd']],
        ['size', 'in', [0, 10], ['b', 'd']],
        ['size', 'empty', [], ['m', 'n']],
        ['rate', 'eq', [1.25], ['b']],
        ['rate', 'lt', [1.25], ['a', 'c']],
        ['rate', 'gt', [1.25], ['d']],
        ['rate', 'in', [0.5, -3], ['a', 'c']],
        ['rate', 'set', [], ['a', 'b', 'c', 'd']],
        ['closedAt', 'eq', ['2026-02-01T00:00:00.000Z'], ['c', 'd']],
        ['closedAt', 'lt', ['2026-01-01T00:00:00.000Z'], ['a']],
        ['closedAt', 'gte', ['2026-01-01T00:00:00.000Z'], ['b', 'c', 'd']],
        ['closedAt', 'ne', ['2026-02-01T00:00:00.000Z'], ['a', 'b', 'm', 'n']],
        ['closedAt', 'empty', [], ['m', 'n']],
        ['won', 'eq', [true], ['a', 'c']],
        ['won', 'eq', [false], ['b', 'd']],
        ['won', 'ne', [true], ['b', 'd', 'm', 'n']],
        ['won', 'in', [true, false], ['a', 'b', 'c', 'd']],
        ['won', 'set', [], ['a', 'b', 'c', 'd']],
      ])('%s %s %j', async (field, operator, values, expected) => {
        expect(await matching({ field, operator, values })).toEqual(expected);
      });

      it('hold all together', async () => {
        const from: Condition = { field: 'closedAt', operator: 'gte', values: ['2026-01-01T00:00:00.000Z'] };
        const to: Condition = { field: 'closedAt', operator: 'lt', values: ['2026-02-01T00:00:00.000Z'] };
        expect(await matching(from, to, { field: 'won', operator: 'ne', values: [true] })).toEqual(['b']);
      });
    });

    describe('lists', () => {
      const names = [
        null,
        '',
        '\u0001',
        'A',
        'B',
        'Z',
        'a',
        'ab',
        'é',
        'ퟻ',
        '\u{10000}',
        '\u{1f600}',
        '\u{10ffff}',
        '\ue000',
        '\uff41',
        '\uffff',
      ];

      it('order text by UTF-16 code units, nulls first, ties by key', async () => {
        const mixed = [...names].reverse();
        await write(Object.fromEntries([...mixed.map((name, index) => [`k${index + 10}`, { name }]), ['k99', { name: 'A' }]]));
        const listed = await deals.list('acme', { where: [], sort: { field: 'name', descending: false }, limit: 100 });
        const read = listed.map(({ json }) => (JSON.parse(json) as { name: string | null }).name);
        expect(read).toEqual([...names.slice(0, 3), 'A', ...names.slice(3)]);
        expect(listed.filter(({ json }) => json === '{"name":"A"}').map(({ key }) => key)).toEqual(['k22', 'k99']);
        const backwards = await keysOf({ sort: { field: 'name', descending: true } });
        expect(backwards).toEqual(listed.map(({ key }) => key).reverse());
        for (const [index, name] of names.entries()) {
          if (name === null) continue;
          expect(await matching({ field: 'name', operator: 'gt', values: [name] })).toHaveLength(
            names.length - 1 - index + (name < 'A' ? 1 : 0),
          );
        }
      });

      it.each([
        ['size', false],
        ['size', true],
        ['name', false],
        ['name', true],
        ['closedAt', true],
        ['won', false],
        ['won', true],
        ['rate', true],
        [undefined, false],
      ])('page through all documents by %s (descending: %s) without gap or repetition', async (field, descending) => {
        const value = <T>(index: number, from: readonly T[]) => from[index % from.length] as T;
        const documents = Array.from({ length: 60 }, (_, index) => [
          `key-${(index * 37) % 60}`,
          {
            size: value(index, [null, 3, 1, 2]),
            name: value(index, ['x', null, '\u{1f600}', '\uff41', 'y']),
            closedAt: value(index, [null, '2026-01-01T00:00:00.000Z', '2025-01-01T00:00:00.000Z']),
            won: value(index, [true, false, null]),
            rate: value(index, [0.25, -1, null, 7]),
          },
        ]);
        await write(Object.fromEntries(documents));
        const sort = field === undefined ? {} : { sort: { field, descending } };
        const whole = await keysOf({ ...sort });
        expect(new Set(whole).size).toBe(60);
        const paged = await pagesOf(deals, { ...sort, limit: 7 });
        expect(paged.map(({ key }) => key)).toEqual(whole);
      });

      it('page on from where they were while documents before and behind change', async () => {
        await write(Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`k${index + 10}`, { size: index }])));
        const sort = { field: 'size', descending: false };
        const first = await deals.list('acme', { where: [], sort, limit: 10 });
        const last = first.at(-1);
        await write(
          { k10: { size: 100 }, new: { size: -5 } },
          { remove: [{ tenant: 'acme', space: 'shown', key: last?.key ?? '' }] },
        );
        const second = await keysOf({ sort, after: { value: 9, key: last?.key ?? '' } });
        expect(second).toEqual([...Array.from({ length: 10 }, (_, index) => `k${index + 20}`), 'k10']);
      });

      it('give the same answers when there are many documents and questions repeat', async () => {
        const many = Array.from({ length: 6000 }, (_, index) => [
          `k${String(index).padStart(5, '0')}`,
          { size: index % 100, name: `n${index % 7}` },
        ]);
        await write(Object.fromEntries(many));
        const query = {
          where: [{ field: 'name', operator: 'eq' as const, values: ['n3'] }],
          sort: { field: 'size', descending: true },
        };
        const first = await keysOf(query);
        expect(first).toHaveLength(857);
        for (let round = 0; round < 4; round++) expect(await keysOf(query)).toEqual(first);
        await write({ k00003: { size: 1000, name: 'n3' }, k00010: { size: 1, name: 'n0' } });
        const after = await keysOf(query);
        expect([after[0], after.includes('k00010'), after.length]).toEqual(['k00003', false, 856]);
      });
    });

    describe('groups', () => {
      beforeEach(async () => {
        await write({
          a: { name: 'x', amount: 100, currency: 'EUR', hours: 1, closedAt: '2017-03-31T23:59:59.999Z', won: true },
          b: { name: 'x', amount: 250, currency: 'USD', hours: 2, closedAt: '2017-04-01T00:00:00.000Z', won: false },
          c: { name: 'y', amount: 4503599627370496, currency: 'EUR', hours: 3, closedAt: '2017-12-31T12:00:00.000Z', won: true },
          d: {
            name: 'y',
            amount: 4503599627370495,
            currency: 'EUR',
            hours: null,
            closedAt: '2017-12-01T12:00:00.000Z',
            won: null,
          },
          e: { hours: 4 },
        });
        await write({ a: { name: 'x', amount: 1, currency: 'EUR' } }, {}, 'globex');
      });
      const groups = (
        by: Parameters<Generation['groups']>[1]['by'],
        sums: readonly string[] = [],
        where: readonly Condition[] = [],
      ) => deals.groups('acme', { where, by, sums });
      const closedAt = 'closedAt';

      it('count documents by the values of fields, in their order, nulls first', async () => {
        expect(await groups([{ field: 'name' }])).toEqual([
          { name: null, count: 1 },
          { name: 'x', count: 2 },
          { name: 'y', count: 2 },
        ]);
        expect(await groups([{ field: 'won' }])).toEqual([
          { won: null, count: 2 },
          { won: false, count: 1 },
          { won: true, count: 2 },
        ]);
        expect(await groups([{ field: 'name' }, { field: 'won' }])).toHaveLength(5);
      });

      it('add up money within its currency, exactly', async () => {
        const found = await groups([{ field: 'name' }], ['amount']);
        expect(found).toEqual([
          { name: null, currency: null, count: 1, amount: 0 },
          { name: 'x', currency: 'EUR', count: 1, amount: 100 },
          { name: 'x', currency: 'USD', count: 1, amount: 250 },
          { name: 'y', currency: 'EUR', count: 2, amount: 9007199254740991 },
        ]);
        expect(Object.keys(found[1] ?? {})).toEqual(['name', 'currency', 'count', 'amount']);
        const small: Condition = { field: 'name', operator: 'ne', values: ['y'] };
        expect(await groups([{ field: 'currency' }], ['amount'], [small])).toEqual([
          { currency: null, count: 1, amount: 0 },
          { currency: 'EUR', count: 1, amount: 100 },
          { currency: 'USD', count: 1, amount: 250 },
        ]);
      });

      it('add up plain numbers in one row', async () => {
        expect(await groups([], ['hours'])).toEqual([{ count: 5, hours: 10 }]);
        expect(await groups([], ['hours'], [{ field: 'name', operator: 'eq', values: ['none'] }])).toEqual([]);
      });

      it('come as many as asked for at most, the first in their order', async () => {
        const by = [{ field: 'name' }, { field: 'won' }];
        const all = await deals.groups('acme', { where: [], by, sums: ['hours'] });
        for (const limit of [1, 3, 5, 9])
          expect(await deals.groups('acme', { where: [], by, sums: ['hours'], limit })).toEqual(all.slice(0, limit));
        expect(await deals.groups('acme', { where: [], by: [], sums: [], limit: 1 })).toEqual([{ count: 5 }]);
      });

      it.each([
        ['day', [null, '2017-03-31', '2017-04-01', '2017-12-01', '2017-12-31']],
        ['month', [null, '2017-03', '2017-04', '2017-12']],
        ['quarter', [null, '2017-Q1', '2017-Q2', '2017-Q4']],
        ['year', [null, '2017']],
      ] as const)('by %s of a moment, UTC', async (period, expected) => {
        expect((await groups([{ field: closedAt, period }])).map((group) => group[closedAt])).toEqual(expected);
      });

      it.each([
        ['Europe/Vienna', 'day', '2017-04-01', '2017-07-01'],
        ['Europe/Vienna', 'month', '2017-04', '2017-07'],
        ['Europe/Vienna', 'quarter', '2017-Q2', '2017-Q3'],
        ['America/New_York', 'quarter', '2017-Q1', '2017-Q2'],
        ['Asia/Kathmandu', 'day', '2017-04-01', '2017-07-01'],
        ['Pacific/Kiritimati', 'year', '2017', '2017'],
      ] as const)('by the calendar of %s, %s', async (zone, period, spring, summer) => {
        await write({ spring: { closedAt: '2017-03-31T22:30:00.000Z' }, summer: { closedAt: '2017-06-30T22:30:00.000Z' } });
        const where: Condition[] = ['2017-03-31T22:30:00.000Z', '2017-06-30T22:30:00.000Z'].map((value, index) => ({
          field: closedAt,
          operator: index === 0 ? 'gte' : 'lte',
          values: [value],
        }));
        const found = await groups([{ field: closedAt, period, zone }], [], where);
        const names = found.map((group) => group[closedAt]);
        expect(names).toContain(spring);
        expect(names).toContain(summer);
        expect(await groups([{ field: closedAt, period, zone }], [])).toContainEqual({
          closedAt: null,
          count: expect.any(Number),
        });
      });

      it('count only what the filter leaves', async () => {
        const where: Condition[] = [{ field: closedAt, operator: 'lt', values: ['2017-12-31T00:00:00.000Z'] }];
        expect(await groups([{ field: closedAt, period: 'quarter' }], ['hours'], where)).toEqual([
          { closedAt: '2017-Q1', count: 1, hours: 1 },
          { closedAt: '2017-Q2', count: 1, hours: 2 },
          { closedAt: '2017-Q4', count: 1, hours: 0 },
        ]);
      });

      it('give the same answers when there are many documents and questions repeat', async () => {
        const names = ['n0', null, '\u{1f600}', '\uff41', "o'n"];
        const dealOf = (index: number): Deal => ({
          name: names[index % 5] as string | null,
          amount: index % 3 === 0 ? null : index,
          currency: index % 2 === 0 ? 'EUR' : 'USD',
          hours: index % 7,
          closedAt: `2017-0${1 + (index % 9)}-01T00:00:00.000Z`,
          won: index % 4 === 0 ? null : index % 4 === 1,
        });
        const all = new Map(Array.from({ length: 6000 }, (_, index) => [`k${index}`, dealOf(index)]));
        await write({ a: {}, b: {}, c: {}, d: {}, e: {} }, { remove: ['a', 'b', 'c', 'd', 'e'].map(ofAcme) });
        await write(Object.fromEntries(all));
        const won: Condition = { field: 'won', operator: 'eq', values: [true] };
        const early: Condition = { field: closedAt, operator: 'lt', values: ['2017-06-01T00:00:00.000Z'] };
        const named: Condition = { field: 'name', operator: 'gte', values: ['n0'] };
        const questions: [Parameters<typeof groups>[0], string[], Condition[], (deal: Deal) => boolean][] = [
          [[{ field: 'name' }], ['amount', 'hours'], [], () => true],
          [[{ field: 'name' }], ['amount'], [early], (deal) => String(deal.closedAt) < '2017-06-01T00:00:00.000Z'],
          [[{ field: 'name' }, { field: closedAt, period: 'quarter' }], ['hours'], [won], (deal) => deal.won === true],
          [[{ field: 'won' }], [], [named], (deal) => deal.name !== null],
          [[], ['amount'], [], () => true],
          [[{ field: 'currency' }], ['amount'], [], () => true],
        ];
        const check = async () => {
          for (const [by, sums, where, fits] of questions) {
            const expected = [...all.values()].filter(fits);
            expect(await groups(by, sums, where)).toEqual(totalsOf(expected, by, sums));
          }
        };
        for (let round = 0; round < 4; round++) await check();
        const changes = { k0: { ...dealOf(0), name: 'other', amount: 7 }, k1: {}, new: { ...dealOf(3), amount: -5 } };
        await write(changes, {
          put: [...Object.entries(changes)].map(([key, deal]) => shown(key, deal, at(50))),
          remove: [ofAcme('k2')],
        });
        for (const [key, deal] of Object.entries(changes)) all.set(key, { name: null, won: null, ...deal });
        all.delete('k2');
        for (let round = 0; round < 2; round++) await check();
      });

      it('order and give back text beyond the basic plane', async () => {
        await write({ f: { name: '\uff41' }, g: { name: '\u{1f600}' } });
        expect((await groups([{ field: 'name' }])).map((group) => group.name)).toEqual([null, 'x', 'y', '\u{1f600}', '\uff41']);
      });
    });

    it('scans a space by tenant and key, in pages', async () => {
      await write({ b: {}, a: {}, '': {} });
      await write({ c: {} }, {}, 'aaa');
      const seen: string[] = [];
      for (let after: { tenant: string; key: string } | undefined; ; ) {
        const page = await deals.scan('shown', after, 2);
        if (page.length === 0) break;
        seen.push(...page.map(({ tenant, key }) => `${tenant}/${key}`));
        const last = page.at(-1);
        after = last && { tenant: last.tenant, key: last.key };
      }
      expect(seen).toEqual(['aaa/c', 'acme/', 'acme/a', 'acme/b']);
      expect(await deals.scan('part', undefined, 10)).toEqual([]);
    });

    it('parks facts in order and releases those of one key', async () => {
      const [first, second, other] = [parkedFact('k', at(1), 'broken'), parkedFact('k', at(2)), parkedFact('j', at(3), 'also')];
      await write({}, { park: [first] });
      await write({}, { park: [second, other] });
      expect((await deals.parked()).filter(({ key }) => key === 'k')).toEqual([first, second]);
      expect((await store.generations())[0]?.parked).toBe(3);
      await write({}, { release: [{ tenant: 'acme', key: 'k' }] });
      expect(await deals.parked()).toEqual([other]);
      const again = parkedFact('j', at(3), 'broken anew');
      await write({}, { release: [{ tenant: 'acme', key: 'j' }], park: [again] });
      expect(await deals.parked()).toEqual([again]);
    });

    describe('generations', () => {
      const next: GenerationSpec = { ...SPEC, version: 2, hash: 'hash-2' };

      it('keep a changed view beside the live one until it is promoted', async () => {
        await write({ a: { size: 1 } });
        const built = await store.generation(next);
        expect(await built.checkpoint()).toBeUndefined();
        expect(await built.count()).toBe(0);
        const state = async () => (await store.generations()).map(({ spec, state }) => `${spec.hash} ${state}`);
        expect(await state()).toEqual(['hash-1 live', 'hash-2 building']);
        await built.commit({ ...nothing, from: undefined, to: at(1), token: lease.token, put: [shown('z', { size: 9 }, at(1))] });
        expect(await keysOf({})).toEqual(['a']);
        await store.promote('deals', 'hash-2');
        expect(await state()).toEqual(['hash-1 old', 'hash-2 live']);
        await store.drop('deals', 'hash-1');
        expect(await state()).toEqual(['hash-2 live']);
        expect((await built.list('acme', { where: [], limit: 10 })).map(({ key }) => key)).toEqual(['z']);
      });

      it('give back their spec and checkpoint', async () => {
        const to = await write({ a: {} });
        const other = await store.generation({ ...SPEC, view: 'orders' });
        expect(await other.count()).toBe(0);
        const infos = await store.generations();
        expect(infos.find(({ spec }) => spec.view === 'deals')).toEqual({ spec: SPEC, state: 'live', checkpoint: to, parked: 0 });
        expect(infos.find(({ spec }) => spec.view === 'orders')?.state).toBe('live');
      });

      it('refuse a writer after they were dropped, and start empty when made again', async () => {
        const built = await store.generation(next);
        await built.commit({ ...nothing, from: undefined, to: at(1), token: lease.token, put: [shown('z', {}, at(1))] });
        await store.drop('deals', 'hash-2');
        await expect(built.commit({ ...nothing, from: at(1), to: at(2), token: lease.token })).rejects.toBeInstanceOf(
          StaleWriter,
        );
        const again = await store.generation(next);
        expect([await again.checkpoint(), await again.count(), await again.changedAt('acme')]).toEqual([undefined, 0, undefined]);
      });

      it('refuse to promote one that does not exist', async () => {
        await expect(store.promote('deals', 'unknown')).rejects.toThrow();
        expect((await store.generations())[0]?.state).toBe('live');
      });
    });

    describe('leases', () => {
      it('have one holder, who can renew', async () => {
        const first = await leased(store, 'relay', 'one');
        expect(await store.lease('relay', 'two', 60_000)).toBeUndefined();
        expect(await store.lease('relay', 'one', 60_000)).toEqual(first);
        expect(await store.lease('notary', 'two', 60_000)).toBeDefined();
      });

      it('say who has them, while somebody does', async () => {
        expect(await store.holder('relay')).toBeUndefined();
        const first = await leased(store, 'relay', 'one');
        await store.lease('relay', 'two', 60_000);
        expect([await store.holder('relay'), await store.holder('notary')]).toEqual(['one', undefined]);
        await store.release(first);
        expect(await store.holder('relay')).toBeUndefined();
        await leased(store, 'relay', 'two', 0);
        expect(await store.holder('relay')).toBeUndefined();
      });

      it('pass on with a greater token when released or lapsed', async () => {
        const first = await leased(store, 'relay', 'one');
        await store.release(first);
        const second = await leased(store, 'relay', 'two', 0);
        const third = await leased(store, 'relay', 'three');
        expect(second.token).toBeGreaterThan(first.token);
        expect(third.token).toBeGreaterThan(second.token);
        await store.release(second);
        expect(await store.lease('relay', 'four', 60_000)).toBeUndefined();
      });
    });

    it('changes a note by compare-and-set', async () => {
      expect(await store.notes.read('reader')).toBeUndefined();
      await store.notes.write('reader', 'one', 0);
      const first = await store.notes.read('reader');
      expect(first?.value).toBe('one');
      await expect(store.notes.write('reader', 'lost', 0)).rejects.toBeInstanceOf(StaleWriter);
      await store.notes.write('reader', 'two', first?.version ?? -1);
      await expect(store.notes.write('reader', 'lost', first?.version ?? -1)).rejects.toBeInstanceOf(StaleWriter);
      expect((await store.notes.read('reader'))?.value).toBe('two');
      await expect(store.notes.write('unknown', 'lost', 3)).rejects.toBeInstanceOf(StaleWriter);
    });

    it('keeps timers until they are done, the earliest first', async () => {
      const timer = (id: string, due: string) => ({ id, due, json: `{"id":"${id}"}` });
      const [a, b, c] = [timer('a', '2026-03-01'), timer('b', '2026-01-01'), timer('c', '2026-02-01')];
      expect([await store.timers.next(), await store.timers.count()]).toEqual([undefined, 0]);
      await store.timers.change({ add: [a, b, c, { ...a, json: '{}' }], done: [] });
      expect(await store.timers.due('2026-02-01', 10)).toEqual([b, c]);
      expect(await store.timers.due('2026-12-01', 1)).toEqual([b]);
      expect([await store.timers.next(), await store.timers.count()]).toEqual(['2026-01-01', 3]);
      await store.timers.change({ add: [], done: [b] });
      expect(await store.timers.due('2026-12-01', 10)).toEqual([c, a]);
    });

    it('keeps timers of other clocks apart: neither due with others, nor before them', async () => {
      const timer = (id: string, due: string, clock?: string) => ({ id, due, json: `{"id":"${id}"}`, ...(clock && { clock }) });
      const servers = timer('a', '2026-03-01');
      const [b, c] = [timer('b', '2026-01-01', 'north'), timer('c', '2026-02-01', 'north')];
      const d = timer('d', '2025-01-01', 'south');
      expect(await store.timers.clocks()).toEqual([]);
      await store.timers.change({ add: [servers], done: [] });
      expect(await store.timers.clocks()).toEqual([]);
      await store.timers.change({ add: [c, b, d, { ...b, json: '{}' }], done: [] });
      expect([...(await store.timers.clocks())].sort()).toEqual(['north', 'south']);
      expect(await store.timers.next()).toBe('2026-03-01');
      expect(await store.timers.next('north')).toBe('2026-01-01');
      expect(await store.timers.next('west')).toBeUndefined();
      expect(await store.timers.due('2026-12-01', 10)).toEqual([servers]);
      expect(await store.timers.due('2026-12-01', 10, 'north')).toEqual([b, c]);
      expect(await store.timers.due('2026-12-01', 1, 'north')).toEqual([b]);
      expect(await store.timers.due('2026-01-31', 10, 'north')).toEqual([b]);
      expect(await store.timers.count()).toBe(4);
      await store.timers.change({ add: [], done: [d] });
      expect(await store.timers.clocks()).toEqual(['north']);
    });

    it('keeps the newest snapshot of a stream and state version', async () => {
      const snapshot = (stateVersion: number, revision: number) => ({
        stream: 's',
        stateVersion,
        revision,
        json: `"${revision}"`,
      });
      expect(await store.loadSnapshot('s', 1)).toBeUndefined();
      await store.saveSnapshot(snapshot(1, 10));
      await store.saveSnapshot(snapshot(1, 30));
      await store.saveSnapshot(snapshot(1, 20));
      await store.saveSnapshot(snapshot(2, 5));
      expect(await store.loadSnapshot('s', 1)).toEqual(snapshot(1, 30));
      expect(await store.loadSnapshot('s', 2)).toEqual(snapshot(2, 5));
      expect(await store.loadSnapshot('t', 1)).toBeUndefined();
    });

    it('is the same store after it was opened again', async () => {
      const to = await write({ a: { size: 1 } });
      await store.notes.write('reader', 'one', 0);
      if (!engine.durable) return;
      await store.close();
      store = await engine.open();
      deals = await store.generation(SPEC);
      expect([await deals.checkpoint(), await deals.changedAt('acme')]).toEqual([to, to]);
      expect(await keysOf({})).toEqual(['a']);
      expect((await store.notes.read('reader'))?.value).toBe('one');
      expect(await store.lease('views', 'another', 60_000)).toBeUndefined();
    });

    it('fences and shows writes between two connections', async () => {
      const beside = await engine.openBeside?.();
      if (!beside) return;
      const theirs = await beside.generation(SPEC);
      expect(await beside.lease('views', 'another', 60_000)).toBeUndefined();
      const to = await write({ a: { size: 1 } });
      expect(await theirs.checkpoint()).toBe(to);
      expect((await theirs.get('acme', 'a'))?.json).toBe('{"size":1}');
      await store.release(lease);
      const next = await leased(beside, 'views', 'another');
      await theirs.commit({ ...nothing, from: to, to: at(5), token: next.token, put: [] });
      await expect(write({ a: { size: 2 } }, { from: at(5) })).rejects.toBeInstanceOf(StaleWriter);
      await beside.close();
    });
  });
}

const nothing = { put: [], remove: [], park: [], release: [] } as const;

const at = (number: number) => `abcdefgh.${String(number).padStart(16, '0')}`;

const shown = (key: string, deal: Deal, position: string, tenant = 'acme'): StoredDocument => ({
  tenant,
  space: 'shown',
  key,
  json: JSON.stringify(deal),
  position,
});

const parkedFact = (key: string, position: string, error?: string) => ({
  tenant: 'acme',
  key,
  position,
  stream: 'order-acme.1',
  type: 'OrderPlaced',
  ...(error === undefined ? {} : { error }),
});

const ofAcme = (key: string): DocumentKey => ({ tenant: 'acme', space: 'shown', key });

type TotalsBy = Parameters<Generation['groups']>[1]['by'];

/** The same by hand. */
function totalsOf(deals: readonly Deal[], by: TotalsBy, sums: readonly string[]): unknown[] {
  const names = [
    ...by.map(({ field }) => field),
    ...(sums.includes('amount') && by[0]?.field !== 'currency' ? ['currency'] : []),
  ];
  const rows = new Map<string, Record<string, string | number | boolean | null>>();
  for (const deal of deals) {
    const values = names.map((name) => {
      const value = deal[name] ?? null;
      return by.find(({ field }) => field === name)?.period ? quarterOf(value) : value;
    });
    const key = JSON.stringify(values);
    const row = rows.get(key) ?? { ...Object.fromEntries(names.map((name, index) => [name, values[index] ?? null])), count: 0 };
    row.count = Number(row.count) + 1;
    for (const sum of sums) row[sum] = Number(row[sum] ?? 0) + Number(deal[sum] ?? 0);
    rows.set(key, row);
  }
  return [...rows.values()].sort((one, other) => {
    for (const name of names) {
      const order = compared(one[name] ?? null, other[name] ?? null);
      if (order !== 0) return order;
    }
    return 0;
  });
}

const quarterOf = (moment: Deal[string] | undefined) =>
  typeof moment === 'string' ? `${moment.slice(0, 4)}-Q${Math.ceil(Number(moment.slice(5, 7)) / 3)}` : null;

function compared(one: string | number | boolean | null, other: string | number | boolean | null): number {
  if (one === other) return 0;
  if (one === null || other === null) return one === null ? -1 : 1;
  return one < other ? -1 : 1;
}

async function leased(store: ViewStore, name: string, holder = 'me', milliseconds = 60_000): Promise<Lease> {
  const lease = await store.lease(name, holder, milliseconds);
  if (!lease) throw new Error(`${name} is held by somebody else.`);
  return lease;
}

const byCodeUnits = (one: string, other: string) => (one < other ? -1 : one > other ? 1 : 0);

async function pagesOf(view: Generation, query: Omit<ListQuery, 'where'>): Promise<StoredDocument[]> {
  const all: StoredDocument[] = [];
  for (let after: ListQuery['after']; ; ) {
    const page = await view.list('acme', { where: [], ...query, ...(after ? { after } : {}) });
    all.push(...page);
    const last = page.at(-1);
    if (!last || page.length < query.limit) return all;
    const value = query.sort ? ((JSON.parse(last.json) as Deal)[query.sort.field] ?? null) : null;
    after = { value, key: last.key };
  }
}
