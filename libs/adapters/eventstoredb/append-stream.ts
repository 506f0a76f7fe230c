import { randomUUID } from 'node:crypto';
import { LogUnavailable, OutcomeUnknown, TooLarge, WrongRevision } from '#runtime/ports';
import type { AppendOutcome, Appends, NewEvent, StoreConnection, StoreFailure } from './store.js';

export interface Written {
  readonly revision: number;
  readonly offset: number;
}

interface Pending {
  readonly stream: string;
  readonly done: (written: Written) => void;
  readonly failed: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
  sent: boolean;
  /** Answers that the stream had given when this one was sent. */
  before: number;
}

/**
 * All appends of one connection on one stream. Each has a deadline of its own here, since neither the client's nor the
 * server's bounds it (E52, E72), and whatever is pending when the stream ends has an unknown outcome (E48, E55). Nothing is
 * shared between connections (E70), and an answer that nobody waits for is passed over (E56).
 */
export class AppendStream {
  readonly #appends: Appends;
  readonly #pending = new Map<string, Pending>();
  #room: Promise<void> | undefined;
  #hasRoom: () => void = () => {};
  #answers = 0;
  #ended: StoreFailure | undefined;

  constructor(
    connection: StoreConnection,
    private readonly deadline: number,
    /** Called once, with why. */
    private readonly died: (failure: Error) => void,
  ) {
    this.#appends = connection.appends({
      answered: (correlationId, outcome) => this.#answered(correlationId, outcome),
      drained: () => this.#drained(),
      ended: (failure) => this.#end(failure),
    });
  }

  /** Throws WrongRevision, TooLarge, RangeError, LogUnavailable (nothing was written) and OutcomeUnknown. */
  append(stream: string, expected: number, events: readonly NewEvent[]): Promise<Written> {
    return new Promise((done, failed) => {
      const correlationId = randomUUID();
      const timer = setTimeout(() => this.#late(correlationId), this.deadline);
      const pending: Pending = { stream, done, failed, timer, sent: false, before: this.#answers };
      this.#pending.set(correlationId, pending);
      const send = () => {
        if (!this.#pending.has(correlationId)) return;
        if (this.#room) {
          this.#room.then(send);
          return;
        }
        pending.sent = true;
        pending.before = this.#answers;
        if (this.#appends.write({ correlationId, stream, expected, events, deadline: this.deadline })) return;
        this.#room = new Promise((resolve) => {
          this.#hasRoom = resolve;
        });
      };
      if (this.#ended) this.#settle(correlationId)?.failed(unsent(this.#ended));
      else send();
    });
  }

  /** Says that no more comes; what is pending was waited for by the caller. */
  close(): void {
    this.#appends.end();
  }

  cancel(): void {
    this.#appends.cancel();
  }

  #answered(correlationId: string, outcome: AppendOutcome): void {
    this.#answers += 1;
    const pending = this.#settle(correlationId);
    if (!pending) return;
    if (outcome.kind === 'written') pending.done(outcome);
    else pending.failed(errorOf(pending.stream, outcome));
  }

  #drained(): void {
    this.#room = undefined;
    this.#hasRoom();
  }

  #late(correlationId: string): void {
    const pending = this.#settle(correlationId);
    if (!pending) return;
    const text = `EventStoreDB did not answer an append in ${this.deadline} ms.`;
    pending.failed(pending.sent ? new OutcomeUnknown(text) : new LogUnavailable(text));
    // Nothing at all came since: the stream is dead or the server stands still (E52); another connection may do better.
    if (this.#answers === pending.before) this.died(new Error(text));
  }

  #end(failure: StoreFailure): void {
    this.#ended = failure;
    for (const [correlationId, { sent }] of [...this.#pending]) {
      const settled = this.#settle(correlationId);
      if (sent && failure.kind !== 'unreachable') settled?.failed(new OutcomeUnknown(failure.message, { cause: failure }));
      else settled?.failed(unsent(failure));
    }
    this.#drained();
    this.died(failure);
  }

  #settle(correlationId: string): Pending | undefined {
    const pending = this.#pending.get(correlationId);
    this.#pending.delete(correlationId);
    clearTimeout(pending?.timer);
    return pending;
  }
}

const unsent = (failure: StoreFailure) => new LogUnavailable(failure.message, { cause: failure });

function errorOf(stream: string, outcome: Exclude<AppendOutcome, { kind: 'written' }>): Error {
  switch (outcome.kind) {
    case 'conflict':
      return new WrongRevision(stream, outcome.actual);
    case 'too-large':
      return new TooLarge('EventStoreDB takes no append as large as this.');
    case 'refused':
      return new RangeError(`EventStoreDB refuses this append: ${outcome.reason}`);
    case 'unavailable':
      return new LogUnavailable(outcome.reason);
    case 'unknown':
      return new OutcomeUnknown(outcome.reason);
  }
}
