import type { Moment } from '#kernel';

/** Wall-clock time comes from here and nowhere else, so that specifications and sandboxes can set it. */
export interface Clock {
  now(): Moment;
}

let millisecond = Number.NaN;
let moment = '';

/** Many ask within one millisecond, so its text is kept. */
export const systemClock: Clock = {
  now: () => {
    const now = Date.now();
    if (now !== millisecond) {
      moment = new Date(now).toISOString();
      millisecond = now;
    }
    return moment;
  },
};
