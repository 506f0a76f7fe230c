import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { eventually } from '../../../test/support/house.js';
import { ALL, givenSurface } from '../../../test/support/surface.js';

const surface = givenSurface();
const { exchange, call, post, product, productId, tokenWith } = surface;

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
        `${surface.web.url}/v1/products`,
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
