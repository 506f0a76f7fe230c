import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

export interface ServerProcess {
  readonly url: string;
  readonly token: string;
  readonly pid: number;
  /** Milliseconds from its start to its first line: it listens. */
  readonly startedIn: number;
  readonly child: ChildProcess;
  /** What it wrote to standard error so far. */
  errors(): string;
  get(path: string): Promise<unknown>;
  /** Sends the signal and waits for the end. */
  stop(signal?: 'SIGTERM' | 'SIGKILL'): Promise<Ending>;
  readonly ended: Promise<Ending>;
}

export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** It did not come up; the message is what it said. */
export class ServerRefused extends Error {
  constructor(
    readonly code: number | null,
    readonly said: string,
  ) {
    super(`The server ended with code ${code} before it listened: ${said}`);
  }
}

const ENTRY = 'dist/apps/server/main.js';
const living = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of living) child.kill('SIGKILL');
});

/** The built server in a process of its own, on a free port, with data and secrets below `folder`. Resolves when it listens. */
export async function startServerProcess(
  folder: string,
  options: {
    readonly env?: Readonly<Record<string, string>>;
    readonly root?: string;
    readonly nodeOptions?: readonly string[];
    /** Told of the process before anything is known of it. */
    readonly onSpawn?: (child: ChildProcess) => void;
    /** Runs the server's command line another way: in another namespace, under limits. */
    readonly wrap?: (command: readonly string[]) => readonly string[];
  } = {},
): Promise<ServerProcess> {
  const { env = {}, root = process.cwd(), nodeOptions = [], onSpawn, wrap = (command) => command } = options;
  const own = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('ANNALS_')));
  const began = performance.now();
  const [program = '', ...args] = wrap([process.execPath, ...nodeOptions, resolve(root, ENTRY)]);
  const child = spawn(program, args, {
    env: {
      ...own,
      ANNALS_DATA: join(folder, 'data'),
      ANNALS_SECRETS: join(folder, 'secrets'),
      ANNALS_PORT: '0',
      ANNALS_LOG_LEVEL: 'warn',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  living.add(child);
  onSpawn?.(child);
  let said = '';
  let output = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-100_000);
  });
  const ended = once(child, 'close').then(([code, signal]) => {
    living.delete(child);
    return { code, signal } as Ending;
  });
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      const found = /listens on (\S+)/.exec(output)?.[1];
      if (found) resolve(found);
    });
    void ended.then(({ code }) => reject(new ServerRefused(code, said)));
  });
  const token = readFileSync(join(folder, 'secrets', 'admin.token'), 'utf8').trim();
  return {
    url,
    token,
    pid: child.pid as number,
    startedIn: performance.now() - began,
    child,
    errors: () => said,
    async get(path) {
      const answer = await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${token}` } });
      return answer.json();
    },
    async stop(signal = 'SIGTERM') {
      child.kill(signal);
      return ended;
    },
    ended,
  };
}

interface Readiness {
  readonly readers?: readonly { readonly name: string; readonly lagFacts: number }[];
}

/** Waits until every view and process has everything; gives the milliseconds that took. */
export async function settled(server: ServerProcess, within = 600_000): Promise<number> {
  const began = performance.now();
  for (;;) {
    const { readers = [{ name: 'none', lagFacts: 1 }] } = (await server.get('/health/ready')) as Readiness;
    if (readers.every(({ lagFacts }) => lagFacts === 0)) return performance.now() - began;
    if (performance.now() - began > within) throw new Error(`Readers are behind: ${JSON.stringify(readers)}`);
    await new Promise((next) => setTimeout(next, 50));
  }
}
