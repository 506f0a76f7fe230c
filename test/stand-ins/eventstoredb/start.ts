import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transformSync } from '@swc/core';

export interface StandInArguments {
  readonly folder: string;
  readonly port?: number;
  readonly warmUp?: number;
  readonly liveBuffer?: number;
  readonly linger?: number;
}

export interface StandIn {
  readonly port: number;
  /** `esdb://…` */
  readonly connection: string;
  readonly pid: number;
  signal(signal: NodeJS.Signals): void;
  /** Ends it with a signal and waits until it is gone. */
  kill(signal?: NodeJS.Signals): Promise<void>;
}

/** Starts the stand-in as a process of its own and waits until its port is open. */
export async function startStandIn(given: StandInArguments): Promise<StandIn> {
  const { folder, port = 0, warmUp = 0, liveBuffer = 250, linger = 0 } = given;
  const child = spawn(
    process.execPath,
    [
      compiled('main'),
      '--attached',
      ...Object.entries({ folder, port, 'warm-up': warmUp, 'live-buffer': liveBuffer, linger }).flatMap(([name, value]) => [
        `--${name}`,
        String(value),
      ]),
    ],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  const bound = await portOf(child);
  const gone = once(child, 'exit');
  return {
    port: bound,
    connection: `esdb://127.0.0.1:${bound}?tls=false`,
    pid: child.pid ?? 0,
    signal: (signal) => void child.kill(signal),
    kill: async (signal = 'SIGKILL') => {
      child.kill(signal);
      if (child.exitCode === null && child.signalCode === null) await gone;
    },
  };
}

function portOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    let said = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      const [, port] = /^ready (\d+)$/m.exec(said) ?? [];
      if (port !== undefined) resolve(Number(port));
    });
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`The stand-in ended with code ${code} before it was ready.`)));
  });
}

/** The product's build leaves tests out, so that the stand-in is compiled where it is started. */
export function compiled(script: string): string {
  const sources = dirname(fileURLToPath(import.meta.url));
  const root = join(sources, '..', '..', '..');
  const target = join(root, 'dist', 'test', 'stand-ins', 'eventstoredb');
  mkdirSync(target, { recursive: true });
  const swc = JSON.parse(readFileSync(join(root, '.swcrc'), 'utf8')) as object;
  for (const name of readdirSync(sources).filter((each) => each.endsWith('.ts') && !each.endsWith('.spec.ts'))) {
    const { code } = transformSync(readFileSync(join(sources, name), 'utf8'), { ...swc, swcrc: false, sourceMaps: 'inline' });
    const file = join(target, name.replace(/\.ts$/, '.js'));
    writeFileSync(`${file}.${process.pid}`, code);
    renameSync(`${file}.${process.pid}`, file);
  }
  return join(target, `${script}.js`);
}
