import { randomInt, randomUUID } from 'node:crypto';
import { LogUnavailable, WrongRevision } from '#runtime/ports';
import type { AppendStream } from './append-stream.js';
import type { StoreConnection } from './store.js';

/** A plain stream beside the tenants': it has no tenant, so that no reader takes its fact for one of theirs. */
const NAME = 'annals-log';
const TYPE = 'LogOpened';
const LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789';

/**
 * The id of the log, kept in the log itself: a database that was emptied or replaced has another. The last one counts, so
 * that an operator who goes back to an old backup can give the log a new one.
 */
export async function readLogId(connection: StoreConnection, prefix: string, deadline: number): Promise<string | undefined> {
  const query = { stream: prefix + NAME, from: 'end', backwards: true, count: 1, deadline } as const;
  const [event] = await connection.read(query);
  if (!event) return undefined;
  const { logId } = JSON.parse(event.data.toString()) as { logId?: unknown };
  if (typeof logId === 'string' && /^[a-z0-9]{8}$/.test(logId)) return logId;
  throw new LogUnavailable(`The stream ${prefix}${NAME} does not say the id of the log; somebody else wrote there.`);
}

/** Gives the log an id, unless another server was quicker; `revision` is that of the last one, -1 for none. */
export async function makeLogId(appends: AppendStream, prefix: string, revision = -1): Promise<void> {
  const logId = Array.from({ length: 8 }, () => LETTERS[randomInt(LETTERS.length)]).join('');
  const event = { id: randomUUID(), type: TYPE, data: Buffer.from(JSON.stringify({ logId })), metadata: Buffer.from('{}') };
  await appends.append(prefix + NAME, revision, [event]).catch((error: unknown) => {
    if (!(error instanceof WrongRevision)) throw error;
  });
}

/** A new id in place of the one it has: every position handed out before is foreign. */
export async function renewLogId(connection: StoreConnection, appends: AppendStream, prefix: string, deadline: number) {
  const [last] = await connection.read({ stream: prefix + NAME, from: 'end', backwards: true, count: 1, deadline });
  await makeLogId(appends, prefix, last?.revision ?? -1);
}
