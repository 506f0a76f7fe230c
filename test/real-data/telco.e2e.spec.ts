import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ImportedData, importData } from '../support/imported-data.js';

const folder = process.env.ANNALS_REAL_DATA;
if (folder === undefined) process.stderr.write('Skipped the real contracts: ANNALS_REAL_DATA does not name their folder.\n');

interface Row {
  readonly kind: string;
  readonly segment: string;
  readonly tenure: number;
  readonly churned: boolean;
}

/** Rows of the file; knows nothing of the import. */
function rows(): readonly Row[] {
  const [header = '', ...lines] = readFileSync(path.join(folder ?? '', 'telco.csv'), 'utf8')
    .trim()
    .split(/\r?\n/);
  const names = header.split(',');
  const column = (fields: readonly string[], name: string) => fields[names.indexOf(name)] ?? '';
  return lines.map((line) => {
    const fields = line.split(',');
    return {
      kind: column(fields, 'Contract'),
      segment: column(fields, 'SeniorCitizen') === '1' ? 'senior' : 'under-65',
      tenure: Number(column(fields, 'tenure')),
      churned: column(fields, 'Churn') === 'Yes',
    };
  });
}

const counted = (rows: readonly Row[]) => [rows.length, rows.filter(({ churned }) => churned).length];
const percent = (part: number, whole: number) => Math.round((part / whole) * 10_000) / 100;

(folder === undefined ? describe.skip : describe)('ANA-02 the real contracts', () => {
  let data: ImportedData;

  beforeAll(async () => {
    data = await importData('telco-churn', folder ?? '');
  }, 240_000);
  afterAll(() => data?.server.close());

  it('are 7,043, and all went in', () =>
    expect(data.summaries.map(({ source, read, imported, rejected }) => [source, read, imported, rejected])).toEqual([
      ['customers', 7043, 7043, 0],
    ]));

  it('lost 1,869 customers, 26.54 % of those at risk in the last month', async () => {
    const { document } = await data.client.get<{
      readonly document: { readonly active: number; readonly churned: number; readonly months: readonly object[] };
    }>('/v1/views/churn/CONTRACT');
    const lateComers = rows().filter(({ tenure }) => tenure === 0).length;
    expect(document).toMatchObject({ active: 7043 - 1869, churned: 1869 });
    expect(document.months.at(-1)).toEqual({
      month: '2020-01',
      atStart: 7043 - lateComers,
      began: lateComers,
      wonBack: 0,
      bound: 0,
      atRisk: 7043,
      churned: 1869,
      rate: 26.54,
    });
    expect(document.months).toHaveLength(73);
  });

  it('lost in each segment what the file says', async () => {
    const found = await data.all<{ readonly segment?: string; readonly months: readonly { readonly rate: number }[] }>('churn', {
      bond: 'CONTRACT',
      scope: 'SEGMENT',
    });
    const expected = ['senior', 'under-65'].map((segment) => {
      const [all = 0, lost = 0] = counted(rows().filter((row) => row.segment === segment));
      return [segment, percent(lost, all)];
    });
    expect(found.map(({ segment, months }) => [segment, months.at(-1)?.rate]).sort()).toEqual(expected);
  });

  it('lost of each kind of contract what the file says', async () => {
    const found = await data.groups('relationships', { group: 'contractKind,status' });
    const count = (kind: string, status?: string) =>
      found
        .filter((group) => group.contractKind === kind && (status === undefined || group.status === status))
        .reduce((sum, group) => sum + Number(group.count), 0);
    const kinds = ['Month-to-month', 'One year', 'Two year'];
    expect(kinds.map((kind) => [count(kind), count(kind, 'CHURNED')])).toEqual(
      kinds.map((kind) => counted(rows().filter((row) => row.kind === kind))),
    );
    expect(kinds.map((kind) => count(kind, 'CHURNED'))).toEqual([1655, 166, 48]);
  });

  it('had nobody lost a month before', async () => {
    const { document } = await data.client.get<{ readonly document: { readonly churned: number; readonly active: number } }>(
      '/v1/views/churn/CONTRACT',
      { asOf: '2019-12-30' },
    );
    expect(document).toMatchObject({ churned: 0, active: rows().filter(({ tenure }) => tenure > 1).length });
  });
});
