/** Seconds. A quiet log is looked at each second. */
export const A_MOMENT = 3;

/** Since when each view lacks something, and when it was last seen to lack nothing. On the clock of `performance`. */
export class Freshness {
  readonly #openedAt = performance.now();
  readonly #behindSince = new Map<string, number>();
  readonly #currentAt = new Map<string, number>();

  /** Tells where a view stands while the log is known up to `head`. */
  stands(view: string, position: string, head: string): void {
    if (position >= head) this.#behindSince.delete(view);
    else if (!this.#behindSince.has(view)) this.#behindSince.set(view, performance.now());
  }

  /** The log was asked, and the view has all of it. */
  hasEverything(view: string): void {
    this.#currentAt.set(view, performance.now());
  }

  /** Somebody who asked the log saw the view have all of it, so many milliseconds ago. */
  wasCurrent(view: string, age: number): void {
    const at = performance.now() - age;
    if (at > (this.#currentAt.get(view) ?? 0)) this.#currentAt.set(view, at);
  }

  /** For how many seconds the view has lacked something of what is known of the log. */
  lag(view: string, position: string, head: string): number {
    const now = performance.now();
    return position >= head ? 0 : (now - (this.#behindSince.get(view) ?? now)) / 1_000;
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
