import type { Static, TObject, TProperties } from 'typebox';
import type { RecordedAs, RecordedOf } from './envelope.js';
import type { Facts } from './facts.js';
import type { Role } from './roles.js';

/** A document is a fold, in log order, over the facts that share its key. It reads no clock, locale or time-zone database. */
export interface View<P extends TProperties, F extends Facts> {
  /** Kebab case; its address is `/v1/views/<name>`. */
  readonly name: string;
  readonly description: string;
  /** Raised with every change of meaning; the engine then builds the new one beside the old. */
  readonly version: number;
  readonly capabilities: readonly string[];
  readonly roles: readonly Role[];
  /** The fields of the document, each with a description and, for numbers, a unit. */
  readonly document: TObject<P>;
  readonly facts: F;
  /** The documents that a fact touches; an empty list if none. */
  readonly key: (recorded: RecordedOf<F>) => string | readonly string[];
  readonly initial: (key: string) => Static<TObject<P>>;
  /** `null` removes the document. */
  readonly apply: {
    readonly [K in keyof F]: (document: Static<TObject<P>>, recorded: RecordedAs<F[K]>, key: string) => Static<TObject<P>> | null;
  };
  /**
   * Documents that a fact leaves behind, by keys of their own that begin with that of the document: what it was before the fact,
   * for ever. No fact has their keys, so none changes them any more.
   */
  readonly leaves?: (
    document: Static<TObject<P>>,
    recorded: RecordedOf<F>,
    key: string,
  ) => Readonly<Record<string, Static<TObject<P>>>>;
  /** Top-level fields that queries may filter, sort and group by. A date-time field may be grouped by `:day`, `:month`, `:quarter`, `:year`. */
  readonly filters: readonly (keyof P & string)[];
  /** Fields that groups add up, each with the field of its currency (`null`: a plain number). Sums never cross currencies. */
  readonly sums?: Readonly<Record<string, (keyof P & string) | null>>;
  /** The default order of a list: `field` or `-field` (descending). The key breaks ties. */
  readonly sort?: string;
  /** The field that holds a customer id: a filter on it finds the facts of all merged customers. */
  readonly customer?: keyof P & string;
  /** Whether queries find the document. One that they do not is kept for the facts to come. Not beside `merge`. */
  readonly shows?: (document: Static<TObject<P>>) => boolean;
  /** For a view keyed by customer: how the documents of merged customers become one. */
  readonly merge?: (documents: readonly Static<TObject<P>>[], survivor: string) => Static<TObject<P>>;
}

/** Facts that a view with `merge` follows, beside its own: they say which customers are one. */
export interface MergeFacts {
  readonly merged: string;
  readonly unmerged: string;
}

export const view = <P extends TProperties, F extends Facts>(definition: View<P, F>): View<P, F> => definition;

// biome-ignore lint/suspicious/noExplicitAny: the engine runs views of any shape
export type AnyView = View<any, any>;
export type DocumentOf<V> = V extends View<infer P, infer _F> ? Static<TObject<P>> : never;
