import { describe, expect, it } from '@jest/globals';
import { BadExpression, BadValue, parseExpression } from './expressions.js';
import { idOf, type Row, type Scope } from './functions.js';

const scope: Scope = {
  mapping: 'test',
  tables: { product: { GTXPro: 'GTX Pro' } },
  isKnown: (kind, identity) => kind === 'customer' && identity.join() === 'Acme',
  lookUp: (source, identity, column) =>
    source === 'products' && identity === 'GTX Pro' && column === 'price' ? '4821' : undefined,
};
const value = (source: string, row: Row = {}) => parseExpression(source).evaluate(row, scope);
const fault = (source: string, row: Row = {}) => {
  try {
    return `gave ${String(value(source, row))}`;
  } catch (error) {
    return error instanceof BadValue ? `${error.columns.join('+')} ${error.message}` : (error as Error).message;
  }
};

describe('expressions of a mapping', () => {
  it.each([
    ['0', 'months', '2020-01-31T12:00:00.000Z'],
    ['1', 'months', '2019-12-31T12:00:00.000Z'],
    ['2', 'months', '2019-11-30T12:00:00.000Z'],
    ['11', 'months', '2019-02-28T12:00:00.000Z'],
    ['47', 'months', '2016-02-29T12:00:00.000Z'],
    ['31', 'days', '2019-12-31T12:00:00.000Z'],
  ])('%s %s before the last day of January 2020 is %s', (number, unit, expected) => {
    expect(value(`before(moment('2020-01-31', '12:00'), {n}, ${unit})`, { n: number })).toBe(expected);
  });

  it('reckon back in whole days or months only', () => {
    expect(fault("before(moment('2020-01-31'), {n}, months)", { n: '1.5' })).toBe('n is not a number of days or months');
    expect(fault("before(moment('2020-01-31'), {n}, weeks)", { n: '1' })).toBe('n is counted in days or months');
    expect(fault('before({d}, 1, days)', { d: 'yesterday' })).toBe('d is not a moment with a time zone (2026-01-05T09:00:00Z)');
  });

  it('read columns; an empty one leaves the field out, unless it is needed', () => {
    expect(value('{a}', { a: 'x' })).toBe('x');
    expect(value('{a}', {})).toBeUndefined();
    expect(fault('{a!}', {})).toBe('a is empty');
  });

  it('take the digits of a text', () => {
    expect(value('digits({a})', { a: "['990001']" })).toBe('990001');
    expect(value('digits({a})', { a: 'none' })).toBeUndefined();
  });

  it('read moments with a space or a T before the time', () =>
    expect(value('moment({a})', { a: '2019-05-20 07:07:47.000Z' })).toBe('2019-05-20T07:07:47.000Z'));

  it('make ids from natural keys, the same in every run and different for each kind', () => {
    expect(value('id(customer, {a})', { a: 'Acme' })).toBe(idOf('test', 'customer', ['Acme']));
    expect(value('id(customer, {a})', { a: 'Acme' })).not.toBe(value('id(agent, {a})', { a: 'Acme' }));
    expect(value('id(customer, {a})', {})).toBeUndefined();
  });

  it('refuse references to things that did not go in', () => {
    expect(value('ref(customer, {a})', { a: 'Acme' })).toBe(idOf('test', 'customer', ['Acme']));
    expect(fault('ref(customer, {a})', { a: 'Nobody' })).toBe('a refers to an unknown customer');
  });

  it('map values, look up columns of other sources, and nest', () => {
    expect(value('map(product, {p})', { p: 'GTXPro' })).toBe('GTX Pro');
    expect(value('map(product, {p})', { p: 'MG Special' })).toBe('MG Special');
    expect(fault('pick(product, {p})', { p: 'MG Special' })).toBe('p is none of GTXPro');
    expect(value('map(product, {p})', { p: 'constructor' })).toBe('constructor');
    expect(value('money(lookup(products, map(product, {p}), price), USD)', { p: 'GTXPro' })).toBe(482_100);
    expect(fault('lookup(products, {p}, price)', { p: 'X' })).toBe('p is not in products');
  });

  it.each([
    ['1054', 'USD', "'.'", 105_400],
    ['1,234,567.8', 'USD', "'.'", 123_456_780],
    ['1.234,50', 'EUR', "','", 123_450],
    ['300', 'JPY', "'.'", 300],
    ['0.0010', 'USD', "'.'", 'm has more than the 2 decimals of USD'],
    ['-5', 'USD', "'.'", 'm is negative'],
    ['1e3', 'USD', "'.'", 'm is not an amount of money (decimal mark ".")'],
    ['12,34', 'USD', "'.'", 'm is not an amount of money (decimal mark ".")'],
    ['5', 'DOLLARS', "'.'", 'm is in the unknown currency DOLLARS'],
    ['99999999999999999', 'USD', "'.'", 'm is too large'],
  ])('read %s %s (mark %s) as %p', (text, currency, mark, expected) => {
    const found = fault(`money({m}, ${currency}, ${mark})`, { m: text });
    expect(found).toBe(typeof expected === 'number' ? `gave ${expected}` : expected);
  });

  it.each([
    ["moment({d}, '12:00')", '2017-02-28', '2017-02-28T12:00:00.000Z'],
    ["moment({d}, '09:30+02:00')", '2017-02-28', '2017-02-28T07:30:00.000Z'],
    ["moment({d}, '00:00', 'DD.MM.YYYY')", '05.03.2017', '2017-03-05T00:00:00.000Z'],
    ['moment({d})', '2017-03-05T10:00:00+01:00', '2017-03-05T09:00:00.000Z'],
  ])('%s of %s is %s', (source, text, expected) => {
    expect(value(source, { d: text })).toBe(expected);
  });

  it('refuse a time of day that is none, and take the first moment of the day where it is empty', () => {
    expect(value('moment({d}, {t})', { d: '2017-02-28', t: '09:30' })).toBe('2017-02-28T09:30:00.000Z');
    expect(value('moment({d}, {t})', { d: '2017-02-28' })).toBe('2017-02-28T00:00:00.000Z');
    for (const t of ['9:30', '9.30', '24:00', 'noon'])
      expect(fault('moment({d}, {t})', { d: '2017-02-28', t })).toBe(
        'd+t has no time of day like 09:00, 09:00:30 or 09:00+02:00',
      );
  });

  it.each([
    ['2017-02-30', 'd is not a day of the calendar'],
    ['2017-13-01', 'd is not a day of the calendar'],
    ['01/02/2017', 'd is not a date like YYYY-MM-DD'],
    ['2017-02-01T10:00:00', 'd is not a moment with a time zone (2026-01-05T09:00:00Z)'],
    ['2017-02-30T10:00:00Z', 'd is not a day of the calendar'],
  ])('%s is refused: %s', (text, expected) => {
    expect(fault('moment({d})', { d: text })).toBe(expected);
  });

  it.each([
    ['{a', 'the } is missing'],
    ['nope({a})', 'there is no function nope'],
    ['money({a})', 'write money(value, currency'],
    ['{a} {b}', 'nothing more may follow'],
    ["'a", "the closing ' is missing"],
    ['', "expected {column}, 'text'"],
    ['constructor({a})', 'there is no function constructor'],
  ])('%s is no expression: %s', (source, expected) => {
    expect(() => parseExpression(source)).toThrow(BadExpression);
    expect(() => parseExpression(source)).toThrow(expected);
  });
});
