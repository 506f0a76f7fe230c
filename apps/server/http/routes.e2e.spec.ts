import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { openApiDocument } from '#web';
import { ALL, givenSurface } from '../../../test/support/surface.js';

const surface = givenSurface();
const { exchange, call, post } = surface;

describe('every route', () => {
  const routes = () =>
    Object.entries(openApiDocument(surface.house.registry).paths).flatMap(([path, methods]) =>
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
    ['HEAD', '/v1/products', 'POST'],
    ['OPTIONS', '/v1/views', 'GET, HEAD'],
    ['POST', '/health/live', 'GET, HEAD'],
    ['PUT', '/v1/views/pipeline/x', 'GET, HEAD'],
  ])('%s %s takes another method: 405 names it', async (method, path, allow) => {
    const told = await call(path, { method });
    expect([told.status, told.headers.get('allow')]).toEqual([405, allow]);
    if (method !== 'HEAD') expect(told.json).toMatchObject({ type: '/problems/method-not-allowed', title: 'Method not allowed' });
  });

  it('that is read with GET answers HEAD alike, without a body', async () => {
    const id = await surface.productId();
    for (const path of [
      '/',
      '/v1/whoami',
      '/v1/views',
      '/v1/views/products?limit=1',
      '/v1/views/products?group=currency',
      `/v1/views/products/${id}`,
      `/v1/views/products/${crypto.randomUUID()}`,
      '/v1/views/products?nothing=1',
      '/v1/views/nothing',
      '/v1/topics',
      '/v1/topics/product',
      '/v1/facts?limit=1',
    ]) {
      const [got, told] = [await call(path), await call(path, { method: 'HEAD' })];
      const head = ({ status, headers }: typeof told) => ({
        path,
        status,
        headers: ['content-type', 'content-length', 'annals-position'].map((name) => headers.get(name)),
      });
      expect({ ...head(told), text: told.text }).toEqual({ ...head(got), text: '' });
      if (path.startsWith('/v1/')) expect((await call(path, { method: 'HEAD', roles: 'none' })).status).not.toBe(200);
    }
    expect((await call('/v1/facts', { method: 'HEAD', roles: ['sales'] })).status).toBe(403);
  });

  it('that streams ends after its head for HEAD', async () => {
    for (const [path, accept] of [
      ['/v1/topics/product', 'text/event-stream'],
      ['/v1/facts', 'application/x-ndjson'],
    ] as const) {
      const told = await call(path, { method: 'HEAD', headers: { accept } });
      expect([told.status, told.headers.get('content-type'), told.text]).toEqual([200, `${accept}; charset=utf-8`, '']);
    }
  });

  it('answers HEAD with one query, not two', async () => {
    const asked = async () =>
      Number(
        /^annals_query_duration_seconds_count\{view="products",kind="list"\} (\d+)/m.exec((await call('/metrics')).text)?.[1] ??
          0,
      );
    const before = await asked();
    await call('/v1/views/products?asOf=2020-01-01', { method: 'HEAD' });
    expect(await asked()).toBe(before + 1);
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
    const told = await fetch(`${surface.web.url}/`, { redirect: 'manual' });
    expect([told.status, told.headers.get('location')]).toEqual([302, '/docs']);
    expect((await fetch(`${surface.web.url}/`)).url).toBe(`${surface.web.url}/docs`);
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
