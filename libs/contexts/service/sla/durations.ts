import { type Static, Type } from 'typebox';

const HOUR = 3_600;
const bounds = {
  within15Minutes: HOUR / 4,
  within30Minutes: HOUR / 2,
  within1Hour: HOUR,
  within2Hours: 2 * HOUR,
  within4Hours: 4 * HOUR,
  within8Hours: 8 * HOUR,
  within16Hours: 16 * HOUR,
  within24Hours: 24 * HOUR,
  within40Hours: 40 * HOUR,
  within80Hours: 80 * HOUR,
  within160Hours: 160 * HOUR,
  within320Hours: 320 * HOUR,
} as const;
type Bound = keyof typeof bounds;

/** Seconds of working time: the bounds of the histogram, in their order. They are fixed, so that counts of any groups add up. */
export const durationBounds: readonly (readonly [Bound, number])[] = Object.entries(bounds) as [Bound, number][];

const field = (seconds: number) =>
  Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: 1,
      description: `once judged: 1 if it took at most ${seconds / HOUR} hours of working time, to be added up as a number of promises`,
    }),
  );

/** One field for each bound: 1 where it took no longer. Their sums in a group are its cumulative histogram. */
export const durationFields = Object.fromEntries(durationBounds.map(([name, seconds]) => [name, field(seconds)])) as {
  readonly [K in Bound]: ReturnType<typeof field>;
};
export type Durations = { readonly [K in Bound]?: Static<ReturnType<typeof field>> };

export const durationSums = Object.fromEntries(durationBounds.map(([name]) => [name, null])) as { readonly [K in Bound]: null };

export const durationsOf = (takenSeconds: number): Durations =>
  Object.fromEntries(durationBounds.map(([name, seconds]) => [name, takenSeconds <= seconds ? 1 : 0]));

/** A document without them: it is open again. */
export function withoutDurations<D extends Durations>(document: D): D {
  const names = new Set<string>(Object.keys(bounds));
  return Object.fromEntries(Object.entries(document).filter(([name]) => !names.has(name))) as D;
}
