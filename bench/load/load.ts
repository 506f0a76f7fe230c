import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { askChild } from '../support/child.js';
import type { LoadOrder, LoadReport } from './messages.js';

export interface LoadGenerator {
  /** Throws when a request was answered with anything but 200 or 201. */
  run(order: LoadOrder): Promise<LoadReport>;
  stop(): void;
}

export function startLoadGenerator(): LoadGenerator {
  const child = fork(fileURLToPath(new URL('./generator.js', import.meta.url)));
  return {
    async run(order) {
      const answer = await askChild<{ report?: LoadReport; failed?: string }>(child, order);
      if (!answer.report) throw new Error(`The load generator failed: ${answer.failed}`);
      const { statuses, requests } = answer.report;
      const good = (statuses['200'] ?? 0) + (statuses['201'] ?? 0);
      if (good !== requests || good === 0) throw new Error(`Not every ${order.plan} was done: ${JSON.stringify(statuses)}`);
      return answer.report;
    },
    stop: () => child.disconnect(),
  };
}
