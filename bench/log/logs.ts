import { inChild } from '../support/child.js';
import type { BenchOptions } from '../support/measure.js';
import { startServerProcess } from '../support/server-process.js';
import type { GenerateOrder } from './generate.js';

export interface GeneratedLog {
  /** Data and secrets of a server lie below it. */
  readonly folder: string;
  readonly data: string;
  readonly customers: number;
  readonly facts: number;
}

const made = new Map<string, Promise<GeneratedLog>>();

/** A folder with a log of so many facts of so many customers, made once a run. */
export function generatedLog({ folder, say }: BenchOptions, customers: number, facts: number): Promise<GeneratedLog> {
  const name = `${folder}/log-${customers}-${facts}`;
  const known = made.get(name) ?? make(name, customers, facts, say);
  made.set(name, known);
  return known;
}

/** 1,000,000 facts over 100,000 customers with an opportunity each; a tenth of it in the short form. */
export const largeLog = (options: BenchOptions): Promise<GeneratedLog> =>
  options.short ? generatedLog(options, 10_000, 100_000) : generatedLog(options, 100_000, 1_000_000);

async function make(folder: string, customers: number, facts: number, say: BenchOptions['say']): Promise<GeneratedLog> {
  // The server makes folder, keys and first token; it does so only for an empty log.
  await (await startServerProcess(folder)).stop();
  const began = performance.now();
  const order: GenerateOrder = { data: `${folder}/data`, customers, facts };
  await inChild(new URL('./generate.js', import.meta.url), order);
  say(`${facts} facts of ${customers} customers made in ${((performance.now() - began) / 1_000).toFixed(0)} s`);
  return { folder, data: order.data, customers, facts };
}
