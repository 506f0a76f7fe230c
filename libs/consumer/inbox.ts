import type { FactEvent } from './event.js';

/** An event that could not be handled, or that waits behind such a one of its stream. */
export interface DeadLetter {
  readonly stream: string;
  readonly revision: number;
  readonly type: string;
  /** Sealed, as it came. */
  readonly event: FactEvent;
  /** Why it could not be handled; undefined for one that waits behind another. */
  readonly error: string | undefined;
  /** When it was put aside (UTC). */
  readonly since: string;
}

/** How far a stream was dealt with. */
export interface StreamState {
  /** Revision of the last event that was handled or put aside; undefined before the first. */
  readonly revision: number | undefined;
  /** Whether events of it were put aside: later ones wait behind them. */
  readonly waiting: boolean;
}

/**
 * What a consumer remembers, kept in the store that its handlers write to, so that the work on an event and the note that it was done
 * are one transaction. `consumer` names whose notes they are. `Tx` is the transaction of that store.
 */
export interface Inbox<Tx> {
  /** Everything in it or nothing; what `work` throws is thrown again. */
  transaction<R>(work: (tx: Tx) => Promise<R>): Promise<R>;
  /** Comes first in a transaction about a stream, and holds the stream until its end: another one that looks meanwhile waits or fails. */
  look(tx: Tx, consumer: string, stream: string): Promise<StreamState>;
  advance(tx: Tx, consumer: string, stream: string, revision: number): Promise<void>;
  /** Where reading goes on; sources that keep that themselves, such as Kafka, do not ask. */
  position(tx: Tx, consumer: string, source: string): Promise<string | undefined>;
  moveTo(tx: Tx, consumer: string, source: string, position: string): Promise<void>;
  /** Puts an event aside, or notes another error of one that is there. */
  bury(tx: Tx, consumer: string, letter: DeadLetter): Promise<void>;
  /** Those of one stream, or of all; in the order of stream and revision. */
  letters(tx: Tx, consumer: string, stream: string | undefined, limit: number): Promise<readonly DeadLetter[]>;
  remove(tx: Tx, consumer: string, stream: string, revision: number): Promise<void>;
}
