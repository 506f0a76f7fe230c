import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Log, StoredFact } from '../ports.js';
import type { ViewPlan } from './plan.js';

export const PAGE_SIZE = 500;

/** What a build reads. */
export interface Source {
  readonly plan: ViewPlan;
  readonly log: Log;
  readonly tenant?: string;
  /** Facts that occurred later are left out. */
  readonly asOf?: string;
  readonly pageSize?: number;
}

export interface Page {
  readonly facts: readonly StoredFact[];
  /** Facts that were read, those left out included. */
  readonly read: number;
  readonly position: string;
}

/** The facts of a view from a position on (exclusive), up to another or to the head; other work gets its turn between pages. */
export async function* pagesOf(source: Source, after: string, upTo?: string): AsyncGenerator<Page> {
  const { plan, log, tenant, asOf, pageSize = PAGE_SIZE } = source;
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
    const facts = asOf === undefined ? page.facts : page.facts.filter(({ occurredAt }) => occurredAt <= asOf);
    yield { facts, read: page.facts.length, position: from };
    await nextTurn();
  }
}
