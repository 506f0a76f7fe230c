import { setTimeout as after } from 'node:timers/promises';

/** Work that goes on beside the caller's own, who looks between at whether it failed, and at last waits for its end. */
export class Beside {
  readonly #work: Promise<void>[] = [];
  #failure: { readonly error: unknown } | undefined;

  run(work: Promise<void>): void {
    this.#work.push(
      work.catch((error: unknown) => {
        this.#failure ??= { error };
      }),
    );
  }

  get failed(): boolean {
    return this.#failure !== undefined;
  }

  /** Throws what the first of it threw. */
  async ended(): Promise<void> {
    await Promise.all(this.#work);
    if (this.#failure) throw this.#failure.error;
  }

  /** The same; false when it takes longer than that. */
  async endsWithin(milliseconds: number): Promise<boolean> {
    const ended = new AbortController();
    const late = after(milliseconds, false, { signal: ended.signal }).catch(() => true);
    const inTime = await Promise.race([Promise.all(this.#work).then(() => true), late]);
    ended.abort();
    if (this.#failure) throw this.#failure.error;
    return inTime;
  }
}
