import { expect } from '@jest/globals';
import type { Recorded } from '../envelope.js';
import type { Fact } from '../facts.js';
import { derivedId } from '../ids.js';
import type { AnyView, DocumentOf } from '../view.js';

/** A fact as recorded; whatever the specification does not care about has a default. */
export const recorded = <D>(fact: Fact<string, D>, given: Partial<Recorded<D>> = {}): Recorded<D> => ({
  id: derivedId(fact.type, JSON.stringify(given)),
  schemaVersion: 1,
  visibility: 'public',
  stream: `specification-main.${derivedId('stream')}`,
  revision: 0,
  position: 'spec.0000000000000001',
  occurredAt: '2026-01-05T09:00:00.000Z',
  recordedAt: '2026-01-05T09:00:00.000Z',
  tenant: 'main',
  actor: { kind: 'user', id: 'tester' },
  commandId: derivedId('command'),
  correlationId: derivedId('command'),
  causationId: derivedId('command'),
  refs: {},
  subjects: [],
  inputs: [],
  ...fact,
  ...given,
});

/** givenView(pipeline).facts(recorded(opened), …).then(opportunityId, { phase: 'PROPOSAL', … }) */
export const givenView = <V extends AnyView>(subject: V) => ({
  facts: (...facts: Recorded[]) => {
    const documents = new Map<string, DocumentOf<V>>();
    for (const past of facts) {
      if (!Object.hasOwn(subject.facts, past.type)) continue;
      // biome-ignore lint/suspicious/noExplicitAny: a view of any shape
      for (const key of [subject.key(past as any)].flat()) {
        const before = documents.get(key) ?? subject.initial(key);
        const next = subject.apply[past.type]?.(before, past as never, key) as DocumentOf<V> | null;
        for (const [left, document] of Object.entries(subject.leaves?.(before, past as never, key) ?? {}))
          documents.set(left, document as DocumentOf<V>);
        if (next === null) documents.delete(key);
        else documents.set(key, next);
      }
    }
    for (const [key, document] of documents) if (subject.shows?.(document) === false) documents.delete(key);
    return {
      document: (key: string): DocumentOf<V> | undefined => documents.get(key),
      documents,
      then: (key: string, expected: Partial<DocumentOf<V>>) => expect(documents.get(key)).toMatchObject(expected as object),
      isGone: (key: string) => expect(documents.has(key)).toBe(false),
    };
  },
});
