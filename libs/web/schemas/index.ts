import type { JsonSchema } from '#runtime/commands/validation';
import type { Registry } from '#runtime/registry';
import { commandSchemas } from './commands.js';
import { factSchemas } from './facts.js';
import { operationSchemas } from './operations.js';
import { viewSchemas, withMeta } from './views.js';
import { list, object, ref, text } from './words.js';

export { MOST_VALUES, PURPOSE } from './facts.js';
export { ref } from './words.js';

/** Schemas that routes share, those of the facts and of the documents of views. */
export function sharedSchemas(registry: Registry): Readonly<Record<string, JsonSchema>> {
  const schemas: Record<string, JsonSchema> = {
    ...operationSchemas,
    ...commandSchemas,
    ...factSchemas,
    ...viewSchemas,
  };
  for (const fact of registry.facts.values()) {
    if (fact.visibility === 'public') schemas[`${fact.type}.v${fact.version}`] = { ...plain(fact.schema), title: fact.type };
  }
  for (const { name, document } of registry.views.values()) {
    schemas[name] = presented(plain(document));
    const item = object({ key: text('Key of the document.'), document: ref(name) });
    schemas[`${name}.list`] = withMeta(
      { items: list(item), next: text('Give it as `cursor` for the next page; absent on the last one.') },
      ['items'],
    );
    schemas[`${name}.one`] = withMeta({ key: text('Key of the document.'), document: ref(name) }, ['key', 'document']);
  }
  return schemas;
}

/** Documents as callers get them: a personal field is there opened, sealed, or erased. */
function presented(schema: JsonSchema): JsonSchema {
  if (schema['x-person'] !== undefined) {
    const { description, 'x-person': person, 'x-retention': retention, ...value } = schema;
    return { description, 'x-person': person, 'x-retention': retention, oneOf: [value, ref('Sealed'), ref('Erased')] };
  }
  return Object.fromEntries(
    Object.entries(schema).map(([name, member]) => [name, Array.isArray(member) ? member.map(within) : within(member)]),
  );
}

const within = (member: unknown): unknown =>
  typeof member === 'object' && member !== null && !Array.isArray(member) ? presented(member as JsonSchema) : member;

/** A typebox schema without the marks that only typebox reads. */
function plain(schema: object): JsonSchema {
  const { $id: _, ...rest } = JSON.parse(JSON.stringify(schema)) as Record<string, unknown>;
  return rest;
}
