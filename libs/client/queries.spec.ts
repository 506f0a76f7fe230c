import { describe, expect, it } from '@jest/globals';
import { AnnalsClient } from './index.js';

type Where = NonNullable<NonNullable<Parameters<AnnalsClient['views']['pipeline']['list']>[0]>['where']>;

/** The parameters that a list was asked with. */
async function asked(where: Where): Promise<[string, string][]> {
  let address = '';
  const client = new AnnalsClient({
    url: 'http://annals.test',
    token: 'x',
    fetch: async (url) => {
      address = String(url);
      return new Response('{"items":[]}');
    },
  });
  await client.views.pipeline.list({ where });
  return [...new URL(address).searchParams];
}

describe('a filter', () => {
  it('by a list of values is asked once for each: any of them, or none with [ne]', async () => {
    expect(await asked({ phase: ['PROPOSAL', 'NEGOTIATION'], 'status[ne]': ['WON', 'LOST'] })).toEqual([
      ['phase', 'PROPOSAL'],
      ['phase', 'NEGOTIATION'],
      ['status[ne]', 'WON'],
      ['status[ne]', 'LOST'],
    ]);
  });

  it('by one of several values keeps a comma within a value', async () => {
    expect(await asked({ 'campaign[in]': ['spring, fair', 'autumn'] })).toEqual([
      ['campaign', 'spring, fair'],
      ['campaign', 'autumn'],
    ]);
    expect(await asked({ 'campaign[in]': ['spring', 'autumn'] })).toEqual([['campaign[in]', 'spring,autumn']]);
    await expect(asked({ campaign: 'spring', 'campaign[in]': ['a, b'] })).rejects.toThrow('not both');
  });

  it('that is undefined is none', async () => {
    expect(await asked({ phase: undefined, status: 'OPEN' } as Where)).toEqual([['status', 'OPEN']]);
  });
});

describe('a client', () => {
  it.each(['annals.example', 'localhost:7070', '', 'file:///etc'])(
    'refuses an address that no attempt could reach: %j',
    (url) => {
      expect(() => new AnnalsClient({ url, token: 'x' })).toThrow('address of a server');
    },
  );

  it('refuses to be without a token', () => {
    expect(() => new AnnalsClient({ url: 'http://annals.test' } as never)).toThrow('token is missing');
  });
});
