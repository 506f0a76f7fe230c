import { type MessagePort, workerData } from 'node:worker_threads';
import { openSqliteLogReader } from '#adapters/sqlite';
import { identity } from '#contexts';
import { serveFellow } from '#runtime/views/index';
import { allContexts } from './layout.js';

serveFellow({ port: workerData as MessagePort, contexts: allContexts, identity, openLog: openSqliteLogReader });
