import path from 'node:path';
import { Command } from 'commander';
import { answers, dataFolderOf, runningServer, secretsFolderOf } from '../client/connect.js';
import { exitCodes, Failure } from '../client/problems.js';
import type { Finding } from '../doctor/finding.js';
import { health, server } from '../doctor/of-server.js';
import { adminToken, dataFolder, diskSpace, lock, masterKey, nodeVersion } from '../doctor/on-disk.js';
import { printJson, printText, type Terminal } from '../terminal.js';
import { examples, type ServerFlags, withServer } from './shared.js';

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
  const last = runningServer(folder);
  const own = last?.url;
  const isOwnUp = own !== undefined && (await answers(own));
  const url = flags.url ?? env.ANNALS_URL ?? own;
  const isUp = url === own ? isOwnUp : url !== undefined && (await answers(url));
  const held = lock(folder, isOwnUp, last?.pid);
  return [
    nodeVersion(process.versions.node),
    ...dataFolder(folder),
    ...(await diskSpace(folder)),
    held.finding,
    masterKey(path.join(secrets, 'master.key'), folder),
    adminToken(path.join(secrets, 'admin.token')),
    ...(held.isHeld ? [] : await beforeStart(folder, secrets, env)),
    ...(held.isHeld && url === undefined ? [] : [server(url, isUp, folder)]),
    ...(isUp && url !== undefined ? await health(url, flags, env) : []),
  ];
}

/** Loaded only here: no other command needs the definitions and the server. */
async function beforeStart(folder: string, secrets: string, env: Terminal['env']): Promise<readonly Finding[]> {
  const { nextStart } = await import('../doctor/next-start.js');
  return nextStart(folder, secrets, env);
}

const marks = { ok: 'ok     ', warning: 'WARNING', problem: 'PROBLEM' } as const;
const readable = ({ check, state, finding, advice }: Finding) =>
  `${marks[state]}  ${check.padEnd(11)}  ${finding}${advice === undefined ? '' : `\n${' '.repeat(22)}→ ${advice}`}`;
