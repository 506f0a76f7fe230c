import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { ConfigRefused } from './config-refused.js';
import { type Config, variableOf } from './settings.js';

/** Certificate and key as the settings name them; undefined where they name none. Throws ConfigRefused. */
export function tlsOf({ tlsCert, tlsKey }: Config): { readonly cert: Buffer; readonly key: Buffer } | undefined {
  if (tlsCert === undefined || tlsKey === undefined) return undefined;
  const cert = pemIn('tlsCert', tlsCert);
  const key = pemIn('tlsKey', tlsKey);
  check({ cert }, `${named('tlsCert', tlsCert)}, which holds no certificate in PEM`);
  check({ key }, `${named('tlsKey', tlsKey)}, which holds no key in PEM without a passphrase`);
  check({ cert, key }, `${named('tlsKey', tlsKey)}, which is not the key of the certificate in ${tlsCert}`);
  return { cert, key };
}

type Setting = 'tlsCert' | 'tlsKey';

const named = (setting: Setting, file: string) => `${setting} (${variableOf(setting)}) names ${file}`;

function check(given: { readonly cert?: Buffer; readonly key?: Buffer }, wrong: string): void {
  try {
    createSecureContext(given);
  } catch (error) {
    throw new ConfigRefused(`${wrong} (${(error as NodeJS.ErrnoException).code ?? 'unknown error'}).`);
  }
}

function pemIn(setting: Setting, file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new ConfigRefused(`${named(setting, file)}, which cannot be read (${(error as NodeJS.ErrnoException).code}).`);
  }
}
