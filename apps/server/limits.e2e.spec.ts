import { once } from 'node:events';
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startWeb, type Web } from '#web';
import { eventually, openHouse, type TestHouse } from '../../test/support/house.js';

let house: TestHouse;
let web: Web;
const tokens: Record<string, string> = {};

beforeAll(async () => {
  house = await openHouse();
  web = await startWeb(house, {
    port: 0,
    limits: { perSecond: { integration: 0.5, bulk: 0.5 }, bulkRequests: 1 },
  });
  for (const trafficClass of ['interactive', 'integration', 'bulk'] as const) {
    const issued = await house.access.issueToken(house.admin, {
      label: trafficClass,
      roles: ['sales', 'analyst', 'admin'],
      trafficClass,
    });
    tokens[trafficClass] = issued.token;
  }
}, 60_000);
afterAll(async () => {
  await web.close(2_000);
  await house.close(5_000);
}, 60_000);

const get = (path: string, token = '') => fetch(`${web.url}${path}`, { headers: { authorization: `Bearer ${token}` } });
const openOpportunity = (token = '', amount = 1) =>
  fetch(`${web.url}/v1/opportunities`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ amount, currency: 'EUR' }),
  });

describe('PLT-07 traffic has classes', () => {
  it('a token that is for integration is held to its rate, with Retry-After and a problem', async () => {
    expect((await get('/v1/whoami', tokens.integration)).status).toBe(200);
    const refused = await get('/v1/whoami', tokens.integration);
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect(await refused.json()).toMatchObject({ type: '/problems/rate-limited', status: 429, class: 'integration' });
  });

  it('others are not held back by it', async () => {
    for (let sent = 0; sent < 20; sent++) expect((await openOpportunity(tokens.interactive)).status).toBe(201);
  });

  it('a command of a token for bulk is bulk too', async () => {
    expect((await openOpportunity(tokens.bulk)).status).toBe(201);
    expect(await (await openOpportunity(tokens.bulk)).json()).toMatchObject({ type: '/problems/rate-limited', class: 'bulk' });
  });

  it('lines are bulk whoever sends them; more requests of them than there is room for are refused', async () => {
    const headers = { authorization: `Bearer ${tokens.interactive}`, 'content-type': 'application/x-ndjson' };
    const open = request(`${web.url}/v1/commands`, { method: 'POST', headers });
    open.flushHeaders();
    // the head of the answer comes before the lines: then the server has the request
    await once(open, 'response');
    const second = await fetch(`${web.url}/v1/commands`, { method: 'POST', headers, body: '' });
    expect(second.status).toBe(429);
    expect(await second.json()).toMatchObject({ type: '/problems/too-many-bulk-requests' });
    open.on('error', () => {}).destroy();
  });

  it('a bulk command that waits for its process takes no place meanwhile', async () => {
    // nobody finishes the process here, so that the first one waits for all of its time
    const idle = await openHouse({ runsProcesses: false });
    const narrow = await startWeb(idle, { port: 0, limits: { bulkRequests: 1, bulkAtOnce: 1 } });
    try {
      const { token } = await idle.access.issueToken(idle.admin, { label: 'bulk', roles: ['sales'], trafficClass: 'bulk' });
      const post = (path: string, payload: object, more: Record<string, string> = {}, signal?: AbortSignal) =>
        fetch(`${narrow.url}/v1${path}`, {
          method: 'POST',
          headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...more },
          body: JSON.stringify(payload),
          ...(signal && { signal }),
        });
      const { id } = (await (await post('/leads', { name: 'Ada Lovelace', source: 'WEB_SITE' })).json()) as { id: string };
      await post(`/leads/${id}/assign`, { ownerId: crypto.randomUUID() });
      expect((await post(`/leads/${id}/qualify`, {})).status).toBe(200);
      const broken = new AbortController();
      const waiting = post(`/leads/${id}/convert`, { amount: 1, currency: 'EUR' }, { prefer: 'wait=60' }, broken.signal).catch(
        () => 'broken off',
      );
      await eventually(async () => {
        const { facts } = await idle.facts.page({ tenant: 'main', types: ['LeadConversionStarted'], limit: 1 });
        return facts[0];
      });
      const opened = await eventually(async () => {
        const answer = await post('/opportunities', { amount: 1, currency: 'EUR' });
        return answer.status === 201 ? answer.status : undefined;
      }, 5_000);
      expect(opened).toBe(201);
      broken.abort();
      expect(await waiting).toBe('broken off');
    } finally {
      await narrow.close(1_000);
      await idle.close(1_000);
    }
  });

  it('the class of a token is in the list of tokens', async () => {
    const listed = await house.groups('tokens', { group: 'trafficClass' });
    expect(listed).toEqual(
      expect.arrayContaining([
        { trafficClass: 'bulk', count: 1 },
        { trafficClass: 'integration', count: 1 },
        { trafficClass: 'interactive', count: 2 },
      ]),
    );
  });
});
