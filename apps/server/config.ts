import { readFileSync } from 'node:fs';
import { Compile } from 'typebox/compile';
import { parse as parseYaml } from 'yaml';
import { conflictsIn } from './config-conflicts.js';
import { ConfigRefused, shown, textIn } from './config-refused.js';
import { allowedOf, type Config, configSchema, type SettingName, type SettingSchema, schemas, settings } from './settings.js';
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

/** Connection strings may hold passwords. */
const holdsSecret = (name: SettingName) => name.endsWith('Uri');

const isSetting = (key: string): key is SettingName => Object.hasOwn(schemas, key);
