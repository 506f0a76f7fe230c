import { aggregate, canonicalJson, derivedId, refuse } from '#kernel';
import { minuteOfDay, type WorkingTime } from '../working-time/working-time.js';
import { DefineWorkingCalendar } from './commands.js';
import { type OpenHours, WorkingCalendarDefined, weekdays } from './events.js';

export interface WorkingCalendar extends WorkingTime {
  /** Whether somebody defined it; the default calendar holds where nobody did. */
  readonly defined: boolean;
  readonly name: string;
}

/** Monday to Friday, 09:00 to 17:00 UTC, no holidays. */
export const defaultCalendar: WorkingCalendar = {
  defined: false,
  name: 'Default',
  timeZone: 'UTC',
  hours: weekdays.slice(0, 5).map((day) => ({ day, from: '09:00', to: '17:00' })),
  holidays: [],
};

/** The id under which a tenant may define its own default calendar. */
export const defaultCalendarId = (tenant: string): string => derivedId('workingCalendar', tenant);

export const workingCalendar = aggregate<WorkingCalendar>()({
  name: 'workingCalendar',
  description: 'When work is done: the hours of the week in a time zone, and the holidays.',
  id: 'calendarId',
  commands: { DefineWorkingCalendar },
  facts: { WorkingCalendarDefined },
  initial: defaultCalendar,

  decide: {
    DefineWorkingCalendar: ({ calendarId, name, timeZone, hours, holidays = [] }, calendar) => {
      check(hours, holidays);
      const definition = { name, timeZone, hours: inWeekOrder(hours), holidays: [...holidays].sort() };
      const { defined, ...present } = calendar;
      return defined && canonicalJson(definition) === canonicalJson(present)
        ? []
        : WorkingCalendarDefined({ calendarId, ...definition });
    },
  },

  evolve: {
    WorkingCalendarDefined: (_, { name, timeZone, hours, holidays }) => ({ defined: true, name, timeZone, hours, holidays }),
  },
});

const inWeekOrder = (hours: readonly OpenHours[]): OpenHours[] =>
  hours.map(({ day, from, to }) => ({ day, from, to })).sort(byWeek);

const byWeek = (one: OpenHours, other: OpenHours): number =>
  weekdays.indexOf(one.day) - weekdays.indexOf(other.day) || (one.from < other.from ? -1 : 1);

function check(hours: readonly OpenHours[], holidays: readonly string[]): void {
  for (const [index, { day, from, to }] of hours.entries())
    if (minuteOfDay(from) >= minuteOfDay(to))
      refuse(
        'hours-empty',
        `${day} ${from} to ${to} does not end after it begins; send a later end, up to 24:00, and the rest as hours of the next day.`,
        `hours[${index}].to`,
      );
  checkOverlaps(hours);
  for (const [index, day] of holidays.entries())
    if (Number.isNaN(Date.parse(day)) || new Date(day).toISOString().slice(0, 10) !== day)
      refuse('holiday-unknown', `There is no day ${day}; send another one, or leave it out.`, `holidays[${index}]`);
}

function checkOverlaps(hours: readonly OpenHours[]): void {
  const stretches = hours.map((open, index) => ({ ...open, index })).sort(byWeek);
  for (const [at, { day, from, index }] of stretches.entries()) {
    const before = stretches[at - 1];
    if (before?.day === day && minuteOfDay(before.to) > minuteOfDay(from))
      refuse(
        'hours-overlap',
        `${day} ${from} is before ${before.to}, when the hours before it end; let them begin later, or send both as one.`,
        `hours[${index}].from`,
      );
  }
}
