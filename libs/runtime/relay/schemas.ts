import type { AnyAggregate, AnyFactType } from '#kernel';
import type { Registry } from '../registry.js';
import { schemaName } from './fact-schemas.js';

export interface TopicSchema {
  /** The aggregate; the topic of a tenant is `annals.<tenant>.<aggregate>`. */
  readonly topic: string;
  readonly description: string;
  /** JSON Schema (2020-12) of a message's value. Its data is referred to by `urn:annals:fact:<type>:<version>`, the id of that schema. */
  readonly schema: object;
  /** Its public facts. */
  readonly facts: readonly AnyFactType[];
}

/** One for each aggregate with public facts, every stored version of each fact included. */
export function topicSchemas({ aggregates }: Registry): readonly TopicSchema[] {
  return [...aggregates.values()]
    .map((aggregate) => ({ aggregate, facts: publicFacts(aggregate) }))
    .filter(({ facts }) => facts.length > 0)
    .map(({ aggregate, facts }) => ({
      topic: aggregate.name,
      description: aggregate.description,
      schema: messageSchema(aggregate, facts),
      facts,
    }));
}

/** The schema of a topic in one document, with those of the data in it. One that is not known allows any object. */
export function bundledSchema({ schema, facts }: TopicSchema, schemas: ReadonlyMap<string, object>): object {
  const data = versionsOf(facts).map(({ type, version }) => {
    const name = schemaName(type, version);
    return [name, schemas.get(name) ?? { $id: factId(type, version), title: type, type: 'object' }];
  });
  return { ...schema, $defs: Object.fromEntries(data) };
}

const factId = (type: string, version: number) => `urn:annals:fact:${type}:${version}`;
/** One entry for each version of each fact. */
export const versionsOf = (facts: readonly AnyFactType[]) =>
  facts.flatMap(({ type, version }) => Array.from({ length: version }, (_, index) => ({ type, version: index + 1 })));

const publicFacts = ({ facts }: AnyAggregate): readonly AnyFactType[] =>
  (Object.values(facts) as AnyFactType[]).filter(({ visibility }) => visibility === 'public');

function messageSchema({ name, description }: AnyAggregate, facts: readonly AnyFactType[]): object {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: `urn:annals:topic:${name}`,
    title: name,
    description: `${description} Messages are CloudEvents 1.0 in JSON; key and order are those of the stream.`,
    ...eventSchema,
    properties: {
      ...eventSchema.properties,
      source: { type: 'string', pattern: `^/annals/[a-z0-9]{1,32}/${name}$`, description: 'tenant and aggregate' },
      type: { enum: facts.map(({ type }) => type), description: 'what happened' },
      subject: { type: 'string', pattern: `^${name}-[a-z0-9]{1,32}\\.`, description: 'the stream; also the key of the message' },
    },
    oneOf: versionsOf(facts).map(({ type, version }) => ({
      title: `${type}, version ${version}`,
      properties: {
        type: { const: type },
        annalsschemaversion: { const: version },
        data: { $ref: factId(type, version) },
      },
    })),
  };
}

/** What all messages have in common. */
export const eventSchema = {
  type: 'object',
  properties: {
    specversion: { const: '1.0' },
    id: { type: 'string', format: 'uuid', description: 'the fact; with source unique' },
    source: { type: 'string', description: '`/annals/<tenant>/<aggregate>`' },
    type: { type: 'string', description: 'what happened' },
    subject: { type: 'string', description: 'the stream; also the key of the message' },
    time: { type: 'string', format: 'date-time', description: 'when it happened in the business (UTC, milliseconds)' },
    datacontenttype: { const: 'application/json' },
    dataschema: { type: 'string', description: '`urn:annals:fact:<type>:<version>`' },
    annalsposition: { type: 'string', description: 'place in the log; byte order is log order' },
    annalsrevision: {
      type: 'integer',
      minimum: 0,
      description: 'number in its stream: (subject, annalsrevision) recognises a repetition. Internal facts leave gaps',
    },
    annalsrecordedat: { type: 'string', format: 'date-time', description: 'when it was recorded (UTC, milliseconds)' },
    annalsschemaversion: { type: 'integer', minimum: 1 },
    partitionkey: { type: 'string', description: 'the stream' },
    correlationid: { type: 'string', format: 'uuid' },
    causationid: { type: 'string', format: 'uuid' },
    traceparent: { type: 'string' },
    data: { type: 'object', description: 'as stored: personal fields are sealed' },
  },
  patternProperties: { '^annalsref[a-z0-9]+$': { type: 'string', description: 'id of something the fact belongs to' } },
  required: [
    'specversion',
    'id',
    'source',
    'type',
    'subject',
    'time',
    'datacontenttype',
    'dataschema',
    'annalsposition',
    'annalsrevision',
    'annalsrecordedat',
    'annalsschemaversion',
    'partitionkey',
    'correlationid',
    'causationid',
    'data',
  ],
  additionalProperties: false,
} as const;
