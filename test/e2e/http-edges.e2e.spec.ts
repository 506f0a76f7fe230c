import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { makeFolder } from '../../apps/server/data-folder.js';
import { onDistributedEngines } from '../support/engines.js';
import { temporaryFolder } from '../support/house.js';
import { type Served, served } from '../support/served.js';

let surface: Served;
beforeAll(async () => {
  surface = await served();
}, 60_000);
afterAll(() => surface?.close(), 60_000);

describe('open routes', () => {
  it.each(['/health/live', '/health/ready', '/metrics', '/openapi.json', '/docs'])(
    'answer HEAD like GET, without a body: %s',
    async (path) => {
      const response = await fetch(`${surface.web.url}${path}`, { method: 'HEAD' });
      expect([response.status, await response.text()]).toEqual([200, '']);
      expect(Number(response.headers.get('content-length'))).toBeGreaterThan(0);
    },
  );
});

describe('a query', () => {
  const ask = (query: string) => surface.call(['care'], `GET /v1/views/${query}`);

  it('by an id takes ids only, so that a slip is not an empty list', async () => {
    for (const wrong of ['notauuid', 'E3E70682-C209-4CAC-A29F-6FBED82C07CD', '']) {
      const told = await ask(`customer360?customerId=${wrong}`);
      expect(told).toMatchObject({
        status: 400,
        json: { errors: [{ field: 'customerId', message: 'Write a UUID in lower case.' }] },
      });
    }
    expect((await ask(`customer360?customerId=${crypto.randomUUID()}`)).json.items).toEqual([]);
  });

  it('by a text takes none that cannot be stored', async () => {
    expect((await ask('products?name=a%00b')).status).toBe(400);
    expect((await ask('products?name=a')).status).toBe(200);
  });

  it('that sums without groups says what is missing', async () => {
    const told = await surface.call(['sales'], 'GET /v1/views/pipeline?sum=amount');
    expect(told).toMatchObject({ status: 400, json: { errors: [{ field: 'sum', message: expect.stringContaining('group') }] } });
  });
});

describe('a dry run of what cannot be tried', () => {
  const dry = { 'annals-dry-run': 'true' };

  it('is refused, naming the header, and nothing is done', async () => {
    const folder = path.join(temporaryFolder(), 'backup');
    for (const [role, route, body] of [
      ['admin', 'POST /v1/admin/tokens', { label: 'tried', roles: ['sales'] }],
      ['operator', 'POST /v1/admin/backup', { folder, keysFolder: path.join(folder, 'keys') }],
      ['operator', 'POST /v1/admin/views/pipeline/rebuild', undefined],
      ['sales', 'GET /v1/views/pipeline', undefined],
    ] as const) {
      const told = await surface.call([role], route, body, dry);
      expect([route, told.status, told.json?.errors?.[0]?.field]).toEqual([route, 400, 'Annals-Dry-Run']);
    }
    expect(existsSync(folder)).toBe(false);
    const { facts } = await surface.house.facts.page({ tenant: 'main', types: ['TokenIssued'], limit: 500 });
    expect(facts.filter(({ data }) => (data as { label: string }).label === 'tried')).toEqual([]);
  });

  it('may be asked not to be one', async () => {
    const body = { label: 'not tried', roles: ['sales'] };
    expect((await surface.call(['admin'], 'POST /v1/admin/tokens', body, { 'annals-dry-run': 'false' })).status).toBe(201);
  });
});

describe('a command', () => {
  const open = { amount: 1, currency: 'EUR' };
  const opened = async () =>
    (await surface.house.facts.page({ tenant: 'main', types: ['OpportunityOpened'], limit: 500 })).facts.length;

  it('with a header of ours that is misspelt is refused, as a dry run would be done for real', async () => {
    const before = await opened();
    const told = await surface.call(['sales'], 'POST /v1/opportunities', open, { 'annals-dryrun': 'true' });
    expect(told).toMatchObject({ status: 400, json: { errors: [{ field: 'annals-dryrun' }] } });
    expect(await opened()).toBe(before);
  });

  it.each(['POST /v1/opportunities', 'POST /v1/commands'])('that is compressed is refused as a whole: %s', async (route) => {
    const lines = { 'content-encoding': 'gzip', ...(route.endsWith('commands') && { 'content-type': 'application/x-ndjson' }) };
    const told = await surface.call(['sales'], route, open, lines);
    expect(told).toMatchObject({ status: 415, json: { type: '/problems/unsupported-encoding' } });
  });
});

it.each([' ', '\t\n', '\u00a0'])('a name of blanks only is refused: %j', async (name) => {
  const told = await surface.call(['care'], 'POST /v1/customers', { kind: 'PERSON', name });
  expect(told).toMatchObject({ status: 400, json: { errors: [{ field: 'name', message: expect.stringContaining('blank') }] } });
});

describe('a folder that cannot be made', () => {
  const place = temporaryFolder();
  const places = ['/proc/annals', '/dev/null/annals'];

  it.each(places)('stops the start at once, in words: %s', (folder) => {
    expect(() => makeFolder(folder)).toThrow(
      /cannot be made \((ENOENT|ENOTDIR|EEXIST|EACCES|EPERM)\)\. Name another in ANNALS_DATA/,
    );
  });

  it.each(places)('refuses a backup, which is no fault of ours: %s', async (folder) => {
    const told = await surface.call(['operator'], 'POST /v1/admin/backup', { folder, keysFolder: path.join(place, 'keys') });
    // whoever has distributed engines is told first that their own tools copy them
    const type = `/problems/${onDistributedEngines ? 'backup-elsewhere' : 'backup-refused'}`;
    expect(told).toMatchObject({ status: 422, json: { type } });
  });

  it('while others are, with those above them', () => {
    const folder = path.join(place, 'a', 'b', 'c');
    makeFolder(folder);
    makeFolder(folder);
    mkdirSync(path.join(folder, 'd'));
  });
});
