import { MessageChannel } from 'node:worker_threads';
import { openSqliteLogReader } from '#adapters/sqlite';
import type { Context } from '#kernel';
import type { Log } from '../../ports.js';
import { type Fellow, remoteFellow, serveFellow } from '../fellow.js';
import { identity } from './deals.js';

/** A fellow at the other end of a port, as in a thread; `die` ends it as a crash would. */
export function fellowHere(
  contexts: readonly Context[],
  openLog: (file: string) => Promise<Log> = openSqliteLogReader,
): Fellow & { die(): void } {
  const { port1, port2 } = new MessageChannel();
  serveFellow({ port: port1, contexts, identity, openLog });
  return { ...remoteFellow(port2), die: () => port1.close() };
}
