import { parentPort, workerData } from 'node:worker_threads';
import { logFileIn, openSqliteLogReader } from '#adapters/sqlite';
import { registryOf } from '../../registry.js';
import { runBuildThread } from '../build-thread.js';
import { company, identity } from './deals.js';

const { folder } = workerData as { readonly folder: string };
if (!parentPort) throw new Error('This module runs in a worker thread.');
const openLog = () => openSqliteLogReader(logFileIn(folder));
runBuildThread({ port: parentPort, registry: registryOf([company()]), identity, openLog });
