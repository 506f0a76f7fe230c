import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { ViewStore } from './ports.js';
import { Problem } from './problem.js';

/** Names this server as the holder of a lease: for people by machine and process, and no two alike. */
export const holderName = (): string => `${hostname()} (process ${process.pid}) ${randomUUID()}`;

const UNIQUE_PART = / [0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Problem 503 that says who has the lease, and what to do. `does`: what its holder does, as in "writes the views". */
export async function anotherServer(store: Pick<ViewStore, 'holder'>, lease: string, does: string): Promise<Problem> {
  const holder = (await store.holder(lease))?.replace(UNIQUE_PART, '');
  const retry = { retryAfter: 5 };
  return holder === undefined
    ? new Problem(503, 'not-the-writer', `No server ${does} at the moment; one takes over within seconds: try again.`, retry)
    : new Problem(
        503,
        'not-the-writer',
        `Another server ${does}: ${holder}. Ask that one (on the command line with --url), or stop it: this one, or another, takes over within seconds.`,
        retry,
      );
}
