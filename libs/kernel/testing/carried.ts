import { expect } from '@jest/globals';
import { Carried, type Sealed } from '../personal.js';

/** A personal value in a specification: `carried('Ada')`. Two compare as equal when what they carry is. */
export const carried = <T>(value: T): Sealed<T> => new Carried(value);

expect.addEqualityTesters([
  (one: unknown, other: unknown) =>
    one instanceof Carried && other instanceof Carried ? Object.is(Carried.reveal(one), Carried.reveal(other)) : undefined,
]);
