import { chmodSync, copyFileSync, existsSync } from 'node:fs';
import path from 'node:path';
import { Command } from 'commander';
import { LockedError, StorageError } from '#adapters/sqlite';
import { FolderRefused, masterKeyIn } from '../../server/data-folder.js';
import { makeFolders } from '../../server/folders.js';
import { restoreFolder } from '../../server/restore.js';
import { dataFolderOf, secretsFolderOf } from '../client/connect.js';
import { exitCodes, Failure } from '../client/problems.js';
import { cellsOf, table } from '../output/table.js';
import { printJson, printText, type Terminal } from '../terminal.js';
import { connected, examples, type ServerFlags, withServer } from './shared.js';

interface Report {
  readonly files: readonly { readonly file: string; readonly bytes: number }[];
  readonly position: string;
  readonly state?: 'elsewhere';
}

const STATE_ELSEWHERE =
  'Timers and how far processes are lie in MongoDB: copy its database too, before this; see docs/how-to/back-up-and-restore.md';

/** Milliseconds: a day, for copies take as long as the disks do. */
const COPIED_WITHIN = 24 * 3_600_000;

/** `annals backup`: online copies, data and keys apart. */
export function backupCommand(terminal: Terminal): Command {
  return withServer(
    new Command('backup')
      .description(
        'Copy the log to one folder and the keys to another, while the server runs. Views are built anew from the log. The master key is in neither: keep it apart.',
      )
      .requiredOption('--to <folder>', 'new folder for the log, on the machine of the server')
      .requiredOption('--keys-to <folder>', 'new folder for the keys: another place, and never the same'),
  )
    .addHelpText('after', examples('annals backup --to /backup/annals --keys-to /vault/annals-keys'))
    .action((flags: ServerFlags & { readonly to: string; readonly keysTo: string }) =>
      connected(terminal, flags, async ({ client }) => {
        const target = { folder: path.resolve(flags.to), keysFolder: path.resolve(flags.keysTo) };
        const report = await client.post<Report>('/v1/admin/backup', target, {}, COPIED_WITHIN);
        if (flags.json) return printJson(terminal, report);
        printText(
          terminal,
          `${table(report.files.map((file) => cellsOf(file)))}\n\nThe log is complete up to position ${report.position}.${report.state === undefined ? '' : `\n${STATE_ELSEWHERE}`}`,
        );
      }),
    );
}

interface RestoreFlags {
  readonly from: string;
  readonly keysFrom: string;
  readonly data?: string;
  readonly masterKey?: string;
  readonly json?: boolean;
}

/** `annals restore`: offline, into an empty folder. */
export function restoreCommand(terminal: Terminal): Command {
  return new Command('restore')
    .description('Make a data folder from a backup. The folder must be empty and no server may run on it.')
    .requiredOption('--from <folder>', 'the backup of the log')
    .requiredOption('--keys-from <folder>', 'the backup of the keys')
    .option('--data <folder>', 'the data folder to make; otherwise ANNALS_DATA, else ./data')
    .option('--master-key <file>', 'the master key, where this machine does not have it yet')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `${examples('annals restore --from /backup/annals --keys-from /vault/annals-keys --data ./restored --master-key /vault/master.key')}\nPersons erased since the backup stay erased only if the keys are those of the latest backup of the keys.\n`,
    )
    .action(async (flags: RestoreFlags) => {
      const folder = dataFolderOf(flags.data === undefined ? {} : { data: flags.data }, terminal.env);
      const secrets = secretsFolderOf(folder, terminal.env);
      const files = await restored(flags, folder, masterKeyFileIn(secrets));
      const masterKey = masterKeyFor(flags, secrets);
      if (flags.json) return printJson(terminal, { folder, files, masterKey });
      printText(
        terminal,
        `${folder} holds ${files.join(', ')}.\n${masterKey.note}\nStart it with: annals start --data ${folder}`,
      );
    });
}

async function restored(flags: RestoreFlags, folder: string, present: string): Promise<readonly string[]> {
  const { from, keysFrom } = flags;
  try {
    const masterKey = checkedMasterKey(flags, present);
    return await restoreFolder({ folder: path.resolve(from), keysFolder: path.resolve(keysFrom), masterKey }, folder);
  } catch (error) {
    const known = error instanceof FolderRefused || error instanceof LockedError || error instanceof StorageError;
    throw known ? new Failure(exitCodes.refused, error.message) : error;
  }
}

const masterKeyFileIn = (secrets: string): string => path.join(secrets, 'master.key');

/** The key that the folder will be opened with. Refuses one that would be left out because this machine has another one. */
function checkedMasterKey({ masterKey }: RestoreFlags, present: string): Uint8Array | undefined {
  const here = existsSync(present) ? masterKeyIn(present) : undefined;
  if (masterKey === undefined) return here;
  const named = masterKeyIn(masterKey);
  if (here && !Buffer.from(here).equals(named))
    throw new Failure(
      exitCodes.refused,
      `${present} is there already, with another key than ${masterKey}. Name another folder in ANNALS_SECRETS, or move it away.`,
    );
  return named;
}

function masterKeyFor({ masterKey }: RestoreFlags, secrets: string): { readonly file: string; readonly note: string } {
  const file = masterKeyFileIn(secrets);
  if (existsSync(file)) return { file, note: `The master key is ${file}.` };
  if (masterKey === undefined)
    return {
      file,
      note: `Put the master key into ${file} (mode 0600) before you start it: without it no personal field can be opened.`,
    };
  makeFolders(secrets);
  copyFileSync(masterKey, file);
  chmodSync(file, 0o600);
  return { file, note: `The master key was copied to ${file}.` };
}
