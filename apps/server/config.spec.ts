import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { ConfigRefused, loadConfig, settings } from './config.js';

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
      host: '127.0.0.1',
      port: 7070,
      portSearch: false,
      trustedProxy: false,
      backdateDays: 30,
      bodyLimit: 1_048_576,
      shutdownMilliseconds: 10_000,
      logLevel: 'info',
      roles: ['api', 'views', 'processes', 'relay'],
      logEngine: 'sqlite',
      viewsEngine: 'sqlite',
      topicsEngine: 'embedded',
      tracePercent: 10,
      keysEngine: 'sqlite',
      mongodbDatabase: 'annals',
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
    [{ ANNALS_ROLES: 'api,api' }, 'ANNALS_ROLES must be a list of api, views, processes, relay, each at most once'],
    [{ ANNALS_ROLES: '' }, 'ANNALS_ROLES must be a list'],
    [{ ANNALS_TLS_CERT: 'cert.pem' }, 'tlsCert needs tlsKey (ANNALS_TLS_CERT, ANNALS_TLS_KEY).'],
    [{ ANNALS_CONFIG: '/nowhere/annals.yaml' }, 'The file of settings /nowhere/annals.yaml cannot be read (ENOENT).'],
  ])('%j', (env, message) => {
    expect(() => loadConfig(env)).toThrow(ConfigRefused);
    expect(() => loadConfig(env)).toThrow(message);
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
