import { AddressRefused } from './sending.js';

const LONGEST_PAUSE = 300_000;
/** A receiver may ask for a longer pause, but not for any. */
const LONGEST_ASKED = 3_600_000;

/** Milliseconds before the next attempt after so many that failed; `random` from 0 to 1 spreads webhooks that failed together. */
export function pauseAfter(failures: number, firstPause: number, retryAfter: number | undefined, random: number): number {
  const most = Math.min(LONGEST_PAUSE, firstPause * 2 ** Math.min(failures - 1, 30));
  return Math.max(most * (0.5 + random / 2), Math.min(retryAfter ?? 0, LONGEST_ASKED));
}

/** Milliseconds of a `Retry-After` in seconds or as a date. */
export function retryAfterOf(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  if (/^\d{1,9}$/.test(header)) return Number(header) * 1_000;
  const moment = Date.parse(header);
  return Number.isNaN(moment) ? undefined : Math.max(0, moment - now);
}

/** What a failed attempt is remembered as: a code, never a text that may quote what was sent. */
export function failureOf(error: unknown): string {
  if (error instanceof AddressRefused) return error.code;
  const { name, code, cause } = error as { name?: string; code?: unknown; cause?: { code?: unknown } };
  if (name === 'TimeoutError' || name === 'AbortError') return 'no answer in time';
  const known = [code, cause?.code].find((one): one is string => typeof one === 'string' && /^[A-Z][A-Z0-9_]{1,60}$/.test(one));
  return known ?? 'failed';
}

/** What a receiver says of itself, whatever was sent: who it takes things from, where it is, that it has too much to do. */
const OF_RECEIVER = new Set([401, 403, 404, 405, 407, 410, 421, 426, 429, 502, 503, 504]);

/** Whether what was sent may be the reason: it was answered with a refusal or a fault, or made the receiver stop answering. */
export function mayBeOfTheFact(outcome: string, retryAfter: number | undefined): boolean {
  if (retryAfter !== undefined) return false;
  const status = /^status (\d+)$/.exec(outcome)?.[1];
  return status === undefined ? outcome === 'no answer in time' : !OF_RECEIVER.has(Number(status));
}
