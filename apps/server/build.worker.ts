import { setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { logFileIn, openSqliteLogReader } from '#adapters/sqlite';
import { identity } from '#contexts';
import { registryOf } from '#runtime';
import { runBuildThread } from '#runtime/views/index';
import type { BuildThreadData } from './build-thread.js';
import { allContexts } from './layout.js';

// Behind commands and the views that follow the log. On Linux this is of the thread alone.
if (process.platform === 'linux') setPriority(10);

const { folder } = workerData as BuildThreadData;
if (parentPort) {
  const openLog = () => openSqliteLogReader(logFileIn(folder));
  runBuildThread({ port: parentPort, registry: registryOf(allContexts), identity, openLog });
}
