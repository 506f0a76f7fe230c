import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { momentIn, momentOf } from './time.js';

describe('a moment', () => {
  it.each([
    ['2026-01-05T09:00:00.000Z', '2026-01-05T09:00:00.000Z'],
    ['2026-01-05T09:00:00Z', '2026-01-05T09:00:00.000Z'],
    ['2026-01-05T09:00:00.5+02:00', '2026-01-05T07:00:00.500Z'],
    ['2025-12-31T20:00:00-05:30', '2026-01-01T01:30:00.000Z'],
    ['2026-01-05t09:00:00.123999999z', '2026-01-05T09:00:00.123Z'],
    ['2024-02-29T00:00:00-00:00', '2024-02-29T00:00:00.000Z'],
  ])('%s is %s', (text, moment) => expect(momentIn(text)).toBe(moment));

  it.each([
    ['without a zone', '2026-01-05T09:00:00'],
    ['without seconds', '2026-01-05T09:00Z'],
    ['a day', '2026-01-05'],
    ['a day that no calendar has', '2025-02-29T00:00:00Z'],
    ['a leap second', '2026-06-30T23:59:60Z'],
    ['hour 24', '2026-06-30T24:00:00Z'],
    ['an offset of a day', '2026-06-30T12:00:00+24:00'],
    ['before the year 0', '0000-01-01T00:00:00+02:00'],
    ['behind the year 9999', '9999-12-31T23:59:59-02:00'],
    ['something before it', ' 2026-01-05T09:00:00Z'],
  ])('is not %s', (_, text) => expect(momentIn(text)).toBeUndefined());

  it('is the same whatever the zone it is told in', () =>
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4e12 }), fc.integer({ min: -1439, max: 1439 }), (at, minutes) => {
        const offset = `${minutes < 0 ? '-' : '+'}${momentOf(Math.abs(minutes) * 60_000).slice(11, 16)}`;
        expect(momentIn(momentOf(at + minutes * 60_000).replace('Z', offset))).toBe(momentOf(at));
      }),
    ));
});
