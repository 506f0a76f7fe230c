/**
 * Waits for one thing after another until a signal or somebody else interrupts. `Promise.race` with one promise that lives as
 * long as the stream would keep a reaction for each wait.
 */
export class Interruption {
  #interrupted: boolean;
  #wake: () => void = () => {};

  constructor(private readonly signal: AbortSignal) {
    this.#interrupted = signal.aborted;
    signal.addEventListener('abort', this.interrupt);
  }

  get interrupted(): boolean {
    return this.#interrupted;
  }

  readonly interrupt = (): void => {
    this.#interrupted = true;
    this.#wake();
  };

  /** Undefined when it was interrupted first. */
  wait<T>(work: Promise<T>): Promise<T | undefined> {
    return new Promise((resolve, reject) => {
      this.#wake = () => resolve(undefined);
      if (this.#interrupted) resolve(undefined);
      work.then(resolve, reject);
    });
  }

  end(): void {
    this.signal.removeEventListener('abort', this.interrupt);
  }
}
