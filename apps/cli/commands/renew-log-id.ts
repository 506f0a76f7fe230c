import { Command } from 'commander';
import { LogUnavailable } from '#runtime/ports';
import { loadConfig } from '../../server/config.js';
import { ConfigRefused } from '../../server/config-refused.js';
import { enginesOf } from '../../server/engines.js';
import { dataFolderOf } from '../client/connect.js';
import { exitCodes, Failure } from '../client/problems.js';
import { printJson, printText, type Terminal } from '../terminal.js';
import { examples } from './shared.js';

interface RenewFlags {
  readonly yes?: boolean;
  readonly json?: boolean;
}

/** `annals renew-log-id`: the operator accepts a log in EventStoreDB that went back to a backup. */
export function renewLogIdCommand(terminal: Terminal): Command {
  return new Command('renew-log-id')
    .description(
      'Accept a log in EventStoreDB that was restored from a backup: give it a new id. Every position handed out before is answered 410 then, and views build anew. Stop all servers first, start them after.',
    )
    .option('--yes', 'do it; without it nothing is changed')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `${examples('ANNALS_LOG_ENGINE=eventstoredb ANNALS_EVENTSTOREDB_URI=esdb://… annals renew-log-id --yes')}\nIt takes the settings of the server. The embedded log gets its new id from annals restore.\n`,
    )
    .action(async ({ yes, json }: RenewFlags) => {
      const { log } = enginesIn(terminal);
      if (log.engine !== 'eventstoredb')
        throw new Failure(
          exitCodes.refused,
          'The log of these settings is embedded; annals restore gives it a new id. For EventStoreDB set ANNALS_LOG_ENGINE and ANNALS_EVENTSTOREDB_URI as for the server.',
        );
      if (!yes)
        throw new Failure(
          exitCodes.refused,
          'Nothing was changed. With a new id every reader outside has to begin anew, and views are built again. If the log was restored from a backup and all servers are stopped, add --yes.',
        );
      const { renewEventStoreLogId } = await import('#adapters/eventstoredb');
      const id = await renewEventStoreLogId(log).catch((error: unknown) => {
        throw error instanceof LogUnavailable ? new Failure(exitCodes.unreachable, error.message) : error;
      });
      if (json) return printJson(terminal, { id });
      printText(terminal, `The log has the id ${id} now. Start the servers again: views are built anew.`);
    });
}

function enginesIn(terminal: Terminal) {
  try {
    return enginesOf(loadConfig(terminal.env), dataFolderOf({}, terminal.env));
  } catch (error) {
    throw error instanceof ConfigRefused ? new Failure(exitCodes.usage, error.message) : error;
  }
}
