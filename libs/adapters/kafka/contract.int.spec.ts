import { afterAll, describe, it } from '@jest/globals';
import { topicsContract } from '../../../test/contract/topics.contract.js';
import { testBroker } from './testing/broker.js';
import { KafkaTestEngine } from './testing/engine.js';

const broker = await testBroker();

if ('skipped' in broker) {
  describe.skip(`Kafka (${broker.skipped})`, () => it('keeps the topics contract', () => {}));
} else {
  afterAll(broker.stop);
  topicsContract(`Kafka (${broker.from})`, async () => {
    const engine = await KafkaTestEngine.start(broker.address);
    return {
      open: (wish) => engine.open(wish),
      // where a message lies is not part of the contract
      read: async (topic) => (await engine.read(topic)).map(({ key, value, headers }) => ({ key, value, headers })),
      dispose: () => engine.dispose(),
    };
  });
}
