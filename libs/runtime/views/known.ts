import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Log } from '../ports.js';

const PAGE = 4_096;
/** Facts between two marks, at most: what a question reads. */
const APART = 256;

interface Mark {
  readonly position: string;
  /** The latest `recordedAt` of the whole log up to here. */
  readonly latest: string;
}

/**
 * Finds how far the log was recorded at a moment: the last position up to which no fact, of any tenant and type, was recorded
 * later. Keeps a mark for each few hundred facts; the first question reads the log once.
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
    const options = { limit: APART, packed: true, upTo: this.#marks[later]?.position ?? upTo };
    for (const fact of (await this.log.readAll(position, options)).facts) {
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
      const page = await this.log.readAll(last?.position ?? this.log.start, { limit: PAGE, packed: true, upTo });
      for (const { position, recordedAt } of page.facts) this.#note(position, recordedAt);
      this.#note(page.position);
      if (page.atHead) return;
      await nextTurn();
    }
  }

  /** Of a fact that was recorded then, or of a stretch without facts. The last mark moves on until it stands for enough of them. */
  #note(position: string, recordedAt?: string): void {
    const last = this.#marks.at(-1);
    const latest = last && (recordedAt === undefined || last.latest > recordedAt) ? last.latest : (recordedAt ?? '');
    if (last && (recordedAt === undefined || this.#open < APART)) this.#marks[this.#marks.length - 1] = { position, latest };
    else {
      this.#marks.push({ position, latest });
      this.#open = 0;
    }
    if (recordedAt !== undefined) this.#open += 1;
  }
  /** Facts behind the last mark but one. */
  #open = 0;

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
