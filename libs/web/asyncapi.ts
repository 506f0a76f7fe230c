import type { JsonSchema } from '#runtime/commands/validation';
import type { Registry } from '#runtime/registry';
import { eventSchema, factSchemas, schemaName, type TopicSchema, topicSchemas, versionsOf } from '#runtime/relay/index';

export interface AsyncApiDocument {
  readonly asyncapi: '3.0.0';
  readonly info: JsonSchema;
  readonly defaultContentType: string;
  readonly servers: Readonly<Record<string, JsonSchema>>;
  readonly channels: Readonly<Record<string, JsonSchema>>;
  readonly operations: Readonly<Record<string, JsonSchema>>;
  readonly components: Readonly<Record<string, Readonly<Record<string, JsonSchema>>>>;
}

/** The brokers that topics are published to. */
export interface KafkaAddress {
  /** `host:port`; they name the others. */
  readonly brokers: readonly string[];
  /** First part of the names of topics. */
  readonly prefix: string;
  readonly partitions: number;
}

export interface AsyncApiOptions {
  /** Schemas of earlier versions of facts, by `<type>.v<version>`. */
  readonly earlierSchemas?: ReadonlyMap<string, object>;
  readonly kafka?: KafkaAddress;
}

const EVENT = 'application/cloudevents+json; charset=utf-8';

/** The AsyncAPI 3 document of a system: a channel for each topic and way to read it, a message for each version of each fact. */
export function asyncApiDocument(
  registry: Registry,
  { earlierSchemas = new Map(), kafka }: AsyncApiOptions = {},
): AsyncApiDocument {
  const topics = topicSchemas(registry);
  const schemas = factSchemas(registry, earlierSchemas);
  return {
    asyncapi: '3.0.0',
    info: { title: 'Annals', version: '1', description, license: { name: 'Apache-2.0', url: LICENSE } },
    defaultContentType: EVENT,
    servers: asyncApiServers({ kafka }),
    channels: Object.fromEntries(topics.flatMap((topic) => channelsOf(topic, kafka))),
    operations: Object.fromEntries(topics.flatMap(operationsOf)),
    components: {
      messages: Object.fromEntries(topics.flatMap(messagesOf)),
      schemas: {
        CloudEvent: eventSchema,
        KafkaHeaders: headers,
        ...Object.fromEntries(
          topics
            .flatMap(({ facts }) => versionsOf(facts))
            .map(({ type, version }) => schemaName(type, version))
            .map((name) => [name, inPlace(schemas.get(name) ?? { type: 'object' })]),
        ),
      },
      securitySchemes: { token: { type: 'http', scheme: 'bearer', description: 'A token with the role `consumer`.' } },
    },
  };
}

/** Where topics are read. `http` is the address that the caller used; brokers stay a variable for those who may not know them. */
export function asyncApiServers({
  http = { host: '127.0.0.1:7070', secure: false },
  kafka,
  showsBrokers = true,
}: {
  readonly http?: { readonly host: string; readonly secure: boolean };
  readonly kafka?: KafkaAddress | undefined;
  readonly showsBrokers?: boolean;
}): Readonly<Record<string, JsonSchema>> {
  const [broker = '127.0.0.1:9092', ...others] = showsBrokers ? (kafka?.brokers ?? []) : [];
  return {
    http: {
      host: http.host,
      protocol: http.secure ? 'https' : 'http',
      description: 'Pages of events, or with `Accept: text/event-stream` server-sent events that go on as facts come.',
      security: [{ $ref: '#/components/securitySchemes/token' }],
    },
    kafka: {
      host: '{broker}',
      protocol: 'kafka',
      description: kafka
        ? 'Read with `isolation.level=read_committed`.'
        : 'Where the server publishes to Kafka. Read with `isolation.level=read_committed`.',
      variables: {
        broker: {
          default: broker,
          description: 'Host and port of a broker.',
          ...(others.length > 0 && { enum: [broker, ...others] }),
        },
      },
    },
  };
}

const LICENSE = 'https://www.apache.org/licenses/LICENSE-2.0';

const description =
  'Every public fact reaches its topic in the order of its stream, at least once; `subject` and `annalsrevision` recognise a repetition. ' +
  'Topics keep everything. Personal fields are sealed; `POST /v1/keys/open` opens them. To a version of a fact only optional fields are added.';

const headers: JsonSchema = {
  type: 'object',
  description: 'In Kafka, for those who choose without reading the value.',
  properties: Object.fromEntries(
    ['specversion', 'id', 'type', 'source', 'subject', 'time', 'dataschema', 'annalsrevision', 'annalsposition'].map((name) => [
      `ce_${name}`,
      { type: 'string', description: `\`${name}\` of the event` },
    ]),
  ),
};

function channelsOf(topic: TopicSchema, kafka: KafkaAddress | undefined): readonly (readonly [string, JsonSchema])[] {
  const { topic: name, description: about, facts } = topic;
  const messages = Object.fromEntries(
    versionsOf(facts).map(({ type, version }) => {
      const message = schemaName(type, version);
      return [message, { $ref: `#/components/messages/${message}` }];
    }),
  );
  const { prefix = 'annals', partitions } = kafka ?? {};
  return [
    [
      name,
      {
        address: `${prefix}.{tenant}.${name}`,
        title: name,
        description: `${about} From the second generation of topics on with \`.g<number>\` behind the address.`,
        servers: [{ $ref: '#/servers/kafka' }],
        parameters: { tenant: { description: 'Lower case letters and digits.', default: 'main' } },
        messages,
        bindings: {
          kafka: {
            ...(partitions !== undefined && { partitions }),
            topicConfiguration: { 'cleanup.policy': ['delete'], 'retention.ms': -1, 'retention.bytes': -1 },
            bindingVersion: '0.5.0',
          },
        },
      },
    ],
    [
      `${name}-http`,
      {
        address: `/v1/topics/${name}`,
        title: `${name}, over HTTP`,
        description: `${about} The tenant is that of the token.`,
        servers: [{ $ref: '#/servers/http' }],
        messages,
      },
    ],
  ];
}

const operationsOf = ({ topic: name }: TopicSchema): readonly (readonly [string, JsonSchema])[] => [
  [
    `publish-${name}`,
    { action: 'send', channel: { $ref: `#/channels/${name}` }, summary: 'The key of a message is its stream.' },
  ],
  [
    `stream-${name}`,
    {
      action: 'send',
      channel: { $ref: `#/channels/${name}-http` },
      summary: 'Goes on after `Last-Event-ID`, or after the position in `after`.',
      bindings: { http: { method: 'GET', bindingVersion: '0.3.0' } },
    },
  ],
];

function messagesOf({ topic, facts }: TopicSchema): readonly (readonly [string, JsonSchema])[] {
  const about = new Map(facts.map(({ type, description: says }) => [type, says]));
  return versionsOf(facts).map(({ type, version }) => [
    schemaName(type, version),
    {
      name: type,
      title: `${type}, version ${version}`,
      summary: about.get(type),
      contentType: EVENT,
      headers: { $ref: '#/components/schemas/KafkaHeaders' },
      payload: {
        allOf: [
          { $ref: '#/components/schemas/CloudEvent' },
          {
            type: 'object',
            properties: {
              type: { const: type },
              subject: { type: 'string', pattern: `^${topic}-[a-z0-9]{1,32}\\.` },
              annalsschemaversion: { const: version },
              data: { $ref: `#/components/schemas/${schemaName(type, version)}` },
            },
          },
        ],
      },
      correlationId: { location: '$message.payload#/correlationid' },
      bindings: { kafka: { key: { type: 'string', description: 'the stream' }, bindingVersion: '0.5.0' } },
    },
  ]);
}

/** Inside another document a schema has no id and no dialect of its own. */
function inPlace(schema: object): JsonSchema {
  const { $schema: _, $id: __, ...rest } = schema as JsonSchema;
  return rest;
}
