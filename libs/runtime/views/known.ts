import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Log } from '../ports.js';

const PAGE = 4_096;

interface Mark {
  readonly position: string;
  /** The latest `recordedAt` of the whole log up to here. */
  readonly latest: string;
}

/**
 * Finds how far the log was recorded at a moment: the last position up to which no fact, of any tenant and type, was recorded
 * later. Keeps a mark for each few thousand facts; the first question reads the log once.
 */
export class RecordingTimes {
  readonly #marks: Mark[] = [];
  #reading: Promise<void> = Promise.resolve();

  constructor(private readonly log: Log) {}

  /** @param upTo positions behind it are not asked for */
  async positionAt(knownAt: string, upTo: string): Promise<string> {
    if (!this.#isFar(knownAt, upTo)) {
      this.#reading = this.#reading.catch(() => undefined).then(() => this.#readOn(knownAt, upTo));
      await this.#reading;
    }
    const later = this.#firstLater(knownAt);
    const before = later === 0 ? undefined : this.#marks[later - 1];
    let position = before?.position ?? this.log.start;
    if (later === this.#marks.length) return position;
    for (const fact of (await this.log.readAll(position, { limit: PAGE, upTo: this.#marks[later]?.position ?? upTo })).facts) {
      if (fact.recordedAt > knownAt) break;
      position = fact.position;
    }
    return position;
  }

  #isFar(knownAt: string, upTo: string): boolean {
    const last = this.#marks.at(-1);
    return last !== undefined && (last.latest > knownAt || last.position >= upTo);
  }

  async #readOn(knownAt: string, upTo: string): Promise<void> {
    while (!this.#isFar(knownAt, upTo)) {
      const last = this.#marks.at(-1);
      const page = await this.log.readAll(last?.position ?? this.log.start, { limit: PAGE, upTo });
      let latest = last?.latest ?? '';
      for (const { recordedAt } of page.facts) if (recordedAt > latest) latest = recordedAt;
      if (page.facts.length > 0) this.#mark({ position: page.position, latest }, page.facts.length);
      if (page.atHead) return;
      await nextTurn();
    }
  }

  /** Short pages at the head are joined, so that marks stay as few as full pages. */
  #mark(mark: Mark, facts: number): void {
    const open = this.#open;
    if (open !== undefined && open + facts <= PAGE) {
      this.#marks[this.#marks.length - 1] = mark;
      this.#open = open + facts;
    } else {
      this.#marks.push(mark);
      this.#open = facts;
    }
  }
  /** Facts behind the last mark but one. */
  #open: number | undefined;

  #firstLater(knownAt: string): number {
    let low = 0;
    let high = this.#marks.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#marks[middle]?.latest ?? '') > knownAt) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
