import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Generation, GenerationSpec, Lease, ViewStore } from '#runtime/ports';
import { Database } from './database.js';
import { openFormat } from './format.js';
import { openSqliteViews } from './index.js';
import { viewsFormat } from './views/format.js';
import { defineFunctions } from './views/query.js';
import { totalsQuestion } from './views/totals.js';

const SPEC: GenerationSpec = {
  view: 'deals',
  version: 1,
  hash: 'hash-1',
  filters: [
    { field: 'phase', kind: 'text' },
    { field: 'owner', kind: 'text' },
    { field: 'closedAt', kind: 'moment' },
    { field: 'size', kind: 'integer' },
    { field: 'won', kind: 'flag' },
  ],
  sums: { amount: 'currency', hours: null },
};
const by = (...fields: string[]) => fields.map((field) => ({ field }));

describe('Totals in SQLite', () => {
  let folder: string;
  let store: ViewStore;
  let deals: Generation;
  let lease: Lease | undefined;
  /** Makes each question seem to take so long. */
  let slow: ReturnType<typeof jest.spyOn>;
  let clock = 0;

  beforeEach(async () => {
    clock = 0;
    slow = jest.spyOn(performance, 'now').mockImplementation(() => (clock += 10));
    folder = mkdtempSync(join(tmpdir(), 'annals-totals-'));
    store = await openSqliteViews({ file: join(folder, 'views.db') });
    deals = await store.generation(SPEC);
    lease = await store.lease('views', 'me', 60_000);
    await write(deals, undefined, 'abcdefgh.0000000000000001');
  });
  afterEach(async () => {
    slow.mockRestore();
    await store.close();
    rmSync(folder, { recursive: true });
  });

  const write = (generation: Generation, from: string | undefined, to: string) =>
    generation.commit({
      from,
      to,
      token: lease?.token ?? 0,
      put: Array.from({ length: 100 }, (_, index) => ({
        tenant: 'acme',
        space: 'shown',
        key: `k${index}`,
        json: JSON.stringify({ phase: `p${index % 3}`, owner: `o${index % 10}`, amount: index, currency: 'EUR', hours: 1 }),
        position: to,
      })),
      remove: [],
      park: [],
      release: [],
    });
  const twice = async (query: Parameters<Generation['groups']>[1], of = deals) => {
    await of.groups('acme', query);
    return of.groups('acme', query);
  };
  /** What is in the indexes for totals, tenant and filter apart. */
  const indexes = () => {
    const database = new Database(join(folder, 'views.db'), { readonly: true, durability: 'normal' });
    const found = database
      .sql<[string]>("SELECT sql FROM sqlite_schema WHERE name LIKE '%_totals_%' AND type = 'index' ORDER BY rowid")
      .all()
      .map(([sql]) => [...new Set([...sql.matchAll(/\$\."(\w+)"/g)].map(([, field]) => field))].join());
    database.close();
    return found;
  };

  it('make an index of what a slow question reads, when it is asked a second time', async () => {
    const query = { where: [], by: by('phase'), sums: ['amount'] };
    await deals.groups('acme', query);
    expect(indexes()).toEqual([]);
    const before = await deals.groups('acme', query);
    expect(indexes()).toEqual(['phase,currency,amount']);
    expect(await deals.groups('acme', query)).toEqual(before);
  });

  it('read nothing but that index, in its order', async () => {
    const where = [
      { field: 'owner', operator: 'eq' as const, values: ['o1'] },
      { field: 'size', operator: 'gte' as const, values: [1] },
    ];
    const query = { where, by: [{ field: 'closedAt', period: 'month' as const }, ...by('phase')], sums: ['amount', 'hours'] };
    await twice(query);
    expect(indexes()).toEqual(['owner,closedAt,phase,currency,size,amount,hours']);
    const database = new Database(join(folder, 'views.db'), { readonly: true, durability: 'normal' });
    defineFunctions(database);
    const index = String(database.value("SELECT name FROM sqlite_schema WHERE name LIKE '%_totals_%' AND type = 'index'"));
    const { sql, values } = totalsQuestion(SPEC, 'documents_1', { tenant: 'acme', through: 'index' }, query, index);
    const steps = database.sql<[number, string, ...unknown[]]>(`EXPLAIN ${sql}`).all(...values);
    database.close();
    expect(steps.filter((step) => step.includes('DeferredSeek')).length).toBe(1);
    expect(steps.filter((step) => String(step).includes('json_extract'))).toEqual([]);
    expect(steps.filter(([, step]) => step === 'SorterOpen')).toEqual([]);
  });

  it('widen the index of the same groups instead of making another', async () => {
    await twice({ where: [], by: by('phase'), sums: ['hours'] });
    const where = [{ field: 'size', operator: 'gt' as const, values: [1] }];
    await twice({ where, by: by('phase'), sums: [] });
    expect(indexes()).toEqual(['phase,size,hours']);
    expect(await deals.groups('acme', { where: [], by: by('phase'), sums: ['hours'] })).toHaveLength(3);
    expect(indexes()).toEqual(['phase,size,hours']);
  });

  it('have few indexes: a new one takes the place of one that nobody used for long', async () => {
    const fields = ['phase', 'owner', 'closedAt', 'size'];
    for (const field of fields) await twice({ where: [], by: by(field), sums: [] });
    await twice({ where: [], by: by('won'), sums: [] });
    expect(indexes()).toEqual(fields);
    clock += 700_000;
    await deals.groups('acme', { where: [], by: by('phase'), sums: [] });
    await twice({ where: [], by: by('won'), sums: [] });
    expect(indexes()).toEqual(['phase', 'closedAt', 'size', 'won']);
  });

  it('keep their indexes when a view is built anew, as far as it can still be asked', async () => {
    await twice({ where: [], by: by('phase'), sums: [] });
    await twice({ where: [], by: by('owner'), sums: [] });
    const next = { ...SPEC, hash: 'hash-2', filters: SPEC.filters.filter(({ field }) => field !== 'owner') };
    const built = await store.generation(next);
    await write(built, undefined, 'abcdefgh.0000000000000002');
    await store.promote('deals', 'hash-2');
    await store.drop('deals', 'hash-1');
    expect(indexes()).toEqual(['phase']);
  });

  it('get their indexes in a file of the format before there were any', async () => {
    const file = join(folder, 'older.db');
    const format = { ...viewsFormat, steps: viewsFormat.steps.slice(0, 2) };
    openFormat(file, format, { durability: 'normal' }).close();
    const upgraded = await openSqliteViews({ file });
    const generation = await upgraded.generation(SPEC);
    const query = { where: [], by: by('phase'), sums: [] };
    expect(await twice(query, generation)).toEqual([]);
    expect(await generation.groups('acme', query)).toEqual([]);
    await upgraded.close();
  });

  it('are the same for who only reads, while the writer makes and drops indexes', async () => {
    const reader = await openSqliteViews({ file: join(folder, 'views.db') }, { readonly: true });
    const theirs = await reader.generation(SPEC);
    const query = { where: [], by: by('phase'), sums: ['amount'] };
    const expected = await twice(query, theirs);
    expect(indexes()).toEqual([]);
    await twice(query);
    expect(await theirs.groups('acme', query)).toEqual(expected);
    clock += 700_000;
    for (const field of ['owner', 'closedAt', 'size', 'won']) await twice({ where: [], by: by(field), sums: [] });
    expect(indexes()).not.toContain('phase,currency,amount');
    expect(await theirs.groups('acme', query)).toEqual(expected);
    await reader.close();
  });
});
