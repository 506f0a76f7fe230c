import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Moment, momentOf } from '#kernel';
import { type OpenHours, weekdays } from '../working-calendar/events.js';
import { afterWorkingTime, dayIn, minuteOfDay, type WorkingTime, workingTimeBetween } from './working-time.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const nineToFive = weekdays.slice(0, 5).map((day) => ({ day, from: '09:00', to: '17:00' }));
const allDay = weekdays.map((day) => ({ day, from: '00:00', to: '24:00' }));
const vienna: WorkingTime = { timeZone: 'Europe/Vienna', hours: nineToFive, holidays: ['2026-01-06'] };
const hoursBetween = (working: WorkingTime, from: Moment, to: Moment) => workingTimeBetween(working, from, to) / HOUR;

describe('SRV-05 working time', () => {
  it('counts the hours of a day', () =>
    expect(hoursBetween(vienna, '2026-01-05T00:00:00.000Z', '2026-01-06T00:00:00.000Z')).toBe(8));
  it('counts to the millisecond', () =>
    expect(workingTimeBetween(vienna, '2026-01-05T15:59:59.999Z', '2026-01-05T20:00:00.000Z')).toBe(1));
  it('leaves out weekends and holidays', () =>
    expect(hoursBetween(vienna, '2026-01-02T15:00:00.000Z', '2026-01-07T09:00:00.000Z')).toBe(1 + 8 + 1));
  it('is none backwards', () => expect(hoursBetween(vienna, '2026-01-06T00:00:00.000Z', '2026-01-05T00:00:00.000Z')).toBe(0));
  it('reaches a target on the day after the holiday', () =>
    expect(afterWorkingTime(vienna, '2026-01-05T15:30:00.000Z', HOUR)).toBe('2026-01-07T08:30:00.000Z'));
  it('reaches a target that fills a day at the end of that day', () =>
    expect(afterWorkingTime(vienna, '2026-01-05T03:00:00.000Z', 8 * HOUR)).toBe('2026-01-05T16:00:00.000Z'));
  it('reaches no target at once', () =>
    expect(afterWorkingTime(vienna, '2026-01-04T03:00:00.000Z', 0)).toBe('2026-01-04T03:00:00.000Z'));
  it('ends after ten years where a target is out of reach', () => {
    const never = { ...vienna, hours: [{ day: 'MONDAY', from: '09:00', to: '09:01' }] } as const;
    expect(afterWorkingTime(never, '2026-01-05T00:00:00.000Z', 1000 * HOUR)).toBe('2036-01-13T00:00:00.000Z');
  });
  it('knows the day of the zone', () => expect(dayIn('Pacific/Auckland', '2026-01-05T12:00:00.000Z')).toBe('2026-01-06'));
});

describe('SRV-05 working time around a change of the clock', () => {
  const nights = { timeZone: 'Europe/Vienna', hours: allDay, holidays: [] };
  it('has 23 hours on the day on which summer time begins', () =>
    expect(hoursBetween(nights, '2026-03-28T23:00:00.000Z', '2026-03-29T22:00:00.000Z')).toBe(23));
  it('has 25 hours on the day on which it ends', () =>
    expect(hoursBetween(nights, '2026-10-24T22:00:00.000Z', '2026-10-25T23:00:00.000Z')).toBe(25));
  it('begins an hour earlier in UTC once it is summer', () => {
    expect(afterWorkingTime(vienna, '2026-03-27T12:00:00.000Z', 5 * HOUR)).toBe('2026-03-30T08:00:00.000Z');
    expect(afterWorkingTime(vienna, '2026-03-20T12:00:00.000Z', 5 * HOUR)).toBe('2026-03-23T09:00:00.000Z');
  });
  it('has no time that the clock does not show', () => {
    const twoToThree = { ...nights, hours: [{ day: 'SUNDAY', from: '02:00', to: '03:00' }] } as const;
    expect(hoursBetween(twoToThree, '2026-03-28T00:00:00.000Z', '2026-03-30T00:00:00.000Z')).toBe(0);
  });
  it('counts time twice that the clock shows twice', () => {
    const twoToThree = { ...nights, hours: [{ day: 'SUNDAY', from: '02:00', to: '02:30' }] } as const;
    expect(hoursBetween(twoToThree, '2026-10-24T00:00:00.000Z', '2026-10-26T00:00:00.000Z')).toBe(1);
  });
  it('has a day again that a clock shows once more after midnight', () => {
    // On 7 November 2010 the clocks of St. John's went back at 00:01, to 23:01 of Saturday.
    const saturday = {
      timeZone: 'America/St_Johns',
      hours: [{ day: 'SATURDAY', from: '23:00', to: '24:00' }],
      holidays: [],
    } as const;
    expect(workingTimeBetween(saturday, '2010-11-07T02:30:30.000Z', '2010-11-07T05:00:00.000Z')).toBe(59 * MINUTE);
  });
});

/** Moments around which clocks change: summer time of both hemispheres, by half an hour, at midnight, and by a whole day. */
const changes = [
  ['Europe/Vienna', '2026-03-29T01:00:00.000Z'],
  ['Europe/Vienna', '2026-10-25T01:00:00.000Z'],
  ['America/New_York', '2026-11-01T06:00:00.000Z'],
  ['Australia/Lord_Howe', '2026-04-04T15:00:00.000Z'],
  ['America/Havana', '2026-03-08T05:00:00.000Z'],
  ['America/Sao_Paulo', '2018-02-18T02:00:00.000Z'],
  ['Pacific/Apia', '2011-12-30T10:00:00.000Z'],
  ['Asia/Kolkata', '2026-06-15T00:00:00.000Z'],
] as const;

/** Independent of the code above: what a clock on the wall shows, minute by minute. */
function clockOnTheWall({ timeZone, hours, holidays }: WorkingTime): (milliseconds: number) => boolean {
  const clock = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' });
  const weekday = new Intl.DateTimeFormat('en-GB', { timeZone, weekday: 'long' });
  return (milliseconds) => {
    const [day = '', time = ''] = clock.format(milliseconds).split(' ');
    const name = weekday.format(milliseconds).toUpperCase();
    return !holidays.includes(day) && hours.some((open) => open.day === name && open.from <= time && time < open.to);
  };
}

const clockTime = (minute: number) =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;

/** One or two stretches a day, with gaps between them. */
const week = fc
  .array(
    fc.tuple(fc.constantFrom(...weekdays), fc.uniqueArray(fc.integer({ min: 0, max: 1440 }), { minLength: 2, maxLength: 4 })),
    {
      minLength: 1,
      maxLength: 7,
    },
  )
  .map((days): OpenHours[] =>
    [...new Map(days)]
      .sort(([one], [other]) => weekdays.indexOf(one) - weekdays.indexOf(other))
      .flatMap(([day, minutes]) => {
        const [from = 0, to = 0, again, until] = minutes.sort((one, other) => one - other).map(clockTime);
        const first = { day, from: String(from), to: String(to) };
        return again === undefined || until === undefined ? [first] : [first, { day, from: again, to: until }];
      }),
  );

describe('SRV-05 working time, against a count of the minutes that a clock on the wall shows', () => {
  const around = fc.record({
    change: fc.constantFrom(...changes),
    hours: week,
    closed: fc.array(fc.integer({ min: -2, max: 2 }), { maxLength: 1 }),
    before: fc.integer({ min: 0, max: 2500 }),
    length: fc.integer({ min: 0, max: 4500 }),
  });

  it('is the same, and a target is reached when it has passed', () =>
    fc.assert(
      fc.property(around, ({ change: [timeZone, moment], hours, closed, before, length }) => {
        const holidays = closed.map((days) => dayIn(timeZone, momentOf(Date.parse(moment) + days * 24 * HOUR)));
        const working = { timeZone, hours, holidays };
        const open = clockOnTheWall(working);
        const start = Date.parse(moment) - before * MINUTE;
        let counted = 0;
        for (let minute = 0; minute < length; minute++) if (open(start + minute * MINUTE)) counted++;
        expect(workingTimeBetween(working, momentOf(start), momentOf(start + length * MINUTE))).toBe(counted * MINUTE);
        if (counted > 0) {
          const reached = afterWorkingTime(working, momentOf(start), counted * MINUTE);
          expect(Date.parse(reached)).toBeLessThanOrEqual(start + length * MINUTE);
          expect(workingTimeBetween(working, momentOf(start), reached)).toBe(counted * MINUTE);
          expect(open(Date.parse(reached) - MINUTE)).toBe(true);
        }
      }),
      { numRuns: 150 },
    ));
});

describe('a time of day', () => {
  it('is its minutes since midnight', () => expect(['00:00', '09:30', '24:00'].map(minuteOfDay)).toEqual([0, 570, 1440]));
});
