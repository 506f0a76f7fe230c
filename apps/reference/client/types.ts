import { sentence } from '../markdown.js';
import type { Schema } from '../schema-text.js';

export interface TypeOptions {
  /** How a personal field is typed, given its plain type. */
  readonly personal?: (type: string) => string;
}

/** The TypeScript type of a schema, objects written out, with the descriptions of their fields. */
export function typeOf(schema: Schema, indent = '', options: TypeOptions = {}): string {
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  if (schema.anyOf) return [...new Set(schema.anyOf.map((branch) => typeOf(branch, indent, options)))].join(' | ');
  const { type } = schema;
  if (typeof type !== 'string' && type !== undefined)
    return type.map((one) => typeOf({ ...schema, type: one }, indent, options)).join(' | ');
  if (type === 'integer' || type === 'number') return 'number';
  if (type === 'boolean' || type === 'string' || type === 'null') return type;
  if (type === 'array') {
    const item = typeOf(schema.items ?? {}, indent, options);
    return `readonly ${/ \| |^readonly/.test(item) ? `(${item})` : item}[]`;
  }
  const [member] = Object.values(schema.patternProperties ?? {});
  if (member) return `Readonly<Record<string, ${typeOf(member, indent, options)}>>`;
  return schema.properties ? objectOf(schema, indent, options) : 'unknown';
}

/** `{ … }` with one field a line. */
export function objectOf({ properties = {}, required = [] }: Schema, indent = '', options: TypeOptions = {}): string {
  const inner = `${indent}  `;
  const lines = Object.entries(properties).map(([name, field]) => {
    const plain = typeOf(field, inner, options);
    const type = field['x-person'] !== undefined && options.personal ? options.personal(plain) : plain;
    return `${docOf(field, inner)}${inner}readonly ${propertyName(name)}${required.includes(name) ? '' : '?'}: ${type};\n`;
  });
  return lines.length === 0 ? '{}' : `{\n${lines.join('')}${indent}}`;
}

function docOf({ description, 'x-unit': unit }: Schema, indent: string): string {
  if (description === undefined) return '';
  return comment(unit === undefined ? sentence(description) : `${sentence(description.replace(/\.$/, ''))}, in ${unit}.`, indent);
}

export const comment = (text: string, indent = ''): string =>
  `${indent}/** ${text.replaceAll('*/', '*\\/').replaceAll(/\s*\n\s*/g, ' ')} */\n`;

export const propertyName = (name: string): string => (/^[A-Za-z_]\w*$/.test(name) ? name : JSON.stringify(name));

/** `order-to-cash` as `orderToCash`, `RegisterCustomer` as `registerCustomer`. */
export const methodName = (name: string): string =>
  name
    .replaceAll(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
    .replace(/^[A-Z]/, (letter) => letter.toLowerCase());

/** `order-to-cash` as `OrderToCash`. */
export const typeName = (name: string): string => sentence(methodName(name));
