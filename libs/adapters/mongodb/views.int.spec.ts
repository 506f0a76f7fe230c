import { randomBytes } from 'node:crypto';
import { afterAll, describe, it } from '@jest/globals';
import { MongoClient } from 'mongodb';
import type { ViewStore } from '#runtime/ports';
import { viewStoreContract } from '../../../test/contract/views.contract.js';
import { openMongoViews } from './index.js';
import { findMongo, HOW_TO_RUN } from './testing/engine.js';

const mongo = await findMongo();

if (!mongo) {
  describe.skip(`MongoDB keeps the view store contract (to run it, ${HOW_TO_RUN})`, () => {
    it('needs a server', () => undefined);
  });
} else {
  const { uri } = mongo;
  afterAll(() => mongo.stop());

  viewStoreContract('MongoDB', async () => {
    const database = `annals_views_${randomBytes(6).toString('hex')}`;
    const stores: ViewStore[] = [];
    const open = async () => {
      const store = await openMongoViews({ uri, database });
      stores.push(store);
      return store;
    };
    return {
      durable: true,
      open,
      openBeside: open,
      dispose: async () => {
        for (const store of stores) await store.close();
        const client = new MongoClient(uri);
        await client.db(database).dropDatabase();
        await client.close();
      },
    };
  });
}
