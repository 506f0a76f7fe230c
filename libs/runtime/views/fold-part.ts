import { type Changes, Folding, type Touch, touchAt, Unwritable } from './fold.js';
import type { ViewPlan } from './plan.js';
import { type SpilledFact, type SpilledPart, spilledFacts } from './spilled.js';
import { TenantMap } from './tenant-map.js';

/** Documents taken at once. */
const SOME = 500;
const APART = { fresh: true, apart: true };

export interface PartOptions {
  readonly plan: ViewPlan;
  /** Customers whose documents are folded elsewhere, as what is shown of one depends on the others. */
  readonly together: TenantMap<true>;
  /** Bytes put in order at once. */
  readonly atOnce?: number | undefined;
}

/**
 * The documents of a part of the keys, which depend on nothing but its facts: any thread can fold it. Gives what it made so far, often
 * nothing, after each lot of facts. Throws Unwritable.
 */
export function* foldPart(part: SpilledPart, { plan, together, atOnce }: PartOptions): IterableIterator<Changes> {
  const parked = new TenantMap<true>();
  let folding = new Folding(plan, parked, APART);
  for (const { facts, complete } of spilledFacts(part, atOnce)) {
    folding.fold(touchesOf(plan, facts, together));
    if (!complete) {
      yield NOTHING;
      continue;
    }
    do yield folding.take(SOME);
    while (folding.untaken > 0);
    folding = new Folding(plan, parked, APART);
  }
}

const NOTHING: Changes = { put: [], remove: [], park: [], release: [] };

function touchesOf(plan: ViewPlan, facts: readonly SpilledFact[], together: TenantMap<true>): readonly Touch[] {
  const touches: Touch[] = [];
  for (const { document, stored } of facts) {
    if (together.has(document.tenant, document.key)) continue;
    const touch = touchAt(plan, stored, [document.key]);
    if (touch.error !== undefined) throw new Unwritable(touch.error);
    touches.push(touch);
  }
  return touches;
}
