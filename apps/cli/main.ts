import { exitCodes } from './client/problems.js';
import { run } from './program.js';
import { processTerminal } from './terminal.js';

// A reader that has seen enough (`| head`) closes the pipe.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  process.stderr.write(`The output cannot be written (${error.code}).\n`);
  process.exit(exitCodes.refused);
});
process.exitCode = await run(process.argv.slice(2), processTerminal);
