import { type MessagePort, workerData } from 'node:worker_threads';
import { openSqliteViews } from '#adapters/sqlite';
import { identity } from '#contexts';
import { runViewsThread } from '#runtime/views/index';
import { openLogReader, openViews, type ViewsThreadData } from './engines.js';
import { allContexts } from './layout.js';

const { engines, writes, port } = workerData as ViewsThreadData & { readonly port: MessagePort };

await runViewsThread({
  port,
  contexts: allContexts,
  identity,
  openLog: () => openLogReader(engines),
  openViews: () => openViews(engines, { writes }),
  scratch: () => openSqliteViews({ memory: true }),
  writes,
});
