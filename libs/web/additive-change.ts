import type { JsonSchema } from '#runtime/commands/validation';
import type { OpenApiDocument, Operation } from './openapi.js';

/**
 * What in `changed` would break a caller of `before`, one sentence each; empty if all changes are additive. A caller breaks when
 * something it sends is no longer taken, or something it relies on in an answer is no longer there.
 */
export function additiveChange(before: OpenApiDocument, changed: OpenApiDocument): readonly string[] {
  const found: string[] = [];
  const schemas = new SchemaComparison(before, changed, found);
  for (const [path, operations] of Object.entries(before.paths)) {
    for (const [method, operation] of Object.entries(operations)) {
      const now = changed.paths[path]?.[method];
      const where = `${method.toUpperCase()} ${path}`;
      if (!now) found.push(`${where} is gone.`);
      else compareOperation(where, operation, now, schemas, found);
    }
  }
  return found;
}

function compareOperation(where: string, before: Operation, now: Operation, schemas: SchemaComparison, found: string[]): void {
  const lost = (before['x-roles'] ?? []).filter((role) => now['x-roles'] !== undefined && !now['x-roles'].includes(role));
  for (const role of lost) found.push(`${where} no longer takes the role ${role}.`);
  if (!before['x-roles'] && now['x-roles']) found.push(`${where} now needs a role.`);
  if (before.security.length === 0 && now.security.length > 0) found.push(`${where} now needs a token.`);

  const parameterOf = (operation: Operation, { name, in: place }: JsonSchema) =>
    operation.parameters?.find((parameter) => parameter.name === name && parameter.in === place);
  for (const parameter of before.parameters ?? []) {
    const same = parameterOf(now, parameter);
    if (!same) found.push(`${where}: the parameter ${parameter.name} is gone.`);
    else schemas.sent(`${where}: ${parameter.name}`, parameter.schema as JsonSchema, same.schema as JsonSchema);
  }
  for (const parameter of now.parameters ?? []) {
    if (parameter.required && !parameterOf(before, parameter)?.required)
      found.push(`${where}: the parameter ${parameter.name} is now required.`);
  }

  const bodies = schemasByType(before.requestBody);
  const bodiesNow = schemasByType(now.requestBody);
  if (!before.requestBody?.required && now.requestBody?.required) found.push(`${where} now needs a body.`);
  for (const [type, schema] of bodies) {
    const same = bodiesNow.get(type);
    if (same) schemas.sent(where, schema, same);
    else found.push(`${where} no longer takes ${type}.`);
  }
  for (const [status, response] of Object.entries(before.responses)) {
    if (!status.startsWith('2')) continue;
    const same = now.responses[status];
    if (!same) {
      found.push(`${where} no longer answers ${status}.`);
      continue;
    }
    const answers = schemasByType(same);
    for (const [type, schema] of schemasByType(response)) {
      const answer = answers.get(type);
      if (answer) schemas.received(`${where} ${status}`, schema, answer);
      else found.push(`${where} ${status} no longer comes as ${type}.`);
    }
  }
}

const LOWER_BOUNDS = ['minimum', 'exclusiveMinimum', 'minLength', 'minItems', 'minProperties'];
const UPPER_BOUNDS = ['maximum', 'exclusiveMaximum', 'maxLength', 'maxItems', 'maxProperties'];

class SchemaComparison {
  readonly #seen = new Set<string>();

  constructor(
    private readonly before: OpenApiDocument,
    private readonly changed: OpenApiDocument,
    private readonly found: string[],
  ) {}

  /** What callers send: nothing that was taken may be refused. */
  sent(where: string, given: JsonSchema, givenNow: JsonSchema): void {
    const [before, now] = this.#resolve('sent', given, givenNow) ?? [];
    if (!before || !now) return;
    this.#compareTypes(where, before, now);
    for (const bound of LOWER_BOUNDS)
      if (isRaised(before[bound], now[bound])) this.found.push(`${where}: ${bound} is now ${now[bound]}.`);
    for (const bound of UPPER_BOUNDS)
      if (isRaised(negated(before[bound]), negated(now[bound]))) this.found.push(`${where}: ${bound} is now ${now[bound]}.`);
    for (const same of ['pattern', 'format', 'uniqueItems', 'multipleOf', 'const']) {
      if (now[same] !== undefined && before[same] !== now[same]) this.found.push(`${where}: ${same} is now ${now[same]}.`);
    }
    if (Array.isArray(now.enum)) {
      if (!Array.isArray(before.enum)) this.found.push(`${where} now takes only ${now.enum.join(', ')}.`);
      else for (const value of before.enum) if (!now.enum.includes(value)) this.found.push(`${where} no longer takes ${value}.`);
    }
    for (const name of namesOf(now.required)) {
      if (!namesOf(before.required).includes(name)) this.found.push(`${where}: ${name} is now required.`);
    }
    const members = membersOf(now);
    for (const [name, member] of Object.entries(membersOf(before))) {
      const same = members[name];
      if (same) this.sent(`${where}: ${name}`, member, same);
      else this.found.push(`${where}: the field ${name} is gone.`);
    }
    if (before.items && now.items) this.sent(`${where}[]`, before.items as JsonSchema, now.items as JsonSchema);
    if (before.additionalProperties !== false && now.additionalProperties === false)
      this.found.push(`${where} no longer takes further fields.`);
  }

  /** What callers receive: nothing that was always there may be missing, or be of another kind. */
  received(where: string, given: JsonSchema, givenNow: JsonSchema): void {
    const [before, changed] = this.#resolve('received', given, givenNow) ?? [];
    if (!before || !changed) return;
    const now = asOpened(before, changed);
    this.#compareTypes(where, before, now);
    if (before.format !== undefined && now.format !== before.format)
      this.found.push(`${where}: format is now ${now.format ?? 'free'}.`);
    if (Array.isArray(before.enum) && !Array.isArray(now.enum))
      this.found.push(`${where} may now be something other than ${before.enum.join(', ')}.`);
    const members = membersOf(now);
    for (const [name, member] of Object.entries(membersOf(before))) {
      const same = members[name];
      if (same) this.received(`${where}: ${name}`, member, same);
      else this.found.push(`${where}: the field ${name} is gone.`);
    }
    for (const name of namesOf(before.required)) {
      if (members[name] && !namesOf(now.required).includes(name)) this.found.push(`${where}: ${name} may now be missing.`);
    }
    if (before.items && now.items) this.received(`${where}[]`, before.items as JsonSchema, now.items as JsonSchema);
    const [ways, waysNow] = [before.oneOf, now.oneOf] as (readonly JsonSchema[] | undefined)[];
    for (const [index, way] of (ways ?? []).entries()) {
      const same = waysNow?.[index];
      if (same) this.received(where, way, same);
      else this.found.push(`${where} no longer comes in one of its forms.`);
    }
  }

  /** Follows references; each pair is compared once, so that schemas may contain themselves. */
  #resolve(direction: string, before: JsonSchema, now: JsonSchema): readonly [JsonSchema, JsonSchema] | undefined {
    if (typeof before.$ref === 'string' || typeof now.$ref === 'string') {
      const pair = `${direction} ${before.$ref} ${now.$ref}`;
      if (this.#seen.has(pair)) return undefined;
      this.#seen.add(pair);
    }
    return [resolved(this.before, before), resolved(this.changed, now)];
  }

  #compareTypes(where: string, before: JsonSchema, now: JsonSchema): void {
    const types = [before.type, now.type].map((type) => (Array.isArray(type) ? type.join(' or ') : type));
    if (types[0] !== types[1]) this.found.push(`${where} was ${types[0] ?? 'anything'}, is now ${types[1] ?? 'anything'}.`);
  }
}

function resolved(document: OpenApiDocument, schema: JsonSchema): JsonSchema {
  const name = typeof schema.$ref === 'string' ? schema.$ref.split('/').at(-1) : undefined;
  return name === undefined ? schema : (document.components.schemas[name] ?? {});
}

function schemasByType(part: JsonSchema | undefined): ReadonlyMap<string, JsonSchema> {
  const content = (part?.content ?? {}) as Readonly<Record<string, { schema?: JsonSchema }>>;
  return new Map(Object.entries(content).map(([type, { schema = {} }]) => [type, schema]));
}

/** A personal field comes opened, sealed or erased, whether or not the earlier document said so: its opened form is compared. */
function asOpened(before: JsonSchema, now: JsonSchema): JsonSchema {
  const [opened] = (now.oneOf ?? []) as readonly JsonSchema[];
  return before['x-person'] !== undefined && before.oneOf === undefined && opened ? opened : now;
}

const membersOf = ({ properties }: JsonSchema) => (properties ?? {}) as Readonly<Record<string, JsonSchema>>;
const namesOf = (required: unknown) => (required ?? []) as readonly string[];
const negated = (bound: unknown) => (typeof bound === 'number' ? -bound : undefined);
const isRaised = (before: unknown, now: unknown) => typeof now === 'number' && (typeof before !== 'number' || now > before);
