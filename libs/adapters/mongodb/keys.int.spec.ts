import { randomBytes } from 'node:crypto';
import { afterAll, describe, it } from '@jest/globals';
import { type Binary, BSON, type Document, MongoClient } from 'mongodb';
import type { KeyStore } from '#runtime/ports';
import { keyStoreContract } from '../../../test/contract/keys.contract.js';
import { openMongoKeys } from './index.js';
import { findMongo, HOW_TO_RUN } from './testing/engine.js';

const mongo = await findMongo();

if (!mongo) {
  describe.skip(`MongoDB keeps the key store contract (to run it, ${HOW_TO_RUN})`, () => {
    it('needs a server', () => undefined);
  });
} else {
  const { uri } = mongo;
  afterAll(() => mongo.stop());

  keyStoreContract('MongoDB', async () => {
    const database = `annals_keys_${randomBytes(6).toString('hex')}`;
    const client = new MongoClient(uri, { promoteBuffers: false });
    const db = client.db(database);
    const masterKey = randomBytes(32);
    const stores: KeyStore[] = [];
    const opened = async (key: Uint8Array) => {
      // longer than a command would wait: the machine may be busy, and this is not about time
      const store = await openMongoKeys({ uri, database, masterKey: key, timeoutMilliseconds: 30_000 });
      stores.push(store);
      return store;
    };
    const everything = async () => {
      const found = new Map<string, Document[]>();
      for (const { name } of await db.listCollections().toArray()) found.set(name, await db.collection(name).find().toArray());
      return found;
    };
    let copy = new Map<string, Document[]>();
    return {
      open: () => opened(masterKey),
      openWithAnotherMasterKey: () => opened(randomBytes(32)),
      backup: async () => {
        copy = await everything();
      },
      restore: async () => {
        await db.dropDatabase();
        for (const [name, documents] of copy) if (documents.length > 0) await db.collection(name).insertMany(documents);
      },
      // What its collections hold. The server's own journal and oplog keep former contents for a while: see the how-to.
      holds: async (bytes) =>
        [...(await everything()).values()]
          .flat()
          .some((document) => Buffer.from(BSON.serialize(document)).includes(Buffer.from(bytes))),
      wrappedForm: async (tenant, subject) => {
        const [person, retention] = subject.split('.');
        const found = await db.collection<{ _id: string }>('persons').findOne({ _id: `${tenant} ${person}` });
        const keys = (found as { keys?: { retention: string; wrapped: Binary }[] } | null)?.keys ?? [];
        return keys.find((key) => key.retention === retention)?.wrapped.value() ?? new Uint8Array();
      },
      dispose: async () => {
        for (const store of stores) await store.close();
        await db.dropDatabase();
        await client.close();
      },
    };
  });
}
