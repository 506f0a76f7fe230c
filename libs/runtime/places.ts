import type { AnyProcess } from '#kernel';
import { ForeignPosition, isOf, type Log } from './ports.js';

/**
 * Of a log that got a new id: where the reader stood, if the same fact is still there. Otherwise from the start, as what is done
 * twice has its effect once; but those that never looked back do not begin to.
 */
export async function placeIn(log: Log, position: string, startsFrom: AnyProcess['startsFrom']): Promise<string> {
  if (isOf(log, position)) return position;
  return (await samePlace(log, position)) ?? (startsFrom === 'now' ? log.head() : log.start);
}

/** The position of the same fact in a log that may have got a new id, or lost its end; undefined where there is none. */
export async function samePlace(log: Log, position: string): Promise<string | undefined> {
  const same = `${log.id}${position.slice(position.indexOf('.'))}`;
  return (await hasPosition(log, same)) ? same : undefined;
}

/** Whether the log has handed this position out and has its fact still. Throws LogUnavailable. */
export async function hasPosition(log: Log, position: string): Promise<boolean> {
  try {
    await log.readAll(position, { limit: 1 });
    return true;
  } catch (error) {
    if (error instanceof ForeignPosition) return false;
    throw error;
  }
}
