/** Answers that say nothing of the request itself: a slow line, too many at once, stopping, or a proxy without a server behind it. */
const NOT_NOW: ReadonlySet<number> = new Set([408, 429, 502, 503, 504]);

/**
 * Whether the same request may be answered otherwise in a moment. Besides those of `NOT_NOW` these are answers that name the
 * moment themselves (a claim that another command is about to settle); every other 4xx is a refusal and final.
 */
export const mayPass = (status: number, retryAfter: number | undefined): boolean =>
  NOT_NOW.has(status) || (status === 409 && retryAfter !== undefined);

/** Milliseconds of a `Retry-After` header, which has seconds or a date; undefined without a readable one. */
export function retryAfterOf(header: string | null, now: number): number | undefined {
  if (header === null) return undefined;
  const text = header.trim();
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1_000;
  const moment = Date.parse(text);
  return Number.isNaN(moment) ? undefined : Math.max(0, moment - now);
}

const FIRST_PAUSE = 100;
const LONGEST_PAUSE = 5_000;

/**
 * Milliseconds before attempt `attempt + 1`: from half of to a whole 100, 200, 400 … 5,000, so that many clients do not come back
 * at once (`random` from 0 to 1); never earlier than the server asked for.
 */
export function pauseAfter(attempt: number, retryAfter: number | undefined, random: number): number {
  const most = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** Math.min(attempt - 1, 20));
  const backOff = most * (0.5 + random / 2);
  // behind what it asked for, by up to a tenth: all that were refused together were told the same
  return retryAfter === undefined ? backOff : Math.max(backOff, retryAfter * (1 + random / 10));
}
