import { parentPort, receiveMessageOnPort } from 'node:worker_threads';
import { type Database, StorageError } from './database.js';
import type { FromCommitter, ToCommitter } from './group-commit.js';

export interface Committer<Request, Answer> {
  readonly database: Database;
  /** Inside the transaction; an answer may be a refusal, an exception undoes the whole batch. */
  readonly answer: (request: Request) => Answer;
  /** Once a transaction, before its first request. */
  readonly begin?: () => void;
  /** After the commit is on disk, before anybody hears of it. */
  readonly committed?: (answers: readonly Answer[]) => void;
}

/** The other end of GroupCommit: runs in its thread until it is told to close. */
export function serveCommits<Request, Answer>(open: () => Committer<Request, Answer>): void {
  const port = parentPort;
  if (!port) throw new Error('This module runs in a worker thread.');
  const send = (message: FromCommitter<Answer>) => port.postMessage(message);
  let committer: Committer<Request, Answer>;
  try {
    committer = open();
  } catch (error) {
    send(failure(error, false));
    return;
  }
  port.on('message', (first: ToCommitter<Request>) => {
    // What arrived meanwhile shares the transaction and its sync to disk.
    const messages = [first];
    for (let next = receiveMessageOnPort(port); next; next = receiveMessageOnPort(port)) messages.push(next.message);
    const batches = messages.flatMap((message) => (message.kind === 'batch' ? [message.requests] : []));
    if (batches.length > 0) for (const message of commitBatches(committer, batches)) send(message);
    if (messages.some(({ kind }) => kind === 'close')) {
      committer.database.close();
      port.close();
    }
  });
  send({ kind: 'ready' });
}

function commitBatches<Request, Answer>(
  { database, answer, begin, committed }: Committer<Request, Answer>,
  batches: readonly (readonly Request[])[],
): readonly FromCommitter<Answer>[] {
  let committing = false;
  try {
    database.begin();
    begin?.();
    const answers = batches.map((requests) => requests.map(answer));
    committing = true;
    database.commit();
    for (const each of answers) committed?.(each);
    return answers.map((each) => ({ kind: 'answers', answers: each }));
  } catch (error) {
    try {
      database.rollback();
    } catch {
      // the error that led here says more
    }
    return batches.map(() => failure(error, committing));
  }
}

/**
 * A failed COMMIT leaves nothing when the disk was full or the lock was missing: the frame that completes it is the last one
 * written. After an I/O error a recovery may still find it.
 */
function failure(error: unknown, committing: boolean): Extract<FromCommitter<never>, { kind: 'failed' }> {
  const fault = error instanceof StorageError ? error.fault : 'other';
  return {
    kind: 'failed',
    fault,
    message: (error as Error).message,
    unknown: committing && fault !== 'full' && fault !== 'busy',
  };
}
