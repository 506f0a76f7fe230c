/** For so long after an interactive request bulk work leaves it the room. */
const RECENT = 1_000;
/** An interactive request that takes longer waits for something: a view, a process. Nobody has to make way for it any more. */
const FRESH = 50;
/** Beside interactive requests that follow each other without a gap one bulk command begins all the same, so often. */
const LONGEST_PAUSE = 25;

export interface LaneOptions {
  /** Bulk commands under way at a time. */
  readonly atOnce: number;
  /** The same while interactive requests come in. */
  readonly atOnceBeside: number;
  /** Milliseconds of a clock that is never set back. */
  readonly now?: () => number;
}

/**
 * Where bulk commands wait for their turn: tenants in turns, those of one tenant first come first served. While interactive
 * requests come in, few of them are under way at a time and none begins beside an interactive request that is not answered yet;
 * alone, bulk work has the whole machine.
 */
export class BulkLane {
  /** Tenant → what waits; the first tenant is the next one. */
  readonly #waiting = new Map<string, (() => void)[]>();
  readonly #now: () => number;
  #underWay = 0;
  /** When each began that is not answered yet, oldest first, without those that are not fresh. */
  readonly #fresh = new Map<symbol, number>();
  #interactive = 0;
  #lastInteractive = Number.NEGATIVE_INFINITY;
  #lastBegun = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;
  #scheduled = false;

  constructor(private readonly options: LaneOptions) {
    this.#now = options.now ?? (() => performance.now());
  }

  /** Call what it gives when the request is answered. */
  interactiveBegins(): () => void {
    const request = Symbol('interactive');
    this.#lastInteractive = this.#now();
    this.#interactive++;
    this.#fresh.set(request, this.#lastInteractive);
    return () => {
      this.#interactive--;
      this.#fresh.delete(request);
      this.#admitSoon();
    };
  }

  async run<T>(tenant: string, work: () => Promise<T>): Promise<T> {
    if (this.#waiting.size === 0 && this.#hasRoom()) this.#begin();
    else
      await new Promise<void>((go) => {
        const queue = this.#waiting.get(tenant);
        if (queue) queue.push(go);
        else this.#waiting.set(tenant, [go]);
        this.#wake();
      });
    try {
      return await work();
    } finally {
      this.#underWay--;
      this.#admitSoon();
    }
  }

  #begin(): void {
    this.#underWay++;
    this.#lastBegun = this.#now();
  }

  #hasRoom(): boolean {
    const now = this.#now();
    const { atOnce, atOnceBeside } = this.options;
    if (!this.#isBeside(now)) return this.#underWay < atOnce;
    if (this.#underWay >= atOnceBeside) return false;
    return !this.#hasFresh(now) || now - this.#lastBegun >= LONGEST_PAUSE;
  }

  #isBeside(now: number): boolean {
    return this.#interactive > 0 || now - this.#lastInteractive <= RECENT;
  }

  #hasFresh(now: number): boolean {
    for (const [request, since] of this.#fresh) {
      if (now - since < FRESH) return true;
      this.#fresh.delete(request);
    }
    return false;
  }

  /** Interactive requests that have come in meanwhile are read, and counted, before bulk goes on. */
  #admitSoon(): void {
    if (this.#waiting.size === 0 || this.#scheduled) return;
    if (!this.#isBeside(this.#now())) this.#admit();
    else {
      this.#scheduled = true;
      setImmediate(() => {
        this.#scheduled = false;
        this.#admit();
      });
    }
  }

  #admit(): void {
    for (const [tenant, queue] of this.#waiting) {
      if (!this.#hasRoom()) break;
      const go = queue.shift();
      // behind the others: a Map that is walked through comes to what was added at its end
      this.#waiting.delete(tenant);
      if (queue.length > 0) this.#waiting.set(tenant, queue);
      this.#begin();
      go?.();
    }
    this.#wake();
  }

  /** Nothing may end for a while, and then nobody would look. */
  #wake(): void {
    if (this.#timer || this.#waiting.size === 0) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#admit();
    }, LONGEST_PAUSE);
    this.#timer.unref();
  }
}
