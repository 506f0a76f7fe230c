import { describe, expect, it } from '@jest/globals';
import { type AnyAggregate, fact, Id, personal, Text } from '#kernel';
import { cloudEvent } from '../cloud-events.js';
import { storedFormOf } from '../envelope.js';
import { registryOf } from '../registry.js';
import { factSchemas } from './fact-schemas.js';
import { bundledSchema, type TopicSchema, topicSchemas } from './schemas.js';

const fields = { orderId: Id('the order'), name: personal('orderId', 'contact', Text('who ordered')) };
const OrderPlaced = fact('OrderPlaced', 'An order was placed.', fields, { version: 2, upcast: { 1: (data) => data } });
const OrderCounted = fact('OrderCounted', 'Ours alone.', {}, { visibility: 'internal' });
const aggregateOf = (name: string, facts: object) =>
  ({ name, description: `The ${name}.`, facts, commands: {} }) as unknown as AnyAggregate;
const registry = registryOf([
  { name: 'sales', aggregates: [aggregateOf('order', { OrderPlaced, OrderCounted })] },
  { name: 'system', aggregates: [aggregateOf('token', {})] },
] as unknown as Parameters<typeof registryOf>[0]);

interface MessageSchema {
  readonly properties: Readonly<Record<string, { readonly enum?: readonly string[] }>>;
  readonly patternProperties: Readonly<Record<string, object>>;
  readonly required: readonly string[];
  readonly oneOf: readonly object[];
}

describe('the schema of a topic', () => {
  const [schema] = topicSchemas(registry).map((one) => one.schema as MessageSchema);

  it('is there for each aggregate with public facts', () => {
    expect(topicSchemas(registry).map(({ topic }) => topic)).toEqual(['order']);
  });

  it('lists every stored version of its public facts, by the id of the schema of its sealed form', () => {
    expect(schema?.properties.type?.enum).toEqual(['OrderPlaced']);
    expect(schema?.oneOf).toMatchObject([
      { properties: { annalsschemaversion: { const: 1 }, data: { $ref: 'urn:annals:fact:OrderPlaced:1' } } },
      { properties: { annalsschemaversion: { const: 2 }, data: { $ref: 'urn:annals:fact:OrderPlaced:2' } } },
    ]);
  });

  it('has in one document the current versions from the definitions and the earlier ones as committed', () => {
    const [topic] = topicSchemas(registry) as [TopicSchema];
    const first = { $id: 'urn:annals:fact:OrderPlaced:1', title: 'as it was' };
    const all = bundledSchema(topic, factSchemas(registry, new Map([['OrderPlaced.v1', first]])));
    expect(all).toMatchObject({
      ...schema,
      $defs: {
        'OrderPlaced.v1': first,
        'OrderPlaced.v2': { properties: { name: { 'x-person': 'orderId', required: ['$sealed'] } } },
      },
    });
    const unknown = bundledSchema(topic, factSchemas(registry, new Map()));
    expect(unknown).toMatchObject({ $defs: { 'OrderPlaced.v1': { $id: 'urn:annals:fact:OrderPlaced:1', type: 'object' } } });
  });

  it('knows every member that a message has, and requires those that each has', () => {
    const metadata = { actor: { kind: 'user', id: 'u' }, commandId: 'c', refs: { customer: 'k' } };
    const event = cloudEvent(
      storedFormOf({
        id: 'i',
        type: 'OrderPlaced',
        schemaVersion: 1,
        stream: 'order-acme.0b0e8a52-4a3f-4b0e-8a52-4a3f4b0e8a52',
        revision: 0,
        position: 'abcdefgh.0000000000000001',
        occurredAt: '2026-01-05T09:00:00.000Z',
        recordedAt: '2026-01-05T09:00:00.000Z',
        data: '{}',
        metadata: JSON.stringify(metadata),
      }),
    );
    const patterns = Object.keys(schema?.patternProperties ?? {}).map((pattern) => new RegExp(pattern));
    const unknown = Object.keys(event).filter(
      (name) => !Object.hasOwn(schema?.properties ?? {}, name) && !patterns.some((pattern) => pattern.test(name)),
    );
    expect(unknown).toEqual([]);
    expect((schema?.required ?? []).filter((name) => !Object.hasOwn(event, name))).toEqual([]);
  });
});
