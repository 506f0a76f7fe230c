import { parseStream } from '#kernel';
import { recordedOf } from '../envelope.js';
import type { StoredFact } from '../ports.js';
import type { Registry } from '../registry.js';

export interface Consequences {
  /** All keys of these persons; of classes that a law keeps, those in `ended` only. */
  destroy(tenant: string, persons: readonly string[], ended: readonly string[]): Promise<void>;
  /** `factId` names the fact that gives the reservation up: it does so once, whoever has the reservation when it is asked again. */
  release(tenant: string, reservationId: string, target: string, factId: string): Promise<void>;
}

/** Whether facts of the type say anything about keys and reservations. */
export function hasConsequences(type: string, { facts }: Registry): boolean {
  const { erases, releases } = facts.get(type) ?? {};
  return erases !== undefined || releases !== undefined;
}

/** Makes come true what a recorded fact says about keys and reservations. May be done again: it changes nothing then. */
export async function settleConsequences(
  stored: StoredFact,
  registry: Registry,
  { destroy, release }: Consequences,
): Promise<void> {
  if (!hasConsequences(stored.type, registry)) return;
  const { erases, ends, releases } = registry.facts.get(stored.type) ?? {};
  const { tenant } = parseStream(stored.stream);
  const data = recordedOf(stored, registry).data as Readonly<Record<string, unknown>>;
  const ended = ends === undefined ? [] : [(data[ends] ?? []) as string | readonly string[]].flat();
  if (erases !== undefined) await destroy(tenant, data[erases] as readonly string[], ended);
  if (releases !== undefined) await release(tenant, data[releases] as string, stored.stream, stored.id);
}
