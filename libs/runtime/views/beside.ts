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
}
