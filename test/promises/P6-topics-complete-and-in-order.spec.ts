import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Recorded } from '#kernel';
import { KafkaTestEngine } from '../../libs/adapters/kafka/testing/engine.js';
import { openHouse, type TestHouse } from '../support/house.js';

describe('P6: topics are complete and in order (embedded topics)', () => {
  let house: TestHouse;
  const written: { stream: string; revision: number }[] = [];

  beforeAll(async () => {
    house = await openHouse();
    const { id: customerId } = await house.send('RegisterCustomer', { kind: 'ORGANISATION', name: 'Buyer' });
    const openings = Array.from({ length: 30 }, (_, index) =>
      house.send('OpenOpportunity', { customerId, amount: index, currency: 'EUR' }),
    );
    for (const { id: opportunityId, stream, revision } of await Promise.all(openings)) {
      written.push({ stream, revision });
      for (const to of ['QUALIFICATION', 'PROPOSAL']) {
        const answer = await house.send('AdvanceOpportunity', { opportunityId, to });
        written.push({ stream, revision: answer.revision });
      }
    }
  });
  afterAll(() => house.close());

  const topic = (after: string | undefined, limit: number) =>
    house.facts.page({ tenant: 'main', aggregates: ['opportunity'], leaving: {}, after, limit });
  const wholeTopic = async (limit: number): Promise<Recorded[]> => {
    const all: Recorded[] = [];
    for (let after: string | undefined; ; ) {
      const { facts, position, atHead } = await topic(after, limit);
      all.push(...facts);
      if (atHead) return all;
      after = position;
    }
  };

  it('has every public fact of every stream, in the order of its stream, from zero', async () => {
    const facts = await wholeTopic(500);
    const places = facts.map(({ stream, revision }) => `${stream}@${revision}`);
    expect(new Set(places).size).toBe(places.length);
    expect(new Set(places)).toEqual(new Set(written.map(({ stream, revision }) => `${stream}@${revision}`)));
    const last = new Map<string, number>();
    for (const { stream, revision } of facts) {
      expect(revision).toBe((last.get(stream) ?? -1) + 1);
      last.set(stream, revision);
    }
  });

  it('gives the same whatever the pages, and goes on where a reader stopped', async () => {
    const whole = (await wholeTopic(500)).map(({ id }) => id);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 40 }), async (limit) => {
        expect((await wholeTopic(limit)).map(({ id }) => id)).toEqual(whole);
      }),
      { numRuns: 10 },
    );
  });

  it('gives no internal fact', async () => {
    const { facts } = await house.facts.page({
      tenant: 'main',
      aggregates: ['token', 'reservation', 'process'],
      leaving: {},
      limit: 500,
    });
    expect(facts).toEqual([]);
  });

  it('tells a waiting reader that something came', async () => {
    const head = await house.facts.head();
    const moved = house.facts.moved(head, 5_000);
    await house.send('OpenOpportunity', { amount: 1, currency: 'EUR' });
    expect(await moved).toBe(true);
    expect(await house.facts.moved(await house.facts.head(), 20)).toBe(false);
  });
});

const kafka = process.env.ANNALS_TEST_KAFKA;
const describeOnKafka = kafka ? describe : describe.skip;

describeOnKafka(`P6: topics are complete and in order, in Kafka${kafka ? '' : ' (left out: set ANNALS_TEST_KAFKA)'}`, () => {
  let engine: KafkaTestEngine;
  beforeAll(async () => {
    engine = await KafkaTestEngine.start(kafka ?? '');
  });
  afterAll(() => engine?.dispose());

  it('has a fact if and only if the checkpoint behind it is stored', async () => {
    const topics = await engine.open();
    const topic = { tenant: 'main', aggregate: 'opportunity' };
    const message = (value: string) => ({ ...topic, stream: `opportunity-main.${randomUUID()}`, value, headers: {} });
    const writer = await topics.writer(1, 0);
    await writer.ensure([topic]);
    await writer.publish([message('first')], 'p1');
    // No checkpoint as large as this is taken.
    await expect(writer.publish([message('second')], randomBytes(1_500_000).toString('hex'))).rejects.toThrow(Error);
    await writer.close();
    expect((await engine.read(topic)).map(({ value }) => value)).toEqual(['first']);
    const next = await topics.writer(1, 0);
    expect(next.checkpoint).toBe('p1');
    await next.close();
  });
});
