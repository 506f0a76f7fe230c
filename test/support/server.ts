import { join } from 'node:path';
import { afterAll } from '@jest/globals';
import { type ServerProcess, startServerProcess } from '../../bench/support/server-process.js';
import { engineSettings } from './engines.js';

export { type ServerProcess, ServerRefused } from '../../bench/support/server-process.js';

const started = new Set<ServerProcess>();

/**
 * The built server in a process of its own, on the engines of the suite unless its environment names others; killed at the
 * end of the file if a test did not stop it.
 */
export async function startServer(
  folder: string,
  options: NonNullable<Parameters<typeof startServerProcess>[1]> = {},
): Promise<ServerProcess> {
  const env = { ...(await engineSettings(join(folder, 'data'))), ...options.env };
  const server = await startServerProcess(folder, { ...options, env });
  started.add(server);
  void server.ended.then(() => started.delete(server));
  return server;
}

afterAll(async () => {
  await Promise.all([...started].map((server) => server.stop('SIGKILL')));
});
