/** A bell: whoever waits is woken; if nobody does, the next one who comes finds it rung. */
export class Signal {
  readonly #waiting = new Set<() => void>();
  #given = false;

  give(): void {
    this.#given = this.#waiting.size === 0;
    for (const wake of [...this.#waiting]) wake();
  }

  /** True when it was given, false after the milliseconds. */
  taken(milliseconds: number): Promise<boolean> {
    if (this.#given) {
      this.#given = false;
      return Promise.resolve(true);
    }
    return new Promise((resolve) => {
      const done = (given: boolean) => {
        clearTimeout(timer);
        this.#waiting.delete(wake);
        resolve(given);
      };
      const wake = () => done(true);
      const timer = setTimeout(() => done(false), milliseconds);
      this.#waiting.add(wake);
    });
  }
}
