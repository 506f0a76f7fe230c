import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Condition, Generation, ListQuery, StoredDocument } from '#runtime/ports';
import { at, type Deal, ofAcme, shown, type ViewFixture } from './views.fixture.js';

/** What a store answers to filters, lists and groups. */
export function viewQueriesContract(given: ViewFixture): void {
  const { write, keysOf, matching } = given;

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
      const listed = await given.deals.list('acme', { where: [], sort: { field: 'name', descending: false }, limit: 100 });
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
      const paged = await pagesOf(given.deals, { ...sort, limit: 7 });
      expect(paged.map(({ key }) => key)).toEqual(whole);
    });

    it('page on from where they were while documents before and behind change', async () => {
      await write(Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`k${index + 10}`, { size: index }])));
      const sort = { field: 'size', descending: false };
      const first = await given.deals.list('acme', { where: [], sort, limit: 10 });
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
    ) => given.deals.groups('acme', { where, by, sums });
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
      const all = await given.deals.groups('acme', { where: [], by, sums: ['hours'] });
      for (const limit of [1, 3, 5, 9])
        expect(await given.deals.groups('acme', { where: [], by, sums: ['hours'], limit })).toEqual(all.slice(0, limit));
      expect(await given.deals.groups('acme', { where: [], by: [], sums: [], limit: 1 })).toEqual([{ count: 5 }]);
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
}

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
