import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ImportedData, importData } from '../support/imported-data.js';

const folder = process.env.ANNALS_REAL_DATA;
if (folder === undefined) process.stderr.write('Skipped the real purchases: ANNALS_REAL_DATA does not name their folder.\n');

const DAY = 86_400_000;

/** Recency and frequency of one purchaser, and the money. */
interface Purchaser {
  readonly frequency: number;
  readonly first: string;
  readonly last: string;
  readonly cents: number;
}

/** Purchasers by number, counted from the file up to the end of a day (YYYYMMDD); knows nothing of the import. */
function countedUpTo(day: string): ReadonlyMap<string, Purchaser> {
  const found = new Map<string, Purchaser>();
  for (const line of readFileSync(path.join(folder ?? '', 'CDNOW_sample.txt'), 'utf8').split('\n')) {
    const [, customer = '', date = '', dollars = '', cents = ''] = /^ *(\d+) +\d+ +(\d{8}) +\d+ +(\d+)\.(\d\d)/.exec(line) ?? [];
    if (customer === '' || date > day) continue;
    const before = found.get(customer) ?? { frequency: 0, first: date, last: date, cents: 0 };
    found.set(customer, {
      frequency: before.frequency + 1,
      first: before.first < date ? before.first : date,
      last: before.last > date ? before.last : date,
      cents: before.cents + Number(dollars) * 100 + Number(cents),
    });
  }
  return found;
}

const dateOf = (moment: string) => moment.slice(0, 10).replaceAll('-', '');
const timeOf = (date: string) => Date.UTC(Number(date.slice(0, 4)), Number(date.slice(4, 6)) - 1, Number(date.slice(6)), 12);

interface Relationship {
  readonly customerId: string;
  readonly status: string;
  readonly purchases: number;
  readonly firstPurchaseAt: string;
  readonly lastPurchaseAt: string;
  readonly daysOfPurchases: number;
  readonly spent: readonly { readonly currency: string; readonly amount: number }[];
  readonly churnedAt?: string;
}

const purchaserOf = ({ purchases, firstPurchaseAt, lastPurchaseAt, spent }: Relationship): Purchaser => ({
  frequency: purchases,
  first: dateOf(firstPurchaseAt),
  last: dateOf(lastPurchaseAt),
  cents: spent[0]?.amount ?? 0,
});

(folder === undefined ? describe.skip : describe)('SAL-26, ANA-02 the real purchases', () => {
  let data: ImportedData;
  /** Number of the customer in the file, by its id. */
  let numbers: ReadonlyMap<string, string>;

  beforeAll(async () => {
    data = await importData('cdnow', folder ?? '');
    const customers = await data.all<{ readonly customerId: string; readonly name: string }>('customer360', {
      sort: 'customerId',
    });
    numbers = new Map(customers.map(({ customerId, name }) => [customerId, name]));
  }, 240_000);
  afterAll(() => data?.server.close());

  const shown = (relationships: readonly Relationship[]) =>
    new Map(relationships.map((relationship) => [numbers.get(relationship.customerId) ?? '', purchaserOf(relationship)]));

  it('are 6,919 of 2,357 customers, and all went in', () =>
    expect(
      data.summaries.map(({ source, read, imported, rejected, skipped }) => [source, read, imported, rejected, skipped]),
    ).toEqual([
      ['silence', 1, 1, 0, 0],
      ['customers', 6919, 2357, 0, 4562],
      ['purchases', 6919, 6919, 0, 0],
      // Nothing is to be said of who is not silent.
      ['reviews', 6919, expect.any(Number), 0, 4562],
    ]));

  it('give each purchaser the recency and frequency that the file gives', async () => {
    const relationships = await data.all<Relationship>('relationships');
    const counted = countedUpTo('99999999');
    expect(counted.size).toBe(2357);
    expect(shown(relationships)).toEqual(counted);
    for (const { firstPurchaseAt, lastPurchaseAt, daysOfPurchases } of relationships)
      expect(daysOfPurchases).toBe((Date.parse(lastPurchaseAt) - Date.parse(firstPurchaseAt)) / DAY);
  });

  it.each(['1997-03-31', '1997-10-01'])('gave each of them what the file gives up to %s, asked as of that day', async (day) =>
    expect(shown(await data.all<Relationship>('relationships', { asOf: day }))).toEqual(countedUpTo(dateOf(day))),
  );

  it('end in a silence of more than 180 days for those of whom the file has nothing since', async () => {
    const lost = await data.all<Relationship>('relationships', { status: 'CHURNED', asOf: '1998-07-01' });
    const reviewed = Date.UTC(1998, 6, 1, 12);
    const expected = [...countedUpTo('99999999')]
      .map(([number, { last }]) => [number, timeOf(last) + 180 * DAY] as const)
      .filter(([, silentAt]) => silentAt <= reviewed)
      .map(([number, silentAt]) => [number, new Date(silentAt).toISOString()]);
    expect(lost.map(({ customerId, churnedAt }) => [numbers.get(customerId), churnedAt]).sort()).toEqual(expected.sort());
  });

  it('have the rate of each month as counted from the file', async () => {
    const { document } = await data.client.get<{
      readonly document: {
        readonly months: readonly { readonly month: string; readonly atRisk: number; readonly churned: number }[];
      };
    }>('/v1/views/churn/PURCHASES', { asOf: '1998-07-01' });
    const monthOf = (time: number) => new Date(time).toISOString().slice(0, 7);
    const lives = [...countedUpTo('99999999').values()].map(({ first, last }) => {
      const silentAt = timeOf(last) + 180 * DAY;
      return { from: monthOf(timeOf(first)), until: silentAt <= Date.UTC(1998, 6, 1, 12) ? monthOf(silentAt) : '9999-12' };
    });
    expect(document.months.map(({ month, atRisk, churned }) => [month, atRisk, churned])).toEqual(
      document.months.map(({ month }) => [
        month,
        lives.filter(({ from, until }) => from <= month && until >= month).length,
        lives.filter(({ until }) => until === month).length,
      ]),
    );
  });
});
