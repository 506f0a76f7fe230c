import { describe, expect, it } from '@jest/globals';
import { mayPass, pauseAfter, retryAfterOf } from './retry.js';

describe('what is sent again', () => {
  it.each([408, 429, 502, 503, 504])('is an answer %d', (status) => expect(mayPass(status, undefined)).toBe(true));
  it.each([400, 401, 403, 404, 409, 410, 412, 413, 422, 500])('is no answer %d', (status) =>
    expect(mayPass(status, undefined)).toBe(false),
  );
  it('is a conflict that says when it will be settled', () => expect(mayPass(409, 1_000)).toBe(true));
  it('is no refusal of a rule, whatever headers it has', () => expect(mayPass(422, 1_000)).toBe(false));
});

describe('the pause before the next attempt', () => {
  it('doubles up to five seconds', () =>
    expect([1, 2, 3, 7, 50].map((attempt) => pauseAfter(attempt, undefined, 1))).toEqual([100, 200, 400, 5_000, 5_000]));
  it('is shortened by chance to no less than a half', () => expect(pauseAfter(3, undefined, 0)).toBe(200));
  it('is never shorter than what the server asked for', () => {
    expect(pauseAfter(1, 3_000, 0)).toBe(3_000);
    expect(pauseAfter(1, 3_000, 1)).toBeLessThan(3_301);
  });
});

describe('Retry-After', () => {
  const now = Date.parse('2026-01-05T09:00:00.000Z');
  it('has seconds', () => expect(retryAfterOf('7', now)).toBe(7_000));
  it('has a date', () => expect(retryAfterOf('Mon, 05 Jan 2026 09:00:03 GMT', now)).toBe(3_000));
  it('of a date in the past asks for no pause', () => expect(retryAfterOf('Mon, 05 Jan 2026 08:00:00 GMT', now)).toBe(0));
  it.each([null, 'soon', ''])('that reads %p says nothing', (header) => expect(retryAfterOf(header, now)).toBeUndefined());
});
