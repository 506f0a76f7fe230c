import { describe, expect, it } from '@jest/globals';
import { spanNeeded, spanOf } from './days.js';

describe('spanOf', () => {
  it('reads a day in UTC', () => {
    expect(spanOf('2026-03-31', 'UTC')).toEqual({
      from: '2026-03-31T00:00:00.000Z',
      to: '2026-03-31T23:59:59.999Z',
      isDay: true,
    });
  });
  it('reads the 23 hours of the day on which summer time begins', () => {
    expect(spanOf('2026-03-29', 'Europe/Berlin')).toEqual({
      from: '2026-03-28T23:00:00.000Z',
      to: '2026-03-29T21:59:59.999Z',
      isDay: true,
    });
  });
  it('reads the 25 hours of the day on which it ends', () => {
    expect(spanOf('2026-10-25', 'Europe/Berlin')).toEqual({
      from: '2026-10-24T22:00:00.000Z',
      to: '2026-10-25T22:59:59.999Z',
      isDay: true,
    });
  });
  it('reads days far from UTC', () => {
    expect(spanOf('2026-01-01', 'Pacific/Kiritimati')?.from).toBe('2025-12-31T10:00:00.000Z');
    expect(spanOf('2026-01-01', 'Pacific/Pago_Pago')?.from).toBe('2026-01-01T11:00:00.000Z');
  });
  it('begins a day without midnight at its first moment', () => {
    expect(spanOf('2018-11-04', 'America/Sao_Paulo')?.from).toBe('2018-11-04T03:00:00.000Z');
  });
  it('reads moments with any offset', () => {
    expect(spanOf('2026-03-31T12:00:00+02:00', 'UTC')?.from).toBe('2026-03-31T10:00:00.000Z');
  });
  it.each([
    '2026-02-30',
    '2026-13-01',
    '31.3.2026',
    'yesterday',
    '2026-02-30T10:00:00Z',
    '2026-03-31T25:00:00Z',
    '2026-03-31T10:00:00',
    '',
  ])('refuses %s', (text) => expect(spanOf(text, 'UTC')).toBeUndefined());
});

it('says of a moment whose + was read as a blank how to write it', () => {
  expect(spanNeeded('2026-03-01T10:00:00 02:00')).toContain('%2B');
  for (const text of ['yesterday', '2026-03-01T10:00:00', '2026-03-01 10:00']) expect(spanNeeded(text)).not.toContain('%2B');
});
