import type { StoredFact } from '../ports.js';
import type { Folding } from './fold.js';
import { divided, type Linked } from './linked.js';
import { type Page, pagesOf, type Source } from './pages.js';
import type { Spill } from './spill.js';
import { type KeyedFact, keysOf } from './touch.js';

/** A fact that cannot be read: which ones wait for it is known in log order only. */
export class Unreadable extends Error {}

/** What was set aside of a stretch of the log. */
export interface Aside extends Omit<Page, 'facts'> {
  /** The last one of the view's facts. */
  readonly lastFact: string | undefined;
  /** Merges and unmerges, in log order. */
  readonly related: readonly StoredFact[];
}

/** Sets the facts of a stretch aside by the keys of their documents, page by page. Throws Unreadable. */
export async function* asideOf(source: Source, spill: Spill, from: string, upTo?: string): AsyncGenerator<Aside> {
  const { plan } = source;
  for await (const { facts, read, position } of pagesOf(source, from, upTo)) {
    const related: StoredFact[] = [];
    for (const { stored, keys, error } of keysOf(plan, facts)) {
      if (error !== undefined) throw new Unreadable(error);
      if (stored.type === plan.identity?.merged || stored.type === plan.identity?.unmerged) related.push(stored);
      if (keys.length > 0) spill.add(keys, stored);
    }
    yield { read, position, related, lastFact: facts.at(-1)?.position };
  }
}

/** Folds facts that were set aside, and gives what linked customers have of them, which is not folded. Throws Unwritable. */
export function foldAside(folding: Folding, facts: readonly KeyedFact[], linked: Linked): readonly KeyedFact[] {
  const { touches, apart } = divided(folding.plan, facts, linked);
  folding.fold(touches);
  return apart;
}
