import type { Actor, Moment } from '#kernel';
import { isId, momentIn } from '#kernel';
import { Problem } from '#runtime/problem';

export type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

/** What the headers of a command say, checked. Throws Problem 400 that names the header. */
export interface CommandHeaders {
  readonly idempotencyKey?: string;
  readonly ifRevision?: number;
  readonly occurredAt?: Moment;
  readonly onBehalfOf?: Actor;
  readonly traceparent?: string;
}

/** `Annals-Dry-Run: true`. Throws Problem 400 for anything that is neither true nor false. */
export function wantsDryRun(headers: Headers): boolean {
  const value = single(headers, 'annals-dry-run');
  if (value !== undefined && value !== 'true' && value !== 'false') throw malformed('Annals-Dry-Run', 'must be true or false');
  return value === 'true';
}

/** Bodies are read as they are. Throws Problem 415. */
export function refuseEncoded(headers: Headers): void {
  if (headers['content-encoding'] !== undefined)
    throw new Problem(415, 'unsupported-encoding', 'Send the body without Content-Encoding.');
}

/** Where nothing is tried, whoever asks for it would have it done. Throws Problem 400. */
export function refuseDryRun(headers: Headers): void {
  if (wantsDryRun(headers))
    throw malformed('Annals-Dry-Run', 'is read by commands only; this would be done for real: leave it out');
}

/** A header of ours that is misspelt would be left out, and a dry run be done for real. Throws Problem 400 that names it and those there are. */
export function refuseUnknownHeaders(headers: Headers): void {
  const unknown = Object.keys(headers).find((name) => name.startsWith('annals-') && !OURS.has(name));
  if (unknown !== undefined)
    throw malformed(unknown.slice(0, 100), `is no header of a command; there are ${[...OURS.values()].join(', ')}`);
}

export function commandHeaders(headers: Headers): CommandHeaders {
  const key = single(headers, 'idempotency-key');
  const ifMatch = single(headers, 'if-match');
  const occurredAt = single(headers, 'annals-occurred-at');
  const onBehalfOf = single(headers, 'annals-on-behalf-of');
  const traceparent = single(headers, 'traceparent');
  return {
    ...(key !== undefined && { idempotencyKey: idempotencyKeyOf(key, 'Idempotency-Key') }),
    ...(ifMatch !== undefined && { ifRevision: revisionOf(ifMatch) }),
    ...(occurredAt !== undefined && { occurredAt: momentFrom(occurredAt, 'Annals-Occurred-At') }),
    ...(onBehalfOf !== undefined && { onBehalfOf: actorFrom(onBehalfOf, 'Annals-On-Behalf-Of') }),
    // a malformed one is ignored, as the W3C recommendation asks
    ...(traceparent !== undefined && TRACEPARENT.test(traceparent) && { traceparent }),
  };
}

/** Of many commands in one request each says for itself what a single one says in headers. Throws Problem 400 that names its place. */
export function refuseHeadersOfOneCommand(headers: Headers): void {
  const errors = Object.entries(IN_THE_LINE)
    .filter(([header]) => headers[header.toLowerCase()] !== undefined)
    .map(([field, member]) => ({ field, message: `belongs into each line, as ${member}` }));
  const [first] = errors;
  if (first) throw new Problem(400, 'malformed-request', `Correct the request: ${first.field} ${first.message}.`, { errors });
}

/** The secret of `Authorization: Bearer …`. Throws Problem 401. */
export function bearerToken(headers: Headers): string {
  const value = single(headers, 'authorization');
  if (value === undefined) throw unauthenticated('This needs a token: send Authorization: Bearer annals_…');
  const token = BEARER.exec(value)?.[1];
  if (token === undefined) throw unauthenticated('The Authorization header must be: Bearer annals_…');
  return token;
}

export const unauthenticated = (detail: string): Problem => new Problem(401, 'unauthenticated', detail);

/** Seconds of `Prefer: wait=n`, at most 60; undefined without one. Other preferences are ignored (RFC 7240). */
export function preferredWait(headers: Headers): number | undefined {
  const seconds = WAIT.exec(single(headers, 'prefer') ?? '')?.[1];
  return seconds === undefined ? undefined : Math.min(Number(seconds), LONGEST_WAIT);
}

export function idempotencyKeyOf(key: string, where: string): string {
  if (!KEY.test(key)) throw malformed(where, 'must be 1 to 255 visible ASCII characters');
  return key;
}

/** A moment with its zone, as UTC with milliseconds. Throws Problem 400. */
export function momentFrom(text: string, where: string): Moment {
  const moment = momentIn(text);
  if (moment === undefined) throw malformed(where, 'must be a moment with its zone, such as 2026-01-05T09:00:00Z');
  return moment;
}

/** Throws Problem 400. */
export function actorFrom(text: string, where: string): Actor {
  const [, kind, id = ''] = ACTOR.exec(text) ?? [];
  if (kind === undefined || !isId(id))
    throw malformed(where, 'must be user:, service: or customer: and an internal id (a UUID in lower case)');
  return { kind: kind as Actor['kind'], id };
}

export function malformed(field: string, message: string): Problem {
  return new Problem(400, 'malformed-request', `Correct the request: ${field} ${message}.`, { errors: [{ field, message }] });
}

const IN_THE_LINE: Readonly<Record<string, string>> = {
  'Idempotency-Key': '"key":"…"',
  'If-Match': '"ifRevision":7',
  'Annals-Occurred-At': '"occurredAt":"2026-01-05T09:00:00.000Z"',
  'Annals-On-Behalf-Of': '"onBehalfOf":"user:…"',
};
const OURS = new Map(['Annals-Dry-Run', 'Annals-Occurred-At', 'Annals-On-Behalf-Of'].map((name) => [name.toLowerCase(), name]));
const LONGEST_WAIT = 60;
const BEARER = /^Bearer +([A-Za-z0-9._~+/=-]{1,8192})$/i;
const KEY = /^[\x21-\x7e]{1,255}$/;
const WAIT = /(?:^|[,;\s])wait\s*=\s*"?(\d{1,6})"?(?=$|[,;\s])/i;
const TRACEPARENT = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;
const ETAG = /^"(0|[1-9]\d{0,14})"$/;
const ACTOR = /^(user|service|customer):(.+)$/;

function single(headers: Headers, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' ? value.trim() : value?.[0];
}

function revisionOf(ifMatch: string): number {
  const revision = ETAG.exec(ifMatch)?.[1];
  if (revision === undefined) throw malformed('If-Match', 'must be one revision in quotes, as in the ETag of an answer: "7"');
  return Number(revision);
}
