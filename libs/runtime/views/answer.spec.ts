import { expect, it } from '@jest/globals';
import { registryOf } from '../registry.js';
import { answerFrom } from './answer.js';
import type { Documents } from './kept-totals.js';
import { planOf } from './plan.js';
import { parseQuery } from './query.js';
import { READER } from './testing/company-system.js';
import { company, deals } from './testing/deals.js';

/** A view whose documents make so many groups. */
function grouped(available: number) {
  const plan = planOf(deals, registryOf([company([deals])]));
  const documents = {
    spec: plan.spec,
    groups: async (_tenant: string, { limit = Number.POSITIVE_INFINITY }: { readonly limit?: number }) =>
      Array.from({ length: Math.min(available, limit) }, (_, number) => ({ amount: number, count: 1 })),
  } as Partial<Documents> as Documents;
  const query = parseQuery(plan, { caller: READER, view: 'deals', parameters: { group: 'amount', sum: '' } }, Date.now(), 'log');
  return answerFrom(documents, { plan, tenant: 'main', query, position: '', frozen: false });
}

it('answers 10,000 groups, and tells who asks for more how to ask for less', async () => {
  expect(await grouped(10_000)).toMatchObject({ kind: 'groups', groups: { length: 10_000 } });
  await expect(grouped(1_000_000)).rejects.toMatchObject({
    status: 400,
    code: 'too-many-groups',
    message: expect.stringContaining('There are more than 10000 groups: filter,'),
    options: { errors: [{ field: 'group' }] },
  });
});
