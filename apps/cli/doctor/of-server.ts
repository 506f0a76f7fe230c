import type { ClockState, WaitingWebhooks } from '#runtime';
import { productVersion } from '../../server/surroundings.js';
import { Client } from '../client/client.js';
import { refuseOwnToken, runningServer, tokenOf } from '../client/connect.js';
import type { ServerFlags } from '../commands/shared.js';
import type { Terminal } from '../terminal.js';
import { type Finding, ok, problem, warning } from './finding.js';

export function server(url: string | undefined, isUp: boolean, folder: string): Finding {
  if (isUp) return ok('server', `answers at ${url}`);
  if (url === undefined) return warning('server', 'none runs', 'annals start');
  if (runningServer(folder)?.url === url)
    return warning('server', `none answers at ${url}; it ended without a clean stop`, 'annals start: it recovers by itself');
  return problem('server', `none answers at ${url}`, 'Check the address, or start it.');
}

interface Ready {
  readonly ready: boolean;
  readonly starting?: { readonly waitsFor: string; readonly percent?: number; readonly seconds: number };
  readonly failure?: string;
  readonly version?: string;
  readonly clock?: string;
  readonly lastBackupAt?: string;
  readonly backsUp?: boolean;
  readonly disk?: { readonly freeBytes: number; readonly sizeBytes: number };
  readonly engines?: readonly { readonly engine: string; readonly reachable: boolean }[];
  readonly readers?: readonly {
    readonly name: string;
    readonly kind: string;
    readonly position?: string;
    readonly lagFacts: number;
    readonly lagSeconds: number;
    readonly stalled: boolean;
    readonly parked: number;
  }[];
  readonly webhooks?: WaitingWebhooks;
}

export async function health(url: string, flags: ServerFlags, env: Terminal['env']): Promise<readonly Finding[]> {
  const { starting } = (await (await new Client(url, undefined).raw('/health/ready')).json()) as Ready;
  if (starting) return [stillStarting(starting)];
  let token: string | undefined;
  let tokenFinding: Finding;
  try {
    refuseOwnToken(url, flags, env);
    token = tokenOf(flags, env);
    const { status } = await new Client(url, token).raw('/v1/whoami');
    tokenFinding =
      status === 200
        ? ok('token', 'accepted')
        : status >= 500
          ? warning('token', `cannot be looked at now (${status})`, 'Mend what else is found first.')
          : problem('token', `refused (${status})`, 'Issue another one: annals tokens issue');
  } catch (error) {
    tokenFinding = warning(
      'token',
      (error as Error).message.split(/\.\s/)[0] ?? '',
      'Name one with --token-file or ANNALS_TOKEN.',
    );
  }
  const told = (await (await new Client(url, token).raw('/health/ready')).json()) as Ready;
  const { ready, failure, readers = [] } = told;
  return [
    tokenFinding,
    ready
      ? ok('ready', 'takes commands')
      : problem(
          'ready',
          `takes no commands${failure === undefined ? '' : `: ${failure}`}`,
          'See docs/runbooks/not-ready.md and the log of the server.',
        ),
    ...followers(readers),
    ...vitals(told, Date.now()),
    ...parkedFacts(readers),
    ...waitingWebhooks(told),
    ...(await openImports(new Client(url, token))),
    ...(await stoppedProcesses(new Client(url, token))),
  ];
}

/** Its tokens cannot be tried yet, nor does it know of its readers. */
function stillStarting({ waitsFor, percent, seconds }: NonNullable<Ready['starting']>): Finding {
  const far = percent === undefined ? '' : `, ${percent} % of the log read`;
  return warning(
    'ready',
    `is starting: it waits for ${waitsFor}${far}, since ${seconds} s`,
    'Wait; docs/runbooks/not-ready.md says what each step does.',
  );
}

const MOST_SKEW = 30_000;
const BACKUP_WITHIN = 26 * 3_600_000;

/** What the server says of its surroundings; nothing where the token may not see it. `now` in milliseconds since 1970. */
export function vitals({ version, clock, lastBackupAt, backsUp = true, disk, engines }: Ready, now: number): readonly Finding[] {
  if (engines === undefined || clock === undefined) return [];
  const own = productVersion();
  const skew = Math.round((Date.parse(clock) - now) / 1000);
  const silent = engines.filter(({ reachable }) => !reachable).map(({ engine }) => engine);
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
    backsUp ? backup(lastBackupAt, now) : ok('backup', 'taken with the tools of the engines, not through this server'),
  ];
}

function backup(lastBackupAt: string | undefined, now: number): Finding {
  if (lastBackupAt === undefined)
    return warning(
      'backup',
      'never through this server',
      'annals backup --to … --keys-to …; see docs/how-to/back-up-and-restore.md',
    );
  const age = now - Date.parse(lastBackupAt);
  return age > BACKUP_WITHIN
    ? warning('backup', `the last one is ${Math.round(age / 3_600_000)} h old`, 'See docs/runbooks/backup-age.md')
    : ok('backup', lastBackupAt);
}

/** How those that read the log keep up with it. */
export function followers(readers: NonNullable<Ready['readers']>): readonly Finding[] {
  const stalled = readers.filter((reader) => reader.stalled);
  const built = readers.filter((reader) => !isEmpty(reader));
  const slowest = [...built].sort((one, other) => other.lagFacts - one.lagFacts)[0];
  return [
    stalled.length === 0
      ? ok(
          'readers',
          `${built.length} keep up; the slowest is ${slowest ? `${slowest.name}, ${slowest.lagFacts} facts behind` : 'none'}`,
        )
      : problem(
          'readers',
          `stand still while the log moves: ${stalled.map(({ name, lagFacts }) => `${name} (${lagFacts} facts behind)`).join(', ')}`,
          'See the log of the server for their error, then restart it.',
        ),
    ...firstBuilds(readers.filter((reader) => isEmpty(reader) && !reader.stalled)),
    ...lagging(built.filter((reader) => !reader.stalled)),
  ];
}

/** Of a view that has none of the log yet: it stands at the start. */
const isEmpty = ({ kind, position, lagFacts }: NonNullable<Ready['readers']>[number]): boolean =>
  kind === 'view' && lagFacts > 0 && position !== undefined && /\.0+$/.test(position);

function firstBuilds(empty: NonNullable<Ready['readers']>): readonly Finding[] {
  if (empty.length === 0) return [];
  return [
    warning(
      'views',
      `${empty.length} are built from the log and hold nothing yet: ${empty.map(({ name }) => name).join(', ')}`,
      'Wait: until a view is built, queries of it find nothing, and say its position. With minPosition they wait for it.',
    ),
  ];
}

const MOST_LAG = 60;

function lagging(readers: NonNullable<Ready['readers']>): readonly Finding[] {
  const late = readers.filter(({ lagSeconds }) => lagSeconds > MOST_LAG);
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
  const { parked, failing, streamsParked, streamsAside } = webhooks;
  const triedOn = `receivers of ${failing} take nothing, ${streamsAside} streams are set aside; both are tried on`;
  if (parked + streamsParked > 0)
    return [
      problem(
        'webhooks',
        `parked: ${parked} webhooks, and ${streamsParked} streams of others; ${triedOn}`,
        'annals query webhooks names the fact and the reason; see docs/runbooks/webhooks-parked.md',
      ),
    ];
  if (failing + streamsAside > 0)
    return [warning('webhooks', triedOn, 'annals webhooks list --json names receivers, streams and reasons.')];
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
