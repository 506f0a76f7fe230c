import type { Moment } from './time.js';

/**
 * A personal value, under its person's key. It can be carried, not read: no decision, fold, key or filter depends on it.
 * In memory on its way to the log it is a `Carried`; in every store it is a `SealedValue`.
 */
export interface Sealed<T> {
  readonly __of?: T;
}

export type Retention = 'contact' | 'contract' | 'billing';

/** Classes that a law keeps beyond an erasure: so many calendar years after the one of the record. */
export const keptByLaw = { billing: { years: 10 } } as const satisfies { readonly [K in Retention]?: { readonly years: number } };
export type KeptRetention = keyof typeof keptByLaw;

/** When a law keeps a record of this class no longer: the first moment, in UTC, after its last calendar year. */
export const keptUntil = (retention: KeptRetention, recordOf: Moment): Moment =>
  `${Number(recordOf.slice(0, 4)) + 1 + keptByLaw[retention].years}-01-01T00:00:00.000Z`;

/** The stored form. The text names version, person, retention class, fact and field (its associated data), then the cipher. */
export interface SealedValue {
  readonly $sealed: string;
}

export const isSealed = (value: unknown): value is SealedValue =>
  typeof value === 'object' && value !== null && typeof (value as Partial<SealedValue>).$sealed === 'string';

/** Holds an open value where nobody can print, compare or store it by mistake. Only the runtime calls `reveal`. */
export class Carried<T = unknown> implements Sealed<T> {
  declare readonly __of?: T;
  readonly #value: T;

  constructor(value: T) {
    this.#value = value;
  }

  static reveal<T>(carried: Carried<T>): T {
    return carried.#value;
  }

  toJSON(): never {
    throw new Error('A personal value was about to be written in the open; seal it first.');
  }
}
