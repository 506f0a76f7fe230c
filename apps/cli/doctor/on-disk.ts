import { existsSync, readFileSync, statSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import path from 'node:path';
import { LockedError, lockFolder } from '#adapters/sqlite';
import { FORMAT, FolderRefused, masterKeyIn, needsMasterKey } from '../../server/data-folder.js';
import { type Finding, ok, problem, warning } from './finding.js';

export function nodeVersion(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return ok('node', `Node.js ${version}`);
  return problem('node', `Node.js ${version}`, 'Install Node.js 20.19 or newer.');
}

export function dataFolder(folder: string): readonly Finding[] {
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

export async function diskSpace(folder: string): Promise<readonly Finding[]> {
  if (!existsSync(folder)) return [];
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  const says = `${(free / 1024 ** 3).toFixed(1)} GiB free`;
  return [
    free < LEAST_FREE ? warning('disk', says, 'Make room: when the disk is full, commands are refused.') : ok('disk', says),
  ];
}

/** Who works on the folder: its server where `isUp`, else one that does not answer. `listened` is the process that last said so there. */
export function lock(
  folder: string,
  isUp: boolean,
  listened: number | undefined,
): { readonly finding: Finding; readonly isHeld: boolean } {
  if (!existsSync(path.join(folder, 'format.json'))) return { finding: ok('lock', 'no data folder, no lock'), isHeld: false };
  try {
    lockFolder(folder).release();
    return { finding: ok('lock', 'free'), isHeld: false };
  } catch (error) {
    if (!(error instanceof LockedError))
      return { finding: problem('lock', (error as Error).message, 'Make the folder writable for this user.'), isHeld: false };
    return {
      finding: isUp ? ok('lock', `held by the running server${inWords(error.pid)}`) : silent(error, listened),
      isHeld: true,
    };
  }
}

const inWords = (pid: number | undefined) => (pid === undefined ? '' : `, process ${pid}`);

/** A server says that it listens once it does, and takes that back before it stops. */
function silent({ pid, since }: LockedError, listened: number | undefined): Finding {
  if (pid !== undefined && pid === listened)
    return problem(
      'lock',
      `held by process ${pid}, which does not answer`,
      'Look what that process does; stop it, then start the server again.',
    );
  return warning(
    'lock',
    `held${since === undefined ? '' : ` since ${since}`} by process ${pid ?? 'unknown'}, which does not listen: it starts, or it stops`,
    'Wait: a start reads the log first, which takes minutes where that is long. If it stays so, look at the output of that process.',
  );
}

export function masterKey(file: string, folder: string): Finding {
  if (!existsSync(file))
    return needsMasterKey(folder)
      ? problem(
          'master.key',
          `${file} is not there; without it no personal field can be opened`,
          'Put it back, or name its folder in ANNALS_SECRETS.',
        )
      : warning('master.key', `${file} is not there`, 'It is made by the first start: annals start');
  try {
    masterKeyIn(file);
  } catch (error) {
    if (!(error instanceof FolderRefused)) throw error;
    return problem('master.key', error.message, 'Put the master key of this installation back.');
  }
  return keptPrivate(file);
}

export function adminToken(file: string): Finding {
  return existsSync(file)
    ? keptPrivate(file)
    : warning('admin.token', `${file} is not there`, 'Name a token with --token-file or ANNALS_TOKEN.');
}

function keptPrivate(file: string): Finding {
  const name = path.basename(file);
  const { mode } = statSync(file);
  if ((mode & 0o077) !== 0 && process.platform !== 'win32')
    return problem(name, `${file} can be read by others (mode ${(mode & 0o777).toString(8)})`, `chmod 600 ${file}`);
  return ok(name, `${file}, readable by you only`);
}
