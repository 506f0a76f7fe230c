import { afterAll, beforeAll } from '@jest/globals';
import type { Log } from '#runtime/ports';
import { logContract } from '../../../test/contract/log.contract.js';
import { type GivenServer, givenEventStore, newNamespace } from '../../../test/stand-ins/eventstoredb/given.js';
import { openEventStoreLog } from './index.js';

let server: GivenServer;
beforeAll(async () => {
  server = await givenEventStore();
});
afterAll(() => server.end());

logContract('EventStoreDB', async () => {
  const logs: Log[] = [];
  const opened = async (namespace: string) => {
    const log = await openEventStoreLog({ connection: server.connection, namespace });
    logs.push(log);
    return log;
  };
  const namespace = newNamespace();
  return {
    open: () => opened(namespace),
    openAnother: () => opened(newNamespace()),
    dispose: async () => {
      for (const log of logs) await log.close();
    },
  };
});
