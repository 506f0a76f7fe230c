import { describe, expect, it } from '@jest/globals';
import { isTimeZone, offsetAt } from './time-zone.js';

const HOUR = 3_600_000;
const at = (moment: string, zone: string) => offsetAt(Date.parse(moment), zone) / HOUR;

describe('a time zone', () => {
  it('is known by its IANA name', () => expect(isTimeZone('Asia/Kolkata')).toBe(true));
  it('is not known by any other', () => expect(isTimeZone('Mars/Olympus')).toBe(false));
  it('shows another hour in summer', () => {
    expect(at('2026-03-29T00:59:59.999Z', 'Europe/Vienna')).toBe(1);
    expect(at('2026-03-29T01:00:00.000Z', 'Europe/Vienna')).toBe(2);
  });
  it('may be off by parts of an hour', () => expect(at('2026-01-05T09:00:00.000Z', 'Asia/Kolkata')).toBe(5.5));
  it('may be UTC', () => expect(at('2026-01-05T09:00:00.000Z', 'UTC')).toBe(0));
});
