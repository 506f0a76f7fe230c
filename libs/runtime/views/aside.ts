import type { StoredFact } from '../ports.js';
import { keysOf } from './fold.js';
import type { ViewPlan } from './plan.js';
import { Spill } from './spill.js';

/** Which facts wait for one that cannot be read is known in log order only: nothing can be set aside. */
export class Unreadable extends Error {}

/** Facts that were read for a build, set aside for their documents. */
export class Aside {
  readonly spill = new Spill();
  /** Those that say which customers are one. */
  readonly related: StoredFact[] = [];

  constructor(private readonly plan: ViewPlan) {}

  /** Throws Unreadable. */
  add(facts: readonly StoredFact[]): void {
    const { identity } = this.plan;
    for (const { stored, tenant, keys, error } of keysOf(this.plan, facts)) {
      if (error !== undefined) throw new Unreadable(error);
      if (identity && (stored.type === identity.merged || stored.type === identity.unmerged)) this.related.push(stored);
      this.spill.add(tenant, keys, stored);
    }
  }
}
