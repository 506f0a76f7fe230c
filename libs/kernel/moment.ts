import { IsRFC3339 } from 'class-validator';

/**
 * A moment with its zone, as RFC 3339 has it: `2026-01-05T09:00:00Z`, `2026-01-05T10:00:00.5+01:00`. The decision gets it as
 * a `Moment`, in UTC with milliseconds.
 */
export const IsMoment = (): PropertyDecorator => IsRFC3339();
