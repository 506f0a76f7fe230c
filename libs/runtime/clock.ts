import type { Moment } from '#kernel';

/** Wall-clock time comes from here and nowhere else, so that specifications and sandboxes can set it. */
export interface Clock {
  now(): Moment;
}

export const systemClock: Clock = { now: () => new Date().toISOString() };
