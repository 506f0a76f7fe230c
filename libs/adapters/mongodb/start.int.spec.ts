import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { loadConfig } from '../../../apps/server/config.js';
import { enginesOf } from '../../../apps/server/engines.js';
import { TcpProxy } from '../../../test/support/proxy.js';
import { MongoFault, openMongoKeys } from './index.js';
import { findMongo, HOW_TO_RUN } from './testing/engine.js';

const mongo = await findMongo();
const describeWithMongo = mongo ? describe : describe.skip;

describeWithMongo(
  `keys in a MongoDB that does not answer yet when a server starts${mongo ? '' : ` (to run it, ${HOW_TO_RUN})`}`,
  () => {
    let way: TcpProxy;
    const place = () => ({
      uri: `mongodb://${way.address}/?directConnection=true`,
      database: `annals_keys_${randomBytes(6).toString('hex')}`,
      masterKey: randomBytes(32),
      timeoutMilliseconds: 700,
    });
    beforeEach(async () => {
      way = await TcpProxy.to(/^mongodb:\/\/([^/,]+)/.exec(mongo?.uri ?? '')?.[1] ?? '');
    });
    afterEach(() => way.close());
    afterAll(() => mongo?.stop());

    it('are waited for, longer than a command would wait', async () => {
      await way.set('silent');
      const opening = openMongoKeys({ ...place(), startMilliseconds: 60_000 });
      await new Promise((later) => setTimeout(later, 2_500));
      await way.set('open');
      const keys = await opening;
      expect(await keys.appliedTo()).toBeUndefined();
      await keys.close();
    }, 60_000);

    it('are not waited for longer than that', async () => {
      await way.set('silent');
      await expect(openMongoKeys({ ...place(), startMilliseconds: 0 })).rejects.toBeInstanceOf(MongoFault);
    }, 60_000);
  },
);

it('a server waits for keys at its start as long as its settings say of MongoDB', () => {
  const env = {
    ANNALS_KEYS_ENGINE: 'mongodb',
    ANNALS_MONGODB_URI: 'mongodb://127.0.0.1:1/',
    ANNALS_MONGODB_TIMEOUT_MILLISECONDS: '20000',
  };
  expect(enginesOf(loadConfig(env), '/nowhere').keys).toMatchObject({ timeoutMilliseconds: 5_000, startMilliseconds: 20_000 });
});
