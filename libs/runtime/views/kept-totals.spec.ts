import { expect, it } from '@jest/globals';
import type { GroupQuery } from '../ports.js';
import { type Documents, keepingTotals } from './kept-totals.js';

it.each([
  [1_000, 1],
  [1_001, 2],
])('adds %i groups up %i times for two questions: what is many is not kept', async (count, times) => {
  let added = 0;
  const documents = keepingTotals({
    groups: async () => {
      added += 1;
      return Array.from({ length: count }, (_, number) => ({ number, count: 1 }));
    },
  } as Partial<Documents> as Documents);
  const question: GroupQuery = { where: [], by: [{ field: 'number' }], sums: [] };
  for (let asked = 0; asked < 2; asked++) expect(await documents.groups('main', question)).toHaveLength(count);
  expect(added).toBe(times);
});
