import { Command } from 'commander';
import { exitCodes, Failure } from '../client/problems.js';
import type { Terminal } from '../terminal.js';
import { examples } from './shared.js';

interface StartFlags {
  readonly data?: string;
  readonly port?: string;
}

/** `annals start`: the server, in this process, until it is told to stop. */
export function startCommand(terminal: Terminal): Command {
  return new Command('start')
    .description('Start the server on a data folder. Ctrl-C or SIGTERM stops it cleanly.')
    .option('--data <folder>', 'the data folder; otherwise ANNALS_DATA, else ./data')
    .option('--port <port>', 'the port; otherwise ANNALS_PORT')
    .addHelpText(
      'after',
      `${examples('annals start', 'annals start --data /var/lib/annals --port 4400')}\nAll settings: docs/reference/configuration.md\n`,
    )
    .action(async ({ data, port }: StartFlags) => {
      const { serve } = await import('../../server/serve.js');
      const exitCode = await serve({
        ...terminal.env,
        ...(data !== undefined && { ANNALS_DATA: data }),
        ...(port !== undefined && { ANNALS_PORT: port }),
      });
      // It has said why itself.
      if (exitCode !== exitCodes.ok) throw new Failure(exitCodes.refused, '');
    });
}
