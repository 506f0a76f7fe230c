import type { Log } from '../ports.js';

/** A pause between two attempts, which something new can end. */
export class Pause {
  #end = () => {};

  constructor(private readonly log: Pick<Log, 'head' | 'onAppend'>) {}

  /** Ends the pause that is on, if one is. */
  end(): void {
    this.#end();
  }

  /** Resolves when the milliseconds are over, `end` is called, or the log goes beyond a position. */
  take(milliseconds: number, beyond?: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = (head: string) => {
        if (beyond !== undefined && head > beyond) settle();
      };
      const settle = () => {
        clearTimeout(timer);
        stopListening();
        this.#end = () => {};
        resolve();
      };
      const timer = setTimeout(settle, milliseconds);
      const stopListening = this.log.onAppend(look);
      this.#end = settle;
      // what was appended before anybody listened
      if (beyond !== undefined)
        this.log.head().then(look, (error) => {
          settle();
          reject(error);
        });
    });
  }
}
