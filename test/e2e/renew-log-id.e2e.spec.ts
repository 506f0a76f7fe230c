import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { run } from '../../apps/cli/program.js';
import { loadConfig } from '../../apps/server/config.js';
import { type RunningServer, startServer } from '../../apps/server/start.js';
import { type GivenServer, givenEventStore, newNamespace } from '../stand-ins/eventstoredb/given.js';
import { settingsOf } from '../support/engines.js';
import { eventually, temporaryFolder } from '../support/house.js';

const { ANNALS_TEST_MONGODB: mongodb } = process.env;

describe('annals renew-log-id, on a log in EventStoreDB', () => {
  const folder = temporaryFolder();
  let given: GivenServer;
  let env: Record<string, string>;
  beforeAll(async () => {
    given = await givenEventStore();
    env = {
      ANNALS_DATA: join(folder, 'data'),
      ANNALS_SECRETS: join(folder, 'secrets'),
      ANNALS_PORT: '0',
      ANNALS_LOG_LEVEL: 'silent',
      ...settingsOf(newNamespace(), { eventstoredb: given.connection, mongodb }),
    };
  });
  afterAll(() => given?.end());

  async function annals(args: readonly string[], settings = env) {
    let said = '';
    const out = (text: string) => {
      said += text;
    };
    const code = await run(args, { out, note: out, env: settings, isInteractive: false });
    return { code, said };
  }
  const send = async (server: RunningServer, route: string, payload: object) => {
    const authorization = `Bearer ${readFileSync(server.adminTokenFile, 'utf8').trim()}`;
    const answer = await fetch(`${server.url}/v1${route}`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify(payload),
    });
    expect(answer.status).toBe(201);
    return (await answer.json()) as { readonly id: string; readonly position: string };
  };
  const get = async (server: RunningServer, path: string) => {
    const authorization = `Bearer ${readFileSync(server.adminTokenFile, 'utf8').trim()}`;
    const answer = await fetch(`${server.url}${path}`, { headers: { authorization } });
    return { status: answer.status, body: (await answer.json()) as { readonly document?: { readonly amount: number } } };
  };

  it('changes nothing until it is told to, then makes old positions foreign, and everything is built from the log again', async () => {
    let server = await startServer(loadConfig(env));
    const before = await send(server, '/opportunities', { amount: 100_00, currency: 'EUR' });
    expect((await get(server, `/v1/views/pipeline/${before.id}?minPosition=${before.position}`)).status).toBe(200);
    await server.close();

    expect(await annals(['renew-log-id'])).toEqual({ code: 1, said: expect.stringContaining('Nothing was changed') });
    const { code, said } = await annals(['renew-log-id', '--yes', '--json']);
    const { id } = JSON.parse(said) as { readonly id: string };
    expect([code, id === before.position.slice(0, 8)]).toEqual([0, false]);

    server = await startServer(loadConfig(env));
    try {
      expect((await get(server, `/v1/views/pipeline?minPosition=${before.position}`)).status).toBe(410);
      expect((await get(server, `/v1/facts?after=${before.position}`)).status).toBe(410);
      const after = await send(server, '/opportunities', { amount: 200_00, currency: 'EUR' });
      expect(after.position.slice(0, 8)).toBe(id);
      for (const { key, amount } of [
        { key: before.id, amount: 100_00 },
        { key: after.id, amount: 200_00 },
      ]) {
        await eventually(async () => {
          const { status, body } = await get(server, `/v1/views/pipeline/${key}?minPosition=${after.position}`);
          return status === 200 && body.document?.amount === amount ? true : undefined;
        }, 30_000);
      }
      await eventually(async () => {
        const { body } = await get(server, '/health/ready');
        const { readers } = body as unknown as { readonly readers: readonly { readonly lagFacts: number }[] };
        return readers.every(({ lagFacts }) => lagFacts === 0) || undefined;
      }, 30_000);
    } finally {
      await server.close();
    }
  }, 120_000);

  it('is refused where the log is embedded, and when nobody answers', async () => {
    expect(await annals(['renew-log-id', '--yes'], { ANNALS_DATA: join(folder, 'other') })).toMatchObject({ code: 1 });
    const away = {
      ...env,
      ANNALS_EVENTSTOREDB_URI: 'esdb://127.0.0.1:1?tls=false',
      ANNALS_EVENTSTOREDB_DEADLINE_MILLISECONDS: '500',
    };
    expect(await annals(['renew-log-id', '--yes'], away)).toEqual({ code: 3, said: expect.stringContaining('EventStoreDB') });
  }, 30_000);
});
