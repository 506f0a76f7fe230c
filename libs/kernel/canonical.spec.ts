import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { canonicalJson } from './canonical.js';

describe('canonical JSON (RFC 8785)', () => {
  it('sorts members by UTF-16 code units, as the example of the RFC', () => {
    const value = {
      '\u20ac': 'Euro Sign',
      '\r': 'Carriage Return',
      '\ufb33': 'Dalet',
      '1': 'One',
      '\ud83d\ude00': 'Smiley',
      '\u0080': 'Control',
      '\u00f6': 'o',
    };
    expect(Object.keys(JSON.parse(canonicalJson(value))).length).toBe(7);
    const order = [...canonicalJson(value).matchAll(/"(Carriage Return|One|Control|o|Euro Sign|Smiley|Dalet)"/g)].map(
      ([, name]) => name,
    );
    expect(order).toEqual(['Carriage Return', 'One', 'Control', 'o', 'Euro Sign', 'Smiley', 'Dalet']);
  });

  it('writes numbers as ECMAScript does and no white space', () => {
    expect(canonicalJson({ b: [1e30, 4.5, 2e-3, 1e-27, -0], a: null })).toBe('{"a":null,"b":[1e+30,4.5,0.002,1e-27,0]}');
  });

  it('does not depend on the order in which members were set', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const reversed = Object.fromEntries(Object.entries(value).reverse());
        expect(canonicalJson(reversed)).toBe(canonicalJson(value));
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('leaves out what is undefined', () => expect(canonicalJson({ a: undefined, b: 1 })).toBe('{"b":1}'));
});
