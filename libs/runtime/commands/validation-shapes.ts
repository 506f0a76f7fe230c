import type { FieldError } from '../problem.js';
import { isBlank, isRecord, isStorable, type JsonSchema, type Kind, LONGEST_TEXT, type Rule, rules } from './validation-rules.js';

const MOST_ERRORS = 50;
const DEEPEST = 10;

/** `holds` is the fast path and makes nothing; `explain` finds the same faults again and names them. */
export interface Shape {
  readonly schema: JsonSchema;
  readonly says: string;
  readonly holds: (value: unknown) => boolean;
  readonly explain: (value: unknown, path: string, errors: FieldError[]) => void;
  /** Left out where every right value is in its one form. */
  readonly normal?: (value: unknown) => unknown;
}

export interface ShapeField {
  readonly name: string;
  readonly required: boolean;
  readonly shape: Shape;
}

/** An object with these fields and no others. */
export function objectShape(title: string, fields: readonly ShapeField[]): Shape {
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
    // Counting allocates nothing. Names are compared only where there are more members than known values: known ones may be undefined.
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

/** A list whose entries have one shape; `own` are the rules of the list itself. */
export function listShape(own: readonly Rule[], element: Shape, described: JsonSchema): Shape {
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

/** A value without members of its own: text, number, boolean, a choice. Throws where no rule says which. */
export function leafShape(where: string, given: readonly Rule[], described: JsonSchema, example: unknown): Shape {
  const kind = kindIn(where, given);
  const bound = kind === 'string' && !given.some(({ bounded }) => bounded) ? rules.maxLength?.([LONGEST_TEXT]) : undefined;
  const checked = bound ? [...given, bound] : given;
  const holds = testOf(kind, checked);
  const says = wordsOf(kind, checked, example);
  const explain = (value: unknown, path: string, errors: FieldError[]): void => {
    if (!holds(value)) errors.push({ field: path, message: complaintOf(value, says) });
  };
  const schema = { ...(kind && { type: kind }), ...mergedSchema(checked), ...described };
  return { schema, says, holds, explain, normal: given.find(({ normal }) => normal)?.normal };
}

/** The JSON type that the rules agree on; undefined for a choice among values of several types. */
function kindIn(where: string, given: readonly Rule[]): Kind | undefined {
  const kinds = new Set(given.flatMap(({ kind }) => kind ?? []));
  const isMixedChoice = kinds.size === 0 && given.some(({ schema }) => 'enum' in schema);
  if (kinds.size === 0 && !isMixedChoice)
    throw new Error(`${where}: no decorator says its type; add @IsString(), @IsInt() or the like.`);
  // the narrowest of those that a number can have
  return (['integer', 'number'] as const).find((kind) => kinds.has(kind)) ?? [...kinds][0];
}

function testOf(kind: Kind | undefined, checked: readonly Rule[]): Shape['holds'] {
  // Most fields have two rules or fewer, and each command is checked field by field: those are called without a loop.
  const [first = () => true, second = () => true, ...others] = checked.map(({ holds }) => holds);
  const isText = kind === 'string' && !checked.some(({ schema }) => schema.format === 'uuid' || 'enum' in schema);
  const isFree = kind === 'object';
  return (value) => {
    // before the others: some of class-validator's checks throw on half a surrogate pair
    if (isText && !(typeof value === 'string' && isStorable(value))) return false;
    if (!first(value) || !second(value)) return false;
    for (const test of others) if (!test(value)) return false;
    return !isFree || isStorableTree(value, 0);
  };
}

/** What completes "must be": the type first, then what narrows it; "text" only where nothing says more. */
function wordsOf(kind: Kind | undefined, checked: readonly Rule[], example: unknown): string {
  const ordered = [...checked.filter((rule) => rule.kind), ...checked.filter((rule) => !rule.kind)];
  const phrases = [...new Set(ordered.map(({ says }) => says).filter((says) => says !== ''))];
  const isTextSaidBetter = kind === 'string' && phrases[0] !== 'text';
  const plain = isTextSaidBetter ? phrases.filter((phrase) => phrase !== 'text') : phrases;
  const shown = example === undefined ? '' : ` (for example ${JSON.stringify(example)})`;
  return `${plain.join(', ')}${shown}`;
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

/** Of what a caller may put in freely: every name and text in it, and it is not nested too deep. */
function isStorableTree(value: unknown, depth: number): boolean {
  if (typeof value === 'string') return value.length <= LONGEST_TEXT && isStorable(value);
  if (typeof value !== 'object' || value === null) return true;
  if (depth > DEEPEST) return false;
  return Object.entries(value).every(([name, member]) => isStorable(name) && isStorableTree(member, depth + 1));
}

const kindOf = (value: unknown) => (value === null ? 'null' : Array.isArray(value) ? 'a list' : `a ${typeof value}`);
const shortened = (name: string) => (name.length <= 100 ? name : `${name.slice(0, 100)}…`).replace(/\p{Cs}/gu, '\uFFFD');
