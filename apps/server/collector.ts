import { availableParallelism } from 'node:os';
import { setFlagsFromString } from 'node:v8';

/** Cores on which the collector's own threads take the time of those that work. */
const FEW = 2;

/**
 * Young objects are collected by the thread that made them: V8 gives each collection to several threads, for which the thread that began it
 * waits, and where all cores are busy they come late. Of the whole process; call it before there is much to collect.
 */
export function collectAloneOnFewCores(): void {
  if (availableParallelism() <= FEW) setFlagsFromString('--no-parallel-scavenge');
}
