import type { AnyFactType, DataOf, Facts } from './facts.js';
import type { Moment } from './time.js';

export interface Actor {
  readonly kind: 'user' | 'service' | 'process' | 'customer';
  /** Opaque internal id; never an e-mail address or a login. */
  readonly id: string;
}

/** A fact as it was recorded. Views fold these, in log order. */
export interface Recorded<D = unknown> {
  /** A UUID. */
  readonly id: string;
  readonly type: string;
  readonly schemaVersion: number;
  readonly visibility: 'public' | 'internal';
  readonly stream: string;
  /** Number in its stream, from 0. */
  readonly revision: number;
  /** Fixed-width text whose byte order is log order. */
  readonly position: string;
  /** When it happened in the business. */
  readonly occurredAt: Moment;
  /** When we wrote it down. */
  readonly recordedAt: Moment;
  readonly tenant: string;
  readonly actor: Actor;
  readonly onBehalfOf?: Actor;
  readonly commandId: string;
  readonly correlationId: string;
  readonly causationId: string;
  readonly traceparent?: string;
  /** Ids of the things the fact belongs to: customer, owner, order, … */
  readonly refs: Readonly<Record<string, string>>;
  /** Persons and retention classes whose sealed fields it holds: `<person>.<retention>`. */
  readonly subjects: readonly string[];
  /** Reference streams and revisions that the decision read: `<stream>@<revision>`. */
  readonly inputs: readonly string[];
  /** Set on imported history: before `cutOver` clock facts occur only if `clock`; nothing leaves the system. */
  readonly imported?: Imported;
  readonly data: D;
}

export interface Imported {
  readonly cutOver: Moment;
  readonly clock: boolean;
}

/** Whether a timer waits for a moment that a fact names: history that is imported without its clock has none before its cut-over. */
export const isWatched = (due: Moment | undefined, imported: Imported | undefined): boolean =>
  due !== undefined && (imported === undefined || imported.clock || due >= imported.cutOver);

export type RecordedAs<F extends AnyFactType> = Recorded<DataOf<F>> & { readonly type: F['type'] };
export type RecordedOf<F extends Facts> = { [K in keyof F]: RecordedAs<F[K]> }[keyof F];
