import type { FactEvent, FactName } from './event.js';
import { events } from './generated/fixtures.js';

/**
 * Events as topics have them: every version of every public fact, or of these; with all fields, and once with the required ones
 * only. Each is the first of a stream of its own. Sealed values are made up: give the consumer keys that open whatever they get.
 */
export function fixtures<N extends FactName = FactName>(...types: readonly N[]): readonly FactEvent<N>[] {
  const isWanted = ({ type }: FactEvent) => types.length === 0 || (types as readonly string[]).includes(type);
  return events.filter(isWanted) as unknown as readonly FactEvent<N>[];
}
