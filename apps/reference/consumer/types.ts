import type { Registry } from '#runtime/registry';
import { factSchemas, schemaName, topicSchemas, versionsOf } from '#runtime/relay/index';
import type { Schema } from '../schema-text.js';

const HEAD = '// Written by npm run reference from the definitions of the facts; do not edit.\n';

/** TypeScript types of the data of every version of every public fact, as it is in topics. */
export function consumerTypes(registry: Registry, earlierSchemas: ReadonlyMap<string, object>): string {
  const schemas = factSchemas(registry, earlierSchemas);
  const topics = topicSchemas(registry);
  const facts = topics.flatMap((topic) => topic.facts);
  const interfaces = versionsOf(facts).map(({ type, version }) =>
    interfaceOf(typeName(type, version), (schemas.get(schemaName(type, version)) ?? {}) as Schema),
  );
  const data = facts.map(({ type, version }) => {
    const versions = Array.from({ length: version }, (_, index) => `readonly ${index + 1}: ${typeName(type, index + 1)}`);
    return `  readonly ${type}: { ${versions.join('; ')} };`;
  });
  return [
    HEAD,
    "import type { Sealed } from '../sealed.js';\n",
    ...interfaces,
    '/** Data of each version of each public fact. */',
    `export interface FactData {\n${data.join('\n')}\n}\n`,
    '/** The topics, and the public facts in each. */',
    `export const topics = {\n${topics.map(({ topic, facts: its }) => `  ${topic}: [${its.map(({ type }) => `'${type}'`).join(', ')}],`).join('\n')}\n} as const;\n`,
    '/** The newest version of each fact that these types know. */',
    `export const versions = {\n${facts.map(({ type, version }) => `  ${type}: ${version},`).join('\n')}\n} as const;\n`,
  ].join('\n');
}

const typeName = (type: string, version: number) => `${type}V${version}`;

function interfaceOf(name: string, { description = '', properties = {}, required = [] }: Schema): string {
  const fields = Object.entries(properties).map(([field, schema]) => {
    const optional = required.includes(field) ? '' : '?';
    return `${says(schema.description, '  ')}  readonly ${field}${optional}: ${typeOf(schema, '  ')};`;
  });
  return `${says(description, '')}export interface ${name} {\n${fields.join('\n')}\n}\n`;
}

const says = (text: string | undefined, indent: string) =>
  text === undefined || text === '' ? '' : `${indent}/** ${text.replaceAll('*/', '* /')} */\n`;

function typeOf(schema: Schema & { readonly 'x-sealed'?: Schema }, indent: string): string {
  if (schema['x-sealed']) return `Sealed<${typeOf(schema['x-sealed'], indent)}>`;
  if (schema.const !== undefined) return literal(schema.const);
  if (schema.enum) return schema.enum.map(literal).join(' | ');
  if (schema.anyOf) return schema.anyOf.map((one) => typeOf(one, indent)).join(' | ');
  return [schema.type]
    .flat()
    .map((type) => plainType(type as string | undefined, schema, indent))
    .join(' | ');
}

function plainType(type: string | undefined, schema: Schema, indent: string): string {
  switch (type) {
    case 'string':
    case 'boolean':
    case 'null':
      return type;
    case 'integer':
    case 'number':
      return 'number';
    case 'array': {
      const item = typeOf(schema.items ?? {}, indent);
      return /[|&]/.test(item) ? `readonly (${item})[]` : `readonly ${item}[]`;
    }
    case 'object':
      return objectType(schema, indent);
    default:
      return 'unknown';
  }
}

function objectType({ properties, patternProperties, required = [] }: Schema, indent: string): string {
  const [member] = Object.values(patternProperties ?? {});
  if (member) return `Readonly<Record<string, ${typeOf(member, indent)}>>`;
  if (!properties) return 'Readonly<Record<string, unknown>>';
  const inner = `${indent}  `;
  const fields = Object.entries(properties).map(
    ([name, field]) =>
      `${says(field.description, inner)}${inner}readonly ${name}${required.includes(name) ? '' : '?'}: ${typeOf(field, inner)};`,
  );
  return `{\n${fields.join('\n')}\n${indent}}`;
}

const literal = (value: unknown) => (typeof value === 'string' ? `'${value.replaceAll("'", "\\'")}'` : JSON.stringify(value));
