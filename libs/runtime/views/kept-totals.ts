import type { Generation, Group } from '../ports.js';

/** What questions are answered from. */
export type Documents = Pick<Generation, 'spec' | 'load' | 'get' | 'list' | 'groups'>;

const MOST = 100;
/** Answers with more groups would fill the memory: they are added up again. */
const GROUPS_KEPT = 1_000;

/** Documents that nobody changes: what they add up to is added up once. */
export function keepingTotals(documents: Documents): Documents {
  const kept = new Map<string, Promise<readonly Group[]>>();
  return {
    spec: documents.spec,
    load: (keys) => documents.load(keys),
    get: (tenant, key) => documents.get(tenant, key),
    list: (tenant, query) => documents.list(tenant, query),
    groups(tenant, query) {
      const question = JSON.stringify([tenant, query]);
      const known = kept.get(question);
      if (known) return known;
      const added = documents.groups(tenant, query);
      if (kept.size >= MOST) kept.clear();
      kept.set(question, added);
      added.then(
        ({ length }) => length > GROUPS_KEPT && kept.delete(question),
        () => kept.delete(question),
      );
      return added;
    },
  };
}
