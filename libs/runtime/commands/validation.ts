import { getMetadataStorage } from 'class-validator';
import { type CommandClass, type CommandField, commandFields, commandOptions } from '#kernel';
import type { FieldError } from '../problem.js';
import { type JsonSchema, type Rule, rules } from './validation-rules.js';
import { leafShape, listShape, objectShape, type Shape, type ShapeField } from './validation-shapes.js';

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
    const element = nestedShape ?? leafShape(`${where} (its entries)`, ofElements, {}, undefined);
    return listShape(own, element, described);
  }
  if (nestedShape) {
    if (own.some(({ kind }) => kind !== undefined && kind !== 'object'))
      throw new Error(`${where}: @ValidateNested contradicts its other decorators.`);
    return { ...nestedShape, schema: { ...nestedShape.schema, ...described } };
  }
  return leafShape(where, own, described, field.personal ? undefined : field.example);
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
