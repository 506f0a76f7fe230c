import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { LOOPBACK } from '#runtime/loopback';
import { loadConfig } from '../../server/config.js';
import { ConfigRefused } from '../../server/config-refused.js';
import { defaultSecretsFolder } from '../../server/data-folder.js';
import type { Terminal } from '../terminal.js';
import { Client } from './client.js';
import { refusedBecause } from './files.js';
import { exitCodes, Failure, Unreachable, usage } from './problems.js';

export interface ConnectOptions {
  readonly url?: string;
  readonly data?: string;
  readonly tokenFile?: string;
}

export interface Connection {
  readonly client: Client;
  readonly url: string;
  /** The server was started for this command and ends with it. */
  readonly inProcess: boolean;
  close(): Promise<void>;
}

export interface RunningServer {
  readonly url: string;
  readonly pid: number;
  readonly startedAt: string;
}

/**
 * Finds the server: a named one, else the one that runs on the data folder, else starts one in this process under the
 * folder's lock. Throws `Unreachable` for a named server that does not answer.
 */
export async function connect(options: ConnectOptions, terminal: Pick<Terminal, 'env' | 'note'>): Promise<Connection> {
  const named = options.url ?? terminal.env.ANNALS_URL;
  if (named !== undefined) {
    const url = named.replace(/\/+$/, '');
    if (!/^https?:\/\/./i.test(url) || !URL.canParse(url))
      throw usage(
        `${named} is no address of a server: give one such as http://127.0.0.1:7070 in ${options.url === undefined ? 'ANNALS_URL' : '--url'}.`,
      );
    refuseOwnToken(url, options, terminal.env);
    await reached(url);
    return connection(url, tokenOf(options, terminal.env));
  }
  const running = runningServer(dataFolderOf(options, terminal.env));
  if (running && (await answers(running.url))) return connection(running.url, tokenOf(options, terminal.env));
  return startedHere(options, terminal);
}

export const dataFolderOf = ({ data }: ConnectOptions, env: Terminal['env']): string =>
  path.resolve(data ?? env.ANNALS_DATA ?? configured(env).data ?? './data');
export const secretsFolderOf = (dataFolder: string, env: Terminal['env']): string =>
  path.resolve(env.ANNALS_SECRETS ?? configured(env).secrets ?? defaultSecretsFolder(dataFolder, env));

/** A file of settings may name the folders too. */
function configured(env: Terminal['env']): { readonly data?: string; readonly secrets?: string | undefined } {
  if (env.ANNALS_CONFIG === undefined) return {};
  try {
    return loadConfig(env);
  } catch (error) {
    throw error instanceof ConfigRefused ? usage(error.message) : error;
  }
}

/** What the server that runs on a data folder says of itself, if there is one. */
export function runningServer(dataFolder: string): RunningServer | undefined {
  try {
    return JSON.parse(readFileSync(path.join(dataFolder, 'server.json'), 'utf8')) as RunningServer;
  } catch {
    return undefined;
  }
}

export async function answers(url: string): Promise<boolean> {
  try {
    await reached(url);
    return true;
  } catch {
    return false;
  }
}

const isElsewhere = (url: string) => URL.canParse(url) && !LOOPBACK.test(new URL(url).hostname.replace(/^\[|\]$/g, ''));

/** The token of this machine's administrator goes to no other machine. Throws a usage failure. */
export function refuseOwnToken(url: string, { tokenFile }: ConnectOptions, env: Terminal['env']): void {
  if (tokenFile !== undefined || env.ANNALS_TOKEN !== undefined || !isElsewhere(url)) return;
  throw usage(
    `Name a token for ${url}: with --token-file, or in ANNALS_TOKEN. That of this machine's administrator is for its own server only.`,
  );
}

/** Reads a token; the administrator's of this machine if no other is named. Throws where there is none. */
export function tokenOf({ data, tokenFile }: ConnectOptions, env: Terminal['env']): string {
  const file =
    tokenFile ??
    (env.ANNALS_TOKEN === undefined
      ? path.join(secretsFolderOf(dataFolderOf({ ...(data !== undefined && { data }) }, env), env), 'admin.token')
      : undefined);
  if (file === undefined) return (env.ANNALS_TOKEN ?? '').trim();
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new Failure(
      exitCodes.refused,
      `No token: cannot read ${file}: ${refusedBecause(error)}. Name one with --token-file, or put the token into ANNALS_TOKEN.`,
    );
  }
}

async function reached(url: string): Promise<void> {
  const response = await new Client(url, undefined).raw('/health/live', { timeout: 5000 });
  await response.body?.cancel();
  if (!response.ok) throw new Unreachable(url, new Error(`it answers ${response.status}`));
}

const connection = (url: string, token: string, close: () => Promise<void> = async () => {}, inProcess = false): Connection => ({
  client: new Client(url, token),
  url,
  inProcess,
  close,
});

async function startedHere(options: ConnectOptions, { env }: Pick<Terminal, 'env'>): Promise<Connection> {
  const folder = dataFolderOf(options, env);
  if (!existsSync(path.join(folder, 'format.json')))
    throw new Failure(
      exitCodes.unreachable,
      `No server runs, and ${folder} is no data folder yet. Start a server with: annals start`,
    );
  // Loaded only now: most commands find a running server and need nothing of it.
  const { startServer } = await import('../../server/start.js');
  const { refusedStart } = await import('../../server/serve.js');
  const server = await (async () => {
    const own = { ...env, ANNALS_DATA: folder, ANNALS_HOST: '127.0.0.1', ANNALS_PORT: '0', ANNALS_LOG_LEVEL: 'error' };
    // it serves this command on loopback, whatever the settings say of the server that others reach
    const { tlsCert: _cert, tlsKey: _key, ...config } = loadConfig(own);
    return startServer({ ...config, roles: [...new Set(['api' as const, ...config.roles])] });
  })().catch((error: unknown) => {
    throw new Failure(exitCodes.refused, `No server runs on ${folder}, and none could be started here.\n${refusedStart(error)}`);
  });
  try {
    return connection(server.url, tokenOf(options, env), () => server.close(), true);
  } catch (error) {
    await server.close();
    throw error;
  }
}
