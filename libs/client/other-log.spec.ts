import { describe, expect, it } from '@jest/globals';
import { AnnalsClient } from './index.js';

const before = 'before00.0000000000000007';

/** A server that was restored to another log since: it knows no position of the one before. */
function restored() {
  const asked: (string | null)[] = [];
  const fetch = async (address: string | URL | Request) => {
    const minPosition = new URL(String(address)).searchParams.get('minPosition');
    asked.push(minPosition);
    return minPosition?.startsWith('before00.')
      ? new Response(JSON.stringify({ type: '/problems/foreign-position' }), { status: 410 })
      : new Response(JSON.stringify({ items: [] }));
  };
  const client = new AnnalsClient({ url: 'http://annals.test', token: 'x', patience: 0, fetch });
  client.wrote(before);
  return { client, asked };
}

describe('a client whose server was restored to another log', () => {
  it('forgets where its last write stood, and asks again', async () => {
    const { client, asked } = restored();
    expect(await client.views.pipeline.list()).toEqual({ items: [] });
    expect(client.position).toBeUndefined();
    await client.views.pipeline.list();
    expect(asked).toEqual([before, null, null]);
  });
  it('waits for what it wrote there since', async () => {
    const { client, asked } = restored();
    const since = 'since000.0000000000000001';
    const answer = client.views.pipeline.list();
    client.wrote(since);
    await answer;
    expect(client.position).toBe(since);
    expect(asked).toEqual([before, since]);
  });
  it('says so of a position that the caller named', async () => {
    const { client, asked } = restored();
    for (const time of [{ minPosition: before }, { minPosition: before, position: before }])
      await expect(client.views.pipeline.list(time)).rejects.toMatchObject({ code: 'foreign-position' });
    expect(client.position).toBe(before);
    expect(asked).toEqual([before, before]);
  });
});
