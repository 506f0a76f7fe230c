import type { Log } from '../ports.js';

/** Between two positions of one log: facts on the embedded one, its own units on others. */
export function distance(from: string, to: string): number {
  return from >= to ? 0 : Number(BigInt(to.slice(to.lastIndexOf('.') + 1)) - BigInt(from.slice(from.lastIndexOf('.') + 1)));
}

/** The way from one position of a log to another one, part of it by part of it. */
export interface Stretch {
  /** Exclusive. */
  readonly from: string;
  readonly upTo: string;
}

/** So many stretches from one position to another, of the same length; where they meet there need not be a fact. */
export function stretches(from: string, to: string, count: number): Stretch[] {
  const digits = to.slice(to.lastIndexOf('.') + 1);
  const start = BigInt(from.slice(from.lastIndexOf('.') + 1));
  const length = BigInt(digits) - start;
  const at = (number: number) =>
    to.slice(0, -digits.length) + String(start + (length * BigInt(number)) / BigInt(count)).padStart(digits.length, '0');
  return Array.from({ length: count }, (_, number) => ({ from: at(number), upTo: at(number + 1) }));
}

/** Following so many facts takes a second or two; building as in a rebuild is several times as fast. */
const FAR_BEHIND = 20_000;

/** Whether a view that stands at a position lacks more than so many facts, and most of the log: then building it anew is sooner done. */
export async function lacksMost(
  { log, farBehind = FAR_BEHIND }: { readonly log: Log; readonly farBehind?: number | undefined },
  position: string,
  head: string,
): Promise<boolean> {
  const lacking = distance(position, head);
  if (lacking <= farBehind || 2 * lacking <= distance(log.start, head)) return false;
  if (!log.sparse) return true;
  for (let [facts, after] = [0, position]; ; ) {
    const page = await log.readAll(after, { limit: farBehind, packed: true });
    facts += page.facts.length;
    after = page.position;
    if (facts > farBehind || page.atHead) return facts > farBehind;
  }
}
