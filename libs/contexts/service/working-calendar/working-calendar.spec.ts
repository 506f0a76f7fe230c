import { describe, expect, it } from '@jest/globals';
import { derivedId } from '#kernel';
import { given } from '#kernel/testing';
import { WorkingCalendarDefined } from './events.js';
import { defaultCalendar, defaultCalendarId, workingCalendar } from './working-calendar.js';

const calendarId = derivedId('calendar');
const monday = { day: 'MONDAY', from: '09:00', to: '12:00' } as const;
const afternoon = { day: 'MONDAY', from: '13:00', to: '24:00' } as const;
const tuesday = { day: 'TUESDAY', from: '00:00', to: '24:00' } as const;
const vienna = { calendarId, name: 'Vienna', timeZone: 'Europe/Vienna' };

describe('SRV-05 SRV-06 a working calendar', () => {
  it('has its hours in the order of the week and its holidays in their order', () =>
    given(workingCalendar, {})
      .when('DefineWorkingCalendar', {
        ...vienna,
        hours: [tuesday, afternoon, monday],
        holidays: ['2026-12-26', '2026-12-25'],
      })
      .then(
        WorkingCalendarDefined({
          ...vienna,
          hours: [monday, afternoon, tuesday],
          holidays: ['2026-12-25', '2026-12-26'],
        }),
      ));
  it('is not changed by the same definition', () =>
    given(workingCalendar, {}, WorkingCalendarDefined({ ...vienna, hours: [monday], holidays: [] }))
      .when('DefineWorkingCalendar', { ...vienna, hours: [monday] })
      .changesNothing());
  it('is changed by another definition', () =>
    given(workingCalendar, {}, WorkingCalendarDefined({ ...vienna, hours: [monday], holidays: [] }))
      .when('DefineWorkingCalendar', { ...vienna, hours: [monday, afternoon] })
      .then(WorkingCalendarDefined({ ...vienna, hours: [monday, afternoon], holidays: [] })));
  it('has no stretch without length', () =>
    given(workingCalendar, {})
      .when('DefineWorkingCalendar', { ...vienna, hours: [monday, { day: 'TUESDAY', from: '09:00', to: '09:00' }] })
      .isRefused('hours-empty', 'hours[1].to'));
  it('has no stretch that ends before it begins', () =>
    given(workingCalendar, {})
      .when('DefineWorkingCalendar', { ...vienna, hours: [{ day: 'MONDAY', from: '17:00', to: '09:00' }] })
      .isRefused('hours-empty', 'hours[0].to'));
  it('has no stretches that overlap', () =>
    given(workingCalendar, {})
      .when('DefineWorkingCalendar', { ...vienna, hours: [{ ...afternoon, from: '11:59' }, monday] })
      .isRefused('hours-overlap', 'hours[0].from'));
  it.each(['2026-02-29', '2026-13-01', '2026-04-31'])('has no holiday on %s', (day) =>
    given(workingCalendar, {})
      .when('DefineWorkingCalendar', { ...vienna, hours: [monday], holidays: ['2026-12-25', day] })
      .isRefused('holiday-unknown', 'holidays[1]'),
  );
  it('is Monday to Friday, 09:00 to 17:00 UTC, where nobody defined one', () => {
    expect(given(workingCalendar, {}).state).toBe(defaultCalendar);
    expect(defaultCalendar.hours).toHaveLength(5);
    expect(defaultCalendarId('main')).not.toBe(defaultCalendarId('other'));
  });
});
