import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsIn,
  IsOptional,
  IsString,
  IsTimeZone,
  IsUUID,
  Length,
  Matches,
  ValidateNested,
} from 'class-validator';
import { Command, Field } from '#kernel';
import { type Weekday, weekdays } from './events.js';

/** A stretch of working time of a week. */
export class WeeklyHours {
  @Field('The day of the week.', { example: 'MONDAY' })
  @IsIn(weekdays)
  readonly day!: Weekday;

  @Field('From which time of day, HH:MM.', { example: '09:00' })
  @Matches(/^([01][0-9]|2[0-3]):[0-5][0-9]$/, { message: 'a time of day, such as 09:00' })
  readonly from!: string;

  @Field('To which time of day, HH:MM; 24:00 is the end of the day.', { example: '17:00' })
  @Matches(/^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$/, { message: 'a time of day, such as 17:00, or 24:00' })
  readonly to!: string;
}

@Command({
  route: 'POST /working-calendars',
  roles: ['care'],
  summary: 'Define a working calendar, or define it anew: the hours and holidays in which targets are measured.',
  capabilities: ['SRV-05', 'SRV-06'],
  creates: true,
})
export class DefineWorkingCalendar {
  @Field('The id of the calendar; that of an existing one defines it anew.')
  @IsOptional()
  @IsUUID()
  readonly calendarId!: string;

  @Field('Name of the calendar.', { example: 'Support desk Vienna' })
  @IsString()
  @Length(1, 100)
  readonly name!: string;

  @Field('IANA time zone in which hours and holidays are meant.', { example: 'Europe/Vienna' })
  @IsTimeZone()
  @Length(1, 60)
  readonly timeZone!: string;

  @Field('The working hours of every week; a day may have several stretches, which do not overlap.', { of: () => WeeklyHours })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(50)
  @ValidateNested({ each: true })
  readonly hours!: readonly WeeklyHours[];

  @Field('Days without working time, YYYY-MM-DD.', { example: ['2026-12-25', '2026-12-26'] })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(500)
  @ArrayUnique()
  @Matches(/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/, { each: true, message: 'a day, such as 2026-12-25' })
  readonly holidays?: readonly string[];
}
