/** Milliseconds in which facts count as come at once. */
const GRAIN = 1_000;
/** Remembered moments; when there are more, those of the older half stand for twice as many facts. */
const MOST = 4_096;

/**
 * When the log went beyond each position, as this server saw it. Who stands at a position lacks something since then, however
 * often or seldom anybody asks, and however often he moved meanwhile. What was there before counts from the start of the server.
 */
export class Arrivals {
  /** In order; the first fact behind `position` came at `at`, in milliseconds since 1970. */
  #moments: { readonly position: string; readonly at: number }[];

  constructor(
    start: string,
    private head: string,
    now: number,
  ) {
    this.#moments = [{ position: start, at: now }];
  }

  /** The log was seen to end at a position. */
  saw(head: string, now: number): void {
    if (head <= this.head) return;
    const last = this.#moments.at(-1);
    if (!last || now - last.at >= GRAIN) this.#moments.push({ position: this.head, at: now });
    this.head = head;
    if (this.#moments.length > MOST) this.#moments = this.#moments.filter((_, index) => index % 2 === 0 || index > MOST / 2);
  }

  /** When the first fact behind a position came; undefined where none is known to. */
  behindSince(position: string): number | undefined {
    if (position >= this.head) return undefined;
    let low = 0;
    let high = this.#moments.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.#moments[middle] as { position: string }).position <= position) low = middle;
      else high = middle - 1;
    }
    return this.#moments[low]?.at;
  }
}
