import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ImportedData, importData } from '../support/imported-data.js';

const folder = process.env.ANNALS_REAL_DATA;
if (folder === undefined) process.stderr.write('Skipped the real sales data: ANNALS_REAL_DATA does not name their folder.\n');

/** Rows of a plain CSV file; knows nothing of the import. */
function rowsIn(file: string): readonly Readonly<Record<string, string>>[] {
  const [header = '', ...lines] = readFileSync(path.join(folder ?? '', file), 'utf8')
    .trim()
    .split('\n');
  const names = header.split(',');
  return lines.map((line) => Object.fromEntries(line.split(',').map((value, index) => [names[index] ?? '', value])));
}

/** What the pipeline was at the end of a day, counted from the file. */
function countedAt(day: string): Readonly<Record<string, { count: number; amount: number }>> {
  const prices = new Map(rowsIn('products.csv').map(({ product = '', sales_price }) => [product, Number(sales_price) * 100]));
  const phases: Record<string, { count: number; amount: number }> = {};
  for (const { deal_stage = '', product = '', engage_date = '', close_date = '', close_value = '' } of rowsIn(
    'sales_pipeline.csv',
  )) {
    if (engage_date === '' || engage_date > day) continue;
    const isClosed = close_date !== '' && close_date <= day;
    const phase = isClosed ? deal_stage : 'Engaging';
    const price = prices.get(product === 'GTXPro' ? 'GTX Pro' : product) ?? Number.NaN;
    phases[phase] ??= { count: 0, amount: 0 };
    phases[phase].count++;
    phases[phase].amount += phase === 'Won' ? Number(close_value) * 100 : price;
  }
  return phases;
}

(folder === undefined ? describe.skip : describe)('the real sales data', () => {
  let data: ImportedData;

  beforeAll(async () => {
    data = await importData('maven-sales', folder ?? '');
    expect(data.summaries.map(({ source, read, imported, rejected }) => [source, read, imported, rejected])).toEqual([
      ['pipeline', 1, 1, 0],
      ['agents', 35, 0, 0],
      ['customers', 85, 85, 0],
      ['products', 7, 7, 0],
      ['opportunities', 8800, 8800, 0],
    ]);
  }, 240_000);
  afterAll(() => data?.server.close());

  const groups = (query: Readonly<Record<string, string>>) => data.groups('pipeline', query);

  it('has 4,238 won and 2,473 lost opportunities; winning took 51.78 days on average', async () => {
    const found = await groups({ group: 'status', sum: 'cycleDays' });
    const of = (status: string) => found.find((group) => group.status === status);
    expect([of('WON')?.count, of('LOST')?.count]).toEqual([4238, 2473]);
    expect(Math.round((Number(of('WON')?.cycleDays) / 4238) * 100) / 100).toBe(51.78);
  });

  it.each([
    '2016-10-19',
    '2016-10-20',
    '2016-12-31',
    '2017-02-28',
    '2017-03-31',
    '2017-07-04',
    '2017-10-01',
    '2017-12-30',
    '2017-12-31',
  ])('has the pipeline of %s as counted from the file', async (day) => {
    const found = await groups({ group: 'phase', sum: 'amount', asOf: day });
    expect(Object.fromEntries(found.map(({ phase, count, amount }) => [phase, { count, amount }]))).toEqual(countedAt(day));
  });

  it('has no customer for 1,425 opportunities, and none in a product that the catalogue does not know', async () => {
    const found = await groups({ group: 'customerId' });
    expect(found.find(({ customerId }) => customerId === null || customerId === undefined)?.count).toBe(1425);
    expect((await groups({ group: 'productId' })).length).toBe(7);
  });

  it('started no process and stated no clock fact', async () => {
    const { facts } = await data.client.get<{ facts: readonly unknown[] }>('/v1/facts', {
      type: 'OrderPlaced,OpportunityStalled',
      limit: '1',
    });
    expect(facts).toEqual([]);
  });
});
