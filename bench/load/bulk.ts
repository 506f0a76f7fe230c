import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { askChild } from '../support/child.js';
import type { ServerProcess } from '../support/server-process.js';

export type BulkKind = 'lines' | 'facts' | 'topic';

/** What the process of the callers is asked to ask for, until it is told `end`. */
export interface BulkOrder {
  readonly url: string;
  readonly token: string;
  readonly kind: BulkKind;
}

export interface BulkCallers {
  /** They ask for as long as `work` takes; gives how many things a second were done or got. */
  during(server: ServerProcess, kind: BulkKind, work: () => Promise<unknown>): Promise<number>;
  stop(): void;
}

export function startBulkCallers(): BulkCallers {
  const child = fork(fileURLToPath(new URL('./bulk-callers.js', import.meta.url)));
  return {
    async during({ url, token }, kind, work) {
      child.send({ url, token, kind } satisfies BulkOrder);
      const began = performance.now();
      await work();
      const seconds = (performance.now() - began) / 1_000;
      const { done, failed } = await askChild<{ done?: number; failed?: string }>(child, 'end');
      if (done === undefined) throw new Error(`The bulk callers failed: ${failed}`);
      return done / seconds;
    },
    stop: () => child.disconnect(),
  };
}
