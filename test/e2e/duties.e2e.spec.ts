import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Duty, duties, type Role, roles, rolesApart } from '#kernel';
import { eventually } from '../support/house.js';
import { type Served, served } from '../support/served.js';

let surface: Served;
beforeAll(async () => {
  surface = await served();
}, 60_000);
afterAll(() => surface?.close(), 60_000);

const pairs: readonly (readonly [Duty, Duty])[] = [
  ['operator', 'privacy'],
  ['operator', 'auditor'],
  ['privacy', 'auditor'],
];
const issue = (body: object, headers = {}) =>
  surface.call(['admin'], 'POST /v1/admin/tokens', { label: 'a person', ...body }, headers);

describe('operator, privacy officer and auditor (PLT-08)', () => {
  it.each(pairs)('are apart: no token holds %s and %s', async (one, other) => {
    const told = await issue({ roles: ['sales', one, other], holder: crypto.randomUUID() });
    expect(told).toMatchObject({ status: 422, json: { type: '/problems/duties-apart' } });
    expect(told.json.detail).toContain('three people');
  });

  it.each(pairs)('are apart for a person: who holds %s gets no token for %s until that one is revoked', async (one, other) => {
    const holder = crypto.randomUUID();
    const first = await issue({ roles: [one], holder });
    expect((await issue({ roles: [one, 'sales'], holder })).status).toBe(201);
    expect((await issue({ roles: ['sales'], holder })).status).toBe(201);
    const refused = await issue({ roles: [other], holder });
    expect(refused).toMatchObject({ status: 422, json: { type: '/problems/duties-apart' } });
    expect(refused.json.detail).toContain(first.json.tokenId);
    expect((await issue({ roles: [other], holder: crypto.randomUUID() })).status).toBe(201);
  });

  it('can pass to another duty once every token of the former one is revoked', async () => {
    const holder = crypto.randomUUID();
    const { json } = await issue({ roles: ['operator'], holder });
    await surface.call(['admin'], `POST /v1/tokens/${json.tokenId}/revoke`, {});
    expect((await issue({ roles: ['auditor'], holder })).status).toBe(201);
    expect((await issue({ roles: ['operator'], holder })).status).toBe(422);
  });

  it('are apart when two tokens for one person are asked for at the same moment: one is refused', async () => {
    const holder = crypto.randomUUID();
    const told = await Promise.all([issue({ roles: ['operator'], holder }), issue({ roles: ['auditor'], holder })]);
    expect(told.map(({ status }) => status).sort()).toEqual([201, 422]);
  });

  it.each(duties)('are each of one person: a token for %s names a holder, and the auditor sees whom', async (duty) => {
    expect(await issue({ roles: ['sales', duty] })).toMatchObject({ status: 422, json: { type: '/problems/holder-needed' } });
    const holder = crypto.randomUUID();
    const { json } = await issue({ roles: ['sales', duty], holder });
    const seen = async () => {
      const { json: listed } = await surface.call(['auditor'], `GET /v1/views/tokens?holderId=${holder}`);
      return listed.items.length > 0 ? listed.items : undefined;
    };
    expect(await eventually(seen)).toMatchObject([{ key: json.tokenId, document: { holderId: holder, roles: ['sales', duty] } }]);
  });

  it('are apart in the first token too: it operates, neither erases nor audits, and is no customer', async () => {
    const first = await surface.house.access.authenticate(readFileSync(surface.house.adminTokenFile, 'utf8').trim());
    const held = [...(first?.roles ?? [])].sort();
    expect(held).toEqual(
      Object.keys(roles)
        .filter((role) => !['privacy', 'auditor', 'customer'].includes(role))
        .sort(),
    );
  });

  it('keep apart what comes from elsewhere: of several the first counts', () => {
    expect(rolesApart(['auditor', 'sales', 'operator', 'privacy'])).toEqual(['sales', 'operator']);
    expect(rolesApart(['auditor', 'privacy'])).toEqual(['privacy']);
    expect(rolesApart(['sales', 'auditor'])).toEqual(['sales', 'auditor']);
  });
});

describe('each duty opens its own doors and no other', () => {
  const customer = { kind: 'PERSON', name: 'Ada Example' };
  const doors: readonly (readonly [string, () => Promise<string> | string, readonly Role[]])[] = [
    [
      'an erasure',
      async () => `POST /v1/customers/${(await surface.call(['care'], 'POST /v1/customers', customer)).json.id}/erase`,
      ['privacy'],
    ],
    ['the openings', () => 'GET /v1/views/openings', ['privacy', 'auditor']],
    ['the tokens', () => 'GET /v1/views/tokens', ['auditor', 'admin']],
    ['the facts', () => 'GET /v1/facts', ['auditor', 'analyst']],
    ['the built forms of views', () => 'GET /v1/admin/views', ['operator']],
    ['the parked facts', () => 'GET /v1/admin/parked', ['operator']],
    ['a release', () => 'POST /v1/admin/parked/release', ['operator']],
    ['a rebuild', () => 'POST /v1/admin/views/products/rebuild', ['operator']],
    ['a backup', () => 'POST /v1/admin/backup', ['operator']],
    ['a new token', () => 'POST /v1/admin/tokens', ['admin']],
  ];

  it.each(doors)('%s', async (_, route, allowed) => {
    for (const role of [...duties, 'admin', 'analyst'] as const) {
      const address = await route();
      const { status } = await surface.call([role], address, address.startsWith('POST') ? {} : undefined);
      expect([role, status === 403]).toEqual([role, !allowed.includes(role)]);
    }
  });

  it('and an auditor changes nothing: no command and no route that is sent with POST takes one', () => {
    const { commands } = surface.house.registry;
    const taking = [...commands.values()].filter(({ options }) => options.roles?.includes('auditor'));
    expect(taking.map(({ name }) => name)).toEqual([]);
  });
});

describe('a token that is issued with a key', () => {
  it('is made once: the second time says which it was', async () => {
    const headers = { 'idempotency-key': 'nightly' };
    const first = await issue({ roles: ['sales'] }, headers);
    expect(first.status).toBe(201);
    expect(await issue({ roles: ['sales'] }, headers)).toMatchObject({
      status: 409,
      json: { type: '/problems/token-issued-before', tokenId: first.json.tokenId },
    });
    expect((await issue({ roles: ['sales'] }, { 'idempotency-key': 'weekly' })).status).toBe(201);
  });
});
