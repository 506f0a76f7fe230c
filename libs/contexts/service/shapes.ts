import { IsISO8601, Matches } from 'class-validator';

/** A moment as facts write it, `2026-01-05T09:00:00.000Z`, so that text order is time order. */
export const IsMoment = (): PropertyDecorator => (target, name) => {
  IsISO8601({ strict: true })(target, name);
  Matches(/^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z$/)(target, name);
};
