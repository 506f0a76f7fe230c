/** A moment in UTC with milliseconds, `2026-01-05T09:00:00.000Z`: its text order is its time order. */
export type Moment = string;

const DAY = 86_400_000;

export const momentOf = (milliseconds: number): Moment => new Date(milliseconds).toISOString();

/** `moment` plus a number of days of 24 hours. */
export const addDays = (moment: Moment, days: number): Moment => momentOf(Date.parse(moment) + days * DAY);

/** Days of 24 hours between two moments, rounded to 1/100 day so that every engine stores the same number. */
export const daysBetween = (from: Moment, to: Moment): number =>
  Math.round((Date.parse(to) - Date.parse(from)) / (DAY / 100)) / 100;

/** The other one where there is no first. */
export const laterOf = (one: Moment | undefined, other: Moment): Moment => (one !== undefined && one >= other ? one : other);

const RFC_3339 = /^(\d{4}-\d\d-\d\d)[Tt](?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?(?:[Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;
const OWN_LENGTH = 24;

/**
 * A moment with its zone as RFC 3339 writes it; what is finer than a millisecond is cut off. Undefined for anything else, also for a
 * leap second, a day that no calendar has (`Date` takes 30 February for 2 March), and what in UTC has no year of four digits.
 */
export function momentIn(text: string): Moment | undefined {
  const day = RFC_3339.exec(text)?.[1];
  if (day === undefined) return undefined;
  const midnight = Date.parse(`${day}T00:00:00.000Z`);
  if (Number.isNaN(midnight) || !momentOf(midnight).startsWith(day)) return undefined;
  const moment = momentOf(Date.parse(text.toUpperCase()));
  return moment.length === OWN_LENGTH ? moment : undefined;
}
