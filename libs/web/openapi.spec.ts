import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import { IsIn, IsInt, IsNotEmpty, IsOptional, IsString, IsUUID, MaxLength, Min } from 'class-validator';
import { Type } from 'typebox';
import { aggregate, Command, context, Field, fact, Id, MinorUnits, MomentField, Text, view } from '#kernel';
import { type Registry, registryOf } from '#runtime/registry';
import { additiveChange } from './additive-change.js';
import { docsPage } from './docs-page.js';
import { endpointsOf } from './endpoints.js';
import { type OpenApiDocument, openApiDocument } from './openapi.js';

@Command({ route: 'POST /orders/:orderId/ship', roles: ['orders'], summary: 'Ship an order.' })
class ShipOrder {
  @Field('the order')
  @IsUUID()
  readonly orderId!: string;

  @Field('number of units', { unit: 'units', example: 2 })
  @IsInt()
  @Min(1)
  readonly quantity!: number;

  @Field('how', { example: 'ROAD' })
  @IsOptional()
  @IsIn(['ROAD', 'SEA'])
  readonly by?: string;
}

@Command({ route: 'POST /orders', roles: ['orders', 'sales'], summary: 'Place an order.', creates: true })
class PlaceOrder {
  @Field('the order')
  @IsOptional()
  @IsUUID()
  readonly orderId?: string;

  @Field('its <name>')
  @IsString()
  @IsNotEmpty()
  @MaxLength(20)
  readonly name!: string;
}

const OrderShipped = fact('OrderShipped', 'An order was shipped.', {
  orderId: Id('the order'),
  amount: MinorUnits('what it cost'),
});
const OrderPlaced = fact('OrderPlaced', 'An order was placed.', { orderId: Id('the order') });

const order = aggregate<object>()({
  name: 'order',
  description: 'An order.',
  id: 'orderId',
  commands: { ShipOrder, PlaceOrder },
  facts: { OrderShipped, OrderPlaced },
  initial: {},
  decide: {
    ShipOrder: ({ orderId }) => OrderShipped({ orderId, amount: 1 }),
    PlaceOrder: ({ orderId = '' }) => OrderPlaced({ orderId }),
  },
  evolve: { OrderShipped: (state) => state, OrderPlaced: (state) => state },
});
const ordersView = view({
  name: 'open-orders',
  description: 'Open orders.',
  version: 1,
  capabilities: [],
  roles: ['orders'],
  document: Type.Object({
    orderId: Id('the order'),
    amount: MinorUnits('total'),
    placedAt: MomentField('when'),
    note: Text('note'),
  }),
  facts: { OrderPlaced },
  key: ({ data }) => data.orderId,
  initial: (orderId) => ({ orderId, amount: 0, placedAt: '', note: '' }),
  apply: { OrderPlaced: (document) => document },
  filters: ['amount', 'placedAt'],
});
const registry: Registry = registryOf([
  context({ name: 'orders', description: 'Orders.', aggregates: [order], views: [ordersView] }),
]);
const document = openApiDocument(registry);

describe('the OpenAPI document', () => {
  it('is the same for the same definitions, and valid JSON', () => {
    expect(JSON.stringify(openApiDocument(registry))).toBe(JSON.stringify(document));
    expect(JSON.parse(JSON.stringify(document)).openapi).toBe('3.1.0');
  });

  it('has each endpoint, and nothing else', () => {
    const described = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(described.sort()).toEqual(
      endpointsOf(registry)
        .map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`)
        .sort(),
    );
    expect(described).toContain('POST /v1/orders/{orderId}/ship');
  });

  it('has only references that lead somewhere', () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/(\w+)\/([^"]+)"/g)];
    expect(references.length).toBeGreaterThan(50);
    for (const [, kind = '', name = ''] of references)
      expect((document.components[kind] as Record<string, unknown>)[name]).toBeDefined();
  });

  it('puts fields of the address there and leaves them out of the body', () => {
    const ship = document.paths['/v1/orders/{orderId}/ship']?.post;
    expect(ship?.parameters).toContainEqual(expect.objectContaining({ name: 'orderId', in: 'path', required: true }));
    const { schema, example } =
      (ship?.requestBody?.content as Record<string, { schema: unknown; example: unknown }> | undefined)?.['application/json'] ??
      {};
    expect(schema).toMatchObject({ required: ['quantity'], properties: { quantity: { 'x-unit': 'units', minimum: 1 } } });
    expect(schema).not.toHaveProperty('properties.orderId');
    expect(example).toEqual({ quantity: 2, by: 'ROAD' });
    expect(ship?.['x-roles']).toEqual(['orders']);
  });

  it('has every filter of a view with its operators', () => {
    const names = document.paths['/v1/views/open-orders']?.get?.parameters?.map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining([
        'amount',
        'amount[gte]',
        'placedAt[lt]',
        'placedAt[in]',
        'sort',
        'group',
        'asOf',
        'knownAt',
        'minPosition',
        'tz',
      ]),
    );
    expect(names).not.toContain('note');
  });

  it('says of filters what they mean when given several times', () => {
    const parameters = document.paths['/v1/views/open-orders']?.get?.parameters ?? [];
    const described = (wanted: string) => parameters.find(({ name }) => name === wanted)?.description;
    expect(described('amount')).toContain('or one of these if given several times');
    expect(described('amount[ne]')).toContain('than all of these if given several times');
  });

  it('describes each operation, parameter and answer', () => {
    for (const operations of Object.values(document.paths)) {
      for (const { operationId, summary, parameters = [], responses } of Object.values(operations)) {
        expect({ operationId, summary }).toEqual({ operationId, summary: expect.stringMatching(/\S/) });
        for (const { name, description } of parameters)
          expect({ operationId, name, description }).toEqual({ operationId, name, description: expect.stringMatching(/\S/) });
        expect(Object.keys(responses).some((status) => status.startsWith('2'))).toBe(true);
      }
    }
  });

  it('is readable as a page without script or anything from elsewhere', () => {
    const page = docsPage(document);
    expect(page).toContain('/v1/orders/{orderId}/ship');
    expect(page).toContain('its &lt;name&gt;');
    expect(page).not.toMatch(/<script|src=|@import|url\(|https?:\/\/(?!127)/);
  });
});

describe('a definition without a usable route', () => {
  const withCommand = (type: new () => object): Registry => {
    const command = {
      name: type.name,
      type,
      options: { route: 'GET /x', summary: 'x', roles: ['sales'] as const },
      aggregate: order,
      context: registry.contexts[0],
    };
    return { ...registry, commands: new Map([[type.name, command]]) } as unknown as Registry;
  };

  it('stops the start', () => {
    expect(() => endpointsOf(withCommand(ShipOrder))).toThrow('The route of ShipOrder must read POST /words/:field, not GET /x.');
  });
});

// biome-ignore lint/suspicious/noExplicitAny: changes reach anywhere into the document
type Anywhere = any;

describe('a change of the document', () => {
  const changed = (change: (document: Anywhere) => void): readonly string[] => {
    const copy = JSON.parse(JSON.stringify(document)) as OpenApiDocument;
    change(copy);
    return additiveChange(document, copy);
  };
  const bodyOf = (copy: Anywhere, path = '/v1/orders') => copy.paths[path].post.requestBody.content['application/json'].schema;

  it('is additive when it only adds', () => {
    expect(additiveChange(document, document)).toEqual([]);
    expect(
      changed((copy) => {
        copy.paths['/v1/more'] = { get: copy.paths['/v1/whoami'].get };
        bodyOf(copy).properties.note = { type: 'string' };
        bodyOf(copy).properties.name.maxLength = 40;
        bodyOf(copy, '/v1/orders/{orderId}/ship').properties.by.enum.push('AIR');
        copy.components.schemas.CommandAnswer.properties.more = { type: 'string' };
        copy.paths['/v1/orders'].post['x-roles'].push('care');
        copy.paths['/v1/orders'].post.parameters.push({ name: 'x', in: 'header', required: false, schema: { type: 'string' } });
      }),
    ).toEqual([]);
  });

  it.each<[string, (copy: Anywhere) => void, string]>([
    ['a route is gone', (copy) => delete copy.paths['/v1/orders'], 'POST /v1/orders is gone.'],
    ['a role is gone', (copy) => copy.paths['/v1/orders'].post['x-roles'].pop(), 'no longer takes the role sales'],
    ['a token is needed', (copy) => (copy.paths['/health/live'].get.security = [{ token: [] }]), 'now needs a token'],
    ['a field is required', (copy) => bodyOf(copy).required.push('orderId'), 'orderId is now required'],
    ['a field is gone', (copy) => delete bodyOf(copy).properties.name, 'the field name is gone'],
    ['a text may be shorter only', (copy) => (bodyOf(copy).properties.name.maxLength = 10), 'maxLength is now 10'],
    [
      'a number may be greater only',
      (copy) => (bodyOf(copy, '/v1/orders/{orderId}/ship').properties.quantity.minimum = 2),
      'minimum is now 2',
    ],
    ['a choice is gone', (copy) => bodyOf(copy, '/v1/orders/{orderId}/ship').properties.by.enum.pop(), 'no longer takes SEA'],
    ['a type changes', (copy) => (bodyOf(copy).properties.name.type = 'integer'), 'was string, is now integer'],
    [
      'a parameter is gone',
      (copy) => copy.paths['/v1/views/open-orders'].get.parameters.splice(0, 1),
      'the parameter amount is gone',
    ],
    [
      'a parameter is required',
      (copy) => (copy.paths['/v1/facts'].get.parameters[0].required = true),
      'the parameter stream is now required',
    ],
    ['an answer is gone', (copy) => delete copy.paths['/v1/orders'].post.responses['201'], 'no longer answers 201'],
    [
      'a member of an answer is gone',
      (copy) => delete copy.components.schemas.CommandAnswer.properties.position,
      'the field position is gone',
    ],
    [
      'a member of an answer may be missing',
      (copy) => (copy.components.schemas.CommandAnswer.required = []),
      'position may now be missing',
    ],
    [
      'a field of a view is gone',
      (copy) => delete copy.components.schemas['open-orders'].properties.note,
      'the field note is gone',
    ],
    [
      'a representation is gone',
      (copy) => delete copy.paths['/v1/facts'].get.responses['200'].content['application/x-ndjson'],
      'no longer comes as application/x-ndjson',
    ],
  ])('breaks when %s', (_what, change, message) => {
    expect(changed(change).join('\n')).toContain(message);
  });
});
