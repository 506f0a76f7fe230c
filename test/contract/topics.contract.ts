import { randomBytes, randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { MessageTooLarge, type TopicMessage, type Topics, WriterFenced } from '#runtime/ports';

export type TopicAddress = Pick<TopicMessage, 'tenant' | 'aggregate'> & { readonly generation?: number };

export interface ReadMessage {
  readonly key: string;
  readonly value: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** A fresh, empty engine for one test. */
export interface TopicsEngine {
  /** The topics; after they were closed, the same ones again. A wish for other numbers begins the next generation. */
  open(wish?: { readonly partitions?: number; readonly shards?: number }): Promise<Topics>;
  /** Everything committed so far, from zero; in order for each key. Empty for a topic that does not exist. */
  read(topic: TopicAddress): Promise<readonly ReadMessage[]>;
  /** Closes what is open and removes everything. */
  dispose(): Promise<void>;
}

export function topicsContract(name: string, start: () => Promise<TopicsEngine>): void {
  describe(`${name} keeps the topics contract`, () => {
    let engine: TopicsEngine;
    let topics: Topics;

    beforeEach(async () => {
      engine = await start();
      topics = await engine.open();
    });
    afterEach(() => engine.dispose());

    const orders = { tenant: 'acme', aggregate: 'order' };
    const publish = async (messages: readonly TopicMessage[], checkpoint: string, generation = 1, shard = 0) => {
      const writer = await topics.writer(generation, shard);
      try {
        await writer.ensure(messages);
        await writer.publish(messages, checkpoint);
      } finally {
        await writer.close();
      }
    };
    const checkpointOf = async (generation = 1, shard = 0) => {
      const writer = await topics.writer(generation, shard);
      await writer.close();
      return writer.checkpoint;
    };

    it('gives key, value and headers as they were given', async () => {
      const message: TopicMessage = {
        ...orders,
        stream: 'order-acme.1',
        value: '{"text":"Zoë 👩‍🚀 \\u0000 \\n ﬀ","number":1.50,  "spaced": true}',
        headers: { ce_type: 'OrderPlaced', ce_subject: 'Zoë', empty: '' },
      };
      await publish([message], 'p1');
      const { stream: key, value, headers } = message;
      expect(await engine.read(orders)).toEqual([{ key, value, headers }]);
    });

    it('keeps the order of every stream over batches, streams and topics', async () => {
      const streams = Array.from({ length: 12 }, (_, index) => `order-acme.${index}`);
      const writer = await topics.writer(1, 0);
      const customers = { tenant: 'acme', aggregate: 'customer' };
      await writer.ensure([orders, customers]);
      for (let batch = 0; batch < 6; batch++) {
        const messages = [0, 1, 2].flatMap((step) =>
          streams.flatMap((stream) => [
            numbered(orders, stream, batch * 3 + step),
            numbered(customers, stream.replace('order', 'customer'), batch * 3 + step),
          ]),
        );
        await writer.publish(messages, `p${batch}`);
      }
      await writer.close();
      for (const topic of [orders, customers]) {
        const read = await engine.read(topic);
        expect(read).toHaveLength(12 * 18);
        for (const stream of new Set(read.map(({ key }) => key))) {
          expect(revisionsOf(read, stream)).toEqual(Array.from({ length: 18 }, (_, revision) => revision));
        }
      }
    });

    it('tells the next writer how far the one before was', async () => {
      expect(await checkpointOf()).toBeUndefined();
      await publish([numbered(orders, 'order-acme.1', 0)], 'p1');
      expect(await checkpointOf()).toBe('p1');
      await publish([], 'p2');
      expect(await checkpointOf()).toBe('p2');
    });

    it('finds a checkpoint behind many transactions', async () => {
      const writer = await topics.writer(1, 0);
      await writer.ensure([orders]);
      for (let revision = 0; revision < 250; revision++) await writer.publish([], `p${revision}`);
      await writer.close();
      for (let opening = 0; opening < 3; opening++) expect(await checkpointOf()).toBe('p249');
    });

    it('goes on after everything was closed and opened again', async () => {
      await publish([numbered(orders, 'order-acme.1', 0)], 'p1');
      await topics.close();
      topics = await engine.open();
      expect(topics.generations).toMatchObject([{ generation: 1, retired: false }]);
      expect(await checkpointOf()).toBe('p1');
      await publish([numbered(orders, 'order-acme.1', 1)], 'p2');
      expect(revisionsOf(await engine.read(orders), 'order-acme.1')).toEqual([0, 1]);
    });

    it('gives a repetition under the same stream and revision', async () => {
      const message = numbered(orders, 'order-acme.1', 0);
      await publish([message], 'p1');
      await publish([message], 'p1');
      const [first, second, ...more] = await engine.read(orders);
      expect(more).toEqual([]);
      expect(second).toEqual(first);
      expect(second?.headers).toMatchObject({ ce_subject: 'order-acme.1', ce_annalsrevision: '0' });
    });

    it('carries messages of 1 MiB that do not shrink, several in one batch', async () => {
      const large = [0, 1, 2].map((revision) => ({
        ...numbered(orders, 'order-acme.1', revision),
        value: JSON.stringify({ data: randomBytes(786_432).toString('base64') }),
      }));
      await publish(large, 'p1');
      expect((await engine.read(orders)).map(({ value }) => value)).toEqual(large.map(({ value }) => value));
    });

    it('shows nothing of a batch that failed, and goes on before it', async () => {
      await publish([numbered(orders, 'order-acme.1', 0)], 'p1');
      const tooLarge = { ...numbered(orders, 'order-acme.2', 0), value: randomBytes(12_000_000).toString('base64') };
      const customer = numbered({ tenant: 'acme', aggregate: 'customer' }, 'customer-acme.1', 0);
      const batch = [customer, numbered(orders, 'order-acme.1', 1), tooLarge];
      await expect(publish(batch, 'p2')).rejects.toBeInstanceOf(MessageTooLarge);
      expect(await checkpointOf()).toBe('p1');
      await publish([numbered(orders, 'order-acme.1', 1)], 'p2');
      expect(await engine.read({ tenant: 'acme', aggregate: 'customer' })).toEqual([]);
      expect((await engine.read(orders)).map(placeOf)).toEqual(['order-acme.1@0', 'order-acme.1@1']);
    });

    it('refuses a writer after another one of its shard was opened, and shows nothing of it', async () => {
      const old = await topics.writer(1, 0);
      await old.ensure([orders]);
      await old.publish([numbered(orders, 'order-acme.1', 0)], 'p1');
      const young = await topics.writer(1, 0);
      expect(young.checkpoint).toBe('p1');
      await expect(old.publish([numbered(orders, 'order-acme.1', 1)], 'p9')).rejects.toBeInstanceOf(WriterFenced);
      await young.ensure([orders]);
      await young.publish([numbered(orders, 'order-acme.1', 1)], 'p2');
      await expect(old.publish([], 'p10')).rejects.toThrow();
      await old.close();
      await young.close();
      expect(await checkpointOf()).toBe('p2');
      expect((await engine.read(orders)).map(placeOf)).toEqual(['order-acme.1@0', 'order-acme.1@1']);
    });

    it('fences across processes: topics that were opened apart have the same writers', async () => {
      const old = await topics.writer(1, 0);
      await old.ensure([orders]);
      const others = await engine.open();
      const young = await others.writer(1, 0);
      await expect(old.publish([numbered(orders, 'order-acme.1', 0)], 'p1')).rejects.toBeInstanceOf(WriterFenced);
      await old.close();
      await young.close();
      await others.close();
    });

    it('lets the shards of a generation write beside each other, each with a checkpoint of its own', async () => {
      await topics.close();
      topics = await engine.open({ shards: 2 });
      const [one, other] = await Promise.all([topics.writer(2, 0), topics.writer(2, 1)]);
      await Promise.all([one.ensure([orders]), other.ensure([orders])]);
      await Promise.all([
        one.publish([numbered(orders, 'order-acme.1', 0)], 'p1'),
        other.publish([numbered(orders, 'order-acme.2', 0)], 'p7'),
      ]);
      await Promise.all([one.close(), other.close()]);
      expect([await checkpointOf(2, 0), await checkpointOf(2, 1)]).toEqual(['p1', 'p7']);
      expect((await engine.read({ ...orders, generation: 2 })).map(placeOf).sort()).toEqual(['order-acme.1@0', 'order-acme.2@0']);
    });

    it('begins the next generation from nothing where other partitions are wished for, beside the one before', async () => {
      await publish([numbered(orders, 'order-acme.1', 0)], 'p1');
      const [{ partitions } = { partitions: 0 }] = topics.generations;
      await topics.close();
      topics = await engine.open({ partitions: partitions + 1 });
      expect(topics.generations.map(({ generation, partitions: its }) => [generation, its])).toEqual([
        [1, partitions],
        [2, partitions + 1],
      ]);
      expect(await checkpointOf(2)).toBeUndefined();
      await publish([numbered(orders, 'order-acme.1', 0), numbered(orders, 'order-acme.1', 1)], 'p2', 2);
      expect(await checkpointOf(1)).toBe('p1');
      expect(revisionsOf(await engine.read(orders), 'order-acme.1')).toEqual([0]);
      expect(revisionsOf(await engine.read({ ...orders, generation: 2 }), 'order-acme.1')).toEqual([0, 1]);
      const again = await engine.open({ partitions: partitions + 1 });
      expect(again.generations).toEqual(topics.generations);
      await again.close();
    });

    it('retires a generation for good, never the last one', async () => {
      await expect(topics.retire(1)).rejects.toThrow();
      await topics.close();
      topics = await engine.open({ partitions: 7 });
      await topics.retire(1);
      await expect(topics.writer(1, 0)).rejects.toThrow('retired');
      await topics.close();
      topics = await engine.open({ partitions: 7 });
      expect(topics.generations.map(({ retired }) => retired)).toEqual([true, false]);
    });

    it('keeps tenants and aggregates apart', async () => {
      const places = ['acme', 'other'].flatMap((tenant) => ['order', 'lead'].map((aggregate) => ({ tenant, aggregate })));
      const nameOf = ({ tenant, aggregate }: TopicAddress) => `${aggregate}-${tenant}.${randomUUID()}`;
      const messages = places.map((place) => numbered(place, nameOf(place), 0));
      await publish(messages, 'p1');
      for (const [index, place] of places.entries()) {
        expect((await engine.read(place)).map(({ key }) => key)).toEqual([messages[index]?.stream]);
      }
    });
  });
}

function numbered(topic: Pick<TopicMessage, 'tenant' | 'aggregate'>, stream: string, revision: number): TopicMessage {
  return {
    tenant: topic.tenant,
    aggregate: topic.aggregate,
    stream,
    value: JSON.stringify({ subject: stream, annalsrevision: revision }),
    headers: { ce_subject: stream, ce_annalsrevision: String(revision) },
  };
}

const placeOf = ({ key, headers }: ReadMessage) => `${key}@${headers.ce_annalsrevision}`;

const revisionsOf = (messages: readonly ReadMessage[], stream: string) =>
  messages.filter(({ key }) => key === stream).map(({ headers }) => Number(headers.ce_annalsrevision));
