import type { Interactive } from './interactive.js';
import { once } from './once.js';

/** Beside interactive requests that follow each other without a gap one bulk command begins all the same, so long after the last one. */
const LONGEST_PAUSE = 25;

export interface LaneOptions {
  /** Bulk commands under way at a time. */
  readonly atOnce: number;
  /** The same while interactive requests come in. */
  readonly atOnceBeside: number;
}

/**
 * Where bulk commands wait for their turn: tenants in turns, those of one tenant first come first served. While interactive
 * requests come in, few of them are under way at a time, none begins beside an interactive request that is not answered yet, and
 * after each the lane rests for as long as it took: what it makes the disk, the views and the collector of garbage do is half, and
 * less on a machine that is busy. Alone, bulk work has the whole machine.
 */
export class BulkLane {
  /** Tenant → what waits; the first tenant is the next one. */
  readonly #waiting = new Map<string, (() => void)[]>();
  #underWay = 0;
  /** When one began or ended last. */
  #lastMoved = Number.NEGATIVE_INFINITY;
  #restUntil = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;
  #wakesAt = 0;
  #scheduled = false;

  constructor(
    private readonly options: LaneOptions,
    private readonly interactive: Interactive,
  ) {
    interactive.onAnswered(() => this.#admitSoon());
  }

  /** @param work may call what it is given when nothing is left but to wait: another one begins then. */
  async run<T>(tenant: string, work: (end: () => void) => Promise<T>): Promise<T> {
    if (this.#waiting.size === 0 && this.#hasRoom()) this.#begin();
    else
      await new Promise<void>((go) => {
        const queue = this.#waiting.get(tenant);
        if (queue) queue.push(go);
        else this.#waiting.set(tenant, [go]);
        this.#wake();
      });
    const began = this.interactive.now();
    const end = once(() => {
      this.#end(began);
      this.#admitSoon();
    });
    try {
      return await work(end);
    } finally {
      end();
    }
  }

  #begin(): void {
    this.#underWay++;
    this.#lastMoved = this.interactive.now();
  }

  #end(began: number): void {
    this.#underWay--;
    const now = this.interactive.now();
    this.#lastMoved = now;
    this.#restUntil = now + Math.min(now - began, LONGEST_PAUSE);
  }

  #hasRoom(): boolean {
    const now = this.interactive.now();
    const { atOnce, atOnceBeside } = this.options;
    if (!this.interactive.isAbout(now)) return this.#underWay < atOnce;
    if (this.#underWay >= atOnceBeside) return false;
    if (now - this.#lastMoved >= LONGEST_PAUSE) return true;
    return now >= this.#restUntil && !this.interactive.hasFresh(now);
  }

  /** Interactive requests that have come in meanwhile are read, and counted, before bulk goes on. */
  #admitSoon(): void {
    if (this.#waiting.size === 0 || this.#scheduled) return;
    if (!this.interactive.isAbout(this.interactive.now())) this.#admit();
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
    if (this.#waiting.size === 0) return;
    const now = this.interactive.now();
    const rest = this.#restUntil - now;
    const delay = rest > 0 ? Math.min(rest, LONGEST_PAUSE) : LONGEST_PAUSE;
    if (this.#timer && this.#wakesAt <= now + delay) return;
    clearTimeout(this.#timer);
    this.#wakesAt = now + delay;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#admit();
    }, delay);
    this.#timer.unref();
  }
}
