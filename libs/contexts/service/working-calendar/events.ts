import { type Static, Type } from 'typebox';
import { Choice, fact, Id, Text } from '#kernel';

export const weekdays = ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY'] as const;
export type Weekday = (typeof weekdays)[number];

const OpenHours = Type.Object(
  {
    day: Choice(weekdays, 'the day of the week'),
    from: Text('from which time of day on the clock of the zone, HH:MM', 5),
    to: Text('to which time of day, not included, HH:MM; 24:00 is the end of the day', 5),
  },
  { additionalProperties: false, description: 'one stretch of working time of a week' },
);
export type OpenHours = Readonly<Static<typeof OpenHours>>;

/** When work is done. A fact that depends on it later has it with it. */
export const workingTimeFields = {
  timeZone: Text('IANA time zone in which the hours and holidays are meant, such as Europe/Vienna', 60),
  hours: Type.Array(OpenHours, { description: 'the working hours of every week, in the order of the week' }),
  holidays: Type.Array(Text('a day without working time, YYYY-MM-DD', 10), {
    description: 'days without working time, in their order',
  }),
};

export const WorkingCalendarDefined = fact(
  'WorkingCalendarDefined',
  'Work is done at these hours from now on; targets that were set before keep what was in force then.',
  { calendarId: Id('the calendar'), name: Text('name of the calendar', 100), ...workingTimeFields },
);
