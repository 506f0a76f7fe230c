import { parentPort, workerData } from 'node:worker_threads';
import { Database } from './database.js';

/** Copies and checks a database in a thread of its own: both read the whole file. */
const { source, target } = workerData as { readonly source: string; readonly target: string };
let answer: { readonly problem?: string };
try {
  const from = new Database(source, { readonly: true, durability: 'full' });
  try {
    from.sql('VACUUM INTO ?').run(target);
  } finally {
    from.close();
  }
  const copy = new Database(target, { readonly: true, durability: 'full' });
  const found = String(copy.value('PRAGMA integrity_check'));
  copy.close();
  answer = found === 'ok' ? {} : { problem: `The copy of ${source} fails its check: ${found}` };
} catch (error) {
  answer = { problem: (error as Error).message };
}
parentPort?.postMessage(answer);
