import { parseStream } from '#kernel';
import { metadataOf } from '../envelope.js';
import { isOf, type KeyStore, type Log, type StoredFact } from '../ports.js';
import type { Registry } from '../registry.js';
import { filed } from './kept-apart.js';

/** So many facts with personal fields tell whether a key store is that of the log: of a lost one it knows none. */
const TOLD_BY = 100;

/**
 * The first fact with personal fields of a log whose keys a store has never had: it was lost, or is that of another log. Undefined
 * where it knows them, living or destroyed, and where there are none. What erasures of this log were applied to is its store.
 */
export async function firstWithoutKeys(
  log: Log,
  store: Pick<KeyStore, 'appliedTo' | 'load'>,
  { facts }: Registry,
): Promise<StoredFact | undefined> {
  const applied = await store.appliedTo();
  if (applied !== undefined && isOf(log, applied)) return undefined;
  const types = [...facts.values()].filter(({ personal }) => Object.keys(personal).length > 0).map(({ type }) => type);
  for (let after = log.start; ; ) {
    const page = await log.readAll(after, { limit: TOLD_BY, types });
    const sealed = page.facts.filter((stored) => subjectsOf(stored).length > 0);
    for (const stored of sealed)
      if ((await store.load(parseStream(stored.stream).tenant, subjectsOf(stored).map(filed))).size > 0) return undefined;
    if (sealed.length > 0 || page.atHead) return sealed[0];
    after = page.position;
  }
}

const subjectsOf = (stored: StoredFact): readonly string[] => metadataOf(stored).subjects ?? [];
