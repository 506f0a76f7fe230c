import asyncApiSpecs from '@asyncapi/specs';
import { describe, expect, it } from '@jest/globals';
import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import { contexts } from '#contexts';
import { registryOf } from '#runtime/registry';
import { topicSchemas } from '#runtime/relay/index';
import { systemContext } from '#runtime/system/system.context';
import { asyncApiDocument } from '#web';

const registry = registryOf([systemContext, ...contexts]);
const kafka = { brokers: ['one:9092', 'two:9092'], prefix: 'crm', partitions: 12 };
const document = asyncApiDocument(registry, { kafka });

// it brings the draft that it is written in
const ajv = addFormats.default(new Ajv.default({ strict: false, meta: false, validateSchema: false }));
const isAsyncApi = ajv.compile(asyncApiSpecs.schemas['3.0.0']);

describe('the AsyncAPI document', () => {
  it.each([
    ['without Kafka', asyncApiDocument(registry)],
    ['with Kafka', document],
  ])('is one by the schema of the specification, %s', (_, given) => {
    isAsyncApi(JSON.parse(JSON.stringify(given)));
    expect(isAsyncApi.errors).toBeNull();
  });

  it('is told apart from something that is none', () => {
    expect(isAsyncApi({ ...document, channels: { customer: { adress: 'annals.main.customer' } } })).toBe(false);
  });

  it('refers to nothing that is not in it', () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, path]) => path as string);
    expect(references.length).toBeGreaterThan(100);
    const found = (path: string) =>
      path.split('/').reduce<unknown>((inside, name) => (inside as Record<string, unknown> | undefined)?.[name], document);
    expect(references.filter((path) => found(path) === undefined)).toEqual([]);
    expect(JSON.stringify(document)).not.toContain('urn:annals:fact:Lead');
  });

  it('has two channels a topic and a message for each public fact, and no internal one', () => {
    const topics = topicSchemas(registry);
    expect(Object.keys(document.channels)).toEqual(topics.flatMap(({ topic }) => [topic, `${topic}-http`]));
    const messages = Object.keys(document.components.messages ?? {});
    for (const { facts } of topics) for (const { type, version } of facts) expect(messages).toContain(`${type}.v${version}`);
    expect(messages.filter((name) => /Token|Reservation|Process/.test(name))).toEqual([]);
  });

  it('names topics, partitions and brokers as they are configured', () => {
    expect(document.channels.order).toMatchObject({ address: 'crm.{tenant}.order', bindings: { kafka: { partitions: 12 } } });
    expect(document.servers.kafka).toMatchObject({ variables: { broker: { enum: ['one:9092', 'two:9092'] } } });
  });
});
