import { existsSync, readFileSync, statSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import path from 'node:path';
import { Command } from 'commander';
import { LockedError, lockFolder } from '#adapters/sqlite';
import type { ClockState } from '#runtime';
import { FORMAT } from '../../server/data-folder.js';
import { productVersion } from '../../server/surroundings.js';
import { Client } from '../client/client.js';
import { answers, dataFolderOf, runningServer, secretsFolderOf, tokenOf } from '../client/connect.js';
import { exitCodes, Failure } from '../client/problems.js';
import { printJson, printText, type Terminal } from '../terminal.js';
import { examples, type ServerFlags, withServer } from './shared.js';

/** One thing that was looked at. `advice` says what to do about it, where there is something to do. */
export interface Finding {
  readonly check: string;
  readonly state: 'ok' | 'warning' | 'problem';
  readonly finding: string;
  readonly advice?: string;
}

/** `annals doctor`: looks at everything that has to be right, and says what to do about what is not. */
export function doctorCommand(terminal: Terminal): Command {
  return withServer(
    new Command('doctor').description(
      'Look at everything that has to be right, and say what to do about what is not. Changes nothing.',
    ),
  )
    .addHelpText(
      'after',
      `${examples('annals doctor', 'annals doctor --data /var/lib/annals --json')}\nExit code 1: it found a problem.\n`,
    )
    .action(async (flags: ServerFlags) => {
      const findings = await examine(flags, terminal);
      if (flags.json) printJson(terminal, { findings });
      else printText(terminal, findings.map(readable).join('\n'));
      if (findings.some(({ state }) => state === 'problem')) throw new Failure(exitCodes.refused, '');
    });
}

export async function examine(flags: ServerFlags, { env }: Pick<Terminal, 'env'>): Promise<readonly Finding[]> {
  const folder = dataFolderOf(flags, env);
  const secrets = secretsFolderOf(folder, env);
  const url = flags.url ?? env.ANNALS_URL ?? runningServer(folder)?.url;
  const isUp = url !== undefined && (await answers(url));
  return [
    nodeVersion(process.versions.node),
    ...dataFolder(folder),
    ...(await diskSpace(folder)),
    lock(folder, isUp),
    ...['master.key', 'admin.token'].map((name) => secretFile(path.join(secrets, name))),
    server(url, isUp, folder),
    ...(isUp && url !== undefined ? await health(url, flags, env) : []),
  ];
}

const ok = (check: string, finding: string): Finding => ({ check, state: 'ok', finding });
const warning = (check: string, finding: string, advice: string): Finding => ({ check, state: 'warning', finding, advice });
const problem = (check: string, finding: string, advice: string): Finding => ({ check, state: 'problem', finding, advice });

export function nodeVersion(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return ok('node', `Node.js ${version}`);
  return problem('node', `Node.js ${version}`, 'Install Node.js 20.19 or newer.');
}

function dataFolder(folder: string): readonly Finding[] {
  if (!existsSync(folder))
    return [warning('data folder', `${folder} does not exist`, 'It is made by the first start: annals start')];
  const file = path.join(folder, 'format.json');
  if (!existsSync(file))
    return [
      problem('format', `${folder} has no format.json`, 'Name the right folder with --data, or restore it: annals restore'),
    ];
  let format: unknown;
  try {
    ({ format } = JSON.parse(readFileSync(file, 'utf8')) as { format?: unknown });
  } catch {
    return [problem('format', `${file} is damaged`, 'Restore the folder from a backup: annals restore')];
  }
  if (typeof format === 'number' && format > FORMAT)
    return [problem('format', `version ${format}, newer than ${FORMAT}`, 'Use the version of Annals that wrote it.')];
  if (typeof format === 'number' && format < FORMAT)
    return [ok('format', `version ${format}; the next start copies and upgrades it to ${FORMAT}`)];
  const { mode } = statSync(folder);
  const open = (mode & 0o077) !== 0 && process.platform !== 'win32';
  return [
    ok('format', `version ${String(format)}`),
    open
      ? warning('data folder', `${folder} can be read by others (mode ${(mode & 0o777).toString(8)})`, `chmod 700 ${folder}`)
      : ok('data folder', folder),
  ];
}

const LEAST_FREE = 1024 ** 3;

async function diskSpace(folder: string): Promise<readonly Finding[]> {
  if (!existsSync(folder)) return [];
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  const says = `${(free / 1024 ** 3).toFixed(1)} GiB free`;
  return [
    free < LEAST_FREE ? warning('disk', says, 'Make room: when the disk is full, commands are refused.') : ok('disk', says),
  ];
}

function lock(folder: string, isUp: boolean): Finding {
  if (!existsSync(path.join(folder, 'format.json'))) return ok('lock', 'no data folder, no lock');
  try {
    lockFolder(folder).release();
    return ok('lock', 'free');
  } catch (error) {
    if (!(error instanceof LockedError))
      return problem('lock', (error as Error).message, 'Make the folder writable for this user.');
    if (isUp) return ok('lock', `held by the running server${error.pid === undefined ? '' : `, process ${error.pid}`}`);
    return problem(
      'lock',
      `held by process ${error.pid ?? 'unknown'}, which does not answer`,
      'Look what that process does; stop it, then start the server again.',
    );
  }
}

function secretFile(file: string): Finding {
  const name = path.basename(file);
  if (!existsSync(file))
    return warning(
      name,
      `${file} is not there`,
      name === 'master.key'
        ? 'Without it personal fields cannot be opened. Put it back, or name its folder in ANNALS_SECRETS.'
        : 'Name a token with --token-file or ANNALS_TOKEN.',
    );
  const { mode } = statSync(file);
  if ((mode & 0o077) !== 0 && process.platform !== 'win32')
    return problem(name, `${file} can be read by others (mode ${(mode & 0o777).toString(8)})`, `chmod 600 ${file}`);
  return ok(name, `${file}, readable by you only`);
}

function server(url: string | undefined, isUp: boolean, folder: string): Finding {
  if (isUp) return ok('server', `answers at ${url}`);
  if (url === undefined) return warning('server', 'none runs', 'annals start');
  if (runningServer(folder)?.url === url)
    return warning('server', `none answers at ${url}; it ended without a clean stop`, 'annals start: it recovers by itself');
  return problem('server', `none answers at ${url}`, 'Check the address, or start it.');
}

interface Ready {
  readonly ready: boolean;
  readonly failure?: string;
  readonly version?: string;
  readonly clock?: string;
  readonly lastBackupAt?: string;
  readonly disk?: { readonly freeBytes: number; readonly sizeBytes: number };
  readonly engines?: readonly { readonly engine: string; readonly reachable: boolean }[];
  readonly readers?: readonly {
    readonly name: string;
    readonly kind: string;
    readonly lagFacts: number;
    readonly lagSeconds: number;
    readonly stalled: boolean;
    readonly parked: number;
  }[];
  readonly webhooks?: { readonly parked: number; readonly streamsAside: number; readonly streamsParked: number };
}

async function health(url: string, flags: ServerFlags, env: Terminal['env']): Promise<readonly Finding[]> {
  let token: string | undefined;
  let tokenFinding: Finding;
  try {
    token = tokenOf(flags, env);
    const { status } = await new Client(url, token).raw('/v1/whoami');
    tokenFinding =
      status === 200
        ? ok('token', 'accepted')
        : problem('token', `refused (${status})`, 'Issue another one: annals tokens issue');
  } catch (error) {
    tokenFinding = warning('token', (error as Error).message.split('.')[0] ?? '', 'Name one with --token-file or ANNALS_TOKEN.');
  }
  const told = (await (await new Client(url, token).raw('/health/ready')).json()) as Ready;
  const { ready, failure, readers = [] } = told;
  const stalled = readers.filter((reader) => reader.stalled);
  const slowest = [...readers].sort((one, other) => other.lagFacts - one.lagFacts)[0];
  return [
    tokenFinding,
    ready
      ? ok('ready', 'takes commands')
      : problem(
          'ready',
          `takes no commands${failure === undefined ? '' : `: ${failure}`}`,
          'See docs/runbooks/not-ready.md and the log of the server.',
        ),
    stalled.length === 0
      ? ok(
          'readers',
          `${readers.length} keep up; the slowest is ${slowest ? `${slowest.name}, ${slowest.lagFacts} facts behind` : 'none'}`,
        )
      : problem(
          'readers',
          `stand still while the log moves: ${stalled.map(({ name, lagFacts }) => `${name} (${lagFacts} facts behind)`).join(', ')}`,
          'See the log of the server for their error, then restart it.',
        ),
    ...vitals(told, Date.now()),
    ...lagging(readers),
    ...parkedFacts(readers),
    ...waitingWebhooks(told),
    ...(await openImports(new Client(url, token))),
    ...(await stoppedProcesses(new Client(url, token))),
  ];
}

const MOST_SKEW = 30_000;
const BACKUP_WITHIN = 26 * 3_600_000;

/** What the server says of its surroundings; nothing where the token may not see it. `now` in milliseconds since 1970. */
export function vitals({ version, clock, lastBackupAt, disk, engines }: Ready, now: number): readonly Finding[] {
  if (engines === undefined || clock === undefined) return [];
  const own = productVersion();
  const skew = Math.round((Date.parse(clock) - now) / 1000);
  const silent = engines.filter(({ reachable }) => !reachable).map(({ engine }) => engine);
  const age = lastBackupAt === undefined ? undefined : now - Date.parse(lastBackupAt);
  return [
    version === own
      ? ok('version', own)
      : warning(
          'version',
          `the server is ${version}, this command line ${own}`,
          'Use the command line of the version that runs.',
        ),
    Math.abs(skew) * 1000 <= MOST_SKEW
      ? ok('clock', 'the clocks of server and machine agree')
      : warning(
          'clock',
          `the server is ${skew} s off`,
          'Let both follow one time source (NTP): facts carry the time of the server.',
        ),
    silent.length === 0
      ? ok('engines', `${engines.map(({ engine }) => engine).join(', ')} answer`)
      : problem('engines', `no answer from: ${silent.join(', ')}`, 'See docs/runbooks/engine-unreachable.md'),
    ...(disk && disk.freeBytes < disk.sizeBytes / 10
      ? [
          warning(
            'server disk',
            `${Math.round((100 * disk.freeBytes) / disk.sizeBytes)} % free`,
            'Make room: see docs/runbooks/disk.md',
          ),
        ]
      : []),
    age === undefined
      ? warning('backup', 'never through this server', 'annals backup --to … --keys-to …; see docs/how-to/back-up-and-restore.md')
      : age > BACKUP_WITHIN
        ? warning('backup', `the last one is ${Math.round(age / 3_600_000)} h old`, 'See docs/runbooks/backup-age.md')
        : ok('backup', `${lastBackupAt}`),
  ];
}

const MOST_LAG = 60;

function lagging(readers: NonNullable<Ready['readers']>): readonly Finding[] {
  const late = readers.filter(({ lagSeconds, stalled }) => !stalled && lagSeconds > MOST_LAG);
  if (late.length === 0) return [];
  const listed = late.map(({ name, kind, lagSeconds }) => `${kind} ${name}, ${Math.round(lagSeconds)} s`).join('; ');
  return [
    warning(
      'lag',
      `behind the log: ${listed}`,
      'They move; an import or a rebuild is under way, or see docs/runbooks/view-lag.md',
    ),
  ];
}

function parkedFacts(readers: NonNullable<Ready['readers']>): readonly Finding[] {
  const parked = readers.filter((reader) => reader.parked > 0);
  if (parked.length === 0) return [ok('parked', 'nothing')];
  const listed = (some: typeof parked) => some.map(({ name, parked }) => `${parked} in ${name}`).join(', ');
  const processes = parked.filter(({ kind }) => kind === 'process');
  const others = parked.filter(({ kind }) => kind !== 'process');
  return [
    ...(others.length === 0
      ? []
      : [problem('parked', listed(others), 'annals parked list; repair the cause, then annals parked release')]),
    ...(processes.length === 0
      ? []
      : [
          problem(
            'parked',
            `${listed(processes)} (process)`,
            'annals parked list; repair the cause. They are tried every minute, or at once: annals parked release --process … --stream …',
          ),
        ]),
  ];
}

/** Nothing where the server does not deliver, or the token may not see it. */
export function waitingWebhooks({ webhooks }: Pick<Ready, 'webhooks'>): readonly Finding[] {
  if (webhooks === undefined) return [];
  const { parked, streamsParked, streamsAside } = webhooks;
  const aside = `${streamsAside} streams are set aside and tried on`;
  if (parked + streamsParked > 0)
    return [
      problem(
        'webhooks',
        `parked: ${parked} webhooks, and ${streamsParked} streams of others; ${aside}`,
        'annals query webhooks names the fact and the reason; see docs/runbooks/webhooks-parked.md',
      ),
    ];
  if (streamsAside > 0)
    return [warning('webhooks', aside, 'A receiver refuses some facts: annals webhooks list --json names streams and reasons.')];
  return [ok('webhooks', 'nothing waits')];
}

const IMPORT_WITHIN = 86_400_000;

/** Of the tenant of the token; nothing where none is under way. */
async function openImports(client: Client): Promise<readonly Finding[]> {
  const answer = await client.raw('/v1/clock');
  if (!answer.ok) return [];
  const { now, imports } = (await answer.json()) as ClockState;
  if (imports.length === 0) return [];
  const says = `under way: ${imports.map(({ name, since }) => `${name} since ${since}`).join(', ')}`;
  if (imports.every(({ since }) => Date.parse(now) - Date.parse(since) < IMPORT_WITHIN)) return [ok('imports', says)];
  return [
    warning(
      'imports',
      says,
      'What is due by the clock of imported history waits. Run the import again, or: annals send end-import --name <name>',
    ),
  ];
}

const LISTED = 20;

/** Runs that a refused command stopped, of the tenant of the token; nothing where the token may not see them. */
async function stoppedProcesses(client: Client): Promise<readonly Finding[]> {
  const answer = await client.raw('/v1/views/processes', { query: { status: 'STOPPED', limit: String(LISTED) } });
  if (!answer.ok) return [];
  const { items, next } = (await answer.json()) as {
    readonly items: readonly {
      readonly key: string;
      readonly document: { readonly process: string; readonly stoppedBy?: string };
    }[];
    readonly next?: string;
  };
  const whoami = await client.raw('/v1/whoami');
  const { tenant } = (await whoami.json()) as { readonly tenant: string };
  if (items.length === 0) return [ok('processes', `none of the tenant ${tenant} is stopped`)];
  const runs = items.map(({ key, document: { process, stoppedBy } }) => `${process} ${key} (${stoppedBy ?? 'unknown'})`);
  return [
    warning(
      'processes',
      `of the tenant ${tenant}, stopped by a refusal: ${runs.join(', ')}${next === undefined ? '' : ' and more'}`,
      'Put the cause right, then: annals send resume-process --process-id <id>; or give it up: annals send end-process --process-id <id> --reason …',
    ),
  ];
}

const marks = { ok: 'ok     ', warning: 'WARNING', problem: 'PROBLEM' } as const;
const readable = ({ check, state, finding, advice }: Finding) =>
  `${marks[state]}  ${check.padEnd(11)}  ${finding}${advice === undefined ? '' : `\n${' '.repeat(22)}→ ${advice}`}`;
