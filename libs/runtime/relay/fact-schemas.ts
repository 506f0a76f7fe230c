import type { AnyFactType } from '#kernel';
import type { Registry } from '../registry.js';

type Keywords = Readonly<Record<string, unknown>>;
interface StoredShape {
  readonly properties?: Readonly<Record<string, Keywords>>;
  readonly required?: readonly string[];
}
/** The JSON schema of a fact's data as it is stored: personal fields are sealed values. */
export function storedSchema({
  type,
  version,
  description,
  schema,
  visibility,
  correction,
  erases,
  releases,
  personal,
}: AnyFactType): object {
  const { properties = {}, required = [] } = schema as StoredShape;
  const stored = Object.entries(properties).map(([name, field]) => [
    name,
    Object.hasOwn(personal, name) ? sealed(field) : plain(field),
  ]);
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: `urn:annals:fact:${type}:${version}`,
    title: type,
    description,
    'x-visibility': visibility,
    ...(correction && { 'x-correction': true }),
    ...(erases !== undefined && { 'x-erases': erases }),
    ...(releases !== undefined && { 'x-releases': releases }),
    type: 'object',
    properties: Object.fromEntries(stored),
    required: [...required].sort(),
    additionalProperties: false,
  };
}

/** The sealed form says nothing of the value; what it is inside is told by `x-sealed`. */
function sealed({ description, 'x-person': person, 'x-retention': retention, ...inside }: Keywords): object {
  return {
    type: 'object',
    description,
    'x-person': person,
    'x-retention': retention,
    'x-sealed': plain(inside),
    properties: { $sealed: { type: 'string' } },
    required: ['$sealed'],
    additionalProperties: false,
  };
}

/** Without the marks that the schema library leaves. */
const plain = (schema: object): object =>
  JSON.parse(JSON.stringify(schema, (name, value) => (name.startsWith('~') ? undefined : value)));

/** `OpportunityWon.v1`: names the schema of a version, and its file. */
export const schemaName = (type: string, version: number): string => `${type}.v${version}`;

/**
 * The schemas of every version of every public fact, by name. The definitions have the current versions only: `earlier` has the
 * committed ones of those before. One that is missing there is missing here.
 */
export function factSchemas({ facts }: Registry, earlier: ReadonlyMap<string, object>): ReadonlyMap<string, object> {
  const found = new Map<string, object>();
  for (const fact of facts.values()) {
    if (fact.visibility !== 'public') continue;
    for (let version = 1; version < fact.version; version++) {
      const schema = earlier.get(schemaName(fact.type, version));
      if (schema) found.set(schemaName(fact.type, version), schema);
    }
    found.set(schemaName(fact.type, fact.version), storedSchema(fact));
  }
  return found;
}
