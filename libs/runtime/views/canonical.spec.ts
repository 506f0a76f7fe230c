import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { canonicalJson } from '#kernel';
import { documentJson } from './canonical.js';

describe('documentJson', () => {
  it('writes any JSON value as the kernel does', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => documentJson(value) === canonicalJson(value)),
      { numRuns: 500 },
    );
  });
  it('puts members that look like numbers where their text belongs', () => {
    expect(documentJson({ b: 1, 10: 2, 9: 3, a: { 2: 0, '-': 1 } })).toBe('{"10":2,"9":3,"a":{"-":1,"2":0},"b":1}');
  });
  it('writes objects of more shapes than it keeps in mind, and the same shape again', () => {
    const named = (number: number) => ({ z: number, [`b${number % 12_000}`]: [{ y: 1, x: number }], a: null });
    for (let number = 0; number < 14_000; number++) expect(documentJson(named(number))).toBe(canonicalJson(named(number)));
  });
  it('leaves out what is undefined', () => expect(documentJson({ b: undefined, a: 1 })).toBe('{"a":1}'));
});
