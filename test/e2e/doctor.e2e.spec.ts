import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { examine } from '../../apps/cli/commands/doctor.js';
import { followers, vitals, waitingWebhooks } from '../../apps/cli/doctor/of-server.js';
import { loadConfig } from '../../apps/server/config.js';
import { type RunningServer, startServer } from '../../apps/server/start.js';
import { orderOf } from '../../libs/contexts/sales/won-opportunity/won-opportunity.process.js';
import { engineSettings, onDistributedEngines } from '../support/engines.js';
import { eventually, temporaryFolder } from '../support/house.js';

describe('annals doctor', () => {
  const folder = temporaryFolder();
  const env: Record<string, string> = {
    ANNALS_DATA: join(folder, 'data'),
    ANNALS_SECRETS: join(folder, 'secrets'),
    ANNALS_PORT: '0',
    ANNALS_LOG_LEVEL: 'silent',
  };
  let server: RunningServer;
  beforeAll(async () => {
    Object.assign(env, await engineSettings(join(folder, 'data')));
    server = await startServer(loadConfig(env));
  });
  afterAll(() => server.close());

  const send = async (route: string, payload: object): Promise<{ id: string }> => {
    const answer = await fetch(`${server.url}/v1${route}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${readFileSync(server.adminTokenFile, 'utf8').trim()}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify(payload),
    });
    expect(answer.ok).toBe(true);
    return (await answer.json()) as { id: string };
  };
  const processes = async (state: string) =>
    eventually(async () => {
      const found = (await examine({}, { env })).find(({ check }) => check === 'processes');
      return found?.state === state ? found : undefined;
    });

  it('looks at version, clock, engines and backup of the server, and says what to do', async () => {
    const found = await examine({}, { env });
    const states = Object.fromEntries(found.map(({ check, state }) => [check, state]));
    const backup = onDistributedEngines ? 'ok' : 'warning';
    expect(states).toMatchObject({ version: 'ok', clock: 'ok', engines: 'ok', backup, disk: expect.anything() });
    for (const { state, advice } of found) if (state !== 'ok') expect(advice).toBeTruthy();
  });

  it('tells views that are built for the first time from those that keep up, lag, or stand still', () => {
    const reader = (name: string, position: string, more: object = {}) => {
      return {
        ...{ name, kind: 'view', position: `abcdefgh.${position}` },
        lagFacts: 1_000,
        lagSeconds: 300,
        stalled: false,
        parked: 0,
        ...more,
      };
    };
    const nothing = '0'.repeat(16);
    const following = reader('leads', '0000000000000417', { lagFacts: 2, lagSeconds: 1 });
    expect(followers([following, reader('pipeline', nothing), reader('carts', nothing)])).toEqual([
      { check: 'readers', state: 'ok', finding: '1 keep up; the slowest is leads, 2 facts behind' },
      {
        check: 'views',
        state: 'warning',
        finding: '2 are built from the log and hold nothing yet: pipeline, carts',
        advice: expect.stringMatching(/^Wait: /),
      },
    ]);
    expect(followers([following, reader('carts', '0000000000000012')]).at(-1)).toMatchObject({
      ...{ check: 'lag', state: 'warning', finding: 'behind the log: view carts, 300 s' },
    });
    expect(followers([reader('carts', nothing, { stalled: true })])).toMatchObject([{ check: 'readers', state: 'problem' }]);
    expect(followers([reader('carts', nothing, { lagFacts: 0, lagSeconds: 0 })])).toMatchObject([
      { check: 'readers', state: 'ok' },
    ]);
  });

  it('tells what is off by its degree', () => {
    const clock = '2026-01-05T09:00:00.000Z';
    const now = Date.parse(clock);
    const engines = [
      { engine: 'log', reachable: true },
      { engine: 'keys', reachable: false },
    ];
    const told = { ready: true, version: '9.9.9', clock, engines, disk: { freeBytes: 1, sizeBytes: 100 }, lastBackupAt: clock };
    const states = (at: number) => vitals(told, at).map(({ check, state }) => `${check} ${state}`);
    expect(states(now)).toEqual(['version warning', 'clock ok', 'engines problem', 'server disk warning', 'backup ok']);
    expect(states(now + 27 * 3_600_000)).toEqual(expect.arrayContaining(['clock warning', 'backup warning']));
    expect(vitals({ ready: true }, now)).toEqual([]);
    const elsewhere = vitals({ ...told, lastBackupAt: undefined, backsUp: false } as never, now).find(
      ({ check }) => check === 'backup',
    );
    expect(elsewhere).toEqual({ check: 'backup', state: 'ok', finding: expect.stringContaining('tools of the engines') });
  });

  it('counts what waits of webhooks, and says what to do', async () => {
    expect(await examine({}, { env })).toContainEqual({ check: 'webhooks', state: 'ok', finding: 'nothing waits' });
    const told = (parked: number, streamsParked: number, streamsAside: number, failing = 0) =>
      waitingWebhooks({ webhooks: { parked, failing, streamsParked, streamsAside } })[0];
    expect([told(0, 0, 3)?.state, told(0, 0, 0, 1)?.state]).toEqual(['warning', 'warning']);
    expect([told(0, 1, 0)?.state, told(1, 0, 0)?.state]).toEqual(['problem', 'problem']);
    expect(told(1, 2, 3, 4)?.finding).toMatch(/1 webhooks.* 2 streams.* 4 take nothing.* 3 streams/);
    expect(waitingWebhooks({})).toEqual([]);
  });

  it('names runs that a refusal stopped, and how to resume them', async () => {
    await processes('ok');
    const { id: customerId } = await send('/customers', { kind: 'ORGANISATION', name: 'Acme' });
    const { id: opportunityId } = await send('/opportunities', { customerId, amount: 1, currency: 'EUR' });
    const lines = [{ description: 'By hand', quantity: 1, unitPrice: 1 }];
    await send('/orders', { orderId: orderOf(opportunityId), customerId, currency: 'EUR', lines });
    await send(`/opportunities/${opportunityId}/win`, {});
    const { finding, advice } = await processes('warning');
    expect(finding).toContain('tenant main');
    expect(finding).toMatch(/won-opportunity [0-9a-f-]{36} \(order-exists\)/);
    expect(advice).toContain('resume-process');
    const [processId = ''] = /[0-9a-f-]{36}/.exec(finding) ?? [];
    await send(`/processes/${processId}/resume`, {});
    const { facts } = await server.house.facts.page({ tenant: 'main', stream: `process-main.${processId}`, limit: 10 });
    expect(facts.map(({ type }) => type)).toContain('ProcessResumed');
  });
});
