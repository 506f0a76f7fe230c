import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { MongoFault, openMongoViews } from './index.js';

const PASSWORD = 'hunter2-and-more';

describe('the address of MongoDB', () => {
  it.each([
    ['is no connection string', `mongo://annals:${PASSWORD}@127.0.0.1/`, /not a connection string/],
    ['has a wrong option', `mongodb://annals:${PASSWORD}@127.0.0.1/?replicaSet=`, /not a connection string/],
    [
      'has a host that is not there',
      `mongodb://annals:${PASSWORD}@127.0.0.1:1/?replicaSet=rs0`,
      /127\.0\.0\.1:1\/annals did not answer/,
    ],
  ])('never shows its password when it %s', async (_, uri, words) => {
    const error: unknown = await openMongoViews({ uri, database: 'annals', timeoutMilliseconds: 500 }).catch((fault) => fault);
    expect(error).toBeInstanceOf(MongoFault);
    expect((error as MongoFault).message).toMatch(words);
    expect(inspect(error, { depth: 20, showHidden: true })).not.toContain(PASSWORD);
  });
});
