import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { definitions } from '../definitions.js';
import { readMapping } from './mapping.js';
import { planOf } from './plan.js';
import { type Reject, RejectsFile } from './rejects.js';
import { runImport } from './run-import.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'annals-known-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A dry run of a mapping of the product over these files. Every source adds up. */
async function tried(mapping: string, files: Readonly<Record<string, readonly string[]>>) {
  for (const [name, lines] of Object.entries(files)) writeFileSync(join(folder, name), `${lines.join('\n')}\n`);
  const file = `mappings/${mapping}.yml`;
  const rejects = new RejectsFile(join(folder, 'rejects.ndjson'));
  const summaries = await runImport(planOf(readMapping(file), file, definitions()), { folder, client: undefined, rejects });
  rejects.close();
  for (const { read, imported, unchanged, rejected, skipped, skippedBecause } of summaries) {
    expect(read).toBe(imported + unchanged + rejected + skipped);
    expect(skipped).toBe(Object.values(skippedBecause).reduce((sum, count) => sum + count, 0));
  }
  const lines = readFileSync(rejects.path, 'utf8').trim().split('\n');
  return { summaries, rejects: lines.map((line) => JSON.parse(line) as Reject) };
}

describe('a row with a value that its mapping does not know is rejected with line, field, value and what is known', () => {
  it('in maven-sales, as deal_stage', async () => {
    const { summaries, rejects } = await tried('maven-sales', {
      'accounts.csv': ['account,sector', 'Acme,retail'],
      'sales_teams.csv': ['sales_agent', 'Ann Lee'],
      'products.csv': ['product,series,sales_price', 'GTX Pro,GTX,4821'],
      'sales_pipeline.csv': [
        'opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value',
        'A1,Ann Lee,GTXPro,Acme,Won,2017-01-02,2017-02-03,4800',
        'A2,Ann Lee,GTXPro,Acme,Negotiating,2017-01-02,,',
        'A3,Ann Lee,GTXPro,Acme,,2017-01-02,,',
      ],
    });
    const reason = 'fits no step of the mapping; known of deal_stage: Prospecting, Engaging, Won, Lost';
    expect(rejects).toEqual([
      { source: 'opportunities', file: 'sales_pipeline.csv', line: 3, field: 'deal_stage', value: 'Negotiating', reason },
      { source: 'opportunities', file: 'sales_pipeline.csv', line: 4, field: 'deal_stage', reason },
    ]);
    expect(summaries.at(-1)).toMatchObject({ read: 3, imported: 1, rejected: 2, skipped: 0 });
  });

  it('in telco-churn, as Churn', async () => {
    const { summaries, rejects } = await tried('telco-churn', {
      'telco.csv': [
        'customerID,SeniorCitizen,tenure,Contract,MonthlyCharges,Churn',
        '1,0,3,One year,29.85,No',
        '2,1,3,One year,29.85,Perhaps',
      ],
    });
    expect(rejects).toMatchObject([
      { line: 3, field: 'Churn', value: 'Perhaps', reason: 'fits no step of the mapping; known of Churn: Yes, No' },
    ]);
    expect(summaries[0]).toMatchObject({ read: 2, imported: 1, rejected: 1 });
  });

  it('in order-log, as an activity; what has no items is counted', async () => {
    const { summaries, rejects } = await tried('order-log', {
      'ocel_order_simulated.csv': [
        'ocel:eid,ocel:activity,ocel:timestamp,ocel:type:items,ocel:type:orders,ocel:type:packages,price',
        `1,place order,2019-05-20 09:07:47.000Z,"['880001']","['990001']", ,524.96`,
        `2,confirm order,2019-05-20 09:13:54.000Z, ,"['990001']", ,524.96`,
        `3,return order,2019-05-21 09:13:54.000Z, ,"['990001']", ,524.96`,
      ],
    });
    expect(rejects).toMatchObject([{ source: 'orders', line: 4, field: 'ocel:activity', value: 'return order' }]);
    expect(rejects[0]?.reason).toContain('known of ocel:activity: place order, confirm order, payment reminder, pay order');
    expect(summaries.map(({ source, read, skippedBecause }) => [source, read, skippedBecause])).toEqual([
      ['customer', 1, {}],
      ['items', 3, { 'only looked up by other sources': 1, 'has nothing in ocel:type:items': 2 }],
      ['orders', 3, {}],
      ['stock', 3, { 'is not about the stock': 1, 'has nothing in ocel:type:items': 2 }],
      ['packages', 3, { 'is not about a package': 3 }],
    ]);
  });
});
