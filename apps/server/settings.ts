import { type Static, Type } from 'typebox';

const text = (description: string, options: { default?: string; pattern?: string; form?: string } = {}) =>
  Type.String({ minLength: 1, maxLength: 4096, description, ...options });
const whole = (description: string, minimum: number, maximum: number, fallback: number) =>
  Type.Integer({ description, minimum, maximum, default: fallback });
const choice = <const V extends readonly string[]>(values: V, description: string, fallback: V[number]) =>
  Type.Unsafe<V[number]>({ type: 'string', enum: [...values], description, default: fallback });

/** All settings: the one source of validation, `--help` and the reference. Flat, so that each has one environment variable. */
export const configSchema = Type.Object(
  {
    data: text('Data folder: log, views and keys of the embedded engines.', { default: './data' }),
    secrets: Type.Optional(
      text(
        'Folder of the master key and the administrator token, outside the data folder; left out: a folder of the user configuration, one a data folder.',
      ),
    ),
    host: text('Address to bind to. Beyond loopback needs TLS or a trusted proxy.', { default: '127.0.0.1' }),
    port: whole('Port to listen on; 0 takes a free one.', 0, 65_535, 7070),
    portSearch: Type.Boolean({ description: 'Whether a busy port moves on to the next free one.', default: false }),
    tlsCert: Type.Optional(text('File of the TLS certificate, with its chain (PEM). Needs the key too.')),
    tlsKey: Type.Optional(text('File of the TLS key (PEM). Needs the certificate too.')),
    trustedProxy: Type.Boolean({
      description: 'Whether a proxy in front ends TLS and nobody else reaches the port.',
      default: false,
    }),
    backdateDays: whole('How far back a command with the role backdate may be dated, in days.', 0, 36_500, 30),
    bodyLimit: whole('Largest body of one command, in bytes.', 1_024, 16_777_216, 1_048_576),
    interactivePerSecond: whole('Interactive requests a second of one caller; 0 sets no limit.', 0, 1_000_000, 0),
    integrationPerSecond: whole(
      'Requests a second of one caller whose token is for integration; 0 sets no limit.',
      0,
      1_000_000,
      0,
    ),
    bulkPerSecond: whole('Bulk commands a second of one caller, each line counted; 0 sets no limit.', 0, 1_000_000, 0),
    bulkRequests: whole(
      'Bulk requests (lines of commands, replays, rebuilds, backups) open at a time, half of them of one caller at most; more are answered 429. A tenant that has none open is let in beyond them.',
      1,
      10_000,
      16,
    ),
    bulkAtOnce: whole('Bulk commands under way at a time while nobody interactive is there.', 1, 10_000, 64),
    bulkBeside: whole('Bulk commands under way at a time while interactive requests come in.', 1, 10_000, 2),
    oidcIssuer: Type.Optional(
      text('Issuer of the JWTs that are taken beside tokens of Annals, exactly as their iss has it. Needs the audience too.'),
    ),
    oidcAudience: Type.Optional(text('Audience that a JWT must be for, as its aud has it. Needs the issuer too.')),
    oidcJwksUrl: Type.Optional(text('Where the issuer publishes its keys; left out: where its discovery document says.')),
    oidcTenantClaim: Type.Optional(text('Claim with the name of the tenant; left out: everybody is of the tenant main.')),
    oidcRolesClaim: text('Claim with the roles, a list or a text with spaces; a path such as realm_access.roles.', {
      default: 'roles',
    }),
    oidcRoles: Type.Optional(
      text(
        "The issuer's roles and ours: crm-admin=admin,crm-sales=sales+orders; left out: they have the same names, others say nothing.",
      ),
    ),
    oidcActorClaim: text('Claim that names the actor for good; facts keep an id that derives from it.', { default: 'sub' }),
    webhooksToPrivate: Type.Boolean({
      description: 'Whether webhooks may go to this machine and private networks, and in the clear.',
      default: false,
    }),
    webhookAttempts: whole(
      'Attempts to deliver a fact to a webhook, with growing pauses, until the webhook is parked.',
      1,
      100,
      12,
    ),
    headsMinutes: whole(
      'Minutes between two signed heads of the history of a tenant, published where processes run; 0 publishes none by itself.',
      0,
      10_080,
      60,
    ),
    shutdownMilliseconds: whole('Time for what is in flight when the server stops, in milliseconds.', 0, 600_000, 10_000),
    logLevel: choice(
      ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'],
      'Least level of what is logged to standard error.',
      'info',
    ),
    otlpEndpoint: Type.Optional(
      text('Address of an OpenTelemetry collector (OTLP over HTTP), such as http://127.0.0.1:4318; left out: nothing is traced.'),
    ),
    tracePercent: whole('How many of a hundred requests without a trace context are traced.', 0, 100, 10),
    roles: Type.Array(Type.Unsafe<ServerRole>({ type: 'string', enum: ['api', 'views', 'processes', 'relay'] }), {
      description:
        'What this server does, separated by commas: api, views, processes, relay. Without api it answers /health and /metrics only.',
      minItems: 1,
      uniqueItems: true,
      default: ['api', 'views', 'processes', 'relay'],
    }),
    logEngine: choice(['sqlite', 'eventstoredb'], 'Engine of the log.', 'sqlite'),
    viewsEngine: choice(['sqlite', 'mongodb'], 'Engine of views, checkpoints, leases and snapshots.', 'sqlite'),
    topicsEngine: choice(
      ['embedded', 'kafka'],
      'Engine of topics; embedded ones are read over HTTP, as those of Kafka are too.',
      'embedded',
    ),
    keysEngine: choice(['sqlite', 'mongodb'], 'Engine of the key store.', 'sqlite'),
    eventstoredbUri: Type.Optional(
      text(
        'Connection string of EventStoreDB, as it documents it: esdb://… or esdb+discover://…; TLS, certificates and credentials are part of it.',
      ),
    ),
    eventstoredbUriFile: Type.Optional(
      text('File that holds the connection string of EventStoreDB, instead of eventstoredbUri: it may hold a password.'),
    ),
    eventstoredbDeadlineMilliseconds: whole(
      'How long a call to EventStoreDB may take before it counts as lost, in milliseconds.',
      500,
      60_000,
      5_000,
    ),
    eventstoredbNamespace: Type.Optional(
      text('First part of the names of streams, for several installations on one EventStoreDB.', {
        pattern: '^[a-z0-9]{1,16}$',
        form: '1 to 16 small letters and digits',
      }),
    ),
    mongodbUri: Type.Optional(
      text(
        'Connection string of a MongoDB replica set; TLS, certificates and credentials are part of it. A standalone server and a sharded cluster are refused.',
      ),
    ),
    mongodbUriFile: Type.Optional(
      text('File that holds the connection string of MongoDB, instead of mongodbUri: it may hold a password.'),
    ),
    mongodbTimeoutMilliseconds: whole(
      'How long a question to MongoDB may take, elections included, in milliseconds; commands wait for keys 5,000 at most.',
      1_000,
      600_000,
      30_000,
    ),
    mongodbDatabase: text('Database of views; the keys lie in one of this name with -keys behind it.', {
      default: 'annals',
      pattern: '^[a-z0-9-]{1,32}$',
      form: '1 to 32 small letters, digits and hyphens',
    }),
    kafkaBrokers: Type.Optional(text('Brokers of Kafka, host:port, separated by commas.')),
    kafkaTls: Type.Boolean({ description: 'Whether brokers are reached over TLS.', default: false }),
    kafkaTlsCa: Type.Optional(
      text('File of the certificates that brokers are checked against (PEM); left out: those of the system.'),
    ),
    kafkaTlsCert: Type.Optional(text('File of the certificate that brokers ask for (PEM). Needs the key too.')),
    kafkaTlsKey: Type.Optional(text('File of the key to that certificate (PEM). Needs the certificate too.')),
    kafkaSaslMechanism: Type.Optional(
      Type.Unsafe<SaslMechanism>({
        type: 'string',
        enum: ['plain', 'scram-sha-256', 'scram-sha-512'],
        description: 'How the server says to Kafka who it is; left out: not by SASL. plain needs TLS.',
      }),
    ),
    kafkaSaslUsername: Type.Optional(text('Name for SASL.')),
    kafkaSaslPasswordFile: Type.Optional(text('File that holds the password for SASL.')),
    kafkaTimeoutMilliseconds: whole(
      'How long a request to Kafka may stay without an answer, in milliseconds; what takes several requests is given up after twice that.',
      500,
      20_000,
      15_000,
    ),
    kafkaPartitions: whole('Partitions of each topic; another number begins the next generation of all topics.', 1, 1_000, 6),
    kafkaShards: whole('Relays that share the work of publishing; as fixed as the partitions.', 1, 64, 1),
    kafkaReplicas: Type.Optional(
      Type.Integer({
        description: 'Copies of each topic; left out: 3, or as many as there are brokers.',
        minimum: 1,
        maximum: 9,
      }),
    ),
    kafkaPrefix: text('First part of the names of topics.', {
      default: 'annals',
      pattern: '^[a-z0-9_]{1,32}$',
      form: '1 to 32 small letters, digits and underscores',
    }),
    kafkaOldestGeneration: whole('Generations of topics before this one are not published any more.', 1, 10_000, 1),
  },
  { additionalProperties: false },
);

export type SaslMechanism = 'plain' | 'scram-sha-256' | 'scram-sha-512';
export type ServerRole = 'api' | 'views' | 'processes' | 'relay';
export type Config = Readonly<Static<typeof configSchema>>;
export type SettingName = keyof Config;

/** A setting as the reference and `--help` show it. */
export interface Setting {
  /** In a file. */
  readonly name: SettingName;
  /** `ANNALS_TLS_CERT` for `tlsCert`. */
  readonly variable: string;
  readonly description: string;
  /** As one writes it in the environment; undefined where it may be left out without one. */
  readonly fallback: string | undefined;
  /** `a whole number from 0 to 65535` */
  readonly allowed: string;
}

export type SettingSchema = {
  readonly description?: string;
  readonly type?: string;
  readonly default?: unknown;
  readonly enum?: readonly string[];
  readonly items?: SettingSchema;
  readonly minimum?: number;
  readonly maximum?: number;
  /** What its pattern allows, in words. */
  readonly form?: string;
};
export const schemas = configSchema.properties as unknown as Readonly<Record<SettingName, SettingSchema>>;

export const settings: readonly Setting[] = (Object.keys(schemas) as SettingName[]).map((name) => ({
  name,
  variable: variableOf(name),
  description: schemas[name].description ?? name,
  fallback: schemas[name].default === undefined ? undefined : String(schemas[name].default),
  allowed: allowedOf(schemas[name]),
}));

export function variableOf(name: string): string {
  return `ANNALS_${name.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}

/** `a whole number from 0 to 65535` */
export function allowedOf({ type, enum: values, items, minimum, maximum, form }: SettingSchema): string {
  if (items?.enum) return `a list of ${items.enum.join(', ')}, each at most once`;
  if (values) return values.length === 1 ? String(values[0]) : `one of ${values.join(', ')}`;
  if (type === 'integer') return `a whole number from ${minimum} to ${maximum}`;
  if (type === 'boolean') return 'true or false';
  return form ?? 'text that is not empty';
}
