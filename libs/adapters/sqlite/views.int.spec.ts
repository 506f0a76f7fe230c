import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ViewStore } from '#runtime/ports';
import { viewStoreContract } from '../../../test/contract/views.contract.js';
import { openSqliteViews } from './index.js';

viewStoreContract('SQLite', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'annals-views-'));
  const stores: ViewStore[] = [];
  const open = async () => {
    const store = await openSqliteViews({ file: join(folder, 'views.db') });
    stores.push(store);
    return store;
  };
  return {
    durable: true,
    open,
    openBeside: open,
    dispose: async () => {
      for (const store of stores) await store.close();
      rmSync(folder, { recursive: true });
    },
  };
});

viewStoreContract('SQLite in memory', async () => {
  const store = await openSqliteViews({ memory: true });
  return { durable: false, open: async () => store, dispose: () => store.close() };
});
