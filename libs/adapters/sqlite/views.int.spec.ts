import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
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

it('a store that is only read says what to do where a view was not built yet', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'annals-views-'));
  const file = join(folder, 'views.db');
  await (await openSqliteViews({ file })).close();
  const store = await openSqliteViews({ file }, { readonly: true });
  const spec = { view: 'heads', version: 1, hash: 'abc', filters: [], sums: {} };
  await expect(store.generation(spec)).rejects.toMatchObject({
    name: 'StorageError',
    message: expect.stringContaining('Start one with the role views'),
  });
  await store.close();
  rmSync(folder, { recursive: true });
});
