import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { orderedText, originalText } from './ordered-text.js';

const text = fc.string({
  unit: fc.oneof(
    fc.constantFrom(
      '\u0000',
      '\u0001',
      '\u0002',
      'a',
      '\ud7ff',
      '\ue000',
      '\uffff',
      '\u{10000}',
      '\u{11fff}',
      '\u{12000}',
      '\u{10ffff}',
    ),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
  ),
});

describe('ordered text', () => {
  it('is undone by originalText', () => {
    fc.assert(fc.property(text, (given) => originalText(orderedText(given)) === given));
  });

  it('has the byte order that the text has in code units', () => {
    fc.assert(
      fc.property(text, text, (one, other) => {
        const bytes = Math.sign(Buffer.compare(Buffer.from(orderedText(one)), Buffer.from(orderedText(other))));
        expect(bytes).toBe(one < other ? -1 : one > other ? 1 : 0);
      }),
    );
  });

  it('holds no NUL', () => {
    fc.assert(fc.property(text, (given) => !orderedText(given).includes('\u0000')));
  });
});
