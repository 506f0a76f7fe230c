import { Agent, request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import Ajv2020 from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import fc from 'fast-check';
import { pino } from 'pino';
import type { Role } from '#kernel';
import { ListenRefused, openApiDocument, startWeb, type Web } from '#web';
import { atRest, eventually, openHouse, type TestHouse } from '../../test/support/house.js';
import { refusedStart } from './serve.js';

let house: TestHouse;
let web: Web;
const logged: string[] = [];
const tokens = new Map<string, string>();

beforeAll(async () => {
  house = await openHouse();
  const logger = pino({ level: 'debug' }, { write: (line: string) => void logged.push(line) });
  web = await startWeb(house, { port: 0, heartbeat: 200, bodySeconds: 1, logger });
}, 60_000);
afterAll(async () => {
  await web.close(2000);
  await house.close(5000);
}, 60_000);

interface Call {
  readonly method?: string;
  readonly roles?: readonly Role[] | 'none';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly raw?: string | Buffer;
}
interface Told {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: whatever the answer holds
  readonly json: any;
}

/** Those of an operator: the duties of the privacy officer and the auditor exclude it. */
const ALL: readonly Role[] = [
  'admin',
  'sales',
  'orders',
  'care',
  'analyst',
  'personal',
  'consumer',
  'opener',
  'importer',
  'backdate',
  'operator',
];

async function tokenWith(roles: readonly Role[]): Promise<string> {
  const name = roles.join(' ');
  let token = tokens.get(name);
  if (!token) {
    ({ token } = await house.access.issueToken(house.admin, { label: name, roles, holder: crypto.randomUUID() }));
    tokens.set(name, token);
  }
  return token;
}

async function call(path: string, { method = 'GET', roles = ALL, headers = {}, body, raw }: Call = {}): Promise<Told> {
  const sent = raw ?? (body === undefined ? undefined : JSON.stringify(body));
  const response = await fetch(`${web.url}${path}`, {
    method,
    headers: {
      ...(roles !== 'none' && { authorization: `Bearer ${await tokenWith(roles)}` }),
      ...(sent !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(sent !== undefined && { body: typeof sent === 'string' ? sent : new Uint8Array(sent) }),
  });
  const text = await response.text();
  const isJson =
    /json(;|$)/.test(response.headers.get('content-type') ?? '') && !/ndjson/.test(response.headers.get('content-type') ?? '');
  return { status: response.status, headers: response.headers, text, json: isJson && text !== '' ? JSON.parse(text) : undefined };
}
const post = (path: string, body?: unknown, more: Call = {}) => call(path, { method: 'POST', body, ...more });

let skus = 0;
const product = (more: object = {}) => ({ sku: `SKU-${++skus}`, name: 'GTX Pro', ...more });
const productId = async () => (await post('/v1/products', product())).json.id as string;

describe('a command', () => {
  it('is answered 201 with its revision and position, and its view shows it', async () => {
    const told = await post('/v1/products', product());
    expect(told).toMatchObject({ status: 201, json: { outcome: 'created', revision: 0, facts: ['ProductDefined'] } });
    expect(told.headers.get('etag')).toBe('"0"');
    expect(told.headers.get('annals-position')).toBe(told.json.position);
    expect(told.headers.get('location')).toBe(`/v1/facts?stream=${told.json.stream}`);
    const seen = await call(`/v1/views/products/${told.json.id}?minPosition=${told.json.position}`);
    expect(seen).toMatchObject({ status: 200, json: { view: 'products', key: told.json.id, document: { name: 'GTX Pro' } } });
    expect((await call(told.headers.get('location') ?? '')).json.facts).toHaveLength(1);
  });

  it('with the same key is answered as before; with another body 422', async () => {
    const body = product();
    const headers = { 'idempotency-key': 'once' };
    const first = await post('/v1/products', body, { headers });
    const again = await post('/v1/products', body, { headers });
    expect(again.json).toEqual({ ...first.json });
    expect((await post('/v1/products', { ...body, name: 'Other' }, { headers })).status).toBe(422);
  });

  it('is not done when its address says more than its route reads', async () => {
    const told = await post('/v1/products?dryRun=true', product());
    expect(told).toMatchObject({
      status: 400,
      json: { type: '/problems/invalid-query', errors: [{ field: 'dryRun', message: 'Unknown here. Parameters: none.' }] },
    });
  });

  it('changes nothing and says 200 when there is nothing to change', async () => {
    const id = await productId();
    const body = { amount: 100, currency: 'EUR' };
    expect((await post(`/v1/products/${id}/price`, body)).status).toBe(200);
    expect((await post(`/v1/products/${id}/price`, body)).json).toMatchObject({ outcome: 'unchanged', revision: 1 });
  });

  it('meets If-Match or is answered 412 with the revision', async () => {
    const id = await productId();
    const price = (amount: number, revision: string) =>
      post(`/v1/products/${id}/price`, { amount, currency: 'EUR' }, { headers: { 'if-match': revision } });
    expect((await price(1, '"0"')).status).toBe(200);
    expect(await price(2, '"0"')).toMatchObject({ status: 412, json: { type: expect.stringMatching(/^\/problems\//) } });
    expect((await price(2, '7')).status).toBe(400);
  });

  it('is refused for its shape with one entry a field, unknown ones too', async () => {
    const told = await post('/v1/products', { name: 7, colour: 'red' });
    expect(told).toMatchObject({
      status: 400,
      json: {
        title: 'Invalid command',
        status: 400,
        detail: expect.any(String),
        instance: expect.stringMatching(/^urn:uuid:/),
      },
    });
    expect(told.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(told.json.errors.map(({ field }: { field: string }) => field)).toEqual(['sku', 'name', 'colour']);
  });

  it('takes fields of the address from there only, unless both say the same', async () => {
    const [id, other] = [await productId(), await productId()];
    const body = { amount: 5, currency: 'EUR' };
    expect((await post(`/v1/products/${id}/price`, { ...body, productId: other })).json.errors).toEqual([
      { field: 'productId', message: 'differs between address and body' },
    ]);
    expect((await post(`/v1/products/${id}/price`, { ...body, productId: id })).status).toBe(200);
    expect((await post('/v1/products/not-an-id/price', body)).json.errors).toEqual([
      { field: 'productId', message: expect.stringContaining('UUID') },
    ]);
  });

  it('is refused by a rule with 422 and by a taken identifier with 409', async () => {
    const id = '0190c2f4-5b1e-7c3a-9d0e-6c1b7f0a2c31';
    expect(await post(`/v1/products/${id}/price`, { amount: 5, currency: 'EUR' })).toMatchObject({
      status: 422,
      json: { type: '/problems/product-unknown', title: 'Product unknown' },
    });
    const body = product();
    await post('/v1/products', body);
    expect((await post('/v1/products', body)).status).toBe(409);
  });

  it('of an earlier day needs a role and a moment that is one', async () => {
    const headers = { 'annals-occurred-at': new Date(Date.now() - 86_400_000).toISOString() };
    expect((await post('/v1/products', product(), { headers, roles: ['sales'] })).status).toBe(403);
    expect((await post('/v1/products', product(), { headers, roles: ['sales', 'backdate'] })).status).toBe(201);
    const future = { 'annals-occurred-at': '2999-01-01T00:00:00Z' };
    expect(await post('/v1/products', product(), { headers: future })).toMatchObject({
      status: 422,
      json: {
        type: '/problems/in-the-future',
        detail: expect.stringMatching(/^Annals-Occurred-At: 2999/),
        errors: [{ field: 'Annals-Occurred-At' }],
      },
    });
    expect((await post('/v1/products', product(), { headers: { 'annals-occurred-at': '2026-02-30' } })).status).toBe(400);
  });

  it('that a process finishes is answered 202 with its address, or 200 after a preferred wait', async () => {
    const convert = async (headers: Record<string, string> = {}) => {
      const { id } = (await post('/v1/leads', { name: 'Ada Lovelace', email: 'ada@acme.example', source: 'TRADE_SHOW' })).json;
      await post(`/v1/leads/${id}/assign`, { ownerId: crypto.randomUUID() });
      expect((await post(`/v1/leads/${id}/qualify`)).status).toBe(200);
      return post(`/v1/leads/${id}/convert`, { amount: 55_000, currency: 'EUR' }, { headers });
    };
    const asked = await convert();
    expect(asked).toMatchObject({ status: 202, json: { outcome: 'accepted' } });
    expect(asked.headers.get('location')).toBe(`/v1/processes/${asked.json.process}`);
    await eventually(async () => ((await call(`/v1/processes/${asked.json.process}`)).json.status === 'DONE' ? true : undefined));
    const waited = await convert({ prefer: 'wait=20' });
    expect(waited.status).toBe(200);
    expect(waited.headers.get('preference-applied')).toBe('wait=20');
  }, 60_000);
});

describe('a body', () => {
  it.each([
    ['malformed JSON', '{"sku":"A",\n "name" 2}', {}, 400, { line: 2, column: 9 }],
    ['not UTF-8', Buffer.from([0x7b, 0xff, 0x7d]), {}, 400, { type: '/problems/malformed-json' }],
    ['a list', '[1]', {}, 400, { errors: [{ field: 'body', message: 'must be a JSON object' }] }],
    ['null', 'null', {}, 400, {}],
    ['of another type', '<a/>', { 'content-type': 'text/xml' }, 415, { type: '/problems/unsupported-media-type' }],
    ['a form', 'a=b', { 'content-type': 'application/x-www-form-urlencoded' }, 415, {}],
    ['compressed', 'x', { 'content-encoding': 'gzip' }, 415, {}],
    ['too large', JSON.stringify({ name: 'x'.repeat(1_100_000) }), {}, 413, { type: '/problems/too-large' }],
    ['deep', `${'['.repeat(100_000)}${']'.repeat(100_000)}`, {}, 400, {}],
    ['with __proto__', '{"__proto__":{"sku":"x"},"sku":"a","name":"b"}', {}, 400, { errors: [{ field: '__proto__' }] }],
  ])('that is %s is refused', async (_what, raw, headers, status, json) => {
    const told = await call('/v1/products', { method: 'POST', raw, headers });
    expect(told).toMatchObject({ status, json });
  });

  it('that is sent without a length is refused as soon as it is too large', async () => {
    const authorization = `Bearer ${await tokenWith(ALL)}`;
    const told = await new Promise<{ status: number | undefined; headers: IncomingHttpHeaders }>((resolve, reject) => {
      const sent = httpRequest(
        `${web.url}/v1/products`,
        { method: 'POST', headers: { authorization, 'content-type': 'application/json' } },
        (response) => {
          response.resume();
          resolve({ status: response.statusCode, headers: response.headers });
          sent.destroy();
        },
      );
      sent.on('error', (error: NodeJS.ErrnoException) =>
        error.code === 'ECONNRESET' || error.code === 'EPIPE' ? undefined : reject(error),
      );
      const more = () => {
        if (sent.destroyed) return;
        sent.write('x'.repeat(65_536), () => setImmediate(more));
      };
      more();
    });
    expect(told).toMatchObject({ status: 413, headers: { connection: 'close' } });
  });

  it('that comes too slowly is given up with 408', async () => {
    const answer = await exchange(
      `POST /v1/products HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${await tokenWith(ALL)}\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"sku"`,
    );
    expect(answer).toMatch(/^HTTP\/1.1 408 /);
    expect(answer).toContain('/problems/body-too-slow');
  }, 20_000);

  it('is not read before the token was seen to be good', async () => {
    const answer = await exchange(
      'POST /v1/products HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer annals_x\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n\r\n{',
    );
    expect(answer).toMatch(/^HTTP\/1.1 401 /);
  });
});

/** What a raw connection answers to these bytes, up to the end of the first answer. */
function exchange(bytes: string): Promise<string> {
  const { hostname, port } = new URL(web.url);
  return new Promise((resolve, reject) => {
    let got = '';
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    socket.on('data', (part) => {
      got += part.toString();
      if (/\r\n\r\n.*\}/s.test(got)) socket.destroy();
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(got));
  });
}

describe('every route', () => {
  const routes = () =>
    Object.entries(openApiDocument(house.registry).paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({
        method: method.toUpperCase(),
        path: path.replaceAll(/\{\w+\}/g, '0190c2f4-5b1e-7c3a-9d0e-6c1b7f0a2c31'),
        operation,
      })),
    );

  it('that needs a token answers 401 without one, with a wrong one and with a malformed header', async () => {
    const guarded = routes().filter(({ operation }) => operation.security.length > 0);
    expect(guarded.length).toBeGreaterThan(60);
    for (const { method, path } of guarded) {
      for (const authorization of [undefined, 'Bearer annals_main_0190c2f4-5b1e-7c3a-9d0e-6c1b7f0a2c31_wrong', 'Basic YTpi']) {
        const told = await call(path, { method, roles: 'none', headers: authorization === undefined ? {} : { authorization } });
        expect({ method, path, status: told.status, type: told.json.type }).toEqual({
          method,
          path,
          status: 401,
          type: '/problems/unauthenticated',
        });
        expect(told.headers.get('www-authenticate')).toBe('Bearer realm="annals"');
      }
    }
  }, 60_000);

  it('that needs a role answers 403 to every other role, naming what it needs', async () => {
    const guarded = routes().filter(({ operation }) => operation['x-roles']);
    expect(guarded.length).toBeGreaterThan(60);
    for (const { method, path, operation } of guarded) {
      const needed = operation['x-roles'] ?? [];
      const told = await call(path, { method, roles: ALL.filter((role) => !needed.includes(role)) });
      expect({ method, path, status: told.status, roles: told.json?.roles }).toEqual({
        method,
        path,
        status: 403,
        roles: needed,
      });
    }
  }, 60_000);

  it('carries the security headers and the id of the request', async () => {
    for (const path of ['/health/live', '/v1/whoami', '/nowhere', '/docs', '/v1/facts']) {
      const { headers } = await call(path);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(headers.get('request-id')).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
    }
  });

  it('that is none answers 404, broken addresses 400 or 414, and what is not HTTP 400', async () => {
    for (const [method, path] of [
      ['GET', '/nope'],
      ['POST', '/'],
      ['GET', '/v1/views/nothing'],
    ] as const) {
      expect({ method, path, status: (await call(path, { method })).status }).toEqual({ method, path, status: 404 });
    }
    expect(await exchange('GET /v1/views/%ff HTTP/1.1\r\nHost: x\r\n\r\n')).toMatch(/^HTTP\/1.1 400 /);
    expect((await call(`/v1/processes/${'x'.repeat(600)}`)).status).toBe(414);
    expect(await exchange('nonsense\r\n\r\n')).toMatch(/^HTTP\/1.1 400 .*problem\+json/s);
    expect(await exchange(`GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`)).toMatch(/^HTTP\/1.1 431 /);
  });

  it.each([
    ['DELETE', '/v1/products?x=1', 'POST'],
    ['GET', '/v1/products', 'POST'],
    ['HEAD', '/v1/whoami', 'GET'],
    ['OPTIONS', '/v1/views', 'GET'],
    ['POST', '/health/live', 'GET, HEAD'],
    ['PUT', '/v1/views/pipeline/x', 'GET'],
  ])('%s %s takes another method: 405 names it', async (method, path, allow) => {
    const told = await call(path, { method });
    expect([told.status, told.headers.get('allow')]).toEqual([405, allow]);
    if (method !== 'HEAD') expect(told.json).toMatchObject({ type: '/problems/method-not-allowed', title: 'Method not allowed' });
  });

  it('of a type of problem is its page', async () => {
    const { json } = await post('/v1/products', {});
    const page = await call(json.type, { roles: 'none' });
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(page.text).toContain(`<h1>${json.title}</h1>`);
    for (const code of ['nothing', '__proto__', '%3Cscript%3E'])
      expect(await call(`/problems/${code}`)).toMatchObject({ status: 404, json: { type: '/problems/problem-unknown' } });
  });

  it('at the root leads to the documentation', async () => {
    const told = await fetch(`${web.url}/`, { redirect: 'manual' });
    expect([told.status, told.headers.get('location')]).toEqual([302, '/docs']);
    expect((await fetch(`${web.url}/`)).url).toBe(`${web.url}/docs`);
  });

  it('never answers 500, whatever is sent to it', async () => {
    const paths = routes().filter(({ path }) => !/backup|rebuild|topics/.test(path));
    const word = fc.oneof(
      fc.string({ maxLength: 20 }),
      fc.constantFrom('null', '%00', '../..', '-1', '9'.repeat(30), '2026-01-01', '[]', '0190c2f4-5b1e-7c3a-9d0e-6c1b7f0a2c31'),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.nat(),
        fc.dictionary(word, word, { maxKeys: 3 }),
        fc.json(),
        word,
        async (number, query, body, junk) => {
          const { method, path } = paths[number % paths.length] as (typeof paths)[number];
          const told = await call(`${path}?${new URLSearchParams(query)}`, {
            method,
            headers: { 'if-match': `"${encodeURIComponent(junk)}"`, 'last-event-id': encodeURIComponent(junk) },
            ...(method === 'POST' && { raw: body }),
          });
          if (told.status >= 500) throw new Error(`${method} ${path}: ${told.status} ${told.text}`);
        },
      ),
      { numRuns: 300 },
    );
  }, 60_000);
});

describe('many commands as lines', () => {
  const send = (lines: readonly (object | string)[], more: Call = {}) =>
    call('/v1/commands', {
      method: 'POST',
      raw: lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n'),
      headers: { 'content-type': 'application/x-ndjson' },
      ...more,
    });
  const answersOf = ({ text }: Told) =>
    text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { line: number; status: number; key?: string; answer?: { revision: number } });

  it('are not read when the request says in headers or parameters what each has to say for itself', async () => {
    const headers = { 'content-type': 'application/x-ndjson', 'if-match': '"7"' };
    expect(await send([], { headers })).toMatchObject({
      status: 400,
      json: { errors: [{ field: 'If-Match', message: 'belongs into each line, as "ifRevision":7' }] },
    });
    const told = await call('/v1/commands?key=k', {
      method: 'POST',
      raw: '',
      headers: { 'content-type': 'application/x-ndjson' },
    });
    expect(told).toMatchObject({ status: 400, json: { errors: [{ field: 'key' }] } });
  });

  it('are answered one by one, bad ones too', async () => {
    const told = await send([
      { command: 'DefineProduct', key: 'l1', payload: product() },
      '{"command":',
      { command: 'DefineProduct', key: 'l3', payload: { name: 'x' } },
      '',
      { command: 'PlaceOrders', payload: {} },
      { command: 'DefineProduct', key: 'l6', payload: product() },
    ]);
    expect(told.status).toBe(200);
    expect(told.headers.get('content-type')).toContain('application/x-ndjson');
    const byLine = answersOf(told).sort((one, other) => one.line - other.line);
    expect(byLine.map(({ line, status }) => [line, status])).toEqual([
      [1, 201],
      [2, 400],
      [3, 400],
      [5, 400],
      [6, 201],
    ]);
    expect(byLine[0]?.key).toBe('l1');
  });

  it('of one stream take effect in their order', async () => {
    const ids = await Promise.all([productId(), productId(), productId()]);
    const lines = Array.from({ length: 300 }, (_, index) => ({
      command: 'PriceProduct',
      key: `p${index}`,
      payload: { productId: ids[index % 3], amount: index + 1, currency: 'EUR' },
    }));
    const answers = answersOf(await send(lines));
    expect(answers).toHaveLength(300);
    for (let third = 0; third < 3; third++) {
      const revisions = answers
        .filter(({ line }) => (line - 1) % 3 === third)
        .sort((one, other) => one.line - other.line)
        .map(({ answer }) => answer?.revision);
      expect(revisions).toEqual(Array.from({ length: 100 }, (_, index) => index + 1));
    }
    const head = await house.facts.head();
    const { json } = await call(`/v1/views/products/${ids[2]}?minPosition=${head}`);
    expect(json.document.prices).toEqual({ EUR: 300 });
  }, 30_000);

  it('with one longer than 1 MiB refuse that one only, in a body of any size', async () => {
    const answers = answersOf(
      await send([
        { command: 'DefineProduct', payload: product() },
        'x'.repeat(3_000_000),
        { command: 'DefineProduct', payload: product() },
      ]),
    );
    expect(answers.sort((one, other) => one.line - other.line).map(({ status }) => status)).toEqual([201, 413, 201]);
  });

  it('are refused line by line for a missing role', async () => {
    const lines = [
      { command: 'DefineProduct', payload: product() },
      { command: 'DefineProduct', payload: product(), imported: { cutOver: '2026-01-01T00:00:00.000Z', clock: false } },
    ];
    expect(answersOf(await send(lines, { roles: ['care'] })).map(({ status }) => status)).toEqual([403, 403]);
    expect(answersOf(await send(lines.slice(1), { roles: ['sales'] })).map(({ status }) => status)).toEqual([403]);
  });

  it('of another content type are refused as a whole', async () => {
    expect((await send([], { headers: { 'content-type': 'application/json' } })).status).toBe(415);
  });

  it('are answered while more are sent', async () => {
    const authorization = `Bearer ${await tokenWith(ALL)}`;
    const got: string[] = [];
    await new Promise<void>((resolve, reject) => {
      const sent = httpRequest(
        `${web.url}/v1/commands`,
        { method: 'POST', headers: { authorization, 'content-type': 'application/x-ndjson' } },
        (response) => {
          response.on('data', (part: Buffer) => {
            got.push(...part.toString().trim().split('\n'));
            if (got.length < 5) sent.write(`${JSON.stringify({ command: 'DefineProduct', payload: product() })}\n`);
            else sent.end();
          });
          response.on('end', resolve);
        },
      );
      sent.on('error', reject);
      sent.write(`${JSON.stringify({ command: 'DefineProduct', payload: product() })}\n`);
    });
    expect(got).toHaveLength(5);
  });

  it('are taken no more once the token is revoked, however long the request goes on', async () => {
    const { token, tokenId } = await house.access.issueToken(house.admin, { label: 'short', roles: ['sales'] });
    const line = () => `${JSON.stringify({ command: 'DefineProduct', payload: product() })}\n`;
    const statuses: number[] = [];
    await new Promise<void>((resolve, reject) => {
      const sent = httpRequest(
        `${web.url}/v1/commands`,
        { method: 'POST', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/x-ndjson' } },
        (response) => {
          response.on('data', async (part: Buffer) => {
            const { status } = JSON.parse(part.toString()) as { readonly status: number };
            statuses.push(status);
            if (status !== 201) return sent.end();
            if (statuses.length === 1) await post(`/v1/tokens/${tokenId}/revoke`);
            // well before that many lines the token is looked at again
            else if (statuses.length === 100) return sent.end();
            setTimeout(() => sent.write(line()), 20);
          });
          response.on('end', resolve);
        },
      );
      sent.on('error', reject);
      sent.write(line());
    });
    expect(statuses.length).toBeLessThan(100);
    expect(statuses.at(-1)).toBe(401);
  }, 30_000);
});

describe('views', () => {
  it('say what they are of, and refuse what they do not know by its name', async () => {
    const { json } = await call('/v1/views/products?limit=2');
    expect(json).toMatchObject({
      view: 'products',
      version: expect.any(Number),
      definition: expect.stringMatching(/^[0-9a-f]+$/),
      items: [{}, {}],
      next: expect.any(String),
    });
    const next = await call(`/v1/views/products?limit=2&cursor=${encodeURIComponent(json.next)}`);
    expect(next.json.items[0].key).not.toBe(json.items[0].key);
    expect(await call('/v1/views/products?color=red')).toMatchObject({ status: 400, json: { errors: [{ field: 'color' }] } });
    expect(await call('/v1/views/products?asOf=31.12.2025')).toMatchObject({
      status: 400,
      json: { errors: [{ field: 'asOf' }] },
    });
    expect(await call('/v1/views/products?position=aaaaaaaa.0000000000000001')).toMatchObject({ status: 410 });
    expect((await call('/v1/views/products/0190c2f4-5b1e-7c3a-9d0e-6c1b7f0a2c31')).status).toBe(404);
    expect(await call('/v1/views/nothing')).toMatchObject({ status: 404, json: { type: '/problems/view-unknown' } });
  });

  it('list only those that the caller may read', async () => {
    const names = async (roles: readonly Role[]) =>
      (await call('/v1/views', { roles })).json.views.map(({ view }: { view: string }) => view);
    expect(await names(['admin'])).toContain('tokens');
    expect(await names(['sales'])).not.toContain('tokens');
  });

  it('show personal fields to the role for it and to nobody else', async () => {
    const name = 'Grace Hopper';
    const { json } = await post('/v1/customers', { kind: 'PERSON', name });
    const address = `/v1/views/customer360/${json.id}?minPosition=${json.position}`;
    expect((await call(address, { roles: ['care', 'personal'] })).text).toContain(name);
    const closed = await call(address, { roles: ['care'] });
    expect(closed.status).toBe(200);
    expect(closed.text).not.toContain(name);
    expect(closed.text).toContain('{"sealed":true}');
  });
});

describe('topics', () => {
  it('are pages of CloudEvents', async () => {
    await productId();
    const { json } = await call('/v1/topics/product?limit=1', { roles: ['consumer'] });
    expect(json.events).toEqual([
      expect.objectContaining({
        specversion: '1.0',
        type: 'ProductDefined',
        source: '/annals/main/product',
        datacontenttype: 'application/json',
        annalsrevision: 0,
      }),
    ]);
    for (const name of Object.keys(json.events[0])) expect(name).toMatch(/^[a-z0-9]{1,20}$/);
    const next = await call(`/v1/topics/product?limit=1&after=${json.position}`, { roles: ['consumer'] });
    expect(next.json.events[0].annalsposition > json.events[0].annalsposition).toBe(true);
    expect((await call('/v1/topics/token')).status).toBe(404);
    expect((await call('/v1/topics/product?after=zzzzzzzz.0000000000000001')).status).toBe(410);
  });

  it('leave out what was imported from before its cut-over, as pages and as a stream, and go on behind it', async () => {
    const after = await house.facts.head();
    const cutOver = new Date().toISOString();
    const lines = Array.from({ length: 5 }, () => {
      const imported = { cutOver, clock: false };
      return { command: 'DefineProduct', payload: product(), occurredAt: '2020-01-05T09:00:00.000Z', imported };
    });
    const raw = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
    const sent = await call('/v1/commands', { method: 'POST', raw, headers: { 'content-type': 'application/x-ndjson' } });
    expect(sent.text.match(/"status":201/g)).toHaveLength(lines.length);
    const facts = async (query: string) => (await call(`/v1/topics/product?after=${after}&${query}`)).json;
    const empty = await facts('limit=2');
    expect(empty).toMatchObject({ events: [], atHead: true });
    expect(empty.position > after).toBe(true);
    const id = await productId();
    expect((await facts('limit=2')).events).toMatchObject([{ data: { productId: id } }]);
    const { events } = await follow('/v1/topics/product', { 'last-event-id': after }, (events) => events.length >= 1);
    expect(JSON.parse(events[0]?.data ?? '')).toMatchObject({ data: { productId: id } });
  });

  it('have a JSON Schema that every event of theirs fits, and no other', async () => {
    await post('/v1/customers', { kind: 'PERSON', name: 'Ada Lovelace' });
    const { json } = await call('/v1/topics', { roles: ['consumer'] });
    expect(json.topics.length).toBeGreaterThan(5);
    const fits = new Map<string, (event: unknown) => boolean>();
    for (const { topic, schema, address } of json.topics as { topic: string; schema: string; address: string }[]) {
      const told = await call(schema, { roles: ['consumer'] });
      expect(told.headers.get('content-type')).toBe('application/schema+json; charset=utf-8');
      const check = addFormats.default(new Ajv2020.default({ strict: false })).compile(JSON.parse(told.text));
      fits.set(topic, check);
      for (const event of (await call(`${address}?limit=1000`)).json.events) {
        check(event);
        expect({ type: event.type, errors: check.errors }).toEqual({ type: event.type, errors: null });
      }
    }
    const [event] = (await call('/v1/topics/customer?limit=1')).json.events;
    expect(fits.get('customer')?.({ ...event, data: { ...event.data, name: 'in the open' } })).toBe(false);
    expect(fits.get('customer')?.({ ...event, annalsschemaversion: 9 })).toBe(false);
    expect((await call('/v1/topics/token/schema')).status).toBe(404);
  });

  it('are described by an AsyncAPI document that names the address it was asked at', async () => {
    const { status, json } = await call('/asyncapi.json', { roles: 'none' });
    expect(status).toBe(200);
    expect(json).toMatchObject({ asyncapi: '3.0.0', servers: { http: { host: new URL(web.url).host, protocol: 'http' } } });
    expect(json.channels['customer-http'].address).toBe('/v1/topics/customer');
  });

  it('stream from where the last reader stopped, with heartbeats, and go on as facts come', async () => {
    const first = await follow('/v1/topics/product', {}, (events) => events.length >= 3);
    const seen = first.events.slice(0, 2);
    const second = await follow('/v1/topics/product', { 'last-event-id': String(seen[1]?.id) }, (events) => events.length >= 1);
    expect(second.events[0]).toEqual(first.events[2]);

    const head = await house.facts.head();
    let sent = false;
    const live = await follow('/v1/topics/product', { 'last-event-id': head }, (events, text) => {
      if (!sent && text.includes(': alive')) {
        sent = true;
        void productId();
      }
      return events.length > 0;
    });
    expect(live.events[0]?.event).toBe('ProductDefined');
  }, 30_000);

  it('end their streams when the token is revoked', async () => {
    const { token, tokenId } = await house.access.issueToken(house.admin, { label: 'short', roles: ['consumer'] });
    let revoked = false;
    const { ended } = await follow('/v1/topics/product', { authorization: `Bearer ${token}` }, (_events, text) => {
      if (!revoked && text.includes('retry:')) {
        revoked = true;
        void post(`/v1/tokens/${tokenId}/revoke`);
      }
      return false;
    });
    expect(ended).toBe(true);
  }, 30_000);
});

describe('sealed values of topics', () => {
  const register = async (name: string) => (await post('/v1/customers', { kind: 'PERSON', name })).json.id as string;
  const sealedName = async (id: string) => {
    const { json } = await call(`/v1/facts?stream=customer-main.${id}&type=CustomerRegistered`);
    return json.facts[0].data.name as { $sealed: string };
  };
  const open = (values: unknown, more: object = {}, roles: readonly Role[] = ['opener']) =>
    post('/v1/keys/open', { values, ...more }, { roles });

  it('are opened in their order for the role opener, and that is on record before the answer', async () => {
    const ids = [await register('Ada Lovelace'), await register('Grace Hopper')];
    const [ada, grace] = await Promise.all(ids.map(sealedName));
    const told = await open([grace, ada, grace], { purpose: 'mailing-list' });
    expect(told).toMatchObject({ status: 200 });
    expect(told.json.values).toEqual([{ value: 'Grace Hopper' }, { value: 'Ada Lovelace' }, { value: 'Grace Hopper' }]);
    const minPosition = await house.facts.head();
    const { json } = await call(`/v1/views/openings?personId=${ids[0]}&minPosition=${minPosition}`, { roles: ['auditor'] });
    expect(json.items).toMatchObject([{ document: { personId: ids[0], purpose: 'keys/open for mailing-list' } }]);
  });

  it('are erased once their person is, and nothing is recorded for them', async () => {
    const id = await register('Soon Forgotten');
    const sealed = await sealedName(id);
    expect((await post(`/v1/customers/${id}/erase`, {}, { roles: ['privacy'] })).status).toBe(200);
    // what else follows from an erasure is recorded for the person's leads
    await atRest(house);
    const before = await house.facts.head();
    expect((await open([sealed])).json.values).toEqual([{ erased: true }]);
    expect(await house.facts.head()).toBe(before);
  });

  it('are invalid when changed, moved to another field, person or tenant, or never sealed', async () => {
    const [id, other] = [await register('Ada Lovelace'), await register('Grace Hopper')];
    const { $sealed } = await sealedName(id);
    const last = $sealed.at(-1) === 'A' ? 'B' : 'A';
    const changed = [
      $sealed.replace('.name.', '.segment.'),
      $sealed.replace(`1.${id}.`, `1.${other}.`),
      $sealed.replace('.contract.', '.contact.'),
      $sealed.slice(0, -4) + last + $sealed.slice(-3),
      '1.2.3',
      `1.${id}.contract.${id}.name.${'A'.repeat(60)}`,
    ];
    const { json } = await open([...changed.map((text) => ({ $sealed: text })), { $sealed }]);
    expect(json.values).toEqual([...changed.map(() => ({ invalid: true })), { value: 'Ada Lovelace' }]);
    await post('/v1/tenants', { name: 'north' });
    const { token } = await house.access.issueToken(house.admin, { label: 'north', roles: ['opener'], tenant: 'north' });
    const headers = { authorization: `Bearer ${token}` };
    const told = await post('/v1/keys/open', { values: [{ $sealed }] }, { headers });
    expect(told.json.values).toEqual([{ invalid: true }]);
  });

  it.each([
    ['without values', {}, 'values'],
    ['with no value', { values: [] }, 'values'],
    ['with 501', { values: Array.from({ length: 501 }, () => ({ $sealed: 'x' })) }, 'values'],
    ['with something else', { values: [{ $sealed: 'x' }, { $sealed: 7 }] }, 'values[1]'],
    ['with a purpose that could name somebody', { values: [{ $sealed: 'x' }], purpose: 'For Ada Lovelace' }, 'purpose'],
    ['with a field that is not known', { values: [{ $sealed: 'x' }], tenant: 'north' }, 'tenant'],
  ])('are refused %s', async (_, body, field) => {
    expect(await post('/v1/keys/open', body, { roles: ['opener'] })).toMatchObject({
      status: 400,
      json: { type: '/problems/malformed-request', errors: [{ field }] },
    });
  });

  it('need the role opener; personal and consumer are not enough', async () => {
    expect(await open([{ $sealed: 'x' }], {}, ['personal', 'consumer', 'admin'])).toMatchObject({
      status: 403,
      json: { type: '/problems/role-needed', roles: ['opener'] },
    });
  });
});

interface Event {
  readonly id: string;
  readonly event: string;
  readonly data: string;
}

async function follow(
  path: string,
  headers: Record<string, string>,
  enough: (events: readonly Event[], text: string) => boolean,
): Promise<{ events: readonly Event[]; ended: boolean }> {
  const response = await fetch(`${web.url}${path}`, {
    headers: { authorization: `Bearer ${await tokenWith(ALL)}`, accept: 'text/event-stream', ...headers },
  });
  expect(response.headers.get('content-type')).toContain('text/event-stream');
  let text = '';
  const events = () =>
    text
      .split('\n\n')
      .slice(0, -1)
      .filter((block) => block.startsWith('id:'))
      .map(
        (block) =>
          Object.fromEntries(
            block.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
          ) as unknown as Event,
      );
  for await (const part of response.body ?? []) {
    text += Buffer.from(part).toString();
    if (enough(events(), text)) {
      return { events: events(), ended: false };
    }
  }
  return { events: events(), ended: true };
}

describe('facts', () => {
  it('are the same in one page of many, which is read in pieces, and in pages of few', async () => {
    const id = await productId();
    const lines = Array.from({ length: 130 }, (_, index) =>
      JSON.stringify({ command: 'PriceProduct', payload: { productId: id, amount: index + 1, currency: 'EUR' } }),
    );
    await call('/v1/commands', { method: 'POST', raw: lines.join('\n'), headers: { 'content-type': 'application/x-ndjson' } });
    for (const [path, list] of [
      [`/v1/facts?stream=product-main.${id}`, 'facts'],
      ['/v1/facts?type=ProductPriced', 'facts'],
      ['/v1/topics/product?', 'events'],
    ] as const) {
      const whole = (await call(`${path}&limit=120`)).json;
      const first = (await call(`${path}&limit=50`)).json;
      const second = (await call(`${path}&limit=70&after=${first.position}`)).json;
      expect(whole[list]).toHaveLength(120);
      expect(whole).toEqual({ ...second, [list]: [...first[list], ...second[list]] });
    }
    const all = await call(`/v1/facts?stream=product-main.${id}`, { headers: { accept: 'application/x-ndjson' } });
    expect(all.text.trim().split('\n')).toHaveLength(131);
  });

  it('are replayed by stream, type and time, as pages or as lines up to the head', async () => {
    const id = await productId();
    await post(`/v1/products/${id}/price`, { amount: 9, currency: 'EUR' });
    const page = await call(`/v1/facts?stream=product-main.${id}&type=ProductPriced`);
    expect(page.json).toMatchObject({ facts: [{ type: 'ProductPriced', revision: 1, data: { amount: 9 } }], atHead: true });
    const lines = (await call('/v1/facts', { headers: { accept: 'application/x-ndjson' } })).text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { position: string });
    expect(lines.length).toBeGreaterThan(300);
    expect(lines.map(({ position }) => position)).toEqual([...lines.map(({ position }) => position)].sort());
    expect(
      (await call('/v1/facts?limit=3', { headers: { accept: 'application/x-ndjson' } })).text.trim().split('\n'),
    ).toHaveLength(3);
    const today = new Date().toISOString().slice(0, 10);
    expect((await call(`/v1/facts?from=${today}&to=${today}&limit=5&type=ProductPriced`)).json.facts).toHaveLength(5);
    expect((await call('/v1/facts?to=2001-01-01')).json.facts).toEqual([]);
  });

  it.each(['?type=Nothing', '?from=yesterday', '?limit=0', '?limit=1&limit=2', '?after=1', '?stream=x', '?until=2026-01-01'])(
    '%s is refused with its name',
    async (query) => {
      const told = await call(`/v1/facts${query}`);
      expect(told).toMatchObject({ status: 400, json: { errors: [{ field: /\w+/.exec(query)?.[0] }] } });
    },
  );
});

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
    await expect(startWeb(house, { host: '0.0.0.0', port: 0 })).rejects.toThrow(
      'Give TLS (a key and a certificate), declare a trusted proxy',
    );
  });

  it('is refused in words for whoever configures it, without a stack', async () => {
    const port = Number(new URL(web.url).port);
    for (const options of [{ host: '0.0.0.0' }, { host: '192.0.2.1', port: 0, trustedProxy: true }, { port }]) {
      const refused = await startWeb(house, options).catch((error: unknown) => error);
      expect(refused).toBeInstanceOf(ListenRefused);
      expect(refusedStart(refused)).toBe((refused as Error).message);
    }
  });

  it('on a taken port names it, or moves on if asked to', async () => {
    const port = Number(new URL(web.url).port);
    await expect(startWeb(house, { port })).rejects.toThrow(`Port ${port} on 127.0.0.1 is taken`);
    const other = await startWeb(house, { port, portSearch: true });
    expect(Number(new URL(other.url).port)).toBeGreaterThan(port);
    await other.close(1000);
  });

  it('behind a proxy shows metrics and details to nobody without a token', async () => {
    const behind = await startWeb(house, { port: 0, trustedProxy: true });
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
    const apart = await startWeb(house, { port: 0, servesApi: false });
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
      ...house,
      commands: {
        ...house.commands,
        execute: async (request) => {
          started();
          await held;
          return house.commands.execute(request);
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
    const stuck: TestHouse = { ...house, commands: { ...house.commands, execute } as unknown as TestHouse['commands'] };
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
    const other = await startWeb(house, { port: 0 });
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
