import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Log, StoredFact } from '../ports.js';
import type { ViewPlan } from './plan.js';
import type { Stretch } from './stretches.js';

export interface Reading {
  readonly plan: ViewPlan;
  readonly log: Log;
  readonly tenant?: string;
  /** Facts for which it says no are left out. */
  readonly includes?: (fact: StoredFact) => boolean;
  readonly pageSize?: number;
}

export interface Page {
  readonly facts: readonly StoredFact[];
  /** Facts that were read, those left out included. */
  readonly read: number;
  readonly position: string;
}

/** The facts of a view's types, packed where the log can; other work gets its turn between pages. */
export async function* pagesOf(
  { plan, log, tenant, includes, pageSize = 500 }: Reading,
  { from: after, upTo }: Stretch,
): AsyncGenerator<Page> {
  const options = {
    limit: pageSize,
    types: plan.types,
    packed: true,
    ...(tenant === undefined ? {} : { tenant }),
    ...(upTo === undefined ? {} : { upTo }),
  };
  let from = after;
  for (let done = upTo !== undefined && from >= upTo; !done; ) {
    const page = await log.readAll(from, options);
    from = page.atHead && upTo !== undefined ? upTo : page.position;
    done = page.atHead || (upTo !== undefined && from >= upTo);
    yield { facts: includes ? page.facts.filter(includes) : page.facts, read: page.facts.length, position: from };
    await nextTurn();
  }
}
