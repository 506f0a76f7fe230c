import { LogUnavailable } from './ports.js';

/** Milliseconds for which who knows an answer from before waits for a new one. */
const MOMENT = 500;
/** Milliseconds in which a log that did not answer is not asked again by who knows an answer from before. */
const LEFT_ALONE = 1_000;

/**
 * Questions to a log that may be away: one that is frozen says nothing for seconds, and a dead one at once. Who knows an answer
 * from before goes on with that; what was asked goes on too, and tells when the log is back.
 */
export class Patience {
  /** Questions that were given up waiting for and are not answered yet. */
  #unanswered = 0;
  #leftAloneUntil = 0;

  /** `before`: what is known without the log. Throws what `ask` throws, LogUnavailable only where nothing is known. */
  async ask<T>(ask: () => Promise<T>, before: { readonly known: T } | undefined): Promise<T> {
    if (!before) return ask();
    if (this.#unanswered > 0 || performance.now() < this.#leftAloneUntil) return before.known;
    let isWaiting = true;
    let timer: NodeJS.Timeout | undefined;
    const given = new Promise<T>((resolve) => {
      timer = setTimeout(() => {
        isWaiting = false;
        this.#unanswered++;
        resolve(before.known);
      }, MOMENT);
    });
    const asked = ask()
      .catch((error: unknown) => {
        if (!(error instanceof LogUnavailable)) throw error;
        this.#leftAloneUntil = performance.now() + LEFT_ALONE;
        return before.known;
      })
      .finally(() => {
        clearTimeout(timer);
        if (!isWaiting) this.#unanswered--;
      });
    asked.catch(() => {});
    return Promise.race([asked, given]);
  }
}
