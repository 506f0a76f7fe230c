import { ForeignPosition, type Log, StaleWriter, type StoredFact, TooMuchAtOnce } from '../ports.js';
import type { Lineup } from './lineup.js';
import type { Track } from './track.js';
import type { Whereabouts } from './whereabouts.js';

export interface FollowingOptions {
  readonly log: Log;
  /** Told of whatever keeps a view from moving on; never holds data of facts. */
  readonly report?: (trouble: { readonly view?: string; readonly error: unknown; readonly retryInMilliseconds: number }) => void;
}

/** Facts in one page while the views keep up, and at most when they catch up. */
const PAGE = { least: 256, most: 4_096 };
/** A page that takes longer (milliseconds) comes near the limits of time of a store under load: the next one is half as large. */
const SLOW = 5_000;
/** Views that take in a page at the same time: while one waits for a remote store, another one folds. */
const VIEWS_AT_ONCE = 4;
/** At the head of a busy log: times what a page took, and milliseconds at most. */
const REST = { share: 4, most: 20 };
/** Pages between two looks at how far behind the views are. */
const PAGES_A_LOOK = 8;

/** The views on their way along the log, all of them a page at a time. */
export class Following {
  /** Of the log, as far as it is known. */
  head: string;
  #limit = PAGE.least;
  /** On the clock of `performance`. */
  #restsUntil = 0;
  /** Since the views were last at the head. */
  #pages = 0;

  constructor(
    private readonly options: FollowingOptions,
    private readonly lineup: Lineup,
    private readonly whereabouts: Whereabouts,
  ) {
    this.head = options.log.start;
  }

  /** Milliseconds to rest before the next page, unless somebody waits for it. */
  get rest(): number {
    return this.#restsUntil - performance.now();
  }

  /** Reads a page and lets each view take what it lacks. False when there is nothing more. */
  async step(token: number): Promise<boolean> {
    const { log, report } = this.options;
    const began = performance.now();
    const tracks = this.lineup.following;
    for (const track of tracks) await track.settle();
    const [first] = tracks;
    if (!first) return false;
    const lowest = tracks.reduce((low, { position }) => (position < low ? position : low), first.position);
    const types = [...new Set(tracks.flatMap(({ plan }) => plan.types))];
    const page = await log.readAll(lowest, { limit: this.#limit, types }).catch(async (error: unknown) => {
      if (error instanceof ForeignPosition) await this.lineup.dropLost();
      throw error;
    });
    if (page.position > this.head) this.head = page.position;
    let failed: { readonly error: unknown } | undefined;
    const behind = tracks.filter(({ position }) => position < page.position).values();
    const takeTurns = async () => {
      for (const track of behind) {
        try {
          const facts = page.facts.filter(({ type, position }) => track.types.has(type) && position > track.position);
          await this.#advance(track, facts, page.position, token);
        } catch (error) {
          track.doubt();
          if (!failed || error instanceof StaleWriter) failed = { error };
          report?.({ view: track.plan.view.name, error, retryInMilliseconds: 0 });
        }
      }
    };
    await Promise.all(Array.from({ length: VIEWS_AT_ONCE }, takeTurns));
    if (page.atHead)
      for (const { plan, position } of tracks) if (position >= page.position) this.whereabouts.hasEverything(plan.view.name);
    this.whereabouts.publish(this.lineup.live);
    if (failed) {
      // The same page again could take too long again, and the views would stand still for good.
      this.#limit = PAGE.least;
      throw failed.error;
    }
    const now = performance.now();
    if (page.atHead) this.#limit = PAGE.least;
    else this.#limit = now - began > SLOW ? Math.max(this.#limit / 2, PAGE.least) : Math.min(this.#limit * 2, PAGE.most);
    if (page.atHead) this.#pages = 0;
    else if (this.#pages++ % PAGES_A_LOOK === 0) await this.lineup.giveUp(token);
    this.#restsUntil = now + Math.min(REST.share * (now - began), REST.most);
    return !page.atHead;
  }

  /** In halves where the store does not take so much at once. */
  async #advance(track: Track, facts: readonly StoredFact[], to: string, token: number): Promise<void> {
    try {
      await track.advance(facts, to, token);
    } catch (error) {
      if (!(error instanceof TooMuchAtOnce) || facts.length < 2) throw error;
      track.doubt();
      await track.settle();
      const half = facts.slice(0, Math.ceil(facts.length / 2));
      await this.#advance(track, half, half.at(-1)?.position ?? to, token);
      await this.#advance(track, facts.slice(half.length), to, token);
    }
  }
}
