import type { DocumentKey, Generation } from '../ports.js';
import type { Folding } from './fold.js';
import { loadLinks } from './identity.js';
import type { Touch } from './touch.js';

type Touching = Pick<Touch, 'tenant' | 'keys' | 'recorded'>;

/** Loads into memory, once each, the documents that a batch touches, and those of customers merged with them. */
export async function loadTouched(generation: Generation, folding: Folding, touches: readonly Touching[]): Promise<void> {
  const { identity, view } = folding.plan;
  const wanted: DocumentKey[] = [];
  for (const [tenant, { keys, customers }] of touched(folding, touches)) {
    const together = identity
      ? await loadLinks(generation, folding.forest, tenant, view.merge ? new Set([...keys, ...customers]) : customers)
      : [];
    for (const key of view.merge ? new Set([...keys, ...together]) : keys) {
      if (folding.knows(tenant, key)) continue;
      wanted.push({ tenant, space: view.merge && folding.forest.isLinked(tenant, key) ? 'part' : 'shown', key });
      if (view.shows) wanted.push({ tenant, space: 'part', key });
    }
  }
  if (wanted.length === 0) return;
  for (const { tenant, key } of wanted) folding.learn(tenant, key, undefined);
  for (const document of await generation.load(wanted)) folding.learn(document.tenant, document.key, document);
}

interface Touched {
  readonly keys: Set<string>;
  readonly customers: Set<string>;
}

function touched({ plan: { identity } }: Folding, touches: readonly Touching[]): ReadonlyMap<string, Touched> {
  const tenants = new Map<string, Touched>();
  for (const { tenant, keys, recorded } of touches) {
    let of = tenants.get(tenant);
    if (!of) {
      of = { keys: new Set(), customers: new Set() };
      tenants.set(tenant, of);
    }
    for (const key of keys) of.keys.add(key);
    if (!identity || !recorded || (recorded.type !== identity.merged && recorded.type !== identity.unmerged)) continue;
    const { customerId, survivorId } = recorded.data as { readonly customerId?: unknown; readonly survivorId?: unknown };
    if (typeof customerId === 'string') of.customers.add(customerId);
    if (typeof survivorId === 'string') of.customers.add(survivorId);
  }
  return tenants;
}
