import { readFileSync } from 'node:fs';
import { Command, Option } from 'commander';
import { compileCommand } from '#runtime/commands/validation';
import type { RegisteredCommand, Registry } from '#runtime/registry';
import type { CommandAnswer, DryRunAnswer } from '../client/client.js';
import { refusedBecause } from '../client/files.js';
import { usage } from '../client/problems.js';
import { printJson, printText, type Terminal } from '../terminal.js';
import { connected, examples, isDayOrMoment, type ServerFlags, wholeNumber, withServer } from './shared.js';

interface Schema {
  readonly type?: string;
  readonly format?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly enum?: readonly unknown[];
  readonly description?: string;
  readonly examples?: readonly unknown[];
  readonly items?: Schema;
  readonly 'x-unit'?: string;
}

interface SendFlags extends ServerFlags {
  readonly key?: string;
  readonly occurredAt?: string;
  readonly ifRevision?: number;
  readonly wait?: number;
  readonly dryRun?: boolean;
  readonly payload?: string;
}

/**
 * `annals send <verb>`: one verb for each command that the definitions give a route, its flags from the command's fields. Making
 * all of them takes longer than sending one: of a command line that names one, only that is made.
 */
export function sendCommand(terminal: Terminal, registry: Registry, line?: readonly string[]): Command {
  const send = new Command('send')
    .description('Send a command. Each verb lists its fields with --help.')
    .addHelpText(
      'after',
      examples(
        'annals send open-opportunity --customer-id 4be5… --amount 55000 --currency EUR',
        'annals send place-order --payload order.json --key order-4711',
      ),
    );
  const verbs = [...registry.commands.values()].filter(({ options }) => options.route);
  for (const registered of line ? wantedIn(line, verbs) : verbs) send.addCommand(verb(terminal, registered));
  return send;
}

function wantedIn(line: readonly string[], verbs: readonly RegisteredCommand[]): readonly RegisteredCommand[] {
  const at = line.indexOf('send');
  if (at < 0) return [];
  const named = verbs.find(({ name }) => kebab(name) === line[at + 1]);
  return named ? [named] : verbs;
}

/** Seconds that the server waits at most. */
const LONGEST_WAIT = 60;

/** Flags of every verb; a field of the same name gets `--field-…`. */
const RESERVED = new Set([
  'url',
  'data',
  'token-file',
  'json',
  'payload',
  'key',
  'occurred-at',
  'if-revision',
  'wait',
  'dry-run',
  'help',
]);

/** `customerId` → `customer-id`. */
const flagOf = (field: string): string => (RESERVED.has(kebab(field)) ? `field-${kebab(field)}` : kebab(field));

export const kebab = (name: string): string => name.replace(/([a-z0-9])([A-Z])/g, '$1-$2').toLowerCase();

function verb(terminal: Terminal, registered: RegisteredCommand): Command {
  const { name, type, options, aggregate } = registered;
  const schema = compileCommand(type, { id: aggregate.id }).schema as Schema;
  const command = new Command(kebab(name)).description(options.summary);
  const fields = Object.entries(schema.properties ?? {});
  for (const [field, shape] of fields) {
    const isNeeded = schema.required?.includes(field) ?? false;
    command.addOption(new Option(`--${flagOf(field)} <${placeholder(shape)}>`, described(shape, isNeeded)).conflicts('payload'));
  }
  withServer(
    command
      .option('--payload <file>', 'read all fields from this JSON file, or from standard input with -')
      .option('--key <key>', 'idempotency key: sent again with the same key, the command has its effect once')
      .option('--occurred-at <moment>', 'business time, where it is not now (needs a role); a day: its first moment, UTC')
      .option('--if-revision <number>', 'refuse unless the thing is at this revision', wholeNumber)
      .option('--dry-run', 'say what it would record, or why it would be refused, and record nothing')
      .option('--wait <seconds>', 'wait for what a process finishes', wholeNumber),
  );
  command.addHelpText('after', examples(exampleOf(command.name(), schema)));
  return command.action((flags: SendFlags & Readonly<Record<string, unknown>>) => {
    const payload =
      flags.payload === undefined
        ? payloadFrom(fields, flags)
        : jsonFrom('--payload', flags.payload === '-' ? '@/dev/stdin' : `@${flags.payload.replace(/^@/, '')}`);
    const { path, body } = routed(options.route ?? '', payload as Record<string, unknown>);
    const headers = {
      'idempotency-key': flags.key,
      'annals-dry-run': flags.dryRun ? 'true' : undefined,
      'annals-occurred-at': flags.occurredAt === undefined ? undefined : momentOf('--occurred-at', flags.occurredAt),
      'if-match': flags.ifRevision === undefined ? undefined : `"${flags.ifRevision}"`,
      prefer: flags.wait === undefined ? undefined : `wait=${flags.wait}`,
    };
    return connected(terminal, flags, async ({ client }) => {
      const waits = Math.min(flags.wait ?? 0, LONGEST_WAIT) * 1_000;
      const answer = await client.post<CommandAnswer | DryRunAnswer>(path, body, headers, waits);
      if (flags.json) printJson(terminal, answer);
      else printText(terminal, 'dryRun' in answer ? wouldBe(answer) : readable(answer));
    });
  });
}

/** Fields as the flags give them. Throws a usage failure for what cannot be of the field's type. */
export function payloadFrom(
  fields: readonly (readonly [string, Schema])[],
  flags: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const payload: Record<string, unknown> = {};
  for (const [field, shape] of fields) {
    const given = flags[flagName(field)];
    if (typeof given === 'string') payload[field] = parsed(`--${flagOf(field)}`, given, shape);
  }
  return payload;
}

/** Puts path parameters into the path and takes them out of the body. */
export function routed(
  route: string,
  payload: Readonly<Record<string, unknown>>,
): { readonly path: string; readonly body: Readonly<Record<string, unknown>> } {
  const body = { ...payload };
  const path = route.replace(/^POST /, '').replace(/:([A-Za-z]+)/g, (_, name: string) => {
    const value = body[name];
    if (value === undefined) throw usage(`--${flagOf(name)} is missing.`);
    delete body[name];
    return encodeURIComponent(String(value));
  });
  return { path: `/v1${path}`, body };
}

/** commander makes `--customer-id` the property `customerId`. */
const flagName = (field: string) => flagOf(field).replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

function parsed(flag: string, given: string, { type, format, items }: Schema): unknown {
  const text = given.startsWith('@') ? fileText(flag, given.slice(1)) : given;
  if (format === 'date-time') return momentOf(flag, text);
  if (type === 'integer' || type === 'number') {
    if (!/^-?\d+(\.\d+)?$/.test(text)) throw usage(`${flag} needs a number.`);
    return Number(text);
  }
  if (type === 'boolean') {
    if (text !== 'true' && text !== 'false') throw usage(`${flag} needs true or false.`);
    return text === 'true';
  }
  if (type === 'array' && items?.type === 'string' && !text.trimStart().startsWith('['))
    return text.split(',').map((one) => one.trim());
  if (type === 'array' || type === 'object') return jsonFrom(flag, given);
  return text;
}

/** A day means its first moment in UTC; a moment may have any zone. */
function momentOf(flag: string, text: string): string {
  if (!isDayOrMoment(text)) throw usage(`${flag} needs a moment (2017-03-31T12:00:00Z) or a day (2017-03-31).`);
  return new Date(text).toISOString();
}

function jsonFrom(flag: string, given: string): unknown {
  try {
    return JSON.parse(given.startsWith('@') ? fileText(flag, given.slice(1)) : given);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw usage(
      given.startsWith('@') ? `${flag}: ${given.slice(1)} holds no JSON.` : `${flag} needs JSON, or @file with JSON in it.`,
    );
  }
}

function fileText(flag: string, file: string): string {
  try {
    return readFileSync(file === '/dev/stdin' ? 0 : file, 'utf8').replace(/\r?\n$/, '');
  } catch (error) {
    throw usage(`${flag}: cannot read ${file}: ${refusedBecause(error)}.`);
  }
}

const placeholder = ({ type, format, items }: Schema) =>
  format === 'date-time'
    ? 'moment'
    : type === 'array' && items?.type === 'string'
      ? 'a,b'
      : type === 'array' || type === 'object'
        ? 'json'
        : (type ?? 'text');

function described(shape: Schema, isNeeded: boolean): string {
  const notes = [isNeeded && 'required', shape['x-unit'], shape.enum?.join(' | ')].filter(Boolean);
  return `${shape.description ?? ''}${notes.length > 0 ? ` [${notes.join('; ')}]` : ''}`;
}

function exampleOf(name: string, { properties = {}, required = [] }: Schema): string {
  const flags = required.map((field) => `--${flagOf(field)} ${quoted(sample(properties[field]))}`);
  return ['annals send', name, ...flags].join(' ');
}

function sample(shape: Schema | undefined): string {
  const [given] = shape?.examples ?? shape?.enum ?? [];
  if (given !== undefined) return typeof given === 'string' ? given : JSON.stringify(given);
  if (shape?.type === 'integer' || shape?.type === 'number') return '1';
  if (shape?.type === 'boolean') return 'true';
  return shape?.type === 'array' || shape?.type === 'object' ? '@file.json' : '8d0f5a52-6f0e-4c35-9a5e-2f6a3c1b7d10';
}

const quoted = (text: string) => (/^[\w@.:,/+-]+$/.test(text) ? text : `'${text}'`);

function wouldBe({ outcome, stream, revision, facts }: DryRunAnswer): string {
  const what = {
    created: 'Would be created',
    done: 'Would be done',
    unchanged: 'Would change nothing',
    accepted: 'Would be accepted',
    repeated: 'Was sent before',
  }[outcome];
  return [
    `${what}${facts.length > 0 ? `: ${facts.map(({ type }) => type).join(', ')}` : ''} (nothing was recorded)`,
    `  stream    ${stream} (revision ${revision})`,
    ...facts.map(({ type, data }) => `  ${type} ${JSON.stringify(data)}`),
  ].join('\n');
}

function readable({ outcome, id, stream, revision, position, facts, process }: CommandAnswer): string {
  const what = { created: 'Created', done: 'Done', unchanged: 'Nothing changed', accepted: 'Accepted' }[outcome];
  return [
    `${what}${facts.length > 0 ? `: ${facts.join(', ')}` : ''}`,
    `  id        ${id}`,
    `  stream    ${stream} (revision ${revision})`,
    `  position  ${position}`,
    ...(process === undefined ? [] : [`  process   ${process}`]),
  ].join('\n');
}
