import { type Command, InvalidArgumentError } from 'commander';
import { type Connection, type ConnectOptions, connect } from '../client/connect.js';
import type { Terminal } from '../terminal.js';

export interface ServerFlags extends ConnectOptions {
  readonly json?: boolean;
}

/** The options of every command that talks to a server. */
export function withServer(command: Command): Command {
  return command
    .option(
      '--url <url>',
      'the server; otherwise ANNALS_URL, else the one that runs on the data folder, else one is started for this command',
    )
    .option('--data <folder>', 'the data folder; otherwise ANNALS_DATA, else ./data')
    .option(
      '--token-file <file>',
      'file that holds the token; otherwise ANNALS_TOKEN, else the administrator token of this machine',
    )
    .option('--json', 'print JSON');
}

/** Runs the work with a connection and closes it, whatever happens. */
export async function connected<T>(
  terminal: Terminal,
  flags: ServerFlags,
  work: (connection: Connection) => Promise<T>,
): Promise<T> {
  const connection = await connect(flags, terminal);
  try {
    return await work(connection);
  } finally {
    await connection.close();
  }
}

export const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];

export function wholeNumber(value: string): number {
  if (!/^\d{1,9}$/.test(value)) throw new InvalidArgumentError('Give a whole number.');
  return Number(value);
}

/** A day of the calendar, or a moment of one with its zone. `Date` would take 30 February for 2 March. */
export function isDayOrMoment(value: string): boolean {
  const [, day] = /^(\d{4}-\d\d-\d\d)(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/.exec(value) ?? [];
  if (day === undefined || Number.isNaN(Date.parse(value))) return false;
  const first = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(first.getTime()) && first.toISOString().startsWith(day);
}

/** A day or a moment, as the queries take it. */
export function dayOrMoment(value: string): string {
  if (!isDayOrMoment(value)) throw new InvalidArgumentError('Give a day (2017-03-31) or a moment (2017-03-31T12:00:00Z).');
  return value;
}

export const examples = (...lines: readonly string[]): string => `\nExamples:\n${lines.map((line) => `  ${line}`).join('\n')}\n`;
