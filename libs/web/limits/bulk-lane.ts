/** For so long after an interactive request bulk work leaves it the room. */
const RECENT = 1_000;
/** Bulk work that waited so long goes ahead of interactive requests, so that it never stands still. */
const LONGEST_WAIT = 50;

export interface LaneOptions {
  /** Bulk commands under way at a time. */
  readonly atOnce: number;
  /** The same while interactive requests come in. */
  readonly atOnceBeside: number;
  /** Milliseconds of a clock that is never set back. */
  readonly now?: () => number;
}

interface Waiting {
  readonly since: number;
  readonly go: () => void;
}

/**
 * Where bulk commands wait for their turn, first come first served. While interactive requests come in, few of them are under
 * way at a time and none begins beside an interactive request that is not answered yet; alone, bulk work has the whole machine.
 */
export class BulkLane {
  readonly #waiting: Waiting[] = [];
  readonly #now: () => number;
  #underWay = 0;
  #interactive = 0;
  #lastInteractive = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly options: LaneOptions) {
    this.#now = options.now ?? (() => performance.now());
  }

  interactiveBegins(): void {
    this.#interactive++;
    this.#lastInteractive = this.#now();
  }

  interactiveEnds(): void {
    this.#interactive--;
    if (this.#waiting.length > 0) this.#admit();
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#waiting.length > 0 || !this.#hasRoom(this.#now()))
      await new Promise<void>((go) => {
        this.#waiting.push({ since: this.#now(), go });
        this.#wake();
      });
    else this.#underWay++;
    try {
      return await work();
    } finally {
      this.#underWay--;
      this.#admit();
    }
  }

  #hasRoom(since: number): boolean {
    const now = this.#now();
    const { atOnce, atOnceBeside } = this.options;
    if (now - this.#lastInteractive > RECENT && this.#interactive === 0) return this.#underWay < atOnce;
    if (this.#underWay >= atOnceBeside) return false;
    // a request that waits for a view or a process does not keep everybody else waiting
    return this.#interactive === 0 || now - this.#lastInteractive >= LONGEST_WAIT || now - since >= LONGEST_WAIT;
  }

  #admit(): void {
    for (let next = this.#waiting[0]; next && this.#hasRoom(next.since); next = this.#waiting[0]) {
      this.#waiting.shift();
      this.#underWay++;
      next.go();
    }
    this.#wake();
  }

  /** Nothing may end for a while, and then nobody would look. */
  #wake(): void {
    if (this.#timer || this.#waiting.length === 0) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#admit();
    }, LONGEST_WAIT);
    this.#timer.unref();
  }
}
