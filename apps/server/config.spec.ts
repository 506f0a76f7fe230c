import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { loadConfig } from './config.js';
import { ConfigRefused } from './config-refused.js';
import { enginesOf, kafkaOptions, topicsOf } from './engines.js';
import { settings } from './settings.js';

const folder = mkdtempSync(join(tmpdir(), 'annals-config-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string, content: string) => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};

describe('settings', () => {
  it('have defaults', () => {
    expect(loadConfig({})).toEqual({
      data: './data',
      headsMinutes: 60,
      host: '127.0.0.1',
      port: 7070,
      portSearch: false,
      trustedProxy: false,
      backdateDays: 30,
      bodyLimit: 1_048_576,
      interactivePerSecond: 0,
      integrationPerSecond: 0,
      bulkPerSecond: 0,
      bulkRequests: 16,
      bulkAtOnce: 64,
      bulkBeside: 2,
      oidcRolesClaim: 'roles',
      oidcActorClaim: 'sub',
      webhooksToPrivate: false,
      webhookAttempts: 12,
      shutdownMilliseconds: 10_000,
      logLevel: 'info',
      roles: ['api', 'views', 'processes', 'relay'],
      logEngine: 'sqlite',
      viewsEngine: 'sqlite',
      topicsEngine: 'embedded',
      tracePercent: 10,
      keysEngine: 'sqlite',
      eventstoredbDeadlineMilliseconds: 5_000,
      mongodbDatabase: 'annals',
      mongodbTimeoutMilliseconds: 30_000,
      kafkaTimeoutMilliseconds: 15_000,
      kafkaTls: false,
      kafkaPartitions: 6,
      kafkaShards: 1,
      kafkaPrefix: 'annals',
      kafkaOldestGeneration: 1,
    });
  });

  it('come from the environment', () => {
    const config = loadConfig({
      ANNALS_PORT: '0',
      ANNALS_TRUSTED_PROXY: 'true',
      ANNALS_ROLES: 'api, views',
      ANNALS_DATA: '/srv/annals',
      PATH: '/bin',
    });
    expect(config).toMatchObject({ port: 0, trustedProxy: true, roles: ['api', 'views'], data: '/srv/annals' });
  });

  it.each([
    ['annals.yaml', 'port: 8080\nroles: [api]\n'],
    ['annals.json', '{"port": 8080, "roles": ["api"]}'],
  ])('come from a file, %s, under the environment', (name, content) => {
    const path = file(name, content);
    expect(loadConfig({ ANNALS_CONFIG: path })).toMatchObject({ port: 8080, roles: ['api'] });
    expect(loadConfig({ ANNALS_CONFIG: path, ANNALS_PORT: '9090' })).toMatchObject({ port: 9090, roles: ['api'] });
    expect(loadConfig({}, path).port).toBe(8080);
  });

  it('take a connection string with a password from a file', () => {
    const ANNALS_MONGODB_URI_FILE = file('mongodb.uri', 'mongodb://annals:hunter2@host/?replicaSet=rs0\n');
    const config = loadConfig({ ANNALS_VIEWS_ENGINE: 'mongodb', ANNALS_MONGODB_URI_FILE });
    expect(config.mongodbUri).toBe('mongodb://annals:hunter2@host/?replicaSet=rs0');
    expect(() => loadConfig({ ANNALS_MONGODB_URI_FILE, ANNALS_MONGODB_URI: 'mongodb://host' })).toThrow(
      'say the same thing twice',
    );
  });

  it('of Kafka become what its client needs, with certificates and the password out of files', () => {
    const ANNALS_KAFKA_SASL_PASSWORD_FILE = file('password', 'hunter2\n');
    const config = loadConfig({
      ANNALS_TOPICS_ENGINE: 'kafka',
      ANNALS_KAFKA_BROKERS: 'one:9093, two:9093',
      ANNALS_KAFKA_TLS: 'true',
      ANNALS_KAFKA_TLS_CA: file('ca.pem', 'the certificate'),
      ANNALS_KAFKA_SASL_MECHANISM: 'scram-sha-512',
      ANNALS_KAFKA_SASL_USERNAME: 'annals',
      ANNALS_KAFKA_SASL_PASSWORD_FILE,
    });
    const { topics } = enginesOf(config, folder);
    expect(JSON.stringify(topics)).not.toContain('hunter2');
    expect(topics.engine === 'kafka' && kafkaOptions(topics)).toMatchObject({
      brokers: ['one:9093', 'two:9093'],
      ssl: { ca: 'the certificate' },
      sasl: { mechanism: 'scram-sha-512', username: 'annals', password: 'hunter2' },
    });
    const unreadable = { ...config, kafkaSaslPasswordFile: '/nowhere/password' };
    expect(() => topicsOf(enginesOf(unreadable, folder))).toThrow('kafkaSaslPasswordFile names /nowhere/password');
  });

  it('are documented: each with its variable, what is allowed and a default or none', () => {
    for (const { variable, description, allowed } of settings) {
      expect(variable).toMatch(/^ANNALS_[A-Z_]+$/);
      expect(description).toMatch(/[.]$/);
      expect(allowed).not.toBe('');
    }
    expect(settings.find(({ name }) => name === 'backdateDays')).toEqual({
      name: 'backdateDays',
      variable: 'ANNALS_BACKDATE_DAYS',
      description: expect.stringContaining('in days'),
      fallback: '30',
      allowed: 'a whole number from 0 to 36500',
    });
  });
});

describe('a wrong setting stops the start', () => {
  it.each([
    [{ ANNALS_PROT: '1' }, 'ANNALS_PROT is not a setting; did you mean ANNALS_PORT'],
    [{ ANNALS_FROBNICATION_LEVEL_OF_THE_HOUSE: '1' }, 'is not a setting; there are ANNALS_DATA'],
    [{ ANNALS_PORT: 'http' }, 'ANNALS_PORT must be a whole number from 0 to 65535; it is "http".'],
    [{ ANNALS_PORT: '65536' }, 'ANNALS_PORT must be a whole number from 0 to 65535; it is 65536.'],
    [{ ANNALS_PORT: '' }, 'ANNALS_PORT must be a whole number'],
    [{ ANNALS_PORT: '1e3' }, 'ANNALS_PORT must be a whole number'],
    [{ ANNALS_DATA: '' }, 'ANNALS_DATA must be text that is not empty'],
    [{ ANNALS_TRUSTED_PROXY: 'yes' }, 'ANNALS_TRUSTED_PROXY must be true or false; it is "yes".'],
    [{ ANNALS_LOG_ENGINE: 'kurrentdb' }, 'ANNALS_LOG_ENGINE must be one of sqlite, eventstoredb; it is "kurrentdb".'],
    ...['http://', 'http:///v1', 'http://collector:x', 'collector:4318'].map(
      (ANNALS_OTLP_ENDPOINT) =>
        [
          { ANNALS_OTLP_ENDPOINT },
          'otlpEndpoint (ANNALS_OTLP_ENDPOINT) must be an address such as http://127.0.0.1:4318',
        ] as const,
    ),
    [{ ANNALS_OIDC_ROLES: 'boss=admin' }, 'oidcRoles needs oidcIssuer (ANNALS_OIDC_ISSUER)'],
    [{ ANNALS_ROLES: 'api,api' }, 'ANNALS_ROLES must be a list of api, views, processes, relay, each at most once'],
    [{ ANNALS_ROLES: '' }, 'ANNALS_ROLES must be a list'],
    [{ ANNALS_TLS_CERT: 'cert.pem' }, 'tlsCert needs tlsKey (ANNALS_TLS_CERT, ANNALS_TLS_KEY).'],
    [{ ANNALS_KAFKA_TLS_CERT: 'cert.pem', ANNALS_KAFKA_TLS: 'true' }, 'kafkaTlsCert needs kafkaTlsKey'],
    [{ ANNALS_KAFKA_TLS_CA: 'ca.pem' }, 'kafkaTlsCa needs kafkaTls (ANNALS_KAFKA_TLS).'],
    [{ ANNALS_KAFKA_SASL_USERNAME: 'annals' }, 'kafkaSaslUsername needs kafkaSaslMechanism and kafkaSaslPasswordFile'],
    [
      { ANNALS_KAFKA_SASL_MECHANISM: 'plain', ANNALS_KAFKA_SASL_USERNAME: 'annals', ANNALS_KAFKA_SASL_PASSWORD_FILE: 'password' },
      'kafkaSaslMechanism plain sends the password as it is',
    ],
    [{ ANNALS_MONGODB_URI_FILE: '/nowhere/mongodb' }, 'mongodbUriFile names /nowhere/mongodb, which cannot be read (ENOENT).'],
    [{ ANNALS_VIEWS_ENGINE: 'mongodb' }, 'The engine that was chosen needs mongodbUri (ANNALS_MONGODB_URI).'],
    [{ ANNALS_EVENTSTOREDB_URI: 'esdb://annals:secret@host:2113?tls=false' }, 'has credentials and tls=false'],
    [{ ANNALS_EVENTSTOREDB_URI: 'http://host:2113' }, 'eventstoredbUri (ANNALS_EVENTSTOREDB_URI): it has to begin with esdb://'],
    [{ ANNALS_EVENTSTOREDB_URI: 'esdb://annals:sec@ret@host:2113?tls=true' }, 'percent-encoded'],
    [{ ANNALS_EVENTSTOREDB_URI: 'esdb://annals:sec:ret@host:2113' }, 'percent-encoded'],
    [{ ANNALS_EVENTSTOREDB_URI: 'esdb://annals:100%@host:2113' }, 'percent-encoded'],
    [{ ANNALS_EVENTSTOREDB_URI: 'esdb://host:http?tls=true' }, 'hosts are host:port, separated by commas'],
    [{ ANNALS_EVENTSTOREDB_URI: 'esdb://host?tsl=false' }, 'there is no option "tsl"; there are connectionName,'],
    [{ ANNALS_EVENTSTOREDB_URI: 'esdb://host?tls' }, 'options are name=value; tls is not.'],
    [{ ANNALS_EVENTSTOREDB_URI: 'esdb://host?tlsVerifyCert=false' }, 'in tlsCAFile'],
    [{ ANNALS_EVENTSTOREDB_NAMESPACE: 'a b' }, 'must be 1 to 16 small letters and digits; it is "a b".'],
    [{ ANNALS_MONGODB_DATABASE: 'a.b' }, 'must be 1 to 32 small letters, digits and hyphens; it is "a.b".'],
    [{ ANNALS_KAFKA_PREFIX: 'a-b' }, 'must be 1 to 32 small letters, digits and underscores; it is "a-b".'],
    ...['nonsense', 'one:9092,two', 'one:0', 'one:66000', 'kafka://one:9092', 'one:9092,'].map(
      (ANNALS_KAFKA_BROKERS) =>
        [{ ANNALS_KAFKA_BROKERS }, 'kafkaBrokers (ANNALS_KAFKA_BROKERS) must be host:port, several separated by commas'] as const,
    ),
    [{ ANNALS_CONFIG: '/nowhere/annals.yaml' }, 'The file of settings /nowhere/annals.yaml cannot be read (ENOENT).'],
  ])('%j', (env, message) => {
    expect(() => loadConfig(env)).toThrow(ConfigRefused);
    expect(() => loadConfig(env)).toThrow(message);
  });

  it('without showing what may hold a password', () => {
    const uri = `mongodb://annals:hunter2@host/${'x'.repeat(5_000)}`;
    expect(() => loadConfig({ ANNALS_MONGODB_URI: uri })).toThrow('ANNALS_MONGODB_URI must be text that is not empty.');
    expect(() => loadConfig({ ANNALS_EVENTSTOREDB_URI: 'esdb://a:hunter2@host?tls=false' })).toThrow(/^(?!.*hunter2)/s);
    for (const wrong of ['esdb://a:hunter2@host?tsl=false', 'esdb://a:b@hunter2@host', 'esdb://a:hunter2@host:x?tls=true'])
      expect(() => loadConfig({ ANNALS_EVENTSTOREDB_URI: wrong })).toThrow(/^(?!.*hunter2)/s);
  });

  it.each([
    'esdb://127.0.0.1:2113?tls=false',
    'esdb://annals:p%40ss%3Aword@one:2113,two:2113/?tls=true&tlsCAFile=/etc/annals/ca.crt',
    'esdb+discover://user:pass/word@cluster.example?node_preference=leader&keepAliveInterval=-1',
  ])('and a right one of EventStoreDB does not: %s', (ANNALS_EVENTSTOREDB_URI) => {
    expect(loadConfig({ ANNALS_EVENTSTOREDB_URI })).toMatchObject({ eventstoredbUri: ANNALS_EVENTSTOREDB_URI });
  });

  it.each([
    ['prot: 1', 'prot in FILE is not a setting; did you mean port.'],
    ['port: "7070"', 'port in FILE must be a whole number from 0 to 65535; it is "7070".'],
    ['- 1', 'The file of settings FILE must hold one setting a line'],
    ['{"port": ', 'The file of settings FILE is neither YAML nor JSON'],
    ['__proto__: {}\nport: 1', '__proto__ in FILE is not a setting'],
  ])('in a file: %s', (content, message) => {
    const path = file('wrong.yaml', content);
    expect(() => loadConfig({}, path)).toThrow(message.replace('FILE', path));
  });

  it('and all are named at once', () => {
    expect(() => loadConfig({ ANNALS_PORT: 'x', ANNALS_HOTS: 'y' })).toThrow(/ANNALS_PORT(.|\n)*ANNALS_HOTS/);
  });
});
