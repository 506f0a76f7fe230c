import { Agent, request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { ListenRefused, startWeb } from '#web';
import { eventually, type TestHouse } from '../../../test/support/house.js';
import { ALL, givenSurface } from '../../../test/support/surface.js';
import { refusedStart } from '../serve.js';

const surface = givenSurface();
const { call, post, product, tokenWith, logged } = surface;

describe('operations', () => {
  it('rebuild a view and report line by line', async () => {
    const told = await post('/v1/admin/views/products/rebuild?switch=false');
    const reports = told.text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { state: string });
    expect(reports.at(-1)?.state).toBe('identical');
    expect((await post('/v1/admin/views/nothing/rebuild')).status).toBe(404);
  }, 30_000);

  it('list built forms and parked facts', async () => {
    expect((await call('/v1/admin/views')).json.generations).toContainEqual(
      expect.objectContaining({ view: 'products', state: 'live' }),
    );
    expect((await call('/v1/admin/parked')).json).toEqual({ parked: [], processes: [] });
    expect((await post('/v1/admin/parked/release', { view: 'products', key: 'x' })).status).toBe(200);
  });

  it('issue tokens that work, and refuse wrong ones field by field', async () => {
    const issued = await post('/v1/admin/tokens', { label: 'for a test', roles: ['sales'] });
    expect(issued.status).toBe(201);
    const me = await call('/v1/whoami', { roles: 'none', headers: { authorization: `Bearer ${issued.json.token}` } });
    expect(me.json).toEqual({ tenant: 'main', actor: expect.anything(), roles: ['sales'] });
    const told = await post('/v1/admin/tokens', { label: '', roles: ['king'], more: 1 });
    expect(told.json.errors.map(({ field }: { field: string }) => field)).toEqual(['label', 'roles[0]', 'more']);
  });

  it('show health, metrics and documentation without a token', async () => {
    await post('/v1/products', product());
    expect((await call('/health/live', { roles: 'none' })).json).toEqual({ status: 'live' });
    const ready = await eventually(async () => {
      const told = await call('/health/ready', { roles: 'none' });
      return told.status === 200 ? told : undefined;
    });
    expect(ready.json).toMatchObject({
      ready: true,
      readers: expect.arrayContaining([expect.objectContaining({ name: 'products', stalled: false })]),
    });
    const { text } = await call('/metrics', { roles: 'none' });
    for (const metric of [
      'annals_commands_total{command="DefineProduct",status="201"}',
      'annals_command_duration_seconds_bucket',
      'annals_reader_lag_facts',
      'annals_reader_lag_seconds',
      'annals_reader_parked_facts',
      'process_resident_memory_bytes',
      'nodejs_eventloop_lag_seconds',
    ])
      expect(text).toContain(metric);
    for (const name of new Set([...text.matchAll(/^([a-z_]+?)(?:_bucket|_sum|_count)?[{ ]/gm)].map(([, name]) => name)))
      expect(text).toContain(`# HELP ${name} `);
    expect(text).not.toMatch(/tenant=|Hopper/);
    expect((await call('/openapi.json', { roles: 'none' })).json.paths).toHaveProperty('/v1/products');
    expect((await call('/docs', { roles: 'none' })).text).toContain('/v1/products');
  });
});

describe('the log of the server', () => {
  it('has stable events with the id of the request, and neither bodies, tokens nor addresses', async () => {
    await post('/v1/customers', { kind: 'PERSON', name: 'Katherine Johnson', nickname: 'KJ-secret' });
    await call('/v1/views/products?name=Katherine');
    await nextTurn();
    const all = logged.join('');
    expect(all).toContain('"event":"request.done"');
    expect(all).toContain('"route":"POST /v1/customers"');
    for (const { event, requestId } of logged.map((line) => JSON.parse(line) as { event: string; requestId?: string })) {
      expect(event).toMatch(/^[a-z-]+(\.[a-z-]+)+$/);
      if (event.startsWith('request.')) expect(requestId).toMatch(/^[0-9a-f-]{36}$/);
    }
    expect(all).not.toMatch(/Katherine|KJ-secret|Hopper|annals_main_|Lovelace|acme/);
  });
});

describe('a start', () => {
  it('beyond loopback in the clear is refused', async () => {
    await expect(startWeb(surface.house, { host: '0.0.0.0', port: 0 })).rejects.toThrow(
      'Give TLS (a key and a certificate), declare a trusted proxy',
    );
  });

  it('is refused in words for whoever configures it, without a stack', async () => {
    const port = Number(new URL(surface.web.url).port);
    for (const options of [{ host: '0.0.0.0' }, { host: '192.0.2.1', port: 0, trustedProxy: true }, { port }]) {
      const refused = await startWeb(surface.house, options).catch((error: unknown) => error);
      expect(refused).toBeInstanceOf(ListenRefused);
      expect(refusedStart(refused)).toBe((refused as Error).message);
    }
  });

  it('on a taken port names it, or moves on if asked to', async () => {
    const port = Number(new URL(surface.web.url).port);
    await expect(startWeb(surface.house, { port })).rejects.toThrow(`Port ${port} on 127.0.0.1 is taken`);
    const other = await startWeb(surface.house, { port, portSearch: true });
    expect(Number(new URL(other.url).port)).toBeGreaterThan(port);
    await other.close(1000);
  });

  it('behind a proxy shows metrics and details to nobody without a token', async () => {
    const behind = await startWeb(surface.house, { port: 0, trustedProxy: true });
    const status = async (path: string, headers = {}) => (await fetch(`${behind.url}${path}`, { headers })).status;
    expect(await status('/metrics')).toBe(401);
    expect(await status('/metrics', { authorization: `Bearer ${await tokenWith(['sales'])}` })).toBe(403);
    expect(await status('/metrics', { authorization: `Bearer ${await tokenWith(['operator'])}` })).toBe(200);
    expect(await (await fetch(`${behind.url}/health/ready`)).json()).toEqual({ ready: true });
    for (const authorization of ['Basic YTpi', 'Bearer annals_main_0190c2f4-5b1e-7c3a-9d0e-6c1b7f0a2c31_wrong']) {
      const health = await fetch(`${behind.url}/health/ready`, { headers: { authorization } });
      expect([health.status, await health.json()]).toEqual([200, { ready: true }]);
      for (const open of ['/health/live', '/openapi.json', '/asyncapi.json', '/docs'])
        expect([open, await status(open, { authorization })]).toEqual([open, 200]);
      expect(await status('/metrics', { authorization })).toBe(401);
    }
    await behind.close(1000);
  });

  it('without the API answers health and metrics only', async () => {
    const apart = await startWeb(surface.house, { port: 0, servesApi: false });
    const headers = { authorization: `Bearer ${await tokenWith(ALL)}` };
    const told = async (path: string) => {
      const answer = await fetch(`${apart.url}${path}`, { headers });
      return [path, answer.status];
    };
    for (const path of ['/health/live', '/health/ready', '/metrics']) expect(await told(path)).toEqual([path, 200]);
    for (const path of ['/v1/whoami', '/v1/views/pipeline', '/v1/facts', '/openapi.json', '/docs', '/nowhere'])
      expect(await told(path)).toEqual([path, 421]);
    const command = await fetch(`${apart.url}/v1/opportunities`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify({ amount: 1, currency: 'EUR' }),
    });
    expect([command.status, await command.json()]).toEqual([
      421,
      expect.objectContaining({ type: '/problems/api-elsewhere', title: 'Api elsewhere' }),
    ]);
    await apart.close(1000);
  });
});

describe('a stop', () => {
  it('refuses new requests with 503, ends streams, finishes what is in flight, and closes', async () => {
    let finish = () => {};
    const held = new Promise<void>((resolve) => {
      finish = resolve;
    });
    let started = () => {};
    const inside = new Promise<void>((resolve) => {
      started = resolve;
    });
    const slow: TestHouse = {
      ...surface.house,
      commands: {
        ...surface.house.commands,
        execute: async (request) => {
          started();
          await held;
          return surface.house.commands.execute(request);
        },
      } as TestHouse['commands'],
    };
    const other = await startWeb(slow, { port: 0, heartbeat: 60_000 });
    const authorization = `Bearer ${await tokenWith(ALL)}`;
    const stream = await fetch(`${other.url}/v1/topics/product`, { headers: { authorization, accept: 'text/event-stream' } });
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const get = (path: string) =>
      new Promise<{ status: number | undefined; headers: IncomingHttpHeaders }>((resolve, reject) => {
        httpRequest(`${other.url}${path}`, { agent, headers: { authorization } }, (response) => {
          response.resume();
          response.on('end', () => resolve({ status: response.statusCode, headers: response.headers }));
        })
          .on('error', reject)
          .end();
      });
    expect((await get('/v1/whoami')).status).toBe(200);
    const command = fetch(`${other.url}/v1/products`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify(product()),
    });
    await inside;
    const closing = other.close(10_000);
    expect(await get('/v1/whoami')).toMatchObject({ status: 503, headers: { 'retry-after': '1', connection: 'close' } });
    expect((await fetch(`${other.url}/health/ready`)).status).toBe(503);
    await stream.text();
    finish();
    expect((await command).status).toBe(201);
    await closing;
    await expect(fetch(`${other.url}/health/live`)).rejects.toThrow();
    agent.destroy();
  }, 30_000);

  it('breaks off what does not end in time', async () => {
    let started = () => {};
    const inside = new Promise<void>((resolve) => {
      started = resolve;
    });
    const execute = () => {
      started();
      return new Promise(() => {});
    };
    const stuck: TestHouse = {
      ...surface.house,
      commands: { ...surface.house.commands, execute } as unknown as TestHouse['commands'],
    };
    const other = await startWeb(stuck, { port: 0 });
    const headers = { authorization: `Bearer ${await tokenWith(ALL)}`, 'content-type': 'application/json' };
    const answered = fetch(`${other.url}/v1/products`, { method: 'POST', headers, body: JSON.stringify(product()) }).then(
      () => true,
      () => false,
    );
    await inside;
    await other.close(100);
    expect(await answered).toBe(false);
  });

  it('does not wait for a sender of lines that is silent, and says from which line on to send again', async () => {
    const other = await startWeb(surface.house, { port: 0 });
    const headers = { authorization: `Bearer ${await tokenWith(ALL)}`, 'content-type': 'application/x-ndjson' };
    const answers: { line: number; status: number }[] = [];
    let answered = () => {};
    const first = new Promise<void>((resolve) => {
      answered = resolve;
    });
    const ended = new Promise<void>((resolve, reject) => {
      const sent = httpRequest(`${other.url}/v1/commands`, { method: 'POST', headers }, (response) => {
        response.on('data', (part: Buffer) => {
          for (const line of part.toString().trim().split('\n')) answers.push(JSON.parse(line));
          answered();
        });
        response.on('end', resolve);
      });
      sent.on('error', reject);
      sent.write(`${JSON.stringify({ command: 'DefineProduct', payload: product() })}\n`);
    });
    await first;
    const started = performance.now();
    const closing = other.close(20_000);
    await ended;
    expect(answers).toMatchObject([
      { line: 1, status: 201 },
      { line: 2, status: 503, problem: { type: '/problems/stopping' } },
    ]);
    await closing;
    expect(performance.now() - started).toBeLessThan(10_000);
  }, 30_000);
});
