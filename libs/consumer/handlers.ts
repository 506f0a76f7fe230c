import type { FactEvent, FactName } from './event.js';
import type { FactData } from './generated/facts.js';
import type { Erased, Sealed } from './sealed.js';

/** All fields of all versions of a fact. */
type DataOf<N extends FactName> = FactData[N][keyof FactData[N]];
type FieldOf<D> = D extends unknown ? keyof D & string : never;
type ValueOf<D, K extends string> = D extends unknown ? (K extends keyof D ? D[K] : undefined) : never;

/** Names of the personal fields of a fact. */
export type SealedField<N extends FactName> = {
  [K in FieldOf<DataOf<N>>]: Extract<ValueOf<DataOf<N>, K>, Sealed<unknown>> extends never ? never : K;
}[FieldOf<DataOf<N>>];

type OpenedValue<V> = V extends Sealed<infer T> ? T | Erased : V;

/** Personal fields in the open; ERASED where the person was erased, undefined where the field is left out. */
export type Opened<N extends FactName, K extends string> = { readonly [F in K]: OpenedValue<ValueOf<DataOf<N>, F>> };

export interface Work<Tx, O> {
  /** The transaction that the inbox notes the event in. */
  readonly tx: Tx;
  /** The fields that the handler asked for. */
  readonly opened: O;
}

export interface Handler<Tx> {
  readonly type: FactName;
  /** Personal fields that are opened before the transaction begins. */
  readonly opens: readonly string[];
  readonly handle: (event: FactEvent, work: Work<Tx, Readonly<Record<string, unknown>>>) => Promise<void> | void;
}

/**
 * What to do with a fact. It may come again after a crash only if its transaction was not committed. What it throws is retried, then
 * put aside with everything that follows in the stream; Rejected puts aside at once, Unavailable is retried for as long as it takes.
 */
export function on<Tx, N extends FactName, K extends SealedField<N> = never>(
  type: N,
  handle: (event: FactEvent<N>, work: Work<Tx, Opened<N, K>>) => Promise<void> | void,
  { opens = [] }: { readonly opens?: readonly K[] } = {},
): Handler<Tx> {
  return { type, opens, handle: handle as unknown as Handler<Tx>['handle'] };
}
