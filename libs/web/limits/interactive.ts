import { once } from './once.js';

/** For so long after an interactive request others leave it the room. */
const RECENT = 1_000;
/** An interactive request that takes longer waits for something: a view, a process. Nobody has to make way for it any more. */
const FRESH = 50;

/** The interactive requests of a server, for the lanes that make way for them. */
export class Interactive {
  /** When each began that is not answered yet, oldest first, without those that are not fresh. */
  readonly #fresh = new Map<symbol, number>();
  readonly #listeners: (() => void)[] = [];
  #underWay = 0;
  #last = Number.NEGATIVE_INFINITY;

  /** @param now Milliseconds of a clock that is never set back. */
  constructor(readonly now: () => number = () => performance.now()) {}

  /** Call what it gives when the request is answered; again changes nothing. */
  begins(): () => void {
    const request = Symbol('interactive');
    this.#last = this.now();
    this.#underWay++;
    this.#fresh.set(request, this.#last);
    return once(() => {
      this.#underWay--;
      this.#fresh.delete(request);
      for (const listener of this.#listeners) listener();
    });
  }

  /** Hears of each request that was answered. */
  onAnswered(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** Whether one is there, or was a moment ago. */
  isAbout(now: number): boolean {
    return this.#underWay > 0 || now - this.#last <= RECENT;
  }

  hasFresh(now: number): boolean {
    for (const [request, since] of this.#fresh) {
      if (now - since < FRESH) return true;
      this.#fresh.delete(request);
    }
    return false;
  }
}
