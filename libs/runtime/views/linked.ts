import type { StoredFact } from '../ports.js';
import { Unwritable } from './fold.js';
import type { ViewPlan } from './plan.js';
import { TenantMap } from './tenant-map.js';
import { type Touch, touchesOf } from './touch.js';

/** Customers that some merge names: what is shown of one depends on the others. */
export type Linked = TenantMap<true>;

/** All that some of these merges name, if the view shows merged ones as one. */
export function linkedBy(plan: ViewPlan, merges: readonly StoredFact[]): Linked {
  const linked: Linked = new TenantMap();
  if (plan.view.merge === undefined) return linked;
  for (const { tenant, recorded } of touchesOf(plan, merges)) {
    const { customerId, survivorId } = (recorded?.data ?? {}) as { readonly customerId?: unknown; readonly survivorId?: unknown };
    for (const id of [customerId, survivorId]) if (typeof id === 'string') linked.set(tenant, id, true);
  }
  return linked;
}

/** The touch of those of its documents that are linked. Throws Unwritable for a fact that cannot be read. */
export const within = (touch: Touch, linked: Linked): Touch => only(touch, (key) => linked.has(touch.tenant, key));
export const without = (touch: Touch, linked: Linked): Touch => only(touch, (key) => !linked.has(touch.tenant, key));

function only(touch: Touch, test: (key: string) => boolean): Touch {
  if (touch.error !== undefined) throw new Unwritable(touch.error);
  return touch.keys.every(test) ? touch : { ...touch, keys: touch.keys.filter(test) };
}
