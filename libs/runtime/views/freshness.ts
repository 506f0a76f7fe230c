/** Seconds. A quiet log is looked at each second. */
export const A_MOMENT = 3;

/** When each view was last seen to lack nothing. On the clock of `performance`. */
export class Freshness {
  readonly #openedAt = performance.now();
  readonly #currentAt = new Map<string, number>();

  /** The log was asked, and the view has all of it. */
  hasEverything(view: string): void {
    this.#currentAt.set(view, performance.now());
  }

  /** Somebody who asked the log saw the view have all of it, so many milliseconds ago. */
  wasCurrent(view: string, age: number): void {
    const at = performance.now() - age;
    if (at > (this.#currentAt.get(view) ?? 0)) this.#currentAt.set(view, at);
  }

  /** Seconds since the view was last seen to have everything; undefined while that is a moment ago. */
  age(view: string): number | undefined {
    const seconds = this.sinceCurrent(view) / 1_000;
    return seconds < A_MOMENT ? undefined : Math.floor(seconds);
  }

  /** Milliseconds since the view was last seen to have everything. */
  sinceCurrent(view: string): number {
    return performance.now() - (this.#currentAt.get(view) ?? this.#openedAt);
  }
}
