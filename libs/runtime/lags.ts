import { type Log, LogUnavailable } from './ports.js';

/** Where positions do not count facts they are read to be counted: no more than these. */
const COUNTED = 1_000;

/** How many facts lie between positions and the head. */
export class Lags {
  readonly #known = new Map<string, number>();

  constructor(
    private readonly log: Log,
    private readonly head: string,
  ) {}

  /** Of a log whose positions do not count facts 1,000 at most; while it is away and more than nothing, 1. */
  async of(position: string): Promise<number> {
    if (position >= this.head) return 0;
    if (!this.log.sparse) return numberOf(this.head) - numberOf(position);
    const known = this.#known.get(position);
    if (known !== undefined) return known;
    const count = await this.#count(position);
    this.#known.set(position, count);
    return count;
  }

  async #count(position: string): Promise<number> {
    try {
      const { facts } = await this.log.readAll(position, { limit: COUNTED, upTo: this.head });
      return Math.max(1, facts.length);
    } catch (error) {
      if (error instanceof LogUnavailable) return 1;
      throw error;
    }
  }
}

const numberOf = (position: string) => Number(position.slice(position.indexOf('.') + 1));
