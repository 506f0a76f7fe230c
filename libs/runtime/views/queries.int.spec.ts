import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { openSqliteViews } from '#adapters/sqlite';
import { givenCompany, groups, list, problemOf, READER } from './testing/company-system.js';
import { CustomersMerged, DealMoved, DealOpened, deals, opened } from './testing/deals.js';

const given = givenCompany();

const id = () => randomUUID();

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
    [{ phase: '' }, 'phase', 'OPEN, OFFER, WON, LOST'],
    [{ currency: '' }, 'currency', 'Write a value; currency[empty]=true finds those that have none.'],
    [{ 'currency[ne]': '' }, 'currency[ne]', 'currency[empty]=true'],
    [{ 'currency[in]': 'EUR,' }, 'currency[in]', 'currency[empty]=true'],
    [{ 'phase[in]': '' }, 'phase[in]', 'at least one value'],
    [{ tz: 'Mars/Olympus' }, 'tz', 'Europe/Berlin'],
    [{ cursor: 'abc' }, 'cursor', 'page before'],
    [{ position: '7' }, 'position', 'position'],
  ])('refuses %j naming it and what is allowed', async (parameters, field, hint) => {
    const views = await given.system.start([deals]);
    const problem = await problemOf(list(views, 'deals', parameters as Record<string, string>));
    expect(problem).toMatchObject({ status: 400, code: 'invalid-query', options: { errors: [{ field }] } });
    expect(problem.options.errors?.[0]?.message).toContain(hint);
  });

  it('takes a field given several times for any of the values, and ne for none of them', async () => {
    const views = await given.system.start([deals]);
    const [offered, won, untouched] = [id(), id(), id()];
    for (const deal of [offered, won, untouched]) await given.system.recorder.record(opened(deal, id()));
    await given.system.recorder.record(DealMoved({ dealId: offered, phase: 'OFFER' }));
    const { position } = await given.system.recorder.record(DealMoved({ dealId: won, phase: 'WON' }));
    const found = async (parameters: Readonly<Record<string, string | readonly string[]>>) =>
      (await list(views, 'deals', { ...parameters, minPosition: position })).items.map(({ key }) => key).sort();
    expect(await found({ phase: ['OFFER', 'WON'] })).toEqual([offered, won].sort());
    expect(await found({ phase: ['OFFER', 'WON'], moves: '0' })).toEqual([]);
    expect(await found({ 'phase[ne]': ['OFFER', 'WON'] })).toEqual([untouched]);
  });

  it('refuses positions of another log, unknown views and callers without a role', async () => {
    const views = await given.system.start();
    expect(await problemOf(list(views, 'deals', { position: 'zzzzzzzz.0000000000000001' }))).toMatchObject({ status: 410 });
    expect(await problemOf(list(views, 'nothing'))).toMatchObject({ status: 404 });
    const caller = { ...READER, roles: new Set(['care'] as const) };
    const refused = await problemOf(views.query({ caller, view: 'deals', parameters: {} }));
    expect(refused.status).toBe(403);
    expect(refused.message).toContain('sales, analyst, auditor');
  });

  it('pages through the list as it was on the first page, whatever is written meanwhile', async () => {
    const views = await given.system.start([deals]);
    let position = '';
    const keys: string[] = [];
    for (let number = 0; number < 10; number++) {
      const deal = id();
      keys.push(deal);
      ({ position } = await given.system.recorder.record(opened(deal, id(), 1_000 * (number % 3))));
    }
    const parameters = { sort: '-amount', limit: '3' };
    const first = await list(views, 'deals', { ...parameters, minPosition: position });
    const seen = first.items.map(({ key }) => key);
    for (let next = first.next; next !== undefined; ) {
      const written = await given.system.recorder.record(opened(id(), id(), 1_000));
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
    const views = await given.system.start([deals]);
    const [one, other] = [id(), id()];
    let position = '';
    for (const customerId of [one, one, one, other, other])
      ({ position } = await given.system.recorder.record(opened(id(), customerId)));
    const parameters = { customerId: one, sort: 'amount', limit: '2' };
    const first = await list(views, 'deals', { ...parameters, minPosition: position });
    const merged = await given.system.recorder.record(CustomersMerged({ customerId: other, survivorId: one }));
    const second = await list(views, 'deals', { ...parameters, cursor: first.next ?? '', minPosition: merged.position });
    expect([first.items.length, second.items.length, second.next]).toEqual([2, 1, undefined]);
    expect((await list(views, 'deals', { customerId: one })).items).toHaveLength(5);
  });

  it('answers for any earlier position, in any order of asking', async () => {
    const views = await given.system.start([deals]);
    const positions: string[] = [];
    for (let number = 0; number < 4; number++) positions.push((await given.system.recorder.record(opened(id(), id()))).position);
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
    const views = await given.system.start([deals], { scratch });
    const open = (occurredAt: string) =>
      given.system.recorder.record(DealOpened({ dealId: id(), customerId: id(), amount: 5, currency: 'EUR' }), { occurredAt });
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
    const views = await given.system.start([deals]);
    await given.system.recorder.record(DealOpened({ dealId: id(), customerId: id(), amount: 5, currency: 'EUR' }), {
      occurredAt: '2026-01-31T10:00:00.000Z',
    });
    await given.system.recorder.record(DealOpened({ dealId: id(), customerId: id(), amount: 7, currency: 'EUR' }), {
      occurredAt: '2026-01-01T10:00:00.000Z',
    });
    const { position } = await given.system.recorder.record(
      DealOpened({ dealId: id(), customerId: id(), amount: 9, currency: 'USD' }),
      { occurredAt: '2026-02-01T10:00:00.000Z' },
    );
    expect((await groups(views, 'deals', { group: 'openedAt:month', sum: 'amount', minPosition: position })).groups).toEqual([
      { openedAt: '2026-01', currency: 'EUR', count: 2, amount: 12 },
      { openedAt: '2026-02', currency: 'USD', count: 1, amount: 9 },
    ]);
  });
});
