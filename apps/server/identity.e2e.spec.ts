import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { UnsecuredJWT } from 'jose';
import { pino } from 'pino';
import { IdentityRefused, roleNamesFrom, startWeb, type Web, type WebOptions } from '#web';
import { IdentityProvider } from '../../libs/web/identity/provider.js';
import { openHouse, type TestHouse } from '../../test/support/house.js';
import { Issuer } from '../../test/support/issuer.js';

let issuer: Issuer;
let house: TestHouse;
let web: Web;
const logged: string[] = [];
const webs: Web[] = [];

async function webWith(identity: Partial<NonNullable<WebOptions['identity']>>): Promise<Web> {
  const options = { issuer: issuer.url, audience: 'annals', rolesClaim: 'roles', actorClaim: 'sub', cooldown: 0, ...identity };
  const logger = pino({ level: 'trace' }, { write: (line: string) => void logged.push(line) });
  const started = await startWeb(house, { port: 0, identity: options, logger });
  webs.push(started);
  return started;
}

beforeAll(async () => {
  issuer = await Issuer.start();
  house = await openHouse();
  web = await webWith({});
}, 60_000);
afterAll(async () => {
  for (const one of webs) await one.close(2_000);
  await house.close(5_000);
  issuer.close();
}, 60_000);

const whoami = async (token: string, at = web) => {
  const response = await fetch(`${at.url}/v1/whoami`, { headers: { authorization: `Bearer ${token}` } });
  const body = (await response.json()) as Record<string, unknown> & { actor: { kind: string; id: string } };
  return { status: response.status, challenge: response.headers.get('www-authenticate'), body };
};

describe('PLT-08 a token of the identity provider', () => {
  it('stands for a user with the roles that it names; names that are not ours say nothing', async () => {
    const { status, body } = await whoami(await issuer.token({ roles: ['sales', 'analyst', 'plumber'] }));
    expect(status).toBe(200);
    expect(body).toMatchObject({ tenant: 'main', actor: { kind: 'user' }, roles: ['analyst', 'sales'] });
  });

  it('keeps the id of its actor, which is no name and no e-mail address', async () => {
    const [one, again, other] = await Promise.all(
      [{}, { jti: 'another' }, { sub: 'grace@example.com' }].map(
        async (claims) => (await whoami(await issuer.token(claims))).body,
      ),
    );
    expect(one?.actor.id).toMatch(/^[0-9a-f-]{36}$/);
    expect(again?.actor).toEqual(one?.actor);
    expect(other?.actor).not.toEqual(one?.actor);
  });

  it('sends commands within its roles only', async () => {
    const send = async (roles: string[]) =>
      fetch(`${web.url}/v1/opportunities`, {
        method: 'POST',
        headers: { authorization: `Bearer ${await issuer.token({ roles })}`, 'content-type': 'application/json' },
        body: JSON.stringify({ amount: 100, currency: 'EUR' }),
      });
    expect((await send(['sales'])).status).toBe(201);
    expect((await send(['analyst'])).status).toBe(403);
  });

  it('of a service is one of a service', async () => {
    const { body } = await whoami(await issuer.token({ sub: 'shop', client_id: 'shop', roles: 'orders sales' }));
    expect(body).toMatchObject({ actor: { kind: 'service' }, roles: ['orders', 'sales'] });
  });

  it('takes tenant, roles and actor from the claims that are configured', async () => {
    await house.send('OpenTenant', { name: 'north' });
    const mapped = await webWith({
      tenantClaim: 'https://example.com/tenant',
      rolesClaim: 'realm_access.roles',
      actorClaim: 'employee',
      roleNames: roleNamesFrom('crm-sales=sales+orders, crm-boss=admin'),
    });
    const claims = { 'https://example.com/tenant': 'north', employee: '4711', realm_access: { roles: ['crm-sales', 'admin'] } };
    expect((await whoami(await issuer.token(claims), mapped)).body).toMatchObject({
      tenant: 'north',
      roles: ['orders', 'sales'],
    });
    const cases: readonly [Record<string, unknown>, string][] = [
      [{ ...claims, 'https://example.com/tenant': 'south' }, 'tenant is not open'],
      [{ ...claims, 'https://example.com/tenant': undefined }, 'names no tenant'],
      [{ ...claims, employee: undefined }, 'names the actor'],
    ];
    for (const [wrong, why] of cases) {
      const { status, body } = await whoami(await issuer.token(wrong), mapped);
      expect({ status, detail: body.detail }).toEqual({ status: 401, detail: expect.stringContaining(why) });
    }
  });

  it('is none of a customer: the provider binds nobody to one', async () => {
    expect((await whoami(await issuer.token({ roles: ['customer', 'sales'] }))).body.roles).toEqual(['sales']);
    expect(() => roleNamesFrom('portal=customer')).toThrow('our roles');
  });

  it('beside it a token of Annals goes on working', async () => {
    const { token } = await house.access.issueToken(house.admin, { label: 'beside', roles: ['sales'] });
    expect((await whoami(token)).body).toMatchObject({ actor: { kind: 'service' }, roles: ['sales'] });
  });
});

describe('a person with a duty', () => {
  const came = async (sub: string, ...roles: string[]) => whoami(await issuer.token({ sub, roles, jti: crypto.randomUUID() }));

  it('is not the operator today and the auditor tomorrow, whatever the provider says; the first duty is on record', async () => {
    const first = await came('two-faced', 'sales', 'operator');
    expect(first.status).toBe(200);
    expect((await came('two-faced', 'operator')).status).toBe(200);
    for (const duty of ['privacy', 'auditor']) {
      const refused = await came('two-faced', 'sales', duty);
      expect(refused).toMatchObject({ status: 403, body: { type: '/problems/duties-apart' } });
      expect(refused.body.detail).toContain('operator');
    }
    expect((await came('two-faced', 'sales')).status).toBe(200);
    expect((await came('somebody else', 'auditor')).status).toBe(200);
    const holder = first.body.actor.id;
    const { facts } = await house.facts.page({ tenant: 'main', stream: `holder-main.${holder}`, limit: 10 });
    expect(facts).toMatchObject([{ type: 'DutyTaken', data: { holderId: holder, duty: 'operator' }, actor: { id: holder } }]);
  });

  it('is asked about once only for two duties at the same moment: one is refused', async () => {
    const told = await Promise.all([came('twice', 'operator'), came('twice', 'auditor')]);
    expect(told.map(({ status }) => status).sort()).toEqual([200, 403]);
  });

  it('takes another one after an administrator released the former, on record', async () => {
    const { body } = await came('promoted', 'operator');
    await house.send('ReleaseDuty', { holderId: body.actor.id, duty: 'operator' });
    expect((await came('promoted', 'auditor')).status).toBe(200);
    expect((await came('promoted', 'operator')).status).toBe(403);
  });

  it('gets no token of Annals with another duty either', async () => {
    const { body } = await came('with both', 'auditor');
    const token = { label: 'both', roles: ['operator'], holder: body.actor.id } as const;
    await expect(house.access.issueToken(house.admin, token)).rejects.toMatchObject({ code: 'duties-apart' });
  });
});

describe('a token that is refused', () => {
  const cases: readonly [string, () => Promise<string>, string][] = [
    ['expired', () => issuer.token({}, { seconds: -60 }), 'expired'],
    ['of another issuer', () => issuer.token({ iss: 'https://elsewhere.example' }), 'another issuer'],
    ['for another audience', () => issuer.token({ aud: 'payroll' }), 'another audience'],
    ['not valid yet', () => issuer.token({ nbf: Math.floor(Date.now() / 1_000) + 600 }), 'not valid yet'],
    ['without an expiry', () => issuer.token({ exp: undefined }), 'no expiry'],
    ['signed by somebody else', () => issuer.forged(), 'signature is wrong'],
    [
      'without a signature',
      async () =>
        `${new UnsecuredJWT({ sub: 'x' }).setIssuer(issuer.url).setAudience('annals').setExpirationTime('1h').encode()}x`,
      'refused',
    ],
  ];
  it.each(cases)('because it is %s is told so, in the header too', async (_, tokenOf, why) => {
    const token = await tokenOf();
    const { status, challenge, body } = await whoami(token);
    expect(status).toBe(401);
    expect(body.detail).toContain(why);
    expect(challenge).toMatch(/^Bearer realm="annals", error="invalid_token", error_description="[^"]+"$/);
    expect(JSON.stringify(body)).not.toContain(token.split('.')[1]);
  });

  it('is none that was not sent: then the header only asks for one', async () => {
    const response = await fetch(`${web.url}/v1/whoami`);
    expect(response.headers.get('www-authenticate')).toBe('Bearer realm="annals"');
  });
});

describe('the keys of the provider', () => {
  it('may change while the server runs', async () => {
    const before = await issuer.token({ jti: 'before' });
    expect((await whoami(before)).status).toBe(200);
    await issuer.rotate();
    expect((await whoami(await issuer.token({ jti: 'after' }))).status).toBe(200);
  });

  it('are fetched once, and a token that was good is not looked at again', async () => {
    const fresh = await webWith({ cooldown: 60_000 });
    const asked = issuer.asked.length;
    const token = await issuer.token({ jti: 'remembered' });
    for (let times = 0; times < 5; times++) expect((await whoami(token, fresh)).status).toBe(200);
    expect((await whoami(await issuer.token({ jti: 'another' }), fresh)).status).toBe(200);
    expect(issuer.asked.slice(asked)).toEqual(['/.well-known/openid-configuration', '/keys']);
  });

  it('that cannot be had are no fault of the token: 503, until they can', async () => {
    const fresh = await webWith({});
    issuer.answers = false;
    expect(await whoami(await issuer.token(), fresh)).toMatchObject({
      status: 503,
      body: { type: '/problems/identity-provider-unavailable' },
    });
    issuer.answers = true;
    expect((await whoami(await issuer.token(), fresh)).status).toBe(200);
  });

  it('never come in the clear from another machine', async () => {
    await expect(webWith({ jwksUrl: 'http://keys.example/jwks' })).rejects.toBeInstanceOf(IdentityRefused);
    await expect(webWith({ issuer: 'ftp://keys.example' })).rejects.toBeInstanceOf(IdentityRefused);
  });
});

describe('a key that the provider took away', () => {
  it('makes no token good any more, also none that was good before', async () => {
    const clock = jest.spyOn(Date, 'now');
    const { url } = issuer;
    const provider = new IdentityProvider({ issuer: url, audience: 'annals', rolesClaim: 'roles', actorClaim: 'sub' }, () =>
      Date.now(),
    );
    try {
      const token = await issuer.token({}, { seconds: 86_400 });
      await provider.callerOf(token);
      await issuer.rotate();
      clock.mockReturnValue(Date.now() + 11 * 60_000);
      await expect(provider.callerOf(token)).rejects.toMatchObject({ status: 401, code: 'token-refused' });
    } finally {
      clock.mockRestore();
    }
  });
});

describe('what is logged', () => {
  it('holds no token and no claim', () => {
    const text = logged.join('\n');
    expect(text).toContain('request.done');
    expect(text).not.toMatch(/eyJ[\w-]{10}/);
    expect(text).not.toContain('example.com');
  });
});
