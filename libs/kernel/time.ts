/** A moment in UTC with milliseconds, `2026-01-05T09:00:00.000Z`: its text order is its time order. */
export type Moment = string;

const DAY = 86_400_000;

export const momentOf = (milliseconds: number): Moment => new Date(milliseconds).toISOString();

/** `moment` plus a number of days of 24 hours. */
export const addDays = (moment: Moment, days: number): Moment => momentOf(Date.parse(moment) + days * DAY);

/** Days of 24 hours between two moments, rounded to 1/100 day so that every engine stores the same number. */
export const daysBetween = (from: Moment, to: Moment): number =>
  Math.round((Date.parse(to) - Date.parse(from)) / (DAY / 100)) / 100;

export const laterOf = (one: Moment, other: Moment): Moment => (one >= other ? one : other);
