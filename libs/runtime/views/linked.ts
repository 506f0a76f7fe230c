import type { StoredFact } from '../ports.js';
import { Unwritable } from './fold.js';
import type { ViewPlan } from './plan.js';
import { TenantMap } from './tenant-map.js';
import { type KeyedFact, type Touch, touchAt, touchesOf } from './touch.js';

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

function only(touch: Touch, test: (key: string) => boolean): Touch {
  if (touch.error !== undefined) throw new Unwritable(touch.error);
  return touch.keys.every(test) ? touch : { ...touch, keys: touch.keys.filter(test) };
}

/** Facts as touches of the documents that are not linked, and apart from them what each has of linked ones. Throws Unwritable. */
export function divided(plan: ViewPlan, facts: readonly KeyedFact[], linked: Linked) {
  const apart: KeyedFact[] = [];
  const touches = facts.map(({ stored, keys }) => {
    const touch = touchAt(plan, stored, keys);
    const rest = only(touch, (key) => !linked.has(touch.tenant, key));
    if (rest !== touch) apart.push({ stored, keys: keys.filter((key) => !rest.keys.includes(key)) });
    return rest;
  });
  return { touches, apart };
}

/** Bytes of facts of linked customers that are kept: beyond that the log is read again. */
const MOST_BYTES = 32 * 1024 * 1024;

/** What linked customers have, gathered in any order and given in that of the log. */
export class LinkedFacts {
  readonly #facts = new Map<string, KeyedFact>();
  #bytes = 0;

  /** Merges and unmerges are among them, whatever documents they go into. */
  constructor(
    related: readonly StoredFact[],
    private readonly most = MOST_BYTES,
  ) {
    this.add(related.map((stored) => ({ stored, keys: [] })));
  }

  add(facts: readonly KeyedFact[]): void {
    for (const { stored, keys } of facts) {
      if (this.#bytes > this.most) return;
      const known = this.#facts.get(stored.position);
      if (known === undefined) this.#bytes += stored.data.length + stored.metadata.length;
      this.#facts.set(stored.position, { stored, keys: known ? [...known.keys, ...keys] : keys });
    }
  }

  /** Undefined when they were too many to keep. */
  get inOrder(): readonly KeyedFact[] | undefined {
    if (this.#bytes > this.most) return undefined;
    return [...this.#facts.values()].sort((one, other) => (one.stored.position < other.stored.position ? -1 : 1));
  }
}
