import { describe, expect, it } from '@jest/globals';
import {
  bearerToken,
  commandHeaders,
  momentFrom,
  preferredWait,
  refuseHeadersOfOneCommand,
  refuseUnknownHeaders,
} from './request-headers.js';

const ID = '5b1f64f6-5d0c-4e59-9d0e-6c1b7f0a2c31';
const TRACE = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

describe('headers of a command', () => {
  it('are read', () => {
    expect(
      commandHeaders({
        'idempotency-key': 'k-1',
        'if-match': '"7"',
        'annals-occurred-at': '2026-01-05T10:00:00+01:00',
        'annals-on-behalf-of': `user:${ID}`,
        traceparent: TRACE,
      }),
    ).toEqual({
      idempotencyKey: 'k-1',
      ifRevision: 7,
      occurredAt: '2026-01-05T09:00:00.000Z',
      onBehalfOf: { kind: 'user', id: ID },
      traceparent: TRACE,
    });
    expect(commandHeaders({})).toEqual({});
  });

  it.each([
    [{ 'if-match': '7' }, 'If-Match'],
    [{ 'if-match': 'W/"7"' }, 'If-Match'],
    [{ 'if-match': '"7", "8"' }, 'If-Match'],
    [{ 'if-match': '*' }, 'If-Match'],
    [{ 'if-match': '"-1"' }, 'If-Match'],
    [{ 'idempotency-key': '' }, 'Idempotency-Key'],
    [{ 'idempotency-key': 'a b' }, 'Idempotency-Key'],
    [{ 'idempotency-key': 'x'.repeat(256) }, 'Idempotency-Key'],
    [{ 'annals-occurred-at': 'yesterday' }, 'Annals-Occurred-At'],
    [{ 'annals-occurred-at': '2026-02-30T09:00:00Z' }, 'Annals-Occurred-At'],
    [{ 'annals-occurred-at': '2026-01-05T09:00:00' }, 'Annals-Occurred-At'],
    [{ 'annals-on-behalf-of': 'ada@example.org' }, 'Annals-On-Behalf-Of'],
    [{ 'annals-on-behalf-of': `process:${ID}` }, 'Annals-On-Behalf-Of'],
  ])('%j is refused, naming %s', (headers, name) => {
    expect(() => commandHeaders(headers)).toThrow(
      expect.objectContaining({ status: 400, options: { errors: [expect.objectContaining({ field: name })] } }),
    );
  });

  it('ignore a malformed traceparent, as its standard asks', () => {
    expect(commandHeaders({ traceparent: 'x' })).toEqual({});
  });
});

describe('a header of ours that there is not', () => {
  it.each(['annals-dryrun', 'annals-occured-at', 'annals-position'])('is refused, and told which there are: %s', (field) => {
    const message = 'is no header of a command; there are Annals-Dry-Run, Annals-Occurred-At, Annals-On-Behalf-Of';
    expect(() => refuseUnknownHeaders({ [field]: 'true' })).toThrow(
      expect.objectContaining({ status: 400, options: { errors: [{ field, message }] } }),
    );
  });

  it('is none of others, nor one of those there are', () => {
    expect(() => refuseUnknownHeaders({ 'annals-dry-run': 'true', 'x-annals': '1', accept: '*/*' })).not.toThrow();
  });
});

describe('headers of one command on a request of many', () => {
  it('are refused, each with its place in the line', () => {
    expect(() => refuseHeadersOfOneCommand({ 'idempotency-key': 'k', 'annals-occurred-at': 'x', accept: '*/*' })).toThrow(
      expect.objectContaining({
        status: 400,
        options: {
          errors: [
            { field: 'Idempotency-Key', message: 'belongs into each line, as "key":"…"' },
            { field: 'Annals-Occurred-At', message: 'belongs into each line, as "occurredAt":"2026-01-05T09:00:00.000Z"' },
          ],
        },
      }),
    );
  });

  it('are none: trace context, preferences and whatever proxies add', () => {
    expect(() => refuseHeadersOfOneCommand({ traceparent: TRACE, prefer: 'wait=5', 'x-forwarded-for': '::1' })).not.toThrow();
  });
});

describe('a preference to wait', () => {
  it.each([
    ['wait=5', 5],
    ['respond-async, wait=10', 10],
    ['wait="3"; foo', 3],
    ['wait=99999', 60],
    ['return=minimal', undefined],
    ['wait=soon', undefined],
    ['await=5', undefined],
  ])('%s is %p seconds', (prefer, seconds) => {
    expect(preferredWait({ prefer })).toBe(seconds);
  });
});

describe('a token', () => {
  it('is what follows Bearer', () => {
    expect(bearerToken({ authorization: 'bearer annals_main_x' })).toBe('annals_main_x');
  });

  it.each([
    {},
    { authorization: '' },
    { authorization: 'Basic YTpi' },
    { authorization: 'Bearer a b' },
    { authorization: `Bearer ${'x'.repeat(9000)}` },
  ])('%j is none', (headers) => {
    expect(() => bearerToken(headers)).toThrow(expect.objectContaining({ status: 401 }));
  });
});

it('a leap second, hour 24 and a day that does not exist are no moments; a leap day is', () => {
  for (const text of ['2026-06-30T23:59:60Z', '2026-06-30T24:00:00Z', '2025-02-29T00:00:00Z'])
    expect(() => momentFrom(text, 'x')).toThrow();
  expect(momentFrom('2024-02-29T00:00:00Z', 'x')).toBe('2024-02-29T00:00:00.000Z');
});
