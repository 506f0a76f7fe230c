import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { loadConfig } from './config.js';
import { ConfigRefused } from './config-refused.js';
import { tlsOf } from './tls.js';
import { unusedSettings } from './unused-settings.js';

const folder = mkdtempSync(join(tmpdir(), 'annals-tls-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const file = (name: string, content: string) => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};
const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const key = file('key.pem', privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
const refusal = (tlsCert: string, tlsKey: string): unknown => {
  try {
    tlsOf(loadConfig({ ANNALS_TLS_CERT: tlsCert, ANNALS_TLS_KEY: tlsKey }));
  } catch (error) {
    return error;
  }
  return undefined;
};

describe('files of TLS', () => {
  it('that hold something else stop the start with the name of the setting', () => {
    const text = file('text.pem', 'no certificate');
    for (const [cert, its, says] of [
      [text, key, 'tlsCert (ANNALS_TLS_CERT)'],
      [join(folder, 'nowhere.pem'), key, 'cannot be read (ENOENT)'],
      [key, key, 'tlsCert (ANNALS_TLS_CERT)'],
    ] as const) {
      const error = refusal(cert, its);
      expect(error).toBeInstanceOf(ConfigRefused);
      expect((error as Error).message).toContain(says);
      expect((error as Error).message).not.toContain('\n');
    }
  });
});

describe('settings of engines that are not used', () => {
  it('are named, as somebody forgot the engine', () => {
    const names = unusedSettings(loadConfig({ ANNALS_MONGODB_URI: 'mongodb://127.0.0.1', ANNALS_KAFKA_BROKERS: 'a:9092' }));
    expect([...names].sort()).toEqual(['ANNALS_KAFKA_BROKERS', 'ANNALS_MONGODB_URI']);
  });

  it('are none where nothing was set, or the engine is used', () => {
    expect(unusedSettings(loadConfig({}))).toEqual([]);
    expect(unusedSettings(loadConfig({ ANNALS_VIEWS_ENGINE: 'mongodb', ANNALS_MONGODB_URI: 'mongodb://127.0.0.1' }))).toEqual([]);
  });
});
