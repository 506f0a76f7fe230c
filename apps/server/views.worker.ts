import { getPriority, setPriority } from 'node:os';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { openSqliteViews } from '#adapters/sqlite';
import { identity } from '#contexts';
import { runViewsThread } from '#runtime/views/index';
import { logForRebuilds, openLogReader, openViews, type ViewsThreadData } from './engines.js';
import { fellows } from './fellows.js';
import { allContexts } from './layout.js';
import { reasonOf, type TroubleTold } from './reason.js';

const { engines, writes, standings, port } = workerData as ViewsThreadData & { readonly port: MessagePort };

// Where two want the same core, commands come before views and those before the past. On Linux this is of the thread alone; a server that
// runs at less already may not be let back up.
if (process.platform === 'linux') setPriority(Math.max(getPriority(), writes ? 5 : 10));

const report = (reader: string, error: unknown) =>
  parentPort?.postMessage({ reader, reason: reasonOf(error) } satisfies TroubleTold);

await runViewsThread({
  port,
  contexts: allContexts,
  identity,
  openLog: () => openLogReader(engines, { mirror: !writes, report: (error) => report('copy of the log', error) }),
  openViews: () => openViews(engines, { writes }),
  scratch: () => openSqliteViews({ memory: true }),
  writes,
  standings,
  // The thread of the server logs it, with what befalls other readers.
  report: ({ view = writes ? 'views' : 'views of the past', error }) => report(view, error),
  startFellow: fellows((error) => report('fellow of the views', error)),
  ...(writes && { forRebuilds: await logForRebuilds(engines) }),
  // Nobody else can write views of a log of this folder: what a killed server left held is ours at once.
  ...(engines.log.engine === 'sqlite' && { holder: `views of ${engines.folder}` }),
});
