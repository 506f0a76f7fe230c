import { expect, it } from '@jest/globals';
import type { Kafka } from 'kafkajs';
import { type FactEvent, fixtures } from '../index.js';
import type { Reader, Unreadable } from '../source.js';
import { handleBatch, kafkaSource } from './kafka.js';
import type { KafkaBatch } from './kafka-client.js';

const [won] = fixtures('OpportunityWon');

it('a message that is no event is put aside; what is before and behind it in the partition goes on', async () => {
  const handled: FactEvent[] = [];
  const aside: Unreadable[] = [];
  const committed: string[] = [];
  const reader: Reader = {
    position: async () => undefined,
    handle: async ({ events }) => {
      handled.push(...events);
      return true;
    },
    putAside: async (message) => {
      aside.push(message);
      return true;
    },
    failed: () => {},
  };
  const values = [JSON.stringify(won), 'no { json', null, '"text"', JSON.stringify({ ...won, annalsrevision: 7 })];
  const payload: KafkaBatch = {
    batch: {
      topic: 'annals.main.sales',
      partition: 3,
      messages: values.map((value, offset) => ({ value: value === null ? null : Buffer.from(value), offset: String(offset) })),
    },
    heartbeat: async () => {},
    resolveOffset: () => {},
    isRunning: () => true,
    isStale: () => false,
  };
  const consumer = {
    commitOffsets: async (offsets: readonly { offset: string }[]) => void committed.push(...offsets.map(({ offset }) => offset)),
  };
  await handleBatch(consumer, payload, reader);
  expect(handled.map(({ annalsrevision }) => annalsrevision)).toEqual([won?.annalsrevision, 7]);
  expect(aside.map(({ place, text, why }) => [place, text, why])).toEqual([
    ['annals.main.sales[3]@1', 'no { json', 'This is no JSON.'],
    ['annals.main.sales[3]@2', '', 'This is no JSON.'],
    ['annals.main.sales[3]@3', '"text"', 'This is JSON, and no event of Annals.'],
  ]);
  expect(committed).toEqual(['5']);
});

it('a client of kafkajs is taken as it is', () => {
  const { consumer, admin } = {} as Partial<Kafka>;
  const kafka = { consumer, admin } as Kafka;
  expect(kafkaSource({ kafka, groupId: 'board', tenant: 'main', topics: ['opportunity'] })).toEqual({
    read: expect.any(Function),
  });
});
