import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { run } from '../../apps/cli/program.js';
import { temporaryFolder } from '../support/house.js';
import { type Served, served } from '../support/served.js';

describe('a sandbox for integrators (PLT-03)', () => {
  const folder = temporaryFolder();
  let surface: Served;
  let adminFile: string;
  let trialFile: string;

  beforeAll(async () => {
    surface = await served();
    const admin = await surface.house.access.issueToken(surface.house.admin, { label: 'admin', roles: ['admin', 'analyst'] });
    adminFile = tokenFile('admin', admin.token);
  }, 60_000);
  afterAll(() => surface?.close(), 60_000);

  const tokenFile = (name: string, token: string) => {
    const file = join(folder, `${name}.token`);
    writeFileSync(file, token);
    return file;
  };
  const annals = async (tokens: string, ...args: string[]) => {
    let out = '';
    let notes = '';
    const code = await run([...args, '--url', surface.web.url, '--token-file', tokens], {
      env: {},
      out: (text: string) => {
        out += text;
      },
      note: (text: string) => {
        notes += text;
      },
    } as Parameters<typeof run>[1]);
    return { code, out, notes };
  };
  const call = async (token: string, route: string, body?: object) => {
    const [method = 'GET', path = '/'] = route.split(' ');
    const answer = await fetch(`${surface.web.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    // biome-ignore lint/suspicious/noExplicitAny: whatever the answer holds
    return { status: answer.status, headers: answer.headers, json: (await answer.json()) as any };
  };

  it('is opened, told the time and set forward with the command line; what is due happens before it returns', async () => {
    expect(await annals(adminFile, 'tenants', 'open', 'trial', '--sandbox')).toMatchObject({
      code: 0,
      out: 'Sandbox trial is open.\n',
    });
    const { json } = await surface.call(['admin'], 'POST /v1/admin/tokens', {
      label: 'integrator',
      roles: ['admin', 'sales', 'analyst'],
      tenant: 'trial',
    });
    trialFile = tokenFile('trial', json.token);
    const shown = await annals(trialFile, 'clock', 'show', '--json');
    expect(JSON.parse(shown.out)).toMatchObject({ tenant: 'trial', sandbox: true });

    const { json: opened } = await call(json.token, 'POST /v1/opportunities', { amount: 100, currency: 'EUR' });
    const forward = await annals(trialFile, 'clock', 'forward', '400', '--json');
    expect(forward.code).toBe(0);
    expect(JSON.parse(forward.out)).toMatchObject({ sandbox: true, settled: true });
    const { json: facts } = await call(json.token, `GET /v1/facts?type=OpportunityStalled`);
    expect(facts.facts.map(({ stream }: { stream: string }) => stream)).toEqual([`opportunity-trial.${opened.id}`]);

    const { json: clock, headers } = await call(json.token, 'GET /v1/clock');
    expect(Date.parse(clock.now)).toBeGreaterThan(Date.now() + 399 * 86_400_000);
    const today = clock.now.slice(0, 10);
    const position = headers.get('annals-position');
    const view = await call(json.token, `GET /v1/views/pipeline/${opened.id}?asOf=${today}&minPosition=${position}`);
    expect(view).toMatchObject({ status: 200 });
  }, 120_000);

  it('refuses to go back, and to be set where there is no sandbox', async () => {
    const back = await annals(trialFile, 'clock', 'set', '2020-01-01');
    expect([back.code, back.notes.includes('never goes back')]).toEqual([1, true]);
    const elsewhere = await annals(adminFile, 'clock', 'forward', '1');
    expect([elsewhere.code, elsewhere.notes.includes('opened as a sandbox')]).toEqual([1, true]);
    const { out } = await annals(adminFile, 'clock', 'show');
    expect(out).toContain('in main, by the clock of the servers.');
    expect((await surface.call(['sales'], 'POST /v1/clock', { to: '2100-01-01T00:00:00.000Z' })).status).toBe(403);
  }, 60_000);
});
