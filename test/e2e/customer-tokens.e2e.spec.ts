import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Role } from '#kernel';
import { eventually } from '../support/house.js';
import { type Served, served, type Told } from '../support/served.js';

const FOR_CUSTOMERS = ['deliveries', 'invoices', 'loyalty', 'order-to-cash', 'points', 'returns'];
const line = { description: 'Chair', quantity: 2, unitPrice: 50_00 };

let surface: Served;
let token: string;
const customers: Record<'ann' | 'bob' | 'cas', string> = { ann: '', bob: '', cas: '' };
const orders: Record<'ann' | 'bob' | 'cas', string> = { ann: '', bob: '', cas: '' };
/** When all of that had happened. */
let then: string;

const issue = (body: object) => surface.call(['admin'], 'POST /v1/admin/tokens', { label: 'portal', ...body });
const tokenOf = async (customer: string): Promise<string> =>
  (await issue({ roles: ['customer'], customer })).json.token as string;
const staff = (route: string, body?: unknown) => surface.call(['orders', 'care'], route, body);

async function asked(path: string, as = token): Promise<Told> {
  const response = await fetch(`${surface.web.url}${path}`, { headers: { authorization: `Bearer ${as}` } });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: JSON.parse(text) };
}
const ordersSeen = async (query: string, as = token): Promise<readonly string[]> => {
  const { status, json } = await asked(`/v1/views/order-to-cash?${query}`, as);
  expect(status).toBe(200);
  return json.items.map(({ key }: { readonly key: string }) => key).sort();
};

/** A member of the loyalty programme, with some points to begin with. */
async function enrolled(customerId: string, programmeId: string): Promise<void> {
  for (const [route, body] of [
    ['', { programmeId }],
    ['/adjust', { points: 10, reason: 'welcome' }],
  ] as const)
    expect((await staff(`POST /v1/customers/${customerId}/loyalty${route}`, body)).status).toBe(200);
}

async function placed(customerId: string): Promise<string> {
  const requestedBy = '2030-01-31T12:00:00.000Z';
  const { json } = await staff('POST /v1/orders', { customerId, currency: 'EUR', lines: [line], requestedBy });
  for (const step of ['confirm', 'ship', 'deliver', 'invoice']) {
    const told = await staff(`POST /v1/orders/${json.id}/${step}`, {});
    expect([step, told.status < 300]).toEqual([step, true]);
  }
  return json.id;
}

beforeAll(async () => {
  surface = await served();
  const tiers = [{ name: 'Friend', minSpent: 0, pointFor: 1_00 }];
  const programme = await staff('POST /v1/loyalty-programmes', { name: 'Friends', currency: 'EUR', tiers });
  for (const name of ['ann', 'bob', 'cas'] as const) {
    customers[name] = (await surface.call(['care'], 'POST /v1/customers', { kind: 'PERSON', name })).json.id;
    orders[name] = await placed(customers[name]);
    await enrolled(customers[name], programme.json.id);
  }
  then = new Date().toISOString();
  token = await tokenOf(customers.ann);
  const minPosition = await surface.house.facts.head();
  for (const view of FOR_CUSTOMERS) await asked(`/v1/views/${view}?minPosition=${minPosition}&wait=20000`);
}, 60_000);
afterAll(() => surface?.close(), 60_000);

describe("a customer's own token (ORD-11, PLT-08)", () => {
  it('shows where the order stands, what comes next and when', async () => {
    const { status, json } = await asked(`/v1/views/order-to-cash/${orders.ann}`);
    expect(status).toBe(200);
    expect(json.document).toMatchObject({ customerId: customers.ann, nextStep: 'PAY', openAmount: 100_00 });
    expect(json.document.expectedBy).toBe(json.document.earliestDueAt);
  });

  it('shows it as of an event number: the position of any fact repeats what was so', async () => {
    const { json } = await surface.call(['analyst'], `GET /v1/facts?stream=order-main.${orders.ann}`);
    const at = (type: string): string => json.facts.find((fact: { type: string }) => fact.type === type).position;
    const stood = async (position: string) =>
      (await asked(`/v1/views/order-to-cash/${orders.ann}?position=${position}`)).json.document;
    expect(await stood(at('OrderConfirmed'))).toMatchObject({ nextStep: 'SHIP', expectedBy: '2030-01-31T12:00:00.000Z' });
    expect(await stood(at('OrderShipped'))).toMatchObject({ nextStep: 'DELIVER', shippedAmount: 100_00, invoicedAmount: 0 });
    const before = await asked(`/v1/views/order-to-cash/${orders.bob}?position=${at('OrderShipped')}`);
    expect(before.status).toBe(404);
  });

  it.each(FOR_CUSTOMERS)('lists, counts and adds up its own documents of %s only', async (view) => {
    const all = (await staff(`GET /v1/views/${view}?limit=500`)).json.items as { document: { customerId: string } }[];
    const own = all.filter(({ document }) => document.customerId === customers.ann).length;
    const { json } = await asked(`/v1/views/${view}`);
    expect(json.items).toHaveLength(own);
    for (const { document } of json.items) expect(document.customerId).toBe(customers.ann);
    const { groups } = (await asked(`/v1/views/${view}?group=customerId`)).json;
    expect(groups.map((group: { customerId: string; count: number }) => [group.customerId, group.count])).toEqual(
      own === 0 ? [] : [[customers.ann, own]],
    );
    if (view !== 'returns') expect([own > 0, all.length > own]).toEqual([true, true]);
  });

  it('sees no other order by its key, as of any day, moment or position', async () => {
    const unknown = await asked(`/v1/views/order-to-cash/${crypto.randomUUID()}`);
    const position = await surface.house.facts.head();
    for (const query of ['', `?asOf=${then}`, `?knownAt=${then}`, `?position=${position}`, `?minPosition=${position}`]) {
      const told = await asked(`/v1/views/order-to-cash/${orders.bob}${query}`);
      expect([query, told.status, told.json.type, told.json.detail]).toEqual([
        query,
        404,
        unknown.json.type,
        unknown.json.detail,
      ]);
      expect((await asked(`/v1/views/order-to-cash/${orders.ann}${query}`)).status).toBe(200);
    }
  });

  it('sees no other order by a filter, a group or a sum', async () => {
    const { ann, bob } = customers;
    expect(await ordersSeen('')).toEqual([orders.ann]);
    for (const query of [`customerId=${bob}`, `customerId[ne]=${ann}`, `orderId=${orders.bob}`, `customerId[in]=${bob}`])
      for (const time of ['', `&asOf=${then}`, `&knownAt=${then}`])
        expect([query, await ordersSeen(`${query}${time}`)]).toEqual([query, []]);
    expect(await ordersSeen(`customerId[in]=${ann},${bob}`)).toEqual([orders.ann]);
    for (const time of ['', `&asOf=${then}`, `&knownAt=${then}`]) {
      const { groups } = (await asked(`/v1/views/order-to-cash?group=orderId&sum=orderedAmount${time}`)).json;
      expect(groups).toEqual([{ orderId: orders.ann, currency: 'EUR', count: 1, orderedAmount: 100_00 }]);
      expect((await asked(`/v1/views/order-to-cash?group=status&customerId=${bob}${time}`)).json.groups).toEqual([]);
    }
  });

  it('pages through its own, and goes on from nobody else’s page', async () => {
    const second = await placed(customers.ann);
    await asked(`/v1/views/order-to-cash?minPosition=${await surface.house.facts.head()}`);
    const first = await asked('/v1/views/order-to-cash?limit=1');
    const next = await asked(`/v1/views/order-to-cash?limit=1&cursor=${first.json.next}`);
    expect([first, next].map(({ json }) => json.items[0].key).sort()).toEqual([orders.ann, second].sort());
    const ofStaff = (await staff('GET /v1/views/order-to-cash?limit=1')).json.next;
    for (const [cursor, as] of [
      [ofStaff, token],
      [first.json.next, await tokenOf(customers.bob)],
    ]) {
      const { status, json } = await asked(`/v1/views/order-to-cash?limit=1&cursor=${cursor}`, as);
      expect([status, json.errors]).toEqual([400, [expect.objectContaining({ field: 'cursor' })]]);
    }
  });

  it('opens nothing that is sealed', async () => {
    const lines = [line];
    const body = { customerId: customers.bob, currency: 'EUR', lines, shippingAddress: '1 High Street' };
    const { json } = await staff('POST /v1/orders', body);
    const bob = await tokenOf(customers.bob);
    const told = await asked(`/v1/views/order-to-cash/${json.id}?minPosition=${json.position}`, bob);
    expect(told.json.document.shippingAddress).toEqual({ sealed: true });
  });

  it('says whom it stands for, and which views it may read', async () => {
    expect((await asked('/v1/whoami')).json).toEqual({
      tenant: 'main',
      actor: { kind: 'customer', id: customers.ann },
      roles: ['customer'],
      customerId: customers.ann,
    });
    const { views } = (await asked('/v1/views')).json;
    expect(views.map(({ view }: { view: string }) => view).sort()).toEqual(FOR_CUSTOMERS);
  });

  it('is refused everywhere else: other views, commands, topics, facts, keys, processes, administration', async () => {
    const { paths } = (await asked('/openapi.json')).json as {
      paths: Record<string, Record<string, { responses: Record<string, object> }>>;
    };
    const open = [
      '/v1/whoami',
      '/v1/views',
      ...FOR_CUSTOMERS.flatMap((view) => [`/v1/views/${view}`, `/v1/views/${view}/{key}`]),
    ];
    let refused = 0;
    for (const [path, methods] of Object.entries(paths)) {
      for (const [method, { responses }] of Object.entries(methods)) {
        if (responses['401'] === undefined || open.includes(path)) continue;
        const url = surface.web.url + path.replaceAll(/\{[^}]+\}/g, customers.ann);
        const isPost = method === 'post';
        const { status } = await fetch(url, {
          method,
          headers: { authorization: `Bearer ${token}`, ...(isPost && { 'content-type': 'application/json' }) },
          ...(isPost && { body: '{}' }),
        });
        expect([method, path, status]).toEqual([method, path, 403]);
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(150);
  }, 60_000);

  it('is refused at once when it is revoked', async () => {
    const { json } = await issue({ roles: ['customer'], customer: customers.ann });
    expect((await asked('/v1/views/order-to-cash', json.token)).status).toBe(200);
    const listed = async () => {
      const { json: found } = await surface.call(['admin'], `GET /v1/views/tokens?customerId=${customers.ann}`);
      return found.items.some(({ key }: { key: string }) => key === json.tokenId) || undefined;
    };
    await eventually(listed);
    await surface.call(['admin'], `POST /v1/tokens/${json.tokenId}/revoke`, {});
    expect((await asked('/v1/views/order-to-cash', json.token)).status).toBe(401);
  });

  it('has the role customer and no other one, and that role no token without a customer', async () => {
    const customer = customers.ann;
    expect(await issue({ roles: ['customer'] })).toMatchObject({ status: 422, json: { type: '/problems/customer-needed' } });
    for (const roles of [['sales'], ['customer', 'sales'], ['customer', 'auditor']] satisfies Role[][])
      expect(await issue({ roles, customer })).toMatchObject({ status: 422, json: { type: '/problems/customer-alone' } });
    expect(await issue({ roles: ['customer'], customer: 'ann' })).toMatchObject({ status: 400 });
  });

  it('is for somebody who is there', async () => {
    const nobody = crypto.randomUUID();
    expect(await issue({ roles: ['customer'], customer: nobody })).toMatchObject({
      status: 422,
      json: { type: '/problems/customer-unknown', detail: `There is no customer ${nobody}; register the customer first.` },
    });
  });

  it('is refused from the erasure of its customer on, and not issued again', async () => {
    const { id: customer } = (await surface.call(['care'], 'POST /v1/customers', { kind: 'PERSON', name: 'Dan' })).json;
    const [dan, bob] = [await tokenOf(customer), await tokenOf(customers.bob)];
    expect((await asked('/v1/views/order-to-cash', dan)).status).toBe(200);
    expect((await surface.call(['privacy'], `POST /v1/customers/${customer}/erase`, {})).status).toBe(200);
    expect((await asked('/v1/views/order-to-cash', dan)).status).toBe(401);
    expect((await asked('/v1/views/order-to-cash', bob)).status).toBe(200);
    const refused = {
      status: 422,
      json: { type: '/problems/customer-erased', detail: expect.stringContaining(`The customer ${customer} is erased`) },
    };
    expect(await issue({ roles: ['customer'], customer })).toMatchObject(refused);
  });

  it('sees by no other role that came with it, and the role shows nothing without a customer', async () => {
    const { views, admin } = surface.house;
    const query = (caller: object, view: string) =>
      views.query({ caller: { ...admin, ...caller }, view, parameters: { group: 'customerId' } });
    const answer = await query({ roles: new Set(['analyst', 'orders']), customerId: customers.ann }, 'order-to-cash');
    expect(answer).toMatchObject({ groups: [{ customerId: customers.ann }] });
    await expect(query({ roles: new Set(['analyst']), customerId: customers.ann }, 'pipeline')).rejects.toMatchObject({
      status: 403,
    });
    await expect(query({ roles: new Set(['customer']) }, 'order-to-cash')).rejects.toMatchObject({ status: 403 });
  });
});

describe('a token of a merged customer (ORD-11, CID-04)', () => {
  it('sees what the view shows for its customer: all that are one, and no more once they are not', async () => {
    const { bob, cas } = customers;
    const [ofBob, ofCas] = [await tokenOf(bob), await tokenOf(cas)];
    const known = async () => asked(`/v1/views/order-to-cash?limit=1&minPosition=${await surface.house.facts.head()}`, ofBob);
    const bobs = await ordersSeen('', ofBob);
    expect(await ordersSeen('', ofCas)).toEqual([orders.cas]);

    await surface.call(['care'], `POST /v1/customers/${cas}/merge`, { survivorId: bob });
    await known();
    const both = [...bobs, orders.cas].sort();
    expect([await ordersSeen('', ofBob), await ordersSeen('', ofCas)]).toEqual([both, both]);
    expect((await asked(`/v1/views/order-to-cash/${orders.cas}`, ofBob)).status).toBe(200);
    expect(await ordersSeen(`asOf=${then}`, ofCas)).toEqual([orders.cas]);
    expect(await ordersSeen('')).not.toContain(orders.cas);
    const merged = { position: await surface.house.facts.head(), moment: new Date().toISOString() };

    await surface.call(['care'], `POST /v1/customers/${cas}/unmerge`, {});
    await known();
    for (const time of ['', `asOf=${merged.moment}`, `knownAt=${merged.moment}`, `position=${merged.position}`]) {
      expect([time, await ordersSeen(time, ofCas)]).toEqual([time, [orders.cas]]);
      expect([time, await ordersSeen(time, ofBob)]).toEqual([time, bobs]);
      expect((await asked(`/v1/views/order-to-cash/${orders.cas}?${time}`, ofBob)).status).toBe(404);
    }
  });
});
