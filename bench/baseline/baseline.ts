import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export interface Baseline {
  readonly url: string;
  stop(): void;
}

export async function startBaseline(): Promise<Baseline> {
  const child = fork(fileURLToPath(new URL('./server.js', import.meta.url)));
  const [{ url }] = (await once(child, 'message')) as [{ url: string }];
  return { url, stop: () => child.disconnect() };
}
