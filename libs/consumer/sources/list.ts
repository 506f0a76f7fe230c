import type { FactEvent } from '../event.js';
import type { Source } from '../source.js';

/** Gives these events, once: for tests, with `events` of the fixtures or your own. */
export function listSource(events: readonly FactEvent[]): Source {
  return { read: async (reader) => void (await reader.handle({ events })) };
}
