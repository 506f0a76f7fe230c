import { type Static, type TObject, type TProperties, type TSchema, type TUnsafe, Type } from 'typebox';
import type { Retention, Sealed } from './personal.js';

/** What happened, as the domain states it. Who, when and where are added when it is recorded. */
export interface Fact<T extends string = string, D = unknown> {
  readonly type: T;
  readonly data: D;
}

export interface FactOptions {
  /** Raised for any change but an optional addition; the schema of each version is committed under `docs/reference/facts`. */
  readonly version?: number;
  /** Public facts are contracts and go to topics; internal ones stay inside. */
  readonly visibility?: 'public' | 'internal';
  /** A correction may have an earlier business time than the fact before it. */
  readonly correction?: boolean;
  /**
   * Nobody told it: what happened before it and is told later may come behind it. Only for what decisions and folds get right in the order
   * of the log, also where the late one shows that it never was.
   */
  readonly yields?: boolean;
  /** The field that lists the persons whose keys this fact destroys. */
  readonly erases?: string;
  /** The field with the classes (one, or a list) that a law keeps no longer of them: of kept classes, only the keys of these are destroyed. */
  readonly ends?: string;
  /** The field that names a reservation which this fact gives up. */
  readonly releases?: string;
  /** `upcast[n]` turns data of version n into data of version n + 1. */
  // biome-ignore lint/suspicious/noExplicitAny: old versions have no type any more
  readonly upcast?: Readonly<Record<number, (data: any) => any>>;
}

export interface FactType<T extends string = string, P extends TProperties = TProperties> {
  (data: Static<TObject<P>>): Fact<T, Static<TObject<P>>>;
  readonly type: T;
  readonly description: string;
  readonly schema: TObject<P>;
  readonly version: number;
  readonly visibility: 'public' | 'internal';
  readonly correction: boolean;
  readonly yields: boolean;
  readonly erases: string | undefined;
  readonly ends: string | undefined;
  readonly releases: string | undefined;
  readonly upcast: NonNullable<FactOptions['upcast']>;
  /** Personal fields: name → the field that holds the person's id, and the retention class. */
  readonly personal: Readonly<Record<string, { readonly person: string; readonly retention: Retention }>>;
}

/** Declares a fact: its name in the past tense, one sentence on what it says, its fields (each with a description). */
export function fact<T extends string, P extends TProperties>(
  type: T,
  description: string,
  fields: P,
  {
    version = 1,
    visibility = 'public',
    correction = false,
    yields = false,
    erases,
    ends,
    releases,
    upcast = {},
  }: FactOptions = {},
): FactType<T, P> {
  const schema = Type.Object(fields, { $id: `${type}.v${version}`, description, additionalProperties: false });
  const state = (data: Static<TObject<P>>): Fact<T, Static<TObject<P>>> => ({ type, data });
  return Object.assign(state, {
    type,
    description,
    schema,
    version,
    visibility,
    correction,
    yields,
    erases,
    ends,
    releases,
    upcast,
    personal: personalFields(fields),
  });
}

/**
 * A personal field of a fact. `person` names the field of the same fact that holds the id of whom it is about;
 * `retention` says which law or purpose keeps it.
 */
export const personal = <F extends TSchema>(person: string, retention: Retention, field: F): TUnsafe<Sealed<Static<F>>> =>
  Type.Unsafe<Sealed<Static<F>>>({ ...field, 'x-person': person, 'x-retention': retention });

function personalFields(fields: TProperties): FactType['personal'] {
  const found: Record<string, { person: string; retention: Retention }> = {};
  for (const [name, field] of Object.entries(fields)) {
    const { 'x-person': person, 'x-retention': retention } = field as { 'x-person'?: string; 'x-retention'?: Retention };
    if (person !== undefined && retention !== undefined) found[name] = { person, retention };
  }
  return found;
}

// biome-ignore lint/suspicious/noExplicitAny: a list of facts of any shape
export type AnyFactType = FactType<any, any>;
export type Facts = Readonly<Record<string, AnyFactType>>;
export type DataOf<F extends AnyFactType> = Parameters<F>[0];
export type FactOf<F extends Facts> = ReturnType<F[keyof F]>;

// ---- fields that many facts share ----

export const Id = (description: string) => Type.String({ format: 'uuid', description });
export const Text = (description: string, maxLength = 500) => Type.String({ description, maxLength });
export const MomentField = (description: string) =>
  Type.String({ format: 'date-time', description: `${description} (UTC, milliseconds)` });
export const MinorUnits = (description: string) =>
  Type.Integer({ description: `${description}, in minor units of its currency` });
export const Currency = () => Type.String({ pattern: '^[A-Z]{3}$', description: 'ISO 4217 code of the amounts' });
export const Count = (description: string) => Type.Integer({ minimum: 0, description });
export const Choice = <const V extends readonly string[]>(values: V, description: string) =>
  Type.Unsafe<V[number]>({ type: 'string', enum: [...values], description });
