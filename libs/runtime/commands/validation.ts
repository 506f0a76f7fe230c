import { getMetadataStorage } from 'class-validator';
import { type CommandClass, type CommandField, commandFields, commandOptions } from '#kernel';
import type { FieldError } from '../problem.js';
import { isBlank, isRecord, isStorable, type JsonSchema, type Kind, LONGEST_TEXT, type Rule, rules } from './validation-rules.js';

export type { JsonSchema };

export interface CompiledShape {
  readonly schema: JsonSchema;
  /** Empty if the payload is right, else one entry a field: `lines[2].quantity` and what to do. Never quotes a value. */
  readonly validate: (payload: unknown) => readonly FieldError[];
  /**
   * The payload, if it is right, with each value in the one form in which it is decided on, digested and stored: moments in UTC with
   * milliseconds. The same object where it is so already.
   */
  readonly normalised: <T extends object>(payload: T) => T;
}

/**
 * One validator a command class, made once from its class-validator decorators and its `@Field`s. At least as strict as
 * class-validator with `whitelist` and `forbidNonWhitelisted`; beyond it refuses `null` (leave the field out), ids and
 * currencies in another case, integers beyond 2^53, texts that no engine can store or of more than 10,000 characters.
 * `id` names the field of the stream's id: it may be left out of a command that creates.
 * Throws where a field has no `@Field`, no decorator that says its type, or a decorator that is not supported.
 */
export function compileCommand(command: CommandClass, { id = '' }: { readonly id?: string } = {}): CompiledShape {
  const known = compiled.get(command) ?? new Map<string, CompiledShape>();
  let shape = known.get(id);
  if (!shape) {
    shape = compileShape(command, commandOptions(command).creates ? new Set([id]) : NONE);
    compiled.set(command, known.set(id, shape));
  }
  return shape;
}

const compiled = new WeakMap<CommandClass, Map<string, CompiledShape>>();

/** The same for any class whose fields are declared like those of a command. */
export function compileShape(type: CommandClass, optional: ReadonlySet<string> = NONE): CompiledShape {
  const shape = objectOf(type, optional, []);
  const validate = (payload: unknown): readonly FieldError[] => {
    if (shape.holds(payload)) return RIGHT;
    const errors: FieldError[] = [];
    shape.explain(payload, '', errors);
    return errors;
  };
  const { normal } = shape;
  return { schema: shape.schema, validate, normalised: normal ? (payload) => normal(payload) as typeof payload : unchanged };
}

const unchanged = <T>(value: T): T => value;

const NONE: ReadonlySet<string> = new Set();
const RIGHT: readonly FieldError[] = Object.freeze([]);
const MOST_ERRORS = 50;

/** `holds` is the fast path and makes nothing; `explain` finds the same faults again and names them. */
interface Shape {
  readonly schema: JsonSchema;
  readonly says: string;
  readonly holds: (value: unknown) => boolean;
  readonly explain: (value: unknown, path: string, errors: FieldError[]) => void;
  /** Left out where every right value is in its one form. */
  readonly normal?: (value: unknown) => unknown;
}

interface ShapeField {
  readonly name: string;
  readonly required: boolean;
  readonly shape: Shape;
}

type Decorator = ReturnType<ReturnType<typeof getMetadataStorage>['getTargetValidationMetadatas']>[number];

function objectOf(type: CommandClass, optional: ReadonlySet<string>, outer: readonly CommandClass[]): Shape {
  if (outer.includes(type)) throw new Error(`${type.name} contains itself; its fields cannot be checked.`);
  const decorators = new Map<string, Decorator[]>();
  for (const decorator of getMetadataStorage().getTargetValidationMetadatas(type, '', true, false)) {
    // decorators register from the bottom up; messages read from the top down
    decorators.set(decorator.propertyName, [decorator, ...(decorators.get(decorator.propertyName) ?? [])]);
  }
  const declared = fieldsOf(type);
  for (const name of decorators.keys()) {
    if (!declared.has(name)) throw new Error(`${type.name}.${name} lacks @Field('what it is').`);
  }
  const fields = [...declared].map(([name, field]): ShapeField => {
    const found = decorators.get(name) ?? [];
    const mayLack = optional.has(name) || Boolean(field.assigned) || found.some(({ name: rule }) => rule === 'isOptional');
    return { name, required: !mayLack, shape: fieldOf(type, name, field, found, [...outer, type]) };
  });
  return objectShape(type.name, fields);
}

function objectShape(title: string, fields: readonly ShapeField[]): Shape {
  const names = new Set(fields.map(({ name }) => name));
  const required = fields.filter((field) => field.required).map(({ name }) => name);

  const holds = (value: unknown): boolean => {
    if (!isRecord(value)) return false;
    let known = 0;
    for (const { name, required, shape } of fields) {
      const member = value[name];
      if (member === undefined) {
        if (required) return false;
      } else {
        if (!shape.holds(member)) return false;
        known++;
      }
    }
    for (const _name in value) known--;
    return known === 0 || Object.keys(value).every((name) => names.has(name));
  };

  const explain = (value: unknown, path: string, errors: FieldError[]): void => {
    if (!isRecord(value)) {
      errors.push({ field: path, message: `must be a JSON object, not ${kindOf(value)}` });
      return;
    }
    const inner = path === '' ? '' : `${path}.`;
    for (const { name, required, shape } of fields) {
      const member = value[name];
      if (member === undefined) {
        if (required) errors.push({ field: inner + name, message: `is required: ${shape.says}` });
      } else shape.explain(member, inner + name, errors);
      if (errors.length >= MOST_ERRORS) return;
    }
    for (const name of Object.keys(value)) {
      if (errors.length >= MOST_ERRORS) return;
      if (!names.has(name))
        errors.push({
          field: inner + shortened(name),
          message: `is not known here; allowed: ${[...names].join(', ') || 'no field'}`,
        });
    }
  };

  const properties = Object.fromEntries(fields.map(({ name, shape }) => [name, shape.schema]));
  const schema = { type: 'object', title, properties, ...(required.length > 0 && { required }), additionalProperties: false };
  return { schema, says: 'an object', holds, explain, normal: normalObject(fields) };
}

function normalObject(fields: readonly ShapeField[]): Shape['normal'] {
  const some = fields.filter(({ shape }) => shape.normal);
  if (some.length === 0) return undefined;
  return (value) => {
    const members = value as Readonly<Record<string, unknown>>;
    let changed: Record<string, unknown> | undefined;
    for (const { name, shape } of some) {
      const member = members[name];
      const normal = member === undefined ? undefined : shape.normal?.(member);
      if (normal === member) continue;
      changed ??= { ...members };
      changed[name] = normal;
    }
    return changed ?? value;
  };
}

function fieldOf(
  owner: CommandClass,
  name: string,
  field: CommandField,
  decorators: readonly Decorator[],
  outer: readonly CommandClass[],
): Shape {
  const where = `${owner.name}.${name}`;
  const own: Rule[] = [];
  const ofElements: Rule[] = [];
  let nested: 'value' | 'elements' | undefined;
  for (const decorator of decorators) {
    if (decorator.name === 'isOptional') continue;
    if (decorator.groups?.length) throw new Error(`${where}: validation groups are not supported.`);
    if (decorator.type === 'nestedValidation') nested = decorator.each ? 'elements' : 'value';
    else (decorator.each ? ofElements : own).push(ruleOf(where, decorator));
  }
  const isList = own.some(({ kind }) => kind === 'array') || ofElements.length > 0 || nested === 'elements';
  const nestedShape = nested && nestedOf(where, field, outer);
  const described = descriptionOf(field);

  if (isList) {
    const element = nestedShape ?? leafOf(`${where} (its entries)`, ofElements, {}, undefined);
    return listShape(own, element, described);
  }
  if (nestedShape) {
    if (own.some(({ kind }) => kind !== undefined && kind !== 'object'))
      throw new Error(`${where}: @ValidateNested contradicts its other decorators.`);
    return { ...nestedShape, schema: { ...nestedShape.schema, ...described } };
  }
  return leafOf(where, own, described, field.personal ? undefined : field.example);
}

function ruleOf(where: string, { name, constraints, message }: Decorator): Rule {
  const make = name === undefined || !Object.hasOwn(rules, name) ? undefined : rules[name];
  if (!make)
    throw new Error(`${where}: the decorator ${name ?? 'without a name (ValidateIf, Allow, Validate)'} is not supported.`);
  if (name === 'matches' && typeof message !== 'string')
    throw new Error(
      `${where}: @Matches needs { message: '…' } in words that complete "must be": callers are not shown the pattern.`,
    );
  const rule = make(constraints ?? []);
  return typeof message === 'string' ? { ...rule, says: message } : rule;
}

function nestedOf(where: string, field: CommandField, outer: readonly CommandClass[]): Shape {
  if (!field.of) throw new Error(`${where}: @ValidateNested needs @Field('…', { of: () => TheClass }).`);
  return objectOf(field.of(), NONE, outer);
}

function leafOf(where: string, given: readonly Rule[], described: JsonSchema, example: unknown): Shape {
  const kinds = new Set(given.flatMap(({ kind }) => kind ?? []));
  const kind = kinds.has('integer') ? 'integer' : kinds.has('number') ? 'number' : ([...kinds][0] as Kind | undefined);
  const isMixedChoice = kind === undefined && given.some(({ schema }) => 'enum' in schema);
  if (kind === undefined && !isMixedChoice)
    throw new Error(`${where}: no decorator says its type; add @IsString(), @IsInt() or the like.`);

  const bound = kind === 'string' && !given.some(({ bounded }) => bounded) ? rules.maxLength?.([LONGEST_TEXT]) : undefined;
  const checked = bound ? [...given, bound] : given;
  const tests = checked.map(({ holds }) => holds);
  const [first = () => true, second = () => true, ...others] = tests;
  const isText = kind === 'string' && !given.some(({ schema }) => schema.format === 'uuid' || 'enum' in schema);
  const isFree = kind === 'object';
  const holds = (value: unknown): boolean => {
    // before the others: some of class-validator's checks throw on half a surrogate pair
    if (isText && !(typeof value === 'string' && isStorable(value))) return false;
    if (!first(value) || !second(value)) return false;
    for (const test of others) if (!test(value)) return false;
    return !isFree || isStorableTree(value, 0);
  };

  const ordered = [...checked.filter((rule) => rule.kind), ...checked.filter((rule) => !rule.kind)];
  const said = new Set(ordered.map(({ says }) => says).filter((says) => says !== ''));
  const phrases = [...said];
  const plain =
    kind === 'string' && phrases[0] !== 'text' && phrases.includes('text')
      ? phrases.filter((phrase) => phrase !== 'text')
      : phrases;
  const shown = example === undefined ? '' : ` (for example ${JSON.stringify(example)})`;
  const says = `${plain.join(', ')}${shown}`;
  const explain = (value: unknown, path: string, errors: FieldError[]): void => {
    if (!holds(value)) errors.push({ field: path, message: complaintOf(value, says) });
  };
  const schema = { ...(kind && { type: kind }), ...mergedSchema(checked), ...described };
  return { schema, says, holds, explain, normal: given.find(({ normal }) => normal)?.normal };
}

function listShape(own: readonly Rule[], element: Shape, described: JsonSchema): Shape {
  const tests = own.map(({ holds }) => holds);
  const bounds = own.map(({ says }) => says).filter((says) => says !== 'a list' && says !== '');
  const says = bounds.length > 0 ? `a list ${bounds.join(' and ')}` : 'a list';
  const holds = (value: unknown): boolean => {
    if (!Array.isArray(value)) return false;
    for (const test of tests) if (!test(value)) return false;
    for (const entry of value) if (!element.holds(entry)) return false;
    return true;
  };
  const explain = (value: unknown, path: string, errors: FieldError[]): void => {
    // The entries first: of wrong ones it does not matter how many there are, or whether two are the same.
    for (const [index, entry] of Array.isArray(value) ? value.entries() : []) {
      if (errors.length >= MOST_ERRORS) return;
      if (!element.holds(entry)) element.explain(entry, `${path}[${index}]`, errors);
    }
    if (!Array.isArray(value) || !tests.every((test) => test(value)))
      errors.push({ field: path, message: complaintOf(value, says) });
  };
  const schema = { type: 'array', ...mergedSchema(own), items: element.schema, ...described };
  const { normal } = element;
  return { schema, says, holds, explain, normal: normal && ((value) => (value as readonly unknown[]).map(normal)) };
}

/** Where two rules bound the same thing, both hold: the narrower one is the schema's. */
function mergedSchema(given: readonly Rule[]): JsonSchema {
  const merged: Record<string, unknown> = {};
  for (const { schema } of given) {
    for (const [key, value] of Object.entries(schema)) {
      const before = merged[key];
      if (typeof before === 'number' && typeof value === 'number')
        merged[key] = /^(min|exclusiveMin)/.test(key) ? Math.max(before, value) : Math.min(before, value);
      else merged[key] = value;
    }
  }
  return merged;
}

function complaintOf(value: unknown, says: string): string {
  if (value === null) return `must not be null: leave it out, or give ${says}`;
  if (typeof value === 'string' && !isStorable(value)) return 'must not contain U+0000 or half of a surrogate pair';
  return typeof value === 'string' && value !== '' && isBlank(value) ? `must be ${says}; it is blank` : `must be ${says}`;
}

function isStorableTree(value: unknown, depth: number): boolean {
  if (typeof value === 'string') return value.length <= LONGEST_TEXT && isStorable(value);
  if (typeof value !== 'object' || value === null) return true;
  if (depth > 10) return false;
  return Object.entries(value).every(([name, member]) => isStorable(name) && isStorableTree(member, depth + 1));
}

function descriptionOf({ description, unit, personal, assigned, example }: CommandField): JsonSchema {
  return {
    description,
    ...(unit !== undefined && { 'x-unit': unit }),
    ...(personal && { 'x-personal': true }),
    ...(assigned && { 'x-assigned': true }),
    ...(example !== undefined && { examples: [example] }),
  };
}

/** Those of the class and of the classes it extends, in the order of their declaration. */
function fieldsOf(type: CommandClass): ReadonlyMap<string, CommandField> {
  const parent = Object.getPrototypeOf(type.prototype)?.constructor as CommandClass | undefined;
  const inherited = parent && parent !== Object ? fieldsOf(parent) : [];
  return new Map([...inherited, ...commandFields(type)]);
}

const kindOf = (value: unknown) => (value === null ? 'null' : Array.isArray(value) ? 'a list' : `a ${typeof value}`);
const shortened = (name: string) => (name.length <= 100 ? name : `${name.slice(0, 100)}…`).replace(/\p{Cs}/gu, '\uFFFD');
