import { Worker } from 'node:worker_threads';
import { StorageError, type StorageFault } from './database.js';

/** From the committing thread: that it is ready, the answers of the oldest batch, or why the whole batch came to nothing. */
export type FromCommitter<Answer> =
  | { readonly kind: 'ready' }
  | { readonly kind: 'answers'; readonly answers: readonly Answer[] }
  | { readonly kind: 'failed'; readonly fault: StorageFault; readonly message: string; readonly unknown: boolean };
export type ToCommitter<Request> = { readonly kind: 'batch'; readonly requests: readonly Request[] } | { readonly kind: 'close' };

/** The thread died or the commit itself failed: written or not, only reading tells. */
export class CommitUnknown extends Error {}

interface Waiting<Request, Answer> {
  readonly request: Request;
  readonly bytes: number;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
}

/** On their way at a time: while the thread commits one, the next waits there already. */
const BATCHES = 2;
const BATCH_REQUESTS = 1000;
const BATCH_BYTES = 8_388_608;

/**
 * Sends what was asked for together to a thread that commits it in one transaction, so that one sync to disk serves it all and this
 * thread never waits for it. Few batches are on their way at a time: two threads that talk about each turn of the event loop spend
 * more on the talk than on the commits.
 */
export class GroupCommit<Request, Answer> {
  #worker: Promise<Worker> | undefined;
  #waiting: Waiting<Request, Answer>[] = [];
  #onTheWay: (readonly Waiting<Request, Answer>[])[] = [];
  #scheduled = false;
  #closed = false;
  #idle: (() => void) | undefined;

  private constructor(
    private readonly script: URL,
    private readonly workerData: unknown,
    private readonly answered: (requests: readonly Request[], answers: readonly Answer[]) => void,
  ) {}

  /** Rejects with StorageError when the thread cannot open its file. */
  static async start<Request, Answer>(
    script: URL,
    workerData: unknown,
    answered: (requests: readonly Request[], answers: readonly Answer[]) => void = () => {},
  ): Promise<GroupCommit<Request, Answer>> {
    const commit = new GroupCommit<Request, Answer>(script, workerData, answered);
    commit.#worker = commit.#startWorker();
    await commit.#worker;
    return commit;
  }

  /** Rejects with StorageError (nothing written) or CommitUnknown. */
  ask(request: Request, bytes: number): Promise<Answer> {
    if (this.#closed) return Promise.reject(new StorageError('other', 'The store is closed.'));
    return new Promise((resolve, reject) => {
      this.#waiting.push({ request, bytes, resolve, reject });
      this.#schedule();
    });
  }

  /** Finishes what was asked for, then ends the thread. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    if (this.#waiting.length + this.#onTheWay.length > 0) await new Promise<void>((resolve) => (this.#idle = resolve));
    const worker = await this.#worker?.catch(() => undefined);
    if (!worker) return;
    worker.ref();
    const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
    worker.postMessage({ kind: 'close' } satisfies ToCommitter<Request>);
    await exited;
  }

  #schedule(): void {
    if (this.#scheduled || this.#waiting.length === 0 || this.#onTheWay.length >= BATCHES) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      void this.#send();
    });
  }

  async #send(): Promise<void> {
    const batch = this.#nextBatch();
    if (batch.length === 0) return;
    this.#onTheWay.push(batch);
    try {
      this.#worker ??= this.#startWorker();
      const worker = await this.#worker;
      worker.ref();
      worker.postMessage({ kind: 'batch', requests: batch.map(({ request }) => request) } satisfies ToCommitter<Request>);
    } catch (error) {
      this.#worker = undefined;
      this.#onTheWay = this.#onTheWay.filter((other) => other !== batch);
      for (const { reject } of batch) reject(error as Error);
      this.#settled();
      this.#schedule();
    }
  }

  #nextBatch(): Waiting<Request, Answer>[] {
    let count = 0;
    for (let bytes = 0; count < this.#waiting.length && count < BATCH_REQUESTS && bytes < BATCH_BYTES; count++) {
      bytes += this.#waiting[count]?.bytes ?? 0;
    }
    return this.#waiting.splice(0, count);
  }

  #startWorker(): Promise<Worker> {
    const worker = new Worker(this.script, { workerData: this.workerData });
    return new Promise((resolve, reject) => {
      let isReady = false;
      worker.on('message', (message: FromCommitter<Answer>) => {
        if (message.kind === 'ready') {
          isReady = true;
          worker.unref();
          resolve(worker);
        } else if (!isReady && message.kind === 'failed') {
          reject(new StorageError(message.fault, message.message));
        } else {
          this.#finish(message, worker);
        }
      });
      const died = (cause?: unknown) => {
        reject(new StorageError('other', `The thread that writes ended at its start${cause ? `: ${String(cause)}` : '.'}`));
        if (isReady) this.#lost(cause);
        isReady = false;
      };
      worker.on('error', died);
      worker.on('exit', () => died());
    });
  }

  #finish(message: Exclude<FromCommitter<Answer>, { kind: 'ready' }>, worker: Worker): void {
    const batch = this.#onTheWay.shift() ?? [];
    if (message.kind === 'answers') {
      for (let index = 0; index < batch.length; index++) batch[index]?.resolve(message.answers[index] as Answer);
      this.answered(
        batch.map(({ request }) => request),
        message.answers,
      );
    } else {
      const error = message.unknown ? new CommitUnknown(message.message) : new StorageError(message.fault, message.message);
      for (const { reject } of batch) reject(error);
    }
    if (this.#onTheWay.length === 0) worker.unref();
    this.#settled();
    this.#schedule();
  }

  /** The thread is gone: what it had is unknown, what it never got goes to the next thread. */
  #lost(cause: unknown): void {
    this.#worker = undefined;
    const lost = this.#onTheWay.flat();
    this.#onTheWay = [];
    for (const { reject } of lost) reject(new CommitUnknown(`The thread that writes ended${cause ? `: ${String(cause)}` : '.'}`));
    this.#settled();
    this.#schedule();
  }

  #settled(): void {
    if (this.#waiting.length + this.#onTheWay.length === 0) this.#idle?.();
  }
}
