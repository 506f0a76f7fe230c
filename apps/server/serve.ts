import { existsSync } from 'node:fs';
import { LockedError, StorageError } from '#adapters/sqlite';
import { LogUnavailable, StoreFault } from '#runtime/ports';
import { IdentityRefused, ListenRefused } from '#web';
import { loadConfig } from './config.js';
import { ConfigRefused } from './config-refused.js';
import { FolderRefused } from './data-folder.js';
import { startServer } from './start.js';

/** Runs the server until SIGINT or SIGTERM. Gives the exit code: 1 where it did not start, which standard error explains. */
export async function serve(env: NodeJS.ProcessEnv): Promise<0 | 1> {
  // Nobody else on the machine reads what this process writes.
  process.umask(0o077);
  let config: ReturnType<typeof loadConfig>;
  let server: Awaited<ReturnType<typeof startServer>>;
  try {
    config = loadConfig(env);
    server = await startServer(config);
  } catch (error) {
    process.stderr.write(`Annals did not start.\n${refusedStart(error)}\n`);
    return 1;
  }
  const told = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
  process.stdout.write(
    [
      `Annals listens on ${server.url} (data in ${server.house.folder}).`,
      existsSync(server.adminTokenFile)
        ? `Administrator token: ${server.adminTokenFile}`
        : 'Administrator token: none on this machine   (to make one, stop the server: annals tokens recover)',
      `Master key:          ${server.masterKeyFile}   (back it up apart from the data)`,
      `API documentation:   ${server.url}/docs`,
      '',
    ].join('\n'),
  );
  await told;
  await server.close();
  return 0;
}

/** The errors that an operator can do something about, in their own words; anything else with its stack. */
export function refusedStart(error: unknown): string {
  if (
    error instanceof ConfigRefused ||
    error instanceof FolderRefused ||
    error instanceof IdentityRefused ||
    error instanceof ListenRefused ||
    error instanceof LockedError ||
    error instanceof StorageError ||
    // of what befell another thread there are name and message only
    (error instanceof Error && error.name === 'StorageError') ||
    (error instanceof StoreFault && !error.passing)
  )
    return error.message;
  if (error instanceof LogUnavailable || error instanceof StoreFault)
    return `${error.message}\nIt has to be there when the server starts: start it, or mend its address, and start again. Nothing was changed.`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
