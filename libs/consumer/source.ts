import type { FactEvent } from './event.js';

/** What reads topics for a consumer: all events of a stream in order, each at least once. */
export interface Source {
  /** Reads until the signal; rejects with SourceRefused where somebody has to decide. */
  read(reader: Reader, signal: AbortSignal): Promise<void>;
}

/** The consumer as its source sees it. */
export interface Reader {
  /** Where this source was, if it asked to remember (`Batch.positions`). */
  position(source: string): Promise<string | undefined>;
  /** Deals with events in order; false when the consumer stops before all are dealt with: then they must come again. */
  handle(batch: Batch): Promise<boolean>;
  /**
   * Puts a message aside that is no event, under a name of its own, so that nothing waits behind it; false when the consumer stops
   * before. Released, it is dropped: there is nothing that could handle it.
   */
  putAside(message: Unreadable): Promise<boolean>;
  /** Something went wrong and will be tried again. */
  failed(error: unknown): void;
}

export interface Unreadable {
  /** Where it was read, the same each time. */
  readonly place: string;
  readonly text: string;
  readonly why: string;
  readonly alive?: () => Promise<void>;
}

export interface Batch {
  readonly events: readonly FactEvent[];
  /** Remembers the position of each event under this name. */
  readonly remember?: string;
  /** Called after each event, and every few seconds while one is retried. */
  readonly alive?: () => Promise<void>;
}

/** Milliseconds to wait before the next attempt: doubled each time, a random half of it taken off so that many do not come at once. */
export function pauseBefore(attempt: number, first: number, longest: number): number {
  const whole = Math.min(longest, first * 2 ** Math.min(attempt - 1, 30));
  return whole * (0.5 + Math.random() / 2);
}

/** Waits, or is interrupted by the signal. */
export function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const over = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', over);
      resolve();
    };
    const timer = setTimeout(over, milliseconds);
    signal.addEventListener('abort', over);
  });
}
