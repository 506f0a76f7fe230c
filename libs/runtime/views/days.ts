import { type Moment, momentIn, offsetAt } from '#kernel';

const WITHOUT_SECONDS = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2})(Z|[+-]\d{2}:\d{2})$/;
const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const LOST_PLUS = /^\S+T\S+ \d{2}:?\d{2}$/;
const DAY = 86_400_000;

/** A date or a moment as a caller writes it; a date means the whole day in a time zone. Undefined if it is neither. */
export function spanOf(
  text: string,
  timeZone: string,
): { readonly from: Moment; readonly to: Moment; readonly isDay: boolean } | undefined {
  const [, year, month, day] = DATE.exec(text) ?? [];
  if (year !== undefined && month !== undefined && day !== undefined) {
    const midnight = Date.UTC(Number(year), Number(month) - 1, Number(day));
    if (Number.isNaN(midnight) || new Date(midnight).toISOString().slice(0, 10) !== text) return undefined;
    const from = startOfDay(midnight, timeZone);
    const to = startOfDay(midnight + DAY, timeZone) - 1;
    return { from: new Date(from).toISOString(), to: new Date(to).toISOString(), isDay: true };
  }
  const moment = momentIn(text.replace(WITHOUT_SECONDS, '$1:00$2'));
  return moment === undefined ? undefined : { from: moment, to: moment, isDay: false };
}

/** What to write instead of a text that `spanOf` does not know. */
export const spanNeeded = (text: string): string => {
  const hint = LOST_PLUS.test(text) ? ' A + in an address is read as a blank: write it as %2B.' : '';
  return `Write a date (2026-01-31) or a moment with its zone (2026-01-31T09:00:00Z).${hint}`;
};

/** The first moment at which a clock in the zone shows the date, or a later one where that midnight does not exist. */
function startOfDay(midnightAsUtc: number, timeZone: string): number {
  if (timeZone === 'UTC') return midnightAsUtc;
  const candidates = [-DAY, 0, DAY]
    .map((around) => midnightAsUtc - offsetAt(midnightAsUtc + around, timeZone))
    .sort((one, other) => one - other);
  for (const candidate of candidates) if (candidate + offsetAt(candidate, timeZone) >= midnightAsUtc) return candidate;
  return midnightAsUtc - offsetAt(midnightAsUtc, timeZone);
}
