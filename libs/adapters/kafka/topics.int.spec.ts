import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import kafkajs from 'kafkajs';
import { OutcomeUnknown, type TopicMessage, TopicsDisagree, TopicsReset, TopicsUnavailable } from '#runtime/ports';
import { Administration } from './administration.js';
import { testBroker } from './testing/broker.js';
import { KafkaTestEngine } from './testing/engine.js';
import { Way } from './testing/way.js';
import { openKafkaTopics } from './topics.js';

const broker = await testBroker();
const described = 'skipped' in broker ? describe.skip : describe;

described(`Kafka topics (${'skipped' in broker ? broker.skipped : broker.from})`, () => {
  let engine: KafkaTestEngine;
  const address = 'skipped' in broker ? '' : broker.address;
  const order = { tenant: 'acme', aggregate: 'order' };
  const message = (stream: string): TopicMessage => ({ ...order, stream, value: '{}', headers: {} });
  const configOf = async (name: string, ...configNames: string[]) => {
    const { resources } = await engine.consumer.admin.describeConfigs({
      includeSynonyms: false,
      resources: [{ type: 2, name, configNames }],
    });
    return Object.fromEntries((resources[0]?.configEntries ?? []).map((one) => [one.configName, one.configValue]));
  };

  beforeEach(async () => {
    engine = await KafkaTestEngine.start(address);
  });
  afterEach(() => engine.dispose());
  afterAll(async () => {
    if ('stop' in broker) await broker.stop();
  });

  async function published(): Promise<void> {
    const topics = await engine.open();
    const writer = await topics.writer(1, 0);
    await writer.ensure([order]);
    await writer.publish([message('order-acme.1')], 'p1');
    await topics.close();
  }

  it('makes topics that keep everything, never compacted, for facts of 1 MiB', async () => {
    await published();
    const names = ['cleanup.policy', 'retention.ms', 'retention.bytes', 'max.message.bytes'];
    expect(await configOf(`${engine.prefix}.acme.order`, ...names)).toEqual({
      'cleanup.policy': 'delete',
      'retention.ms': '-1',
      'retention.bytes': '-1',
      'max.message.bytes': '8388608',
    });
    expect(await configOf(`${engine.prefix}-relay.g1`, 'cleanup.policy')).toEqual({ 'cleanup.policy': 'compact' });
  });

  it('chooses partitions as the Java client does', async () => {
    // hashes from UtilsTest.testMurmur2 of Apache Kafka
    const hashes: Readonly<Record<string, number>> = {
      '21': -973_932_308,
      foobar: -790_332_482,
      'a-little-bit-long-string': -985_981_536,
      'a-little-bit-longer-string': -1_486_304_829,
      lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8: -58_897_971,
      abc: 479_470_107,
    };
    const topics = await engine.open({ partitions: 7 });
    const writer = await topics.writer(1, 0);
    await writer.ensure([order]);
    await writer.publish(Object.keys(hashes).map(message), 'p1');
    const read = await engine.read(order);
    expect(Object.fromEntries(read.map(({ key, partition }) => [key, partition]))).toEqual(
      Object.fromEntries(Object.entries(hashes).map(([key, hash]) => [key, (hash & 0x7fffffff) % 7])),
    );
  });

  it.each([
    ['the checkpoints', 'relay.g1', /is not there any more/],
    ['the register of generations', 'relay', /knows of no generation/],
  ])('stops when the broker lost %s', async (_, topic, reason) => {
    await published();
    await engine.consumer.admin.deleteTopics({ topics: [`${engine.prefix}-${topic}`] });
    const opening = engine.open().then((topics) => topics.writer(1, 0));
    await expect(opening).rejects.toThrow(reason);
    await expect(opening).rejects.toBeInstanceOf(TopicsReset);
  });

  it('stops when the broker lost a topic, or came back empty under the checkpoints', async () => {
    await published();
    await engine.consumer.admin.deleteTopics({ topics: [`${engine.prefix}.acme.order`] });
    const topics = await engine.open();
    await expect(topics.writer(1, 0)).rejects.toThrow(/tells of 1 topics, and there are 0/);
  });

  it('refuses a topic with other partitions, and one that is compacted', async () => {
    const topics = await engine.open();
    const compact = [{ name: 'cleanup.policy', value: 'compact' }];
    await engine.consumer.admin.createTopics({
      topics: [
        { topic: `${engine.prefix}.acme.order`, numPartitions: 5 },
        { topic: `${engine.prefix}.acme.lead`, numPartitions: 3, configEntries: compact },
      ],
    });
    const writer = await topics.writer(1, 0);
    await expect(writer.ensure([order])).rejects.toThrow(/has 5 partitions; its generation has 3/);
    await expect(writer.ensure([order])).rejects.toBeInstanceOf(TopicsDisagree);
    await expect(writer.ensure([{ tenant: 'acme', aggregate: 'lead' }])).rejects.toThrow(/cleanup.policy=compact/);
  });

  it('retires the generations before the oldest that is wanted, never the last', async () => {
    await (await engine.open()).close();
    const topics = await engine.open({ partitions: 4, oldestGeneration: 9 });
    expect(topics.generations.map(({ retired }) => retired)).toEqual([true, false]);
    const again = await engine.open({ partitions: 4, oldestGeneration: 9 });
    expect(again.generations).toEqual(topics.generations);
  });

  it('knows of all generations, however often servers have started since one of them began', async () => {
    await engine.open();
    // what starts leave in the register
    const producer = engine.consumer.kafka.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner });
    await producer.connect();
    const starts = Array.from({ length: 250 }, () => ({ key: 'opened', value: randomUUID() }));
    await producer.send({ topic: engine.names.register, messages: starts });
    await producer.disconnect();
    await engine.open({ partitions: 4 });
    const { generations } = await engine.open({ partitions: 4 });
    expect(generations.map(({ generation, partitions }) => [generation, partitions])).toEqual([
      [1, 3],
      [2, 4],
    ]);
  });

  it('answers others while a question of one is refused', async () => {
    const admin = new Administration(engine.options);
    const refused = admin.ask('look at a topic', (client) => client.fetchTopicMetadata({ topics: [`${engine.prefix}.x.y`] }));
    const asked = admin.ask('list topics', async (client) => {
      await refused.catch(() => {});
      for (let time = 0; time < 5; time++) await client.listTopics();
      return 'answered';
    });
    await expect(refused).rejects.toThrow();
    await expect(asked).resolves.toBe('answered');
    await admin.close();
  });

  it('agrees on one generation when several servers start at once', async () => {
    const opened = await Promise.all([engine.open(), engine.open(), engine.open()]);
    for (const { generations } of opened) expect(generations.map(({ generation }) => generation)).toEqual([1]);
  });

  it('says in a bounded time that nobody answers', async () => {
    const way = await Way.to(address);
    for (const state of ['cut', 'frozen'] as const) {
      way.set(state);
      const began = Date.now();
      const opening = openKafkaTopics({ ...engine.options, socket: way.socket });
      await expect(opening).rejects.toBeInstanceOf(TopicsUnavailable);
      expect(Date.now() - began).toBeLessThan(25_000);
    }
    way.close();
  });

  it.each(['cut', 'frozen'] as const)(
    'fails, closes and leaves no socket in a bounded time when the way is %s',
    async (state) => {
      const way = await Way.to(address);
      const topics = await engine.open({ socket: way.socket });
      const writer = await topics.writer(1, 0);
      await writer.ensure([order]);
      await writer.publish([message('order-acme.1')], 'p1');
      way.set(state);
      const publishing = Date.now();
      const failure = await writer.publish([message('order-acme.2')], 'p2').catch((error: unknown) => error);
      expect(failure instanceof TopicsUnavailable || failure instanceof OutcomeUnknown).toBe(true);
      expect(Date.now() - publishing).toBeLessThan(45_000);
      const closing = Date.now();
      await topics.close();
      expect(Date.now() - closing).toBeLessThan(6_000);
      expect(await noneOf(() => way.sockets)).toBe(0);
      way.close();
      const again = await engine.open();
      expect((await again.writer(1, 0)).checkpoint).toBe('p1');
      expect((await engine.read(order)).map(({ key }) => key)).toEqual(['order-acme.1']);
    },
  );
});

/** Waits until there are none; gives how many there are in the end. */
async function noneOf(count: () => number): Promise<number> {
  for (const deadline = Date.now() + 3_000; count() > 0 && Date.now() < deadline; ) {
    await new Promise((next) => setTimeout(next, 10));
  }
  return count();
}
