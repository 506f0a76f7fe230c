import { createHash } from 'node:crypto';
import { type AnyView, canonicalJson, type MergeFacts, type Recorded } from '#kernel';
import type { Registry } from '#runtime/registry';
import { definitionOf, foldText, planOf } from '#runtime/views/plan';
import { decoded, type Sample, sampleId } from './samples.js';

/** What is committed for a version of a view. */
export interface ViewRecord {
  readonly definition: Readonly<Record<string, unknown>>;
  /** The source of its fold as compiled, one line a function. */
  readonly fold: readonly string[];
  /** By fact: SHA-256 of the documents that the fold makes of its samples; then of all facts in turn, and of a merge. */
  readonly makes: Readonly<Record<string, string>>;
}

/** The record of a view as the code has it now. `samples` are those of the current fact versions. */
export function viewRecord(
  view: AnyView,
  registry: Registry,
  identity: MergeFacts | undefined,
  samples: ReadonlyMap<string, Sample>,
): ViewRecord {
  const plan = planOf(view, registry, identity);
  const definition = JSON.parse(JSON.stringify(definitionOf(view, plan.identity))) as ViewRecord['definition'];
  return { definition, fold: foldText(view).split('\n'), makes: foldedSamples(view, registry, samples) };
}

/** `fold` is source text: a function that it calls may change without it, so the samples are folded too. */
function foldedSamples(view: AnyView, registry: Registry, samples: ReadonlyMap<string, Sample>): Record<string, string> {
  const facts = Object.keys(view.facts)
    .sort()
    .flatMap((type) => {
      const sample = samples.get(type);
      return (sample?.data ?? []).map((data, index) => decoded(sample as Sample, data, index, registry));
    });
  const makes: Record<string, string> = {};
  for (const type of new Set(facts.map(({ type }) => type))) {
    const each = facts.filter((fact) => fact.type === type).map((fact) => Object.fromEntries(folded(view, [fact])));
    makes[type] = hashOf(each);
  }
  const all = folded(view, facts);
  makes['all in turn'] = hashOf(Object.fromEntries(all));
  if (view.merge) {
    const documents = [...all.values()].filter((document) => typeof document === 'object' && document !== null);
    makes.merge = hashOf(outcome(() => view.merge?.(documents as never, sampleId('survivorId'))));
  }
  return makes;
}

/** Documents by key; where the fold throws, the name of the error. */
function folded(view: AnyView, facts: readonly Recorded[]): Map<string, unknown> {
  const documents = new Map<string, unknown>();
  for (const fact of facts) {
    const keys = outcome(() => view.key(fact));
    if (typeof keys !== 'string' && !Array.isArray(keys)) continue;
    for (const key of [keys].flat() as string[]) {
      const before = documents.get(key);
      const from = before === undefined || before === null || typeof before === 'string' ? view.initial(key) : before;
      documents.set(
        key,
        outcome(() => view.apply[fact.type]?.(from as never, fact, key)),
      );
      const left = view.leaves && outcome(() => view.leaves?.(from as never, fact, key) ?? {});
      if (typeof left === 'object') for (const [leftKey, document] of Object.entries(left)) documents.set(leftKey, document);
    }
  }
  return documents;
}

function outcome<T>(work: () => T): T | string {
  try {
    return work();
  } catch (error) {
    return error instanceof Error ? error.constructor.name : 'thrown';
  }
}

const hashOf = (value: unknown) => createHash('sha256').update(canonicalJson(value)).digest('hex');
