import { type AnyFactType, parseStream } from '#kernel';

export interface Consequences {
  destroy(tenant: string, persons: readonly string[]): Promise<void>;
  release(tenant: string, reservationId: string, target: string): Promise<void>;
}

/** Makes come true what a recorded fact says about keys and reservations. May be done again: it changes nothing then. */
export async function settleConsequences(
  { erases, releases }: AnyFactType,
  stream: string,
  json: string,
  { destroy, release }: Consequences,
): Promise<void> {
  if (erases === undefined && releases === undefined) return;
  const { tenant } = parseStream(stream);
  const data = JSON.parse(json) as Record<string, unknown>;
  if (erases !== undefined) await destroy(tenant, data[erases] as readonly string[]);
  if (releases !== undefined) await release(tenant, data[releases] as string, stream);
}
