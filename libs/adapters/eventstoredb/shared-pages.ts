import type { LogPage, ReadOptions } from '#runtime/ports';
import { matcher } from './scan.js';

/** Facts of a page that is shared; of all types, so few enough that those who want one type do not hold the others up. */
const SHARED = 1_000;

interface Reading {
  readonly page: Promise<LogPage>;
  /** Offset of the newest fact that was known when it began. */
  readonly newest: number;
}

/**
 * One read for all who follow the log and stand at the same place: some twenty processes are woken by the same append, and the
 * server sends facts of all types to each of them anyway. Nobody is given a read that began before the newest fact was known: who
 * was woken by that fact would fall asleep without it.
 */
export class SharedPages {
  readonly #underWay = new Map<string, Reading>();

  constructor(
    private readonly newest: () => number,
    private readonly read: (after: string, options: ReadOptions) => Promise<LogPage>,
  ) {}

  async page(after: string, options: ReadOptions): Promise<LogPage> {
    const known = this.#underWay.get(after);
    const reading = known?.newest === this.newest() ? known : this.#begin(after);
    return chosen(await reading.page, options);
  }

  #begin(after: string): Reading {
    const reading = { newest: this.newest(), page: this.read(after, { limit: SHARED }) };
    this.#underWay.set(after, reading);
    const over = () => {
      if (this.#underWay.get(after) === reading) this.#underWay.delete(after);
    };
    reading.page.then(over, over);
    return reading;
  }
}

/** What one reader wants of a page, no more of it than it asked for. */
function chosen(page: LogPage, options: ReadOptions): LogPage {
  const wanted = matcher(options);
  const facts = page.facts.filter(({ stream, type }) => wanted(stream, type));
  if (facts.length <= options.limit) return { ...page, facts };
  const first = facts.slice(0, options.limit);
  return { facts: first, position: first.at(-1)?.position ?? page.position, atHead: false };
}
