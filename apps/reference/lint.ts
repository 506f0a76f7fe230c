import { type AnyFactType, type AnyView, commandFields } from '#kernel';
import type { RegisteredCommand, Registry } from '#runtime/registry';
import { capabilityTitles } from './capability-titles.js';
import { commandSchema } from './command-schema.js';
import { fieldsOf, type Schema } from './schema-text.js';

/** What a reader of the reference would miss, one line each, the field named; empty when all is said. */
export function lint(registry: Registry): readonly string[] {
  return [
    ...[...registry.commands.values()].flatMap(lintCommand),
    ...[...registry.facts.values()].flatMap(lintFact),
    ...[...registry.views.values()].flatMap(lintView),
    ...[...registry.processes.values()].flatMap(({ name, capabilities }) => unknownCapabilities(`process ${name}`, capabilities)),
  ];
}

/** A number says its unit in `unit`, or its description says what it counts or measures. */
const SAYS_UNIT =
  /minor units|percent|\bdays?\b|\bhours?\b|\bminutes?\b|\bseconds?\b|\bbytes\b|number of|\bunits\b|which .*: \d|\bcount\b|how (often|many)|times|revision/i;

const SAY_UNIT =
  "Say what it counts or measures (number of …, days …), or add the unit: { unit: 'grams' } to @Field, 'x-unit': 'grams' to a schema.";

function lintCommand({ name, type, options, aggregate }: RegisteredCommand): readonly string[] {
  const where = `command ${name}`;
  const schema = commandSchema({ type, aggregate, options });
  const found = options.summary.trim() === '' ? [`${where} has no summary.`] : [];
  if (options.route !== undefined && (options.roles ?? []).length === 0) found.push(`${where} has a route, but no roles.`);
  if (commandFields(type).size === 0) found.push(`${where} has no fields.`);
  return [...found, ...lintFields(where, schema), ...unknownCapabilities(where, options.capabilities ?? [])];
}

function lintFact({ type, description, schema, erases, releases }: AnyFactType): readonly string[] {
  const where = `fact ${type}`;
  const found = description.trim() === '' ? [`${where} has no description.`] : [];
  const properties = (schema as Schema).properties ?? {};
  for (const [option, field] of Object.entries({ erases, releases }))
    if (field !== undefined && !Object.hasOwn(properties, field))
      found.push(`${where} ${option} ${field}, which is not one of its fields.`);
  for (const [field, { 'x-person': person }] of Object.entries(properties))
    if (person !== undefined && !Object.hasOwn(properties, person))
      found.push(`${where}.${field} is about ${person}, which is not one of its fields.`);
  return [...found, ...lintFields(where, schema as Schema)];
}

function lintView(view: AnyView): readonly string[] {
  const where = `view ${view.name}`;
  const found = view.description.trim() === '' ? [`${where} has no description.`] : [];
  if (view.roles.length === 0) found.push(`${where} has no roles; nobody could read it.`);
  return [...found, ...lintFields(where, view.document as Schema), ...unknownCapabilities(where, view.capabilities)];
}

function lintFields(where: string, schema: Schema): string[] {
  return fieldsOf(schema).flatMap(({ path, schema: field }) => {
    const description = field.description ?? '';
    if (description.trim() === '') return [`${where}.${path} has no description.`];
    const says =
      field['x-unit'] !== undefined || SAYS_UNIT.test(description) || SAYS_UNIT.test(numberIn(field).description ?? '');
    return isNumber(numberIn(field)) && !says
      ? [`${where}.${path} is a number without a unit: "${description}". ${SAY_UNIT}`]
      : [];
  });
}

const numberIn = (field: Schema): Schema => {
  const [member] = Object.values(field.patternProperties ?? {});
  return member ?? field.items ?? field.anyOf?.find(isNumber) ?? field;
};

const isNumber = ({ type, enum: values }: Schema) =>
  values === undefined && [type].flat().some((one) => one === 'integer' || one === 'number');

const unknownCapabilities = (where: string, ids: readonly string[]) =>
  ids.filter((id) => !Object.hasOwn(capabilityTitles, id)).map((id) => `${where} cites ${id}, which is not a capability.`);
