import { describe, expect, it } from '@jest/globals';
import { formatMoment, formatMoney, formatSeconds } from './money.js';
import { inDeclaredOrder } from './order.js';
import { barOf } from './progress.js';
import { cellsOf, sheet, table } from './table.js';

describe('output', () => {
  it.each([
    [123_456_789, 'EUR', '1,234,567.89 EUR'],
    [-5, 'USD', '-0.05 USD'],
    [0, 'USD', '0.00 USD'],
    [1500, 'JPY', '1,500 JPY'],
    [1500, 'KWD', '1.500 KWD'],
    [Number.MAX_SAFE_INTEGER, 'EUR', '90,071,992,547,409.91 EUR'],
  ])('formats %d of %s exactly', (amount, currency, text) => expect(formatMoney(amount, currency)).toBe(text));

  it('formats moments and spans of time', () => {
    expect(formatMoment('2017-03-31T12:00:00.000Z')).toBe('2017-03-31 12:00:00Z');
    expect([0, 59, 61, 3600, 93_784].map(formatSeconds)).toEqual(['0 s', '59 s', '1 min 1 s', '1 h', '1 d 2 h']);
    expect(barOf(50, 100, 10)).toContain('50 %  10 s left');
    expect(barOf(5, undefined, 10)).toBe('');
  });

  it('aligns columns, money and numbers to the right', () => {
    const rows = [
      { phase: 'Won', currency: 'USD', amount: 105_400 },
      { phase: 'Engaging', currency: 'USD', amount: 5 },
    ].map((group) => cellsOf(group, { amount: 'currency' }));
    expect(table(rows)).toBe(
      [
        'phase     currency        amount',
        '────────  ────────  ────────────',
        'Won       USD       1,054.00 USD',
        'Engaging  USD           0.05 USD',
      ].join('\n'),
    );
  });

  it('shows sealed and erased fields as such, and never more than a cell of text', () => {
    const cells = cellsOf({ a: { sealed: true }, b: { erased: true }, c: `${'x'.repeat(100)}`, d: 'one\ntwo' });
    expect(Object.values(cells).map(({ text }) => text)).toEqual(['(sealed)', '(erased)', `${'x'.repeat(47)}…`, 'one, two']);
  });

  it('shows what a terminal would obey as text', () => {
    expect(cellsOf({ name: '\u001b[31mRED\u001b]0;title\u0007', tags: ['\u009b2J', 'a\u202eb'] })).toMatchObject({
      name: { text: '\\u001b[31mRED\\u001b]0;title\\u0007' },
      tags: { text: '\\u009b2J, a\\u202eb' },
    });
    expect(sheet({ subject: '\u001b[2J' })).toContain('\\u001b[2J');
  });

  it('shows a document with its parts; amounts of parts take the currency of the whole', () => {
    const text = sheet({ currency: 'EUR', amount: 100, lines: [{ name: 'a', amount: 250 }], none: [] }, { amount: 'currency' });
    expect(text).toContain('amount    1.00 EUR');
    expect(text).toMatch(/a {5}2\.50 EUR/);
    expect(text).toContain('none      none');
  });

  it('puts fields into the order of their declaration', () => {
    const shape = { properties: { b: {}, a: { items: { properties: { y: {}, x: {} } } } } };
    expect(JSON.stringify(inDeclaredOrder({ a: [{ x: 1, y: 2 }], z: 0, b: 1 }, shape))).toBe('{"b":1,"a":[{"y":2,"x":1}],"z":0}');
  });
});
