import { type MessagePort, workerData } from 'node:worker_threads';
import { logFileIn, openSqliteLogReader, openSqliteViews } from '#adapters/sqlite';
import { identity } from '#contexts';
import { runViewsThread } from '#runtime/views/index';
import { allContexts, type ViewsThreadData, viewsFileIn } from './layout.js';

const { folder, writes, port } = workerData as ViewsThreadData & { readonly port: MessagePort };

await runViewsThread({
  port,
  contexts: allContexts,
  identity,
  openLog: () => openSqliteLogReader(logFileIn(folder)),
  openViews: () => openSqliteViews({ file: viewsFileIn(folder) }, { readonly: !writes }),
  scratch: () => openSqliteViews({ memory: true }),
  writes,
});
