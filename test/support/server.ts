import { afterAll } from '@jest/globals';
import { type ServerProcess, startServerProcess } from '../../bench/support/server-process.js';

export { type ServerProcess, ServerRefused } from '../../bench/support/server-process.js';

const started = new Set<ServerProcess>();

/** The built server in a process of its own; killed at the end of the file if a test did not stop it. */
export async function startServer(...given: Parameters<typeof startServerProcess>): Promise<ServerProcess> {
  const server = await startServerProcess(...given);
  started.add(server);
  void server.ended.then(() => started.delete(server));
  return server;
}

afterAll(async () => {
  await Promise.all([...started].map((server) => server.stop('SIGKILL')));
});
