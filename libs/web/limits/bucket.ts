/** A bucket of permits that fills at a steady rate; empty, it says when the next one is there. */
export class Bucket {
  #permits: number;
  #since: number;

  /** `rate` a second, at most `burst` at once; times are milliseconds of one clock. */
  constructor(
    private readonly rate: number,
    private readonly burst: number,
    now: number,
  ) {
    this.#permits = burst;
    this.#since = now;
  }

  /** Takes one and gives 0, or takes none and gives the milliseconds until one is there. */
  take(now: number): number {
    this.#fill(now);
    if (this.#permits >= 1) {
      this.#permits -= 1;
      return 0;
    }
    return ((1 - this.#permits) / this.rate) * 1_000;
  }

  isFull(now: number): boolean {
    this.#fill(now);
    return this.#permits >= this.burst;
  }

  #fill(now: number): void {
    // a clock that is set back fills nothing
    if (now > this.#since) this.#permits = Math.min(this.burst, this.#permits + ((now - this.#since) / 1_000) * this.rate);
    this.#since = now;
  }
}
