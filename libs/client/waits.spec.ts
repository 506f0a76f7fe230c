import { expect, it } from '@jest/globals';
import { AnnalsClient } from './index.js';

/** A server that answers after so many milliseconds, unless it is given up before. */
const answersAfter =
  (milliseconds: number, body: object) =>
  async (_: unknown, { signal }: RequestInit = {}) =>
    new Promise<Response>((resolve, reject) => {
      const timer = setTimeout(() => resolve(new Response(JSON.stringify(body))), milliseconds);
      signal?.addEventListener('abort', () => {
        clearTimeout(timer);
        reject(signal.reason);
      });
    });
const clientOf = (body: object) =>
  new AnnalsClient({ url: 'http://annals.test', token: 'x', timeout: 50, patience: 0, fetch: answersAfter(300, body) });

it('gives an attempt the time that it asked the server to wait, beside its own', async () => {
  const accepted = { outcome: 'accepted', position: 'sample00.0000000000000001' };
  const sent = clientOf(accepted).commands.openOpportunity({ amount: 1, currency: 'EUR' }, { settle: 1 });
  expect(await sent).toEqual(accepted);
  expect(await clientOf({ items: [] }).views.pipeline.list({ wait: 1_000 })).toEqual({ items: [] });
});

it('gives up an attempt whose answer nobody waits for', async () => {
  await expect(clientOf({}).commands.openOpportunity({ amount: 1, currency: 'EUR' })).rejects.toThrow('does not answer');
});
