/** A stretch of a log: what lies behind `from`, up to `upTo`. */
export interface Stretch {
  readonly from: string;
  /** Undefined: to the head. */
  readonly upTo: string | undefined;
}

/** So many stretches of about the same length; positions of one log differ in the number behind their dot. */
export function stretchesOf(from: string, upTo: string, number: number): readonly Stretch[] {
  const dot = upTo.lastIndexOf('.') + 1;
  const numberOf = (position: string) => BigInt(position.slice(dot));
  const [first, last] = [numberOf(from), numberOf(upTo)];
  const bounds = Array.from({ length: number + 1 }, (_, index) =>
    index === 0
      ? from
      : `${upTo.slice(0, dot)}${(first + ((last - first) * BigInt(index)) / BigInt(number)).toString().padStart(upTo.length - dot, '0')}`,
  );
  return bounds.slice(1).map((bound, index) => ({ from: bounds[index] as string, upTo: bound }));
}

/** Between two positions of one log: facts on the embedded one, its own units on others. */
export function distance(from: string, to: string): number {
  return from >= to ? 0 : Number(BigInt(to.slice(to.lastIndexOf('.') + 1)) - BigInt(from.slice(from.lastIndexOf('.') + 1)));
}
