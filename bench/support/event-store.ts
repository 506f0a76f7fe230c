import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';

export interface EventStorePlace {
  readonly connection: string;
  readonly namespace: string;
  readonly from: string;
  end(): Promise<void>;
}

/** The server of ANNALS_TEST_EVENTSTOREDB, else the stand-in, which imitates its answers and not its speed. */
export async function eventStore(folder: string): Promise<EventStorePlace> {
  const namespace = `b${randomBytes(5).toString('hex')}`;
  const connection = process.env.ANNALS_TEST_EVENTSTOREDB;
  if (connection) return { connection, namespace, from: 'ANNALS_TEST_EVENTSTOREDB', end: async () => {} };
  const args = ['scripts/stand-in.mjs', '--folder', folder, '--warm-up', '0', '--linger', '0', '--attached'];
  const child = spawn(process.execPath, ['--max-old-space-size=8192', ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const port = await new Promise<string>((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      const [, found] = /^ready (\d+)$/m.exec(text) ?? [];
      if (found) resolve(found);
    });
    void ended.then(() => reject(new Error('The stand-in for EventStoreDB did not start.')));
  });
  return {
    connection: `esdb://127.0.0.1:${port}?tls=false`,
    namespace,
    from: 'stand-in',
    end: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
