import { type Moment, momentOf } from './time.js';

/** Whether the platform knows the IANA time zone (`Europe/Vienna`). */
export function isTimeZone(name: string): boolean {
  try {
    zone(name);
    return true;
  } catch {
    return false;
  }
}

/** The zone's name as every engine knows it, whatever case it was written in. Throws RangeError for no zone. */
export const zoneName = (name: string): string => zone(name).resolvedOptions().timeZone;

/** What the zone's clock shows minus UTC, in milliseconds, at a moment in milliseconds since 1970. Throws RangeError for no zone. */
export function offsetAt(milliseconds: number, timeZone: string): number {
  if (timeZone === 'UTC') return 0;
  const shown: Record<string, number> = {};
  for (const { type, value } of zone(timeZone).formatToParts(milliseconds)) shown[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = shown;
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(milliseconds / 1_000) * 1_000;
}

/** What the zone's clock shows at a moment, in the form of a moment in UTC. */
export const shownAt = (moment: Moment, timeZone: string): Moment => {
  const milliseconds = Date.parse(moment);
  return momentOf(milliseconds + offsetAt(milliseconds, timeZone));
};

const zones = new Map<string, Intl.DateTimeFormat>();

function zone(name: string): Intl.DateTimeFormat {
  let format = zones.get(name);
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
    if (zones.size < 1_000) zones.set(name, format);
  }
  return format;
}
