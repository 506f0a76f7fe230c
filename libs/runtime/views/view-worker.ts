import { setImmediate as nextTurn } from 'node:timers/promises';
import { anotherServer } from '../another-server.js';
import { bounded } from '../bounded.js';
import { ForeignPosition, type GenerationInfo, type Lease, StaleWriter } from '../ports.js';
import { Problem } from '../problem.js';
import { Following, type FollowingOptions } from './following.js';
import { Lineup, type LineupOptions } from './lineup.js';
import { definitionPart, type ViewPlan } from './plan.js';
import { distance, isOf } from './positions.js';
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

export interface ViewProgress {
  readonly view: string;
  /** Hash of the definition that built what is served. */
  readonly definition: string;
  readonly position: string;
  /** Distance to the head in units of positions: facts on the embedded log. */
  readonly lagFacts: number;
  /** Since when the position has been the same, in milliseconds since 1970. */
  readonly movedAt: number;
  readonly parked: number;
  /** It waits for its new definition to be built. */
  readonly frozen: boolean;
}

/** What a query sees: documents that do not change while it looks, and their position. */
export interface Sight {
  readonly track: Track;
  readonly position: string;
  /** Seconds since it was last known to have everything; undefined while that is a moment ago. */
  readonly age: number | undefined;
}

const LEASE = 'views';
const SAFETY_POLL = 1_000;
const BACK_OFF = { first: 50, most: 5_000 };
const ATTEMPTS_TO_READ = 25;
/** Milliseconds for which whoever asks where views stand waits for a look at them. */
const A_LOOK = 1_000;

/** One reader of the log for all views of a process. Woken by the log, it folds pages in memory and commits documents with checkpoint. */
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
  /** Where views stand that another process writes. */
  #looking: Promise<void> | undefined;
  #looksAgainAt = 0;
  #stopping = false;
  /** The end did not wait for what is in hand: whoever closes the store under it is no trouble, and it is done again after the next start. */
  #left = false;
  #running: Promise<void> | undefined;
  #stopListening: (() => void) | undefined;

  constructor(private readonly options: WorkerOptions) {
    this.#lineup = new Lineup(options, () => this.#following.head);
    this.#whereabouts = new Whereabouts(options.log, options.standings);
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
  async read<T>(view: string, work: (sight: Sight) => Promise<T>): Promise<T> {
    const track = await this.#current(view);
    if (!this.#stands(track)) throw foreign(view);
    if (this.#lease && !track.frozen)
      return track.gate.read(() => work({ track, position: track.position, age: this.#whereabouts.age(view) }));
    for (let attempt = 0; attempt < ATTEMPTS_TO_READ; attempt++) {
      const checkpoint = await track.generation.checkpoint();
      const position = await this.#stored(track, checkpoint);
      const answer = await work({ track, position, age: this.#whereabouts.age(view) });
      if ((await track.generation.checkpoint()) === checkpoint) return answer;
    }
    throw new Problem(503, 'view-busy', `The view ${view} changes too fast to be read here; try again.`, { retryAfter: 1 });
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

  /** How far a view is, whoever writes it; undefined while it is of another log. */
  async standsAt(view: string): Promise<(Pick<Sight, 'position' | 'age'> & { readonly isWritten: boolean }) | undefined> {
    const track = await this.#current(view);
    if (!this.#stands(track)) return undefined;
    const isWritten = this.#lease !== undefined && !track.frozen;
    const position = isWritten ? track.position : await this.#stored(track, await track.generation.checkpoint());
    return { position, isWritten, age: this.#whereabouts.age(view) };
  }

  /** Whether the log is still the one that a view was built from. */
  #stands(track: Track, position = track.position): boolean {
    return track.state !== 'lost' && isOf(this.options.log, position);
  }

  /** Throws Problem 503 where the log knows that position no more. */
  #stored(track: Track, checkpoint: string | undefined): Promise<string> {
    return this.#whereabouts.stored(track, checkpoint).catch((error: unknown) => {
      throw error instanceof ForeignPosition ? foreign(track.plan.view.name) : error;
    });
  }

  /** Of views that another process writes: where they were last found. For a new look it waits a moment at most. */
  async progress(): Promise<readonly ViewProgress[]> {
    if (!this.#lease) await bounded(this.#look(), A_LOOK);
    return this.#lineup.live.map((track) => {
      const { position: stood, movedAt, parkedFacts } = this.#lease ? track : this.#whereabouts.found(track);
      const position = this.#stands(track, stood) ? stood : this.options.log.start;
      return {
        view: track.plan.view.name,
        definition: definitionPart(track.generation.spec.hash),
        position,
        lagFacts: distance(position, this.#following.head),
        movedAt: Date.now() - (performance.now() - movedAt),
        parked: parkedFacts,
        frozen: track.state === 'outdated',
      };
    });
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
          await this.#serveLive();
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
        for (const { spec, state } of await this.#serveLive()) {
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

  /** Whoever writes, or wrote before, may have switched to other generations. */
  async #serveLive(): Promise<readonly GenerationInfo[]> {
    const known = await this.options.store.generations();
    for (const { spec, state } of known) if (state === 'live') await this.#lineup.serve(spec);
    return known;
  }

  /** Who stands by to write serves what was switched to between two attempts to become the writer, and not here beside them. */
  #look(): Promise<void> {
    if (performance.now() < this.#looksAgainAt) return Promise.resolve();
    const look = async () => {
      const known = await (this.options.writes === false ? this.#serveLive() : this.options.store.generations());
      await this.#whereabouts.find(this.#lineup.live, known);
    };
    this.#looking ??= look().finally(() => {
      this.#looking = undefined;
      this.#looksAgainAt = performance.now() + SAFETY_POLL;
    });
    return this.#looking;
  }

  /** The live generation; who only reads looks whether another one was switched to. */
  async #current(view: string): Promise<Track> {
    const track = this.live(view);
    if (this.options.writes !== false || performance.now() < this.#renewAt) return track;
    this.#renewAt = performance.now() + SAFETY_POLL;
    await this.#serveLive();
    return this.live(view);
  }
}

const notHere = () =>
  new Problem(503, 'not-the-writer', 'The views are written elsewhere at the moment; try again.', { retryAfter: 5 });

const foreign = (view: string) =>
  new Problem(503, 'view-rebuilding', `The view ${view} is being built anew: its log was replaced or restored.`, {
    retryAfter: 10,
  });
