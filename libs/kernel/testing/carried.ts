import { Carried, type Sealed } from '../personal.js';

/** A personal value in a specification: `carried('Ada')`. The same value is the same object, so that facts compare. */
export function carried<T>(value: T): Sealed<T> {
  const known = values.get(value);
  if (known) return known as Sealed<T>;
  const fresh = new Carried(value);
  values.set(value, fresh);
  return fresh;
}

const values = new Map<unknown, Sealed<unknown>>();
