import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { cloudEvent } from '../cloud-events.js';
import { storedFormOf } from '../envelope.js';
import type { StoredFact } from '../ports.js';
import { shardOf, topicMessage } from './messages.js';

const stored = (metadata: object = {}, more: Partial<StoredFact> = {}): StoredFact => ({
  id: '6f1c2c5e-6c1b-5d0e-9f57-3a4e5b6c7d8e',
  type: 'OrderPlaced',
  schemaVersion: 2,
  stream: 'order-acme.0b0e8a52-4a3f-4b0e-8a52-4a3f4b0e8a52',
  revision: 7,
  position: 'abcdefgh.0000000000000042',
  occurredAt: '2026-01-05T09:00:00.000Z',
  recordedAt: '2026-01-05T09:00:01.000Z',
  data: '{"name":{"$sealed":"1.p.contact.f.name.x"},"amount":100}',
  metadata: JSON.stringify({
    actor: { kind: 'user', id: 'u' },
    commandId: 'c',
    refs: { customer: 'k' },
    traceparent: '00-a-b-01',
    ...metadata,
  }),
  ...more,
});

describe('the message of a fact', () => {
  it('is the CloudEvent that HTTP gives, keyed by its stream, with its attributes as headers', () => {
    const fact = stored();
    const message = topicMessage(fact);
    expect(message).toMatchObject({ tenant: 'acme', aggregate: 'order', stream: fact.stream });
    expect(JSON.parse(message?.value ?? '')).toEqual(JSON.parse(JSON.stringify(cloudEvent(storedFormOf(fact)))));
    expect(message?.headers).toMatchObject({
      'content-type': 'application/cloudevents+json; charset=utf-8',
      ce_specversion: '1.0',
      ce_id: fact.id,
      ce_type: 'OrderPlaced',
      ce_source: '/annals/acme/order',
      ce_subject: fact.stream,
      ce_time: fact.occurredAt,
      ce_annalsrevision: '7',
      ce_annalsposition: fact.position,
    });
  });

  it('has the data byte for byte as stored', () => {
    fc.assert(
      fc.property(fc.json({ stringUnit: 'binary' }), fc.integer({ min: 0, max: 3 }), (data, spaces) => {
        const text = JSON.stringify(JSON.parse(data), null, spaces);
        const { value } = topicMessage(stored({}, { data: text })) ?? { value: '' };
        expect(value.endsWith(`,"data":${text}}`)).toBe(true);
        expect(JSON.stringify((JSON.parse(value) as { data: unknown }).data)).toBe(JSON.stringify(JSON.parse(text)));
      }),
    );
  });

  it('is none for an internal fact', () => {
    expect(topicMessage(stored({ visibility: 'internal' }))).toBeUndefined();
  });

  it.each([
    ['none before the cut-over of its import', '2026-01-05T09:00:00.001Z', false],
    ['one from the cut-over on', '2026-01-05T09:00:00.000Z', true],
  ])('is %s', (_, cutOver, leaves) => {
    expect(topicMessage(stored({ imported: { cutOver, clock: true } })) !== undefined).toBe(leaves);
  });
});

describe('the shard of a stream', () => {
  it('is always the same one, and none is left out', () => {
    const streams = Array.from({ length: 400 }, (_, index) => `order-acme.${index}`);
    const shards = streams.map((stream) => shardOf(stream, 4));
    expect(streams.map((stream) => shardOf(stream, 4))).toEqual(shards);
    for (const shard of [0, 1, 2, 3]) expect(shards.filter((one) => one === shard).length).toBeGreaterThan(60);
    expect(new Set(streams.map((stream) => shardOf(stream, 1)))).toEqual(new Set([0]));
  });
});
