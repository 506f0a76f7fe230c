import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { builtFile } from '#adapters/sqlite';
import type { Engines } from './engines.js';

/** Megabytes. What it holds is small; without a limit the collector would let it grow as far as the thread of the views. */
const MEMORY = { maxYoungGenerationSizeMb: 24, maxOldGenerationSizeMb: 128 };

export interface BuildThreadData {
  readonly folder: string;
}

/**
 * Starts a thread that does half of the work of building a view from the embedded log; undefined where there is one core only, or the
 * log lies elsewhere and cannot be read from the middle.
 */
export function buildThreadFor({ folder, log }: Engines): (() => Worker) | undefined {
  if (log.engine !== 'sqlite' || availableParallelism() < 2) return undefined;
  const workerData: BuildThreadData = { folder };
  return () => new Worker(builtFile(import.meta.url, './build.worker.js'), { workerData, resourceLimits: MEMORY });
}
