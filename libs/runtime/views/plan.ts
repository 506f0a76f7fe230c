import { createHash } from 'node:crypto';
import { type AnyView, canonicalJson, type MergeFacts } from '#kernel';
import type { FieldKind, GenerationSpec } from '../ports.js';
import type { Registry } from '../registry.js';

/** A view as the engine works with it: its definition and what follows from it. */
export interface ViewPlan {
  readonly view: AnyView;
  readonly registry: Registry;
  readonly spec: GenerationSpec;
  /** Fact types that it reads: its own and, if it follows merges, the two of identity. */
  readonly types: readonly string[];
  /** Set when the view keeps who was merged into whom. */
  readonly identity: MergeFacts | undefined;
  readonly filters: ReadonlyMap<string, FilterField>;
}

export interface FilterField {
  readonly field: string;
  readonly kind: FieldKind;
  /** The only values it can have, if the schema says so. */
  readonly choices: readonly string[] | undefined;
  /** Its values are ids: nothing else can match. */
  readonly isIds: boolean;
}

export function planOf(view: AnyView, registry: Registry, identity?: MergeFacts): ViewPlan {
  if (view.merge && view.shows) throw new Error(`View ${view.name} has both merge and shows.`);
  if (view.roles.includes('customer') && (view.merge || !view.filters.includes(view.customer ?? '')))
    throw new Error(`View ${view.name} is for customers: it filters by the field that names one in customer, and has no merge.`);
  const follows = view.merge !== undefined || view.customer !== undefined ? identity : undefined;
  const filters = new Map((view.filters as readonly string[]).map((field) => [field, filterField(view, field)]));
  const spec: GenerationSpec = {
    view: view.name,
    version: view.version,
    hash: definitionHash(view, follows),
    filters: [...filters.values()].map(({ field, kind }) => ({ field, kind })),
    sums: (view.sums ?? {}) as Record<string, string | null>,
  };
  const types = [...new Set([...Object.keys(view.facts), ...(follows ? [follows.merged, follows.unmerged] : [])])];
  return { view, registry, spec, types, identity: follows, filters };
}

/**
 * What the stored documents depend on and a machine can compare: name, version, the fields without their descriptions, the
 * facts and their versions (an upcaster comes with a version), filters, sums, and how merges are followed.
 *
 * The source text of `key`, `apply` and `merge` is left out on purpose: it changes with the compiler while the meaning does
 * not, and it does not change with a function that it calls. A change of meaning is said by raising `version`; CI holds that
 * by comparing `foldText` with the text committed for the same version.
 */
export function definitionOf(view: AnyView, identity?: MergeFacts): Readonly<Record<string, unknown>> {
  return {
    name: view.name,
    version: view.version,
    document: withoutNotes(view.document),
    facts: Object.fromEntries(Object.entries(view.facts).map(([type, fact]) => [type, (fact as { version: number }).version])),
    filters: [...view.filters].sort(),
    sums: view.sums ?? {},
    customer: view.customer ?? null,
    merges: view.merge !== undefined,
    ...(view.shows && { keepsUnshown: true }),
    identity: identity ? [identity.merged, identity.unmerged] : [],
  };
}

/** SHA-256 of the definition, 64 hexadecimal digits. */
export const definitionHash = (view: AnyView, identity?: MergeFacts): string =>
  createHash('sha256')
    .update(canonicalJson(definitionOf(view, identity)))
    .digest('hex');

/** The fold's own source, white space apart: CI compares it with the text committed for the same version. */
export function foldText(view: AnyView): string {
  const functions: readonly (readonly [string, unknown])[] = [
    ['key', view.key],
    ['initial', view.initial],
    ...Object.entries(view.apply).sort(([one], [other]) => (one < other ? -1 : 1)),
    ['merge', view.merge],
    // Named where a view has it only, so that the texts of all others stay.
    ...(view.leaves ? [['leaves', view.leaves] as [string, unknown]] : []),
    ...(view.shows ? [['shows', view.shows] as [string, unknown]] : []),
  ];
  return functions.map(([name, body]) => `${name}: ${String(body).replaceAll(/\s+/g, ' ')}`).join('\n');
}

/** A second generation of the same definition, for a rebuild, is named `<hash>.<number>`. */
export const definitionPart = (hash: string): string => hash.split('.', 1)[0] ?? hash;

const NOTES = new Set(['description', 'title', 'examples', '$id', '$comment']);

function withoutNotes(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withoutNotes);
  if (schema === null || typeof schema !== 'object') return schema;
  const kept: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(schema)) {
    if (name === 'properties')
      kept[name] = Object.fromEntries(Object.entries(member as object).map(([field, of]) => [field, withoutNotes(of)]));
    else if (!NOTES.has(name) && !name.startsWith('~')) kept[name] = withoutNotes(member);
  }
  return kept;
}

interface FieldSchema {
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly FieldSchema[];
}

function filterField(view: AnyView, field: string): FilterField {
  const schema = (view.document.properties as Record<string, FieldSchema | undefined>)[field];
  if (!schema) throw new Error(`View ${view.name} filters by ${field}, which its document does not have.`);
  const branches = (schema.anyOf ?? [schema]).filter(({ type }) => type !== 'null');
  const kinds = new Set(branches.map(kindOf));
  const [kind] = kinds;
  if (kinds.size !== 1 || kind === undefined)
    throw new Error(`View ${view.name} filters by ${field}, which is not of one plain type.`);
  const choices = branches.map(({ enum: values, const: value }) => values ?? (value === undefined ? undefined : [value]));
  return {
    field,
    kind,
    choices: choices.every((values) => values !== undefined)
      ? choices
          .flat()
          .filter((value) => value !== null)
          .map(String)
      : undefined,
    isIds: branches.every(({ format }) => format === 'uuid'),
  };
}

function kindOf({ type, format, const: value }: FieldSchema): FieldKind | undefined {
  const [name] = (Array.isArray(type) ? type : [type ?? typeof value]).filter((one) => one !== 'null');
  if (name === 'integer' || name === 'number') return name;
  if (name === 'boolean') return 'flag';
  if (name === 'string') return format === 'date-time' ? 'moment' : 'text';
  return undefined;
}
