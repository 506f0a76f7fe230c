/** A personal value under its person's key. `T` is what it holds once it is opened. */
export interface Sealed<T> {
  readonly $sealed: string;
  readonly __of?: T;
}

/** What stands for a personal value whose person was erased. */
export const ERASED = Symbol('erased');
export type Erased = typeof ERASED;

export const isSealed = (value: unknown): value is Sealed<unknown> =>
  typeof value === 'object' && value !== null && typeof (value as { $sealed?: unknown }).$sealed === 'string';
