import { type Moment, momentOf, offsetAt } from '#kernel';
import { type OpenHours, weekdays } from '../working-calendar/events.js';

/** When work is done: time counts while the clock of the zone shows one of the hours, on a day that is no holiday. */
export interface WorkingTime {
  /** IANA name. */
  readonly timeZone: string;
  /** In the order of the week, without overlaps. */
  readonly hours: readonly OpenHours[];
  /** Days of the zone, `YYYY-MM-DD`. */
  readonly holidays: readonly string[];
}

const MINUTE = 60_000;
const DAY = 86_400_000;
/** No zone is further from UTC than this. */
const FURTHEST = 15 * 60 * MINUTE;
/** Nobody plans further: what is not reached by then counts as reached then. */
const HORIZON_DAYS = 3_660;

/** Working time between two moments, in milliseconds; 0 if the second is not later. */
export function workingTimeBetween(working: WorkingTime, from: Moment, to: Moment): number {
  const [start, end] = [Date.parse(from), Date.parse(to)];
  let sum = 0;
  for (const stretch of stretchesFrom(working, start)) {
    if (stretch.from >= end) break;
    sum += Math.min(stretch.to, end) - stretch.from;
  }
  return sum;
}

/**
 * The first moment at which `milliseconds` of working time have passed since `from`; `from` itself for none. It is ten years
 * later, whether work is done then or not, where the hours are so few that they do not suffice.
 */
export const afterWorkingTime = (working: WorkingTime, from: Moment, milliseconds: number): Moment =>
  reachedAfter(working, from, milliseconds) ?? momentOf(Date.parse(from) + HORIZON_DAYS * DAY);

/** The same; undefined where that is not within ten years. */
export function reachedAfter(working: WorkingTime, from: Moment, milliseconds: number): Moment | undefined {
  if (milliseconds <= 0) return from;
  const start = Date.parse(from);
  let left = milliseconds;
  for (const stretch of stretchesFrom(working, start)) {
    const length = stretch.to - stretch.from;
    if (left <= length) return momentOf(stretch.from + left);
    left -= length;
  }
  return undefined;
}

/** The day that the clock of the zone shows, `YYYY-MM-DD`. */
export const dayIn = (timeZone: string, moment: Moment): string => {
  const milliseconds = Date.parse(moment);
  return dayOf(milliseconds + offsetAt(milliseconds, timeZone));
};

/** Minutes since midnight of `HH:MM`. */
export const minuteOfDay = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));

interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** Working time from a moment on, day by day of the zone, each stretch cut off at that moment. */
function* stretchesFrom({ timeZone, hours, holidays }: WorkingTime, start: number): Generator<Stretch> {
  const closed = new Set(holidays);
  const shown = start + offsetAt(start, timeZone);
  const firstDay = shown - (((shown % DAY) + DAY) % DAY);
  // The day before too: a clock that is put back over midnight shows that day once more.
  for (let midnight = firstDay - DAY; midnight < firstDay + HORIZON_DAYS * DAY; midnight += DAY) {
    const weekday = weekdays[(new Date(midnight).getUTCDay() + 6) % 7];
    const open = hours.filter(({ day }) => day === weekday);
    if (open.length === 0 || closed.has(dayOf(midnight))) continue;
    for (const { offset, from, to } of clocksOf(midnight, timeZone))
      for (const stretch of open) {
        const opens = Math.max(midnight + minuteOfDay(stretch.from) * MINUTE - offset, from, start);
        const closes = Math.min(midnight + minuteOfDay(stretch.to) * MINUTE - offset, to);
        if (opens < closes) yield { from: opens, to: closes };
      }
  }
}

/** The offsets that the zone's clock may have on a day, and from when to when: two around a change to or from summer time. */
function clocksOf(midnight: number, timeZone: string): { readonly offset: number; readonly from: number; readonly to: number }[] {
  const [from, to] = [midnight - FURTHEST, midnight + DAY + FURTHEST];
  const [before, after] = [offsetAt(from, timeZone), offsetAt(to, timeZone)];
  if (before === after) return [{ offset: before, from, to }];
  let [last, change] = [from, to];
  while (change - last > 1) {
    const middle = Math.floor((last + change) / 2);
    if (offsetAt(middle, timeZone) === before) last = middle;
    else change = middle;
  }
  return [
    { offset: before, from, to: change },
    { offset: after, from: change, to },
  ];
}

const dayOf = (milliseconds: number) => new Date(milliseconds).toISOString().slice(0, 10);
