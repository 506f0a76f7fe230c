import { expect } from '@jest/globals';
import { Carried, type Sealed } from '../personal.js';

/** A personal value in a specification: `carried('Ada')`. Two compare as equal when what they carry is. */
export const carried = <T>(value: T): Sealed<T> => new Carried(value);

expect.addEqualityTesters([
  (one: unknown, other: unknown) => {
    if (one instanceof Carried && other instanceof Carried) return Object.is(Carried.reveal(one), Carried.reveal(other));
    // It has no fields to compare: toMatchObject would take anything for it, nothing too.
    return one instanceof Carried || other instanceof Carried ? false : undefined;
  },
]);
