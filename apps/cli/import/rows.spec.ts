import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { definitions } from '../definitions.js';
import { commandsOfRow } from './commands-of-row.js';
import { mappingFrom } from './mapping.js';
import { planOf } from './plan.js';
import { rowsOf } from './rows.js';

const folder = mkdtempSync(join(tmpdir(), 'annals-rows-'));
afterAll(() => rmSync(folder, { recursive: true }));

const mapping = (more: string) => `
mapping: lists
cutOver: 2026-01-01T00:00:00.000Z
sources:
  goods:
    file: goods.csv
    columns: [number, items]
    lists: [items]
    ${more}
`;
const placing = mapping(`identity: [number]
    steps:
      - command: PlaceOrder
        payload:
          orderId: =id(order, {number})
          customerId: =id(customer, all)
          currency: EUR
          lines:
            - $each: items
              $of: { description: '={value}', quantity: 1, unitPrice: 0 }
            - { description: freight, quantity: 1, unitPrice: 500, charge: true }`);

async function read(text: string, file: string) {
  writeFileSync(join(folder, 'goods.csv'), file);
  const [source] = planOf(mappingFrom(text, 'lists.yml'), 'lists.yml', definitions()).sources;
  if (!source) throw new Error('The mapping has a source.');
  const rows = [];
  for await (const row of rowsOf(source, folder)) rows.push(row);
  return { source, rows };
}

describe('columns with lists', () => {
  it('give a list for each row, however it is written', async () => {
    const { rows } = await read(placing, `number,items\n1,"['a', 'b']"\n2,"[a,b]"\n3,[]\n4,\n`);
    expect(rows.map((found) => 'row' in found && found.row.items)).toEqual([['a', 'b'], ['a', 'b'], [], undefined]);
  });
  it('reject a row whose column has none', async () => {
    const { rows } = await read(placing, 'number,items\n1,a\n');
    expect(rows).toEqual([{ line: 2, reason: 'has no list in items' }]);
  });
  it('make a row of each element where a source asks for each', async () => {
    const { rows } = await read(
      mapping('each: items\n    identity: [value]\n    steps: []'),
      `number,items\n1,"[a, b]"\n2,\n3,[c]\n`,
    );
    expect(rows.map((found) => ('row' in found ? [found.row.number, found.row.value] : found))).toEqual([
      ['1', 'a'],
      ['1', 'b'],
      { line: 3, without: 'has nothing in items' },
      ['3', 'c'],
    ]);
  });
  it('are refused where the mapping does not know the column', () =>
    expect(() =>
      planOf(mappingFrom(mapping('each: item\n    identity: [value]\n    steps: []'), 'lists.yml'), 'lists.yml', definitions()),
    ).toThrow('unknown column item'));
  it('stand for their elements among the elements of a list', async () => {
    const { source, rows } = await read(placing, 'number,items\n1,"[a, b]"\n');
    const [found] = rows;
    if (!found || !('row' in found)) throw new Error('There is one row.');
    const scope = { mapping: 'lists', tables: {}, isKnown: () => false, lookUp: () => undefined };
    const outcome = commandsOfRow(source, found.row, scope);
    expect(outcome.kind === 'commands' && outcome.commands[0]?.payload.lines).toMatchObject([
      { description: 'a' },
      { description: 'b' },
      { description: 'freight', charge: true },
    ]);
  });
});
