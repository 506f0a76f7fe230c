import { beforeAll, describe, expect, it } from '@jest/globals';
import Ajv2020 from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { Role } from '#kernel';
import { atRest } from '../../../test/support/house.js';
import { ALL, givenSurface } from '../../../test/support/surface.js';

const surface = givenSurface();
const { call, post, product, productId, tokenWith } = surface;

/** Something to read. */
beforeAll(async () => {
  const lines = Array.from({ length: 150 }, () => JSON.stringify({ command: 'DefineProduct', payload: product() }));
  await call('/v1/commands', { method: 'POST', raw: lines.join('\n'), headers: { 'content-type': 'application/x-ndjson' } });
}, 60_000);

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
    const after = await surface.house.facts.head();
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
    expect(json).toMatchObject({
      asyncapi: '3.0.0',
      servers: { http: { host: new URL(surface.web.url).host, protocol: 'http' } },
    });
    expect(json.channels['customer-http'].address).toBe('/v1/topics/customer');
  });

  it('stream from where the last reader stopped, with heartbeats, and go on as facts come', async () => {
    const first = await follow('/v1/topics/product', {}, (events) => events.length >= 3);
    const seen = first.events.slice(0, 2);
    const second = await follow('/v1/topics/product', { 'last-event-id': String(seen[1]?.id) }, (events) => events.length >= 1);
    expect(second.events[0]).toEqual(first.events[2]);

    const head = await surface.house.facts.head();
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
    const { token, tokenId } = await surface.house.access.issueToken(surface.house.admin, {
      label: 'short',
      roles: ['consumer'],
    });
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
    const minPosition = await surface.house.facts.head();
    const { json } = await call(`/v1/views/openings?personId=${ids[0]}&minPosition=${minPosition}`, { roles: ['auditor'] });
    expect(json.items).toMatchObject([{ document: { personId: ids[0], purpose: 'keys/open for mailing-list' } }]);
  });

  it('are erased once their person is, and nothing is recorded for them', async () => {
    const id = await register('Soon Forgotten');
    const sealed = await sealedName(id);
    expect((await post(`/v1/customers/${id}/erase`, {}, { roles: ['privacy'] })).status).toBe(200);
    // what else follows from an erasure is recorded for the person's leads
    await atRest(surface.house);
    const before = await surface.house.facts.head();
    expect((await open([sealed])).json.values).toEqual([{ erased: true }]);
    expect(await surface.house.facts.head()).toBe(before);
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
    const { token } = await surface.house.access.issueToken(surface.house.admin, {
      label: 'north',
      roles: ['opener'],
      tenant: 'north',
    });
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
  const response = await fetch(`${surface.web.url}${path}`, {
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
