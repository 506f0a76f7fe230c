import { setImmediate as nextTurn } from 'node:timers/promises';
import { anotherServer } from '../another-server.js';
import { type Lease, StaleWriter } from '../ports.js';
import { Problem } from '../problem.js';
import { Following, type FollowingOptions } from './following.js';
import { Lineup, type LineupOptions } from './lineup.js';
import type { ViewPlan } from './plan.js';
import { type Sight, Sights, type ViewProgress } from './sights.js';
import { Signal } from './signal.js';
import type { Standings } from './standings.js';
import type { Track } from './track.js';
import { Whereabouts } from './whereabouts.js';

export interface WorkerOptions extends LineupOptions, FollowingOptions {
  /** Names this process among those that would write the same views. */
  readonly holder: string;
  readonly leaseMilliseconds?: number;
  /** Where the views stand: told to other threads by the one that writes them, and looked up by those that do not. */
  readonly standings?: Standings | undefined;
}

const LEASE = 'views';
const SAFETY_POLL = 1_000;
const BACK_OFF = { first: 50, most: 5_000 };

/**
 * The one reader of the log for all views of a process. Woken by the log, it folds a page in memory and commits documents and checkpoint
 * together; pieces of work that write too, such as a switch to another generation, run between two pages.
 */
export class ViewWorker {
  readonly #lineup: Lineup;
  readonly #following: Following;
  readonly #wake = new Signal();
  readonly #moved = new Signal();
  readonly #stopped = new Signal();
  /** Somebody waits for a position, or the end has come: no time to rest. */
  readonly #hurry = new Signal();
  readonly #jobs: (() => Promise<void>)[] = [];
  #lease: Lease | undefined;
  #hasWritten = false;
  #renewAt = 0;
  readonly #whereabouts: Whereabouts;
  readonly #sights: Sights;
  #stopping = false;
  /** The end did not wait for what is in hand: whoever closes the store under it is no trouble, and it is done again after the next start. */
  #left = false;
  #running: Promise<void> | undefined;
  #stopListening: (() => void) | undefined;

  constructor(private readonly options: WorkerOptions) {
    this.#lineup = new Lineup(options, () => this.#following.head);
    this.#whereabouts = new Whereabouts(options.log, options.standings);
    this.#sights = new Sights(options, this.#lineup, this.#whereabouts, () => this.#lease !== undefined);
    this.#following = new Following({ ...options, report: this.#report }, this.#lineup, this.#whereabouts);
  }

  /** Opens the generations and begins to read. Views whose live generation has another definition stay frozen. */
  async start(): Promise<void> {
    const { log } = this.options;
    this.#following.head = await log.head();
    await this.#lineup.open();
    if (this.options.writes === false) return;
    this.#stopListening = log.onAppend((head) => {
      this.#following.head = head;
      // Who stands by has nothing to do for it.
      if (this.#lease) this.#wake.give();
    });
    this.#running = this.#run();
  }

  /** Finishes the page in hand, stores positions, gives the lease back; at most `milliseconds`. */
  async stop(milliseconds = 5_000): Promise<void> {
    this.#stopping = true;
    this.#stopListening?.();
    this.#wake.give();
    this.#stopped.give();
    this.#hurry.give();
    const bound = AbortSignal.timeout(milliseconds);
    await Promise.race([
      this.#running,
      new Promise<void>((late) => bound.addEventListener('abort', () => late(), { once: true })),
    ]);
    this.#left = true;
    for (const job of this.#jobs.splice(0)) await job();
    this.#moved.give();
  }

  /** The views whose served generation does not follow the log: another one is to be built. */
  get unfollowing(): readonly ViewPlan[] {
    return this.#lineup.unfollowing;
  }

  /** The token that writes need. Throws Problem 503 while another process is the writer. */
  get token(): number {
    if (!this.#lease) throw notHere();
    return this.#lease.token;
  }

  /** Reads of one position: neither documents nor position change while `work` runs. */
  read<T>(view: string, work: (sight: Sight) => Promise<T>): Promise<T> {
    return this.#sights.read(view, work);
  }

  /** How far a view is, whoever writes it; undefined while it is of another log. */
  standsAt(view: string): ReturnType<Sights['standsAt']> {
    return this.#sights.standsAt(view);
  }

  progress(): Promise<readonly ViewProgress[]> {
    return this.#sights.progress(this.#following.head);
  }

  /** True as soon as the view has everything up to a position; false after the milliseconds. */
  async reached(view: string, position: string, milliseconds: number): Promise<boolean> {
    const until = performance.now() + milliseconds;
    for (;;) {
      const here = await this.standsAt(view);
      if (here === undefined) return false;
      if (here.position >= position) return true;
      const left = until - performance.now();
      if (left <= 0 || this.#stopping) return false;
      this.#hurry.give();
      await this.#moved.taken(here.isWritten ? left : Math.min(left, 20));
    }
  }

  /** Runs a piece of work between two pages, while this is the writer and nothing else is written. */
  between<T>(work: (token: number) => Promise<T>): Promise<T> {
    if (this.#stopping) return Promise.reject(notHere());
    if (this.options.writes === false) return this.#writtenElsewhere();
    return new Promise((resolve, reject) => {
      this.#jobs.push(async () => {
        try {
          if (this.#stopping) throw notHere();
          resolve(await (this.#lease ? work(this.token) : this.#writtenElsewhere()));
        } catch (error) {
          reject(error);
        }
      });
      this.#wake.give();
    });
  }

  async #writtenElsewhere(): Promise<never> {
    throw await anotherServer(this.options.store, LEASE, 'writes the views');
  }

  live(view: string): Track {
    return this.#lineup.of(view);
  }

  /** Lets a generation that was built up to its checkpoint follow the log beside the live one. Call it between pages. */
  async join(track: Track): Promise<void> {
    await track.settle();
    this.#lineup.building.add(track);
  }

  /** Resolves when a generation that joined has everything up to a position. */
  async followed(track: Track, position: string): Promise<void> {
    while (track.position < position) {
      if (this.#stopping || !this.#lineup.building.has(track)) throw notHere();
      await this.#moved.taken(SAFETY_POLL);
    }
  }

  leave(track: Track): void {
    this.#lineup.building.delete(track);
  }

  /** Makes a generation that follows the live one. Call it between pages. */
  async replace(track: Track): Promise<void> {
    await this.#lineup.replace(track);
    this.#moved.give();
  }

  // ---- the loop ----

  async #run(): Promise<void> {
    let wait: number = BACK_OFF.first;
    while (!this.#stopping) {
      try {
        const holds = await this.#hold();
        for (const job of this.#jobs.splice(0)) await job();
        if (!holds) {
          await this.#lineup.serveLive();
          await this.#wake.taken(this.#leaseMilliseconds / 4);
        } else if (await this.#step()) await nextTurn();
        else await this.#idle();
        wait = BACK_OFF.first;
      } catch (error) {
        if (error instanceof StaleWriter) {
          this.#lease = undefined;
          for (const track of this.#lineup.following) track.doubt();
        }
        this.#report({ error, retryInMilliseconds: wait });
        await this.#stopped.taken(wait);
        wait = Math.min(wait * 2, BACK_OFF.most);
      }
    }
    await this.#finish();
  }

  readonly #report: NonNullable<FollowingOptions['report']> = (trouble) => {
    if (!this.#left) this.options.report?.(trouble);
  };

  async #step(): Promise<boolean> {
    try {
      return await this.#following.step(this.token);
    } finally {
      this.#moved.give();
    }
  }

  /**
   * Sleeps until the log or a job wakes it; meanwhile writes down positions that quiet stretches moved. At the head of a busy log
   * it rests several times as long as it worked, unless somebody waits: appends gather, whose commits are made at once, and a
   * document that several of them touch is written once.
   */
  async #idle(): Promise<void> {
    const woken = await this.#wake.taken(SAFETY_POLL);
    const rest = this.#following.rest;
    if (woken && rest > 0) await this.#hurry.taken(rest);
    if (woken || this.#stopping) return;
    for (const track of this.#lineup.following) await track.rest(this.token);
    this.#following.head = await this.options.log.head();
  }

  async #finish(): Promise<void> {
    try {
      if (!this.#lease) return;
      for (const track of this.#lineup.following) {
        await track.settle();
        await track.rest(this.#lease.token);
      }
      await this.options.store.release(this.#lease);
    } catch (error) {
      this.#report({ error, retryInMilliseconds: 0 });
    }
  }

  /** Takes or keeps the lease. With a new one, everything known of the store is read again. */
  async #hold(): Promise<boolean> {
    if (this.#lease && performance.now() < this.#renewAt) return true;
    const asked = performance.now();
    const lease = await this.options.store.lease(LEASE, this.options.holder, this.#leaseMilliseconds);
    if (lease?.token !== this.#lease?.token) {
      for (const track of this.#lineup.following) track.doubt();
      if (lease) {
        for (const { spec, state } of await this.#lineup.serveLive()) {
          // Nobody goes on with what a writer before this one was building.
          if (state === 'building' && !this.#hasWritten) await this.options.store.drop(spec.view, spec.hash);
        }
        this.#hasWritten = true;
        for (const track of this.#lineup.following) await track.settle();
        this.#moved.give();
      }
    }
    this.#lease = lease;
    this.#renewAt = asked + this.#leaseMilliseconds / 3;
    return lease !== undefined;
  }

  get #leaseMilliseconds(): number {
    return this.options.leaseMilliseconds ?? 10_000;
  }
}

const notHere = () =>
  new Problem(503, 'not-the-writer', 'The views are written elsewhere at the moment; try again.', { retryAfter: 5 });
