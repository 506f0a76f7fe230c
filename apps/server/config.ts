import { readFileSync } from 'node:fs';
import { Compile } from 'typebox/compile';
import { parse as parseYaml } from 'yaml';
import { ConfigRefused, textIn } from './config-refused.js';
import { faultOfEventStoreUri } from './eventstoredb-uri.js';
import {
  allowedOf,
  type Config,
  configSchema,
  type SettingName,
  type SettingSchema,
  schemas,
  settings,
  variableOf,
} from './settings.js';
import { suggestion } from './suggestion.js';

/** Names the file of settings; the environment wins over it. */
export const FILE_VARIABLE = 'ANNALS_CONFIG';
/** Read by the tests and the command line, not by the server; no mistake in its environment. */
const OTHERS = /^ANNALS_(TOKEN|URL|REAL_DATA|TEST_.*)$/;

const checks = Object.fromEntries(Object.entries(configSchema.properties).map(([name, schema]) => [name, Compile(schema)]));

/**
 * Settings from the environment (`ANNALS_*`), over those of a YAML or JSON file (the argument, else `ANNALS_CONFIG`), over the
 * defaults. Throws ConfigRefused naming every key that is unknown or wrong, and what is allowed.
 */
export function loadConfig(
  env: Readonly<Record<string, string | undefined>>,
  file: string | undefined = env[FILE_VARIABLE],
): Config {
  const faults: string[] = [];
  const given: Partial<Record<SettingName, unknown>> = {};
  const take = (source: string, name: SettingName, value: unknown) => {
    if (checks[name]?.Check(value)) given[name] = value;
    else faults.push(`${source} must be ${allowedOf(schemas[name])}${holdsSecret(name) ? '' : `; it is ${shown(value)}`}.`);
  };

  if (file !== undefined) {
    for (const [key, value] of Object.entries(contentOf(file))) {
      if (isSetting(key)) take(`${key} in ${file}`, key, value);
      else faults.push(`${key} in ${file} is not a setting${suggestion(key, Object.keys(schemas))}.`);
    }
  }
  const byVariable = new Map(settings.map(({ name, variable }) => [variable, name]));
  for (const [variable, value] of Object.entries(env)) {
    if (!variable.startsWith('ANNALS_') || variable === FILE_VARIABLE || OTHERS.test(variable) || value === undefined) continue;
    const name = byVariable.get(variable);
    if (name) take(variable, name, fromText(schemas[name], value));
    else faults.push(`${variable} is not a setting${suggestion(variable, [...byVariable.keys(), FILE_VARIABLE])}.`);
  }

  const defaults = Object.fromEntries(
    (Object.keys(schemas) as SettingName[]).flatMap((name) =>
      schemas[name].default === undefined ? [] : [[name, schemas[name].default]],
    ),
  );
  const config = withUris({ ...defaults, ...given } as Config, faults);
  faults.push(...conflictsIn(config));
  if (faults.length > 0) throw new ConfigRefused(faults.join('\n'));
  return config;
}

/** Takes the connection strings out of their files. */
function withUris(config: Config, faults: string[]): Config {
  const uris: { eventstoredbUri?: string; mongodbUri?: string } = {};
  for (const [uri, file] of [
    ['eventstoredbUri', 'eventstoredbUriFile'],
    ['mongodbUri', 'mongodbUriFile'],
  ] as const) {
    const place = config[file];
    if (place === undefined) continue;
    if (config[uri] !== undefined) faults.push(`${uri} and ${file} say the same thing twice; leave one out.`);
    try {
      uris[uri] = textIn(file, place);
    } catch (error) {
      faults.push((error as Error).message);
    }
  }
  return { ...config, ...uris };
}

const isWebAddress = (text: string) => /^https?:\/\/[^/?#\s]/i.test(text) && URL.canParse(text);

function isHostAndPort(text: string): boolean {
  const [, port] = /^[^\s:]+:(\d{1,5})$/.exec(text) ?? [];
  return port !== undefined && Number(port) > 0 && Number(port) < 65_536;
}

/** What each setting allows by itself, and not together with others. */
function conflictsIn(config: Config): readonly string[] {
  const faults: string[] = [];
  const together = (...names: readonly SettingName[]) => {
    const missing = names.filter((name) => config[name] === undefined);
    const [present] = names.filter((name) => config[name] !== undefined);
    if (present === undefined || missing.length === 0) return;
    const variables = [present, ...missing].map(variableOf).join(', ');
    faults.push(`${present} needs ${missing.join(' and ')} (${variables}).`);
  };
  together('tlsCert', 'tlsKey');
  together('kafkaTlsCert', 'kafkaTlsKey');
  together('kafkaSaslMechanism', 'kafkaSaslUsername', 'kafkaSaslPasswordFile');
  for (const name of ['kafkaTlsCa', 'kafkaTlsCert'] as const)
    if (config[name] !== undefined && !config.kafkaTls) faults.push(`${name} needs kafkaTls (${variableOf('kafkaTls')}).`);
  if (config.kafkaSaslMechanism === 'plain' && !config.kafkaTls)
    faults.push(
      `kafkaSaslMechanism plain sends the password as it is: it needs kafkaTls (${variableOf('kafkaTls')}), or take a scram mechanism.`,
    );
  if (config.otlpEndpoint !== undefined && !isWebAddress(config.otlpEndpoint))
    faults.push(
      `otlpEndpoint (${variableOf('otlpEndpoint')}) must be an address such as http://127.0.0.1:4318; it is ${shown(config.otlpEndpoint)}.`,
    );
  if ((config.oidcIssuer === undefined) !== (config.oidcAudience === undefined))
    faults.push(`oidcIssuer and oidcAudience need each other (${variableOf('oidcIssuer')}, ${variableOf('oidcAudience')}).`);
  for (const name of ['oidcJwksUrl', 'oidcTenantClaim', 'oidcRoles'] as const)
    if (config[name] !== undefined && config.oidcIssuer === undefined)
      faults.push(`${name} needs oidcIssuer (${variableOf('oidcIssuer')}).`);
  for (const [chosen, name] of [
    [config.logEngine === 'eventstoredb', 'eventstoredbUri'],
    [config.viewsEngine === 'mongodb' || config.keysEngine === 'mongodb', 'mongodbUri'],
    [config.topicsEngine === 'kafka', 'kafkaBrokers'],
  ] as const) {
    if (chosen && config[name] === undefined) faults.push(`The engine that was chosen needs ${name} (${variableOf(name)}).`);
  }
  const wrongUri = config.eventstoredbUri === undefined ? undefined : faultOfEventStoreUri(config.eventstoredbUri);
  if (wrongUri !== undefined) faults.push(`eventstoredbUri (${variableOf('eventstoredbUri')}): ${wrongUri}`);
  if (config.kafkaBrokers !== undefined && !config.kafkaBrokers.split(',').every((broker) => isHostAndPort(broker.trim())))
    faults.push(
      `kafkaBrokers (${variableOf('kafkaBrokers')}) must be host:port, several separated by commas; it is ${shown(config.kafkaBrokers)}.`,
    );
  return faults;
}

function contentOf(file: string): Readonly<Record<string, unknown>> {
  let content: unknown;
  try {
    // every JSON text is YAML
    content = parseYaml(readFileSync(file, 'utf8'));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const reason = code?.startsWith('E') ? `cannot be read (${code})` : `is neither YAML nor JSON: ${message.split('\n')[0]}`;
    throw new ConfigRefused(`The file of settings ${file} ${reason}.`);
  }
  if (content === null || content === undefined) return {};
  if (typeof content !== 'object' || Array.isArray(content))
    throw new ConfigRefused(`The file of settings ${file} must hold one setting a line, such as port: 7070.`);
  return content as Readonly<Record<string, unknown>>;
}

/** Text that does not read as the type stays text, and is refused as such. */
function fromText({ type }: SettingSchema, value: string): unknown {
  if (type === 'integer') return /^-?\d{1,15}$/.test(value) ? Number(value) : value;
  if (type === 'boolean') return value === 'true' ? true : value === 'false' ? false : value;
  if (type === 'array') return value.split(',').map((part) => part.trim());
  return value;
}

function shown(value: unknown): string {
  const written = JSON.stringify(value) ?? String(value);
  return written.length > 60 ? `${written.slice(0, 60)}…` : written;
}

/** Connection strings may hold passwords. */
const holdsSecret = (name: SettingName) => name.endsWith('Uri');

const isSetting = (key: string): key is SettingName => Object.hasOwn(schemas, key);
