// What the adapter asks of an EventStoreDB, in words of its own: nothing here knows a client.

export interface NewEvent {
  readonly id: string;
  readonly type: string;
  readonly data: Buffer;
  readonly metadata: Buffer;
}

export interface StoreEvent extends NewEvent {
  readonly stream: string;
  readonly revision: number;
  /** Byte offset in the server's log (E18). */
  readonly offset: number;
  readonly json: boolean;
  /** The server's own stamp, UTC text. */
  readonly created: string;
}

export interface AppendRequest {
  /** Random UUID: the server keys the requests of all connections by it. */
  readonly correlationId: string;
  readonly stream: string;
  /** -1: the stream must not exist. */
  readonly expected: number;
  readonly events: readonly NewEvent[];
  /** Milliseconds; the server gives up after two seconds anyway (E53). */
  readonly deadline: number;
}

export type AppendOutcome =
  | { readonly kind: 'written'; readonly revision: number; readonly offset: number }
  | { readonly kind: 'conflict'; readonly actual: number }
  | { readonly kind: 'too-large' }
  /** Will never be written as it is. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** Nothing was written; it may work later. */
  | { readonly kind: 'unavailable'; readonly reason: string }
  | { readonly kind: 'unknown'; readonly reason: string };

/** One stream that carries all appends of a connection. */
export interface Appends {
  /** False when the transport is full; `drained` is called when it has room again. */
  write(request: AppendRequest): boolean;
  /** Says that no more comes. */
  end(): void;
  cancel(): void;
}

export interface AppendEvents {
  readonly answered: (correlationId: string, outcome: AppendOutcome) => void;
  readonly drained: () => void;
  /** Once; nothing is answered behind it. */
  readonly ended: (failure: StoreFailure) => void;
}

export type StreamFilter = { readonly prefix: string } | { readonly regex: string };

export type ReadQuery = {
  readonly backwards?: boolean;
  readonly count: number;
  /** The read is given up when nothing comes for so many milliseconds. */
  readonly deadline: number;
} & (
  | { readonly stream: string; readonly from: number | 'end' }
  /** Forwards the event at `from` is included (E20). */
  | { readonly all: StreamFilter; readonly from: number | 'start' | 'end' }
);

export interface SubscriptionEvents {
  readonly confirmed: () => void;
  readonly event: (event: StoreEvent) => void;
  /** Once. */
  readonly ended: (failure: StoreFailure) => void;
}

export interface StoreConnection {
  appends(on: AppendEvents): Appends;
  /** Empty for a stream that does not exist (E26). Throws StoreFailure. */
  read(query: ReadQuery): Promise<readonly StoreEvent[]>;
  /** Events behind `after` (E20: exclusive). Returns how to stop. */
  subscribe(after: number | 'start' | 'end', filter: StreamFilter, on: SubscriptionEvents): () => void;
  close(): Promise<void>;
}

/** What went wrong, in the terms that decide what may be done next. */
export type FailureKind =
  /** No connection was made: nothing reached the server. */
  | 'unreachable'
  /** The connection or call ended, or did not answer in time. */
  | 'dropped'
  /** The position is not the start of a record (E21); also what the server says of faults of its own. */
  | 'no-record'
  /** Another node leads now. */
  | 'not-leader'
  | 'deleted'
  | 'denied'
  | 'failed';

export class StoreFailure extends Error {
  constructor(
    readonly kind: FailureKind,
    message: string,
    cause?: unknown,
  ) {
    super(message, { cause });
  }
}
