import { Command, CommanderError } from 'commander';
import { productVersion } from '../server/surroundings.js';
import { exitCodes, Failure, problemOfFailure, usage } from './client/problems.js';
import { openingsCommand, tenantsCommand, tokensCommand } from './commands/access.js';
import { backupCommand, restoreCommand } from './commands/backup.js';
import { clockCommand } from './commands/clock.js';
import { doctorCommand } from './commands/doctor.js';
import { historyCommand } from './commands/history.js';
import { importCommand } from './commands/import.js';
import { parkedCommand } from './commands/parked.js';
import { queryCommand } from './commands/query.js';
import { rebuildCommand } from './commands/rebuild.js';
import { renewLogIdCommand } from './commands/renew-log-id.js';
import { replayCommand } from './commands/replay.js';
import { sendCommand } from './commands/send.js';
import { examples } from './commands/shared.js';
import { startCommand } from './commands/start.js';
import { webhooksCommand } from './commands/webhooks.js';
import { definitions } from './definitions.js';
import { printJson, type Terminal } from './terminal.js';

const FIRST_STEPS = examples(
  'annals start',
  'annals send open-opportunity --amount 55000 --currency EUR',
  'annals query pipeline --group phase',
  'annals help send',
).trimEnd();

const EXIT_CODES = `
Exit codes:
  0  done
  1  the server refused, or something is wrong
  2  the command line or the mapping is not right
  3  no server could be reached
  4  done in part: some rows were rejected
`;

/** Runs one command line (without the node and the script). Gives the exit code; never throws for what a user can cause. */
export async function run(args: readonly string[], terminal: Terminal): Promise<number> {
  const isJson = args.includes('--json');
  let said = '';
  const program = programOf(isJson ? { ...terminal, note: (text) => (said += text) } : terminal, args);
  const fail = (exitCode: number, message: string, problem?: object): number => {
    if (isJson && message !== '') printJson(terminal, { problem: problem ?? problemOfFailure(exitCode, message) });
    else if (message !== '') terminal.note(`${message}\n`);
    return exitCode;
  };
  try {
    if (args.some((argument) => HALF_CHARACTER.test(argument)))
      throw usage('An argument holds half a character, which is no text.');
    await program.parseAsync([...args], { from: 'user' });
    return exitCodes.ok;
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return exitCodes.ok;
      // commander has said it already, with a hint below it
      return isJson ? fail(exitCodes.usage, said.trim() || error.message) : exitCodes.usage;
    }
    if (isRefusedBySystem(error)) return fail(exitCodes.refused, error.message);
    if (!(error instanceof Failure)) throw error;
    return fail(error.exitCode, error.message, error.problem);
  }
}

const HALF_CHARACTER = /\p{Surrogate}/u;

/** A file that cannot be read or written: the words of the system name it. */
const isRefusedBySystem = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error &&
  (('syscall' in error && 'errno' in error) || ('code' in error && error.code === 'ERR_INVALID_ARG_VALUE'));

/** All of it, or what a command line can ask for. */
export function programOf(terminal: Terminal, line?: readonly string[]): Command {
  const registry = definitions();
  const program = new Command('annals')
    .description('Annals: commands in, facts on record, views of any day.')
    .version(productVersion())
    .addHelpText('after', FIRST_STEPS)
    .addHelpText('after', EXIT_CODES);
  const commands = [
    startCommand(terminal),
    sendCommand(terminal, registry, line),
    queryCommand(terminal, registry),
    importCommand(terminal, registry),
    replayCommand(terminal),
    historyCommand(terminal),
    rebuildCommand(terminal),
    parkedCommand(terminal),
    tokensCommand(terminal),
    tenantsCommand(terminal),
    clockCommand(terminal),
    webhooksCommand(terminal),
    openingsCommand(terminal),
    doctorCommand(terminal),
    backupCommand(terminal),
    restoreCommand(terminal),
    renewLogIdCommand(terminal),
  ];
  for (const command of commands) program.addCommand(command);
  for (const command of withSubcommands(program)) {
    command.exitOverride().showHelpAfterError('(--help lists what is possible)');
    command.configureOutput({ writeOut: terminal.out, writeErr: terminal.note });
  }
  return program;
}

const withSubcommands = (command: Command): readonly Command[] => [command, ...command.commands.flatMap(withSubcommands)];
