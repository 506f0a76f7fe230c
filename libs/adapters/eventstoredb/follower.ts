import type { Live } from './link.js';
import { type StoreEvent, StoreFailure, type StreamFilter } from './store.js';

export interface FollowerOptions {
  readonly live: () => Promise<Live>;
  readonly replace: (live: Live) => Promise<void>;
  readonly filter: StreamFilter;
  /** Where to go on: the last fact that is known to be there still. */
  readonly from: () => Promise<number | 'start'>;
  readonly seen: (event: StoreEvent) => void;
  /** It is subscribed, for the first time or again: facts may have come before. */
  readonly joined: () => void;
  /** Milliseconds until the server must have confirmed a subscription. */
  readonly deadline: number;
}

const FIRST_PAUSE = 50;
const LONGEST_PAUSE = 5_000;

/**
 * One subscription for the whole process. It ends whenever the server restarts (E41), finds us too slow (E38), or is away
 * (E42), and begins again behind the last fact it saw, after a pause that grows while it fails: that loses nothing (E39).
 */
export class Follower {
  #stop: (() => void) | undefined;
  #timer: NodeJS.Timeout | undefined;
  #pause = FIRST_PAUSE;
  #closed = false;

  constructor(private readonly options: FollowerOptions) {
    void this.#subscribe();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#stop?.();
  }

  async #subscribe(): Promise<void> {
    let live: Live | undefined;
    try {
      const from = await this.options.from();
      live = await this.options.live();
      if (this.#closed) return;
      const stop = live.connection.subscribe(from, this.options.filter, {
        confirmed: () => {
          clearTimeout(this.#timer);
          this.options.joined();
        },
        event: (event) => {
          this.#pause = FIRST_PAUSE;
          this.options.seen(event);
        },
        ended: (failure) => this.#again(failure, live),
      });
      this.#stop = stop;
      this.#timer = setTimeout(() => {
        stop();
        this.#again(new StoreFailure('dropped', 'EventStoreDB did not confirm a subscription in time.'), live);
      }, this.options.deadline);
      this.#timer.unref();
    } catch (error) {
      this.#again(error as Error, live);
    }
  }

  #again(failure: Error, live: Live | undefined): void {
    this.#stop = undefined;
    clearTimeout(this.#timer);
    if (this.#closed) return;
    const lost = failure instanceof StoreFailure && (failure.kind === 'not-leader' || failure.kind === 'unreachable');
    if (live && lost) void this.options.replace(live);
    this.#timer = setTimeout(() => void this.#subscribe(), this.#pause * (0.5 + Math.random() / 2));
    this.#timer.unref();
    this.#pause = Math.min(this.#pause * 2, LONGEST_PAUSE);
  }
}
