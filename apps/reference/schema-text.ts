/** As much of JSON Schema as definitions use. */
export interface Schema {
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly maxItems?: number;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly patternProperties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly anyOf?: readonly Schema[];
  readonly description?: string;
  readonly title?: string;
  readonly examples?: readonly unknown[];
  readonly 'x-unit'?: string;
  readonly 'x-person'?: string;
  readonly 'x-retention'?: string;
}

/** A schema in a few words: `text, at most 200 characters`, `one of PERSON, ORGANISATION`, `list of ids`. */
export function typeText(schema: Schema): string {
  if (schema.enum) return `one of ${schema.enum.join(', ')}`;
  if (schema.const !== undefined) return `always ${JSON.stringify(schema.const)}`;
  if (schema.anyOf) return [...new Set(schema.anyOf.map(typeText))].join(' or ');
  const type = Array.isArray(schema.type) ? schema.type.join(' or ') : (schema.type as string | undefined);
  if (type === 'string') return stringText(schema);
  if (type === 'integer') return `whole number${rangeText(schema)}`;
  if (type === 'number') return `number${rangeText(schema)}`;
  if (type === 'boolean') return 'true or false';
  if (type === 'array')
    return `list of: ${typeText(schema.items ?? {})}${schema.maxItems === undefined ? '' : `; at most ${schema.maxItems}`}`;
  if (schema.patternProperties) {
    const [member = {}] = Object.values(schema.patternProperties);
    return `object of: ${typeText(member)}`;
  }
  return type ?? '';
}

const FORMATS: Readonly<Record<string, string>> = {
  uuid: 'id (UUID)',
  'date-time': 'moment (UTC)',
  email: 'e-mail address',
  uri: 'URL',
};

function stringText({ format, pattern, minLength, maxLength }: Schema): string {
  if (format !== undefined) return FORMATS[format] ?? format;
  if (pattern === '^[A-Z]{3}$') return 'currency (ISO 4217)';
  const length = [minLength && minLength > 1 ? `at least ${minLength}` : '', maxLength ? `at most ${maxLength} characters` : ''];
  const bounds = length.filter(Boolean).join(' and ');
  return ['text', bounds, pattern === undefined ? '' : `in the form ${pattern}`].filter(Boolean).join(', ');
}

function rangeText({ minimum, maximum, exclusiveMinimum }: Schema): string {
  const least = minimum === undefined || minimum <= Number.MIN_SAFE_INTEGER ? '' : `from ${minimum}`;
  const most = maximum === undefined || maximum >= Number.MAX_SAFE_INTEGER ? '' : `to ${maximum}`;
  const above = exclusiveMinimum === undefined ? '' : `above ${exclusiveMinimum}`;
  const range = [least, above, most].filter(Boolean).join(' ');
  return range === '' ? '' : `, ${range}`;
}

/** The fields of an object and of the objects in it, depth first: `lines[].quantity`. */
export function fieldsOf(schema: Schema, path = ''): { path: string; required: boolean; schema: Schema }[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => [
    { path: path + name, required: schema.required?.includes(name) ?? false, schema: field },
    ...inner(field, path + name),
  ]);
}

function inner(field: Schema, path: string): ReturnType<typeof fieldsOf> {
  if (field.items) return inner(field.items, `${path}[]`);
  if (field.anyOf) return field.anyOf.flatMap((branch) => inner(branch, path));
  const [member] = Object.values(field.patternProperties ?? {});
  if (member) return inner(member, `${path}.*`);
  return field.properties ? fieldsOf(field, `${path}.`) : [];
}
