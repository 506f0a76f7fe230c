import { Check } from 'typebox/schema';
import { derivedId, type Recorded, streamName } from '#kernel';
import { recordedOf } from '#runtime/envelope';
import type { Registry } from '#runtime/registry';
import type { Schema } from '../schema-text.js';

/** Data of one version of a fact as it was stored once: all fields, and, where some are optional, only the required ones. */
export interface Sample {
  readonly type: string;
  readonly schemaVersion: number;
  readonly data: readonly Readonly<Record<string, unknown>>[];
}

const MOMENT = '2026-01-05T09:00:00.000Z';

/** Made from the stored schema; the same schema gives the same sample. A field of the same name has the same id in every sample. */
export function sampleOf(type: string, schemaVersion: number, schema: Schema): Sample {
  const full = sampleValue(schema, type, type) as Readonly<Record<string, unknown>>;
  const least = Object.fromEntries(Object.entries(full).filter(([name]) => schema.required?.includes(name)));
  const data = Object.keys(least).length === Object.keys(full).length ? [full] : [full, least];
  return { type, schemaVersion, data };
}

function sampleValue(schema: Schema, name: string, type: string): unknown {
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum[0];
  if (schema.anyOf) return sampleValue(schema.anyOf[0] as Schema, name, type);
  if (schema.properties?.$sealed) return sealedValue(schema, name, type);
  switch ([schema.type].flat()[0]) {
    case 'object':
      return objectOf(schema, type);
    case 'array':
      return [sampleValue(schema.items ?? {}, singular(name), type)];
    case 'boolean':
      return true;
    case 'integer':
      return clamped(12, schema);
    case 'number':
      return clamped(1.5, schema);
    default:
      return textOf(schema, name);
  }
}

function objectOf(schema: Schema, type: string): unknown {
  const [member] = Object.entries(schema.patternProperties ?? {});
  if (member) return { EUR: sampleValue(member[1], 'EUR', type) };
  return Object.fromEntries(
    Object.entries(schema.properties ?? {}).map(([field, inner]) => [field, sampleValue(inner, field, type)]),
  );
}

function textOf({ format, pattern, maxLength }: Schema, name: string): string {
  if (format === 'uuid') return sampleId(name);
  if (format === 'date-time') return MOMENT;
  if (pattern === '^[A-Z]{3}$') return 'EUR';
  return name.slice(0, maxLength ?? name.length);
}

const sealedValue = (schema: Schema, name: string, type: string) => ({
  $sealed: `1.${sampleId(schema['x-person'] ?? name)}.${schema['x-retention']}.${derivedId('sample', 'fact', type)}.${name}.c2VhbGVk`,
});

const clamped = (value: number, { minimum = value, maximum = value }: Schema) => Math.min(Math.max(value, minimum), maximum);
const singular = (name: string) => (name.endsWith('s') ? `${name.slice(0, -1)}Id` : name);

/** The id that stands for a field in every sample. */
export const sampleId = (field: string): string => derivedId('sample', field);

/** The refs that samples are stamped with. */
const refs = Object.fromEntries(
  ['customer', 'owner', 'lead', 'opportunity', 'order', 'product'].map((name) => [name, sampleId(`${name}Id`)]),
);

/** A sample as the log would give it, upcast to the current version. Throws UnknownFact, or what an upcaster throws. */
export function decoded({ type, schemaVersion }: Sample, data: unknown, index: number, registry: Registry): Recorded {
  const aggregate = registry.aggregateOfFact.get(type)?.name ?? 'any';
  return recordedOf(
    {
      id: derivedId('sample', type, String(index)),
      type,
      schemaVersion,
      stream: streamName(aggregate, 'main', sampleId(aggregate)),
      revision: index,
      position: `sample00.${String(index).padStart(16, '0')}`,
      occurredAt: MOMENT,
      recordedAt: MOMENT,
      data: JSON.stringify(data),
      metadata: JSON.stringify({ actor: { kind: 'user', id: 'sample' }, commandId: derivedId('sample', 'command', type), refs }),
    },
    registry,
  );
}

/** Why a value does not fit its schema; undefined if it does. */
export const misfit = (schema: object, data: unknown): string | undefined =>
  Check(schema, data) ? undefined : 'does not fit the schema';
