import { describe, expect, it } from '@jest/globals';
import { AnnalsClient, DryRunIgnored } from './index.js';

const answering = (headers: Record<string, string>, body: string) =>
  new AnnalsClient({ url: 'http://annals.test', token: 'x', fetch: async () => new Response(body, { headers }) });
const tried = (client: AnnalsClient) => client.dryRun.openOpportunity({ amount: 1, currency: 'EUR' });

describe('a dry run', () => {
  it('is an error where the server took the command for real: an older one knows no dry runs', async () => {
    const executed = { outcome: 'created', id: 'x' };
    const failure = await tried(answering({}, JSON.stringify(executed))).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(DryRunIgnored);
    expect((failure as DryRunIgnored).answer).toEqual(executed);
    const lines = answering({}, `${JSON.stringify({ line: 1, answer: executed })}\n`).dryRunLines([]);
    await expect(lines).rejects.toBeInstanceOf(DryRunIgnored);
  });

  it('is answered where the server says that it was one', async () => {
    const answer = { dryRun: true, outcome: 'created' };
    const headers = { 'annals-dry-run': 'true' };
    expect(await tried(answering(headers, JSON.stringify(answer)))).toEqual(answer);
    expect(await answering(headers, `${JSON.stringify({ line: 1, answer })}\n`).dryRunLines([])).toEqual([{ line: 1, answer }]);
  });
});
