import type { AnyFactType, AnyView, MergeFacts } from '#kernel';
import type { Registry } from '#runtime/registry';
import { storedSchema } from '#runtime/relay/index';
import type { Schema } from '../schema-text.js';
import { incompatibilities } from './fact-schema.js';
import { decoded, misfit, type Sample, sampleOf } from './samples.js';
import { type ViewRecord, viewRecord } from './view-definition.js';

/** Text by path, from the root of the repository. */
export type Files = ReadonlyMap<string, string>;

export interface Protection {
  /** What the protected files are to say; equal to what is there where nothing changed. */
  readonly files: Files;
  /** Changes that are refused, each with what to do instead. Then nothing is to be written. */
  readonly refused: readonly string[];
}

export interface ProtectOptions {
  readonly registry: Registry;
  readonly identity: MergeFacts | undefined;
  /** The protected files as they lie in the working tree. */
  readonly present: Files;
  /** Protected files as they were committed before, if that is known: none of them may go, or change otherwise than here. */
  readonly committed?: Files;
  /** Views whose fold was rewritten with the same meaning: its text is taken over, if the samples fold as before. */
  readonly sameMeaning?: ReadonlySet<string>;
}

export const FACTS = 'docs/reference/facts';
export const SAMPLES = 'docs/reference/facts/samples';
export const VIEWS = 'docs/reference/views';

/**
 * Schemas of facts, samples of them and definitions of views, a file a version. A file that is there may only change in ways that
 * old data and old readers do not notice; everything else asks for a new version.
 */
export function protect(options: ProtectOptions): Protection {
  const files = new Map(options.present);
  const refused: string[] = [];
  for (const [path, text] of options.committed ?? []) {
    if (!files.has(path))
      refused.push(`${path} was committed and is gone. Versions are kept for ever: restore it (git checkout).`);
    else if (path.startsWith(`${SAMPLES}/`) && files.get(path) !== text)
      refused.push(`${path} was changed. A sample shows what was stored once: restore it (git checkout).`);
    else if (isSchema(path)) refused.push(...broken(path, text, files.get(path) as string));
    else if (path.startsWith(`${VIEWS}/`)) refused.push(...rewritten(path, text, files.get(path) as string));
  }
  const samples = new Map<string, Sample>();
  for (const fact of options.registry.facts.values()) protectFact(fact, options, files, refused, samples);
  for (const view of options.registry.views.values()) protectView(view, options, files, refused, samples);
  refused.push(...orphans(options));
  return { files, refused };
}

const isSchema = (path: string) => path.startsWith(`${FACTS}/`) && !path.startsWith(`${SAMPLES}/`);

// ---- facts ----

function protectFact(
  fact: AnyFactType,
  { registry }: ProtectOptions,
  files: Map<string, string>,
  refused: string[],
  samples: Map<string, Sample>,
): void {
  const { type, version } = fact;
  const path = `${FACTS}/${type}.v${version}.json`;
  const schema = storedSchema(fact);
  const before = files.get(path);
  const text = json(schema);
  const faults = before === undefined ? [] : broken(path, before, text);
  if (faults.length > 0) {
    refused.push(...faults);
    return;
  }
  files.set(path, text);

  for (let old = 1; old <= version; old++) {
    if (old < version && !files.has(`${FACTS}/${type}.v${old}.json`)) {
      refused.push(
        `${FACTS}/${type}.v${old}.json is missing: ${type} is at version ${version}, and the schema of each version is kept. Restore it (git checkout).`,
      );
      continue;
    }
    if (old < version && typeof fact.upcast[old] !== 'function') {
      refused.push(
        `${type} is at version ${version}, but has no upcaster from version ${old}: add upcast: { ${old}: (data) => … } to its definition.`,
      );
      continue;
    }
    const sample = sampleIn(fact, old, schema, files, refused);
    if (!sample) continue;
    const fault = unreadable(sample, schema, registry);
    if (fault !== undefined) refused.push(fault);
    if (old === version) samples.set(type, sample);
  }
}

/** The committed sample of a version; one of the current version is made where there is none. */
function sampleIn(
  { type, version }: AnyFactType,
  old: number,
  schema: object,
  files: Map<string, string>,
  refused: string[],
): Sample | undefined {
  const path = `${SAMPLES}/${type}.v${old}.json`;
  const text = files.get(path);
  if (text !== undefined) return JSON.parse(text) as Sample;
  if (old < version) {
    refused.push(`${path} is missing: a sample of each version is kept. Restore it (git checkout).`);
    return undefined;
  }
  const made = sampleOf(type, old, schema as Schema);
  files.set(path, json(made));
  return made;
}

function unreadable(sample: Sample, schema: object, registry: Registry): string | undefined {
  const path = `${SAMPLES}/${sample.type}.v${sample.schemaVersion}.json`;
  for (const [index, data] of sample.data.entries()) {
    try {
      const fault = misfit(schema, decoded(sample, data, index, registry).data);
      if (fault !== undefined)
        return `${path}, entry ${index + 1}: upcast to the current version of ${sample.type}, it ${fault}. What was stored must stay readable: correct the upcaster or the schema.`;
    } catch (error) {
      return `${path}, entry ${index + 1} cannot be read any more: ${(error as Error).message}`;
    }
  }
  return undefined;
}

function broken(path: string, before: string, after: string): readonly string[] {
  const type = path.slice(FACTS.length + 1, path.indexOf('.v'));
  return incompatibilities(JSON.parse(before), JSON.parse(after)).map(
    ({ path: field, what }) =>
      `${path}: ${field || 'the fact'} ${what}. A committed version may only get optional fields: put the definition of ${type} back and make the change in a new version, with an upcaster from this one.`,
  );
}

// ---- views ----

function protectView(
  view: AnyView,
  { registry, identity, sameMeaning }: ProtectOptions,
  files: Map<string, string>,
  refused: string[],
  samples: ReadonlyMap<string, Sample>,
): void {
  const path = `${VIEWS}/${view.name}.v${view.version}.json`;
  const now = viewRecord(view, registry, identity, samples);
  const before = files.get(path);
  if (before !== undefined) {
    const old = JSON.parse(before) as ViewRecord;
    const makesOtherThings = meaningChanges(old, now);
    const rewrittenOnly = makesOtherThings.length === 0 && old.fold.join('\n') !== now.fold.join('\n');
    if (makesOtherThings.length > 0) {
      refused.push(
        `${path}: ${makesOtherThings.join('; ')}. Raise the version of the view ${view.name} to ${view.version + 1} and run npm run reference; servers then build it anew.`,
      );
      return;
    }
    if (rewrittenOnly && !sameMeaning?.has(view.name)) {
      const changed = changedLines(old.fold, now.fold);
      refused.push(
        `${path}: the text of its fold changed (${changed.join(', ')}), its version did not. If it makes other documents of the same facts, raise the version of the view ${view.name} to ${view.version + 1} and run npm run reference. If it makes the same, run npm run reference -- --same-meaning ${view.name}.`,
      );
      return;
    }
  }
  files.set(path, json(now));
  for (let old = 1; old < view.version; old++)
    if (!files.has(`${VIEWS}/${view.name}.v${old}.json`))
      refused.push(
        `${VIEWS}/${view.name}.v${old}.json is missing: the definition of each version is kept. Restore it (git checkout).`,
      );
}

function meaningChanges(old: ViewRecord, now: ViewRecord): readonly string[] {
  const definition = [...new Set([...Object.keys(old.definition), ...Object.keys(now.definition)])].filter(
    (part) => JSON.stringify(sortedDeep(old.definition[part])) !== JSON.stringify(sortedDeep(now.definition[part])),
  );
  const makes = Object.keys(old.makes).filter((fact) => Object.hasOwn(now.makes, fact) && old.makes[fact] !== now.makes[fact]);
  return [
    ...(definition.length > 0 ? [`its definition changed (${definition.join(', ')})`] : []),
    ...(makes.length > 0 ? [`it makes other documents of the samples (${makes.join(', ')})`] : []),
  ];
}

/** A committed record may get another text of the same fold, nothing else. */
function rewritten(path: string, before: string, after: string): readonly string[] {
  const changes = meaningChanges(JSON.parse(before) as ViewRecord, JSON.parse(after) as ViewRecord);
  return changes.length === 0
    ? []
    : [`${path} was rewritten: ${changes.join('; ')}. Restore it (git checkout) and raise the version of the view.`];
}

const nameOfLine = (line: string) => line.slice(0, line.indexOf(':'));
const changedLines = (old: readonly string[], now: readonly string[]) => [
  ...new Set([...old.filter((line) => !now.includes(line)), ...now.filter((line) => !old.includes(line))].map(nameOfLine)),
];

// ---- all ----

/** Files of facts and views that the code does not have any more, or has in an older version. */
function orphans({ registry, present }: ProtectOptions): readonly string[] {
  return [...present.keys()].flatMap((path) => {
    const [, folder = '', name = '', version = ''] = /^(.*)\/([^/]+)\.v(\d+)\.json$/.exec(path) ?? [];
    const definition = folder === VIEWS ? registry.views.get(name) : registry.facts.get(name);
    if (!definition && folder === VIEWS) return [];
    if (!definition)
      return [`${path}: there is no fact ${name} any more. Logs may hold it: keep its definition, so that they stay readable.`];
    return Number(version) <= definition.version
      ? []
      : [`${path}: the code has version ${definition.version} only. Versions do not go back.`];
  });
}

export const json = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`;

function sortedDeep(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortedDeep);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, member]) => [name, sortedDeep(member)]),
  );
}
