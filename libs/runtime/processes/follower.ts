import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Log, StoredFact } from '../ports.js';

export interface FollowerOptions {
  readonly name: string;
  readonly log: Log;
  /** Only facts of these types. */
  readonly types: readonly string[];
  /** Where it stands; `undefined` for the start of the log. */
  readonly position: string | undefined;
  /**
   * Handles a page; only when it resolves is the position stored. Thrown errors are tried again after a pause. `done` is called after
   * each fact, where that takes so long that a page is no measure of whether the reader gets on.
   */
  readonly handle: (facts: readonly StoredFact[], done: () => void) => Promise<void>;
  readonly store: (position: string) => Promise<void>;
  readonly onError: (name: string, error: unknown) => void;
}

const PAGE = 200;
const FIRST_PAUSE = 100;
const LONGEST_PAUSE = 10_000;
/** Milliseconds between two stored positions: what is handled twice after a crash has its effect once all the same. */
const STORE_EVERY = 1_000;
/** Milliseconds in which appends gather to one page. */
const GATHER = 25;

/** A reader of the log that does its work first and remembers its position after. Woken by appends, not by polling. */
export class Follower {
  #position: string;
  #movedAt = Date.now();
  /** Facts behind its position that were handled at the most: what a page does again when it is tried again is not progress. */
  #furthest = 0;
  #stored: string;
  #storedAt = 0;
  #running = false;
  #wanted = false;
  #stopped = false;
  #idle: Promise<void> = Promise.resolve();
  #gathering: NodeJS.Timeout | undefined;
  #pause = FIRST_PAUSE;
  #timer: NodeJS.Timeout | undefined;
  #stopListening = () => {};

  constructor(private readonly options: FollowerOptions) {
    this.#position = this.#stored = options.position ?? options.log.start;
  }

  get name(): string {
    return this.options.name;
  }

  get position(): string {
    return this.#position;
  }

  /** When it last got on, within a page too: milliseconds since 1970. */
  get movedAt(): number {
    return this.#movedAt;
  }

  start(): void {
    this.#stopListening = this.options.log.onAppend(() => this.#wake());
    this.#wake();
  }

  /** Reads up to the present head; for start-up work that must be done before anything is served. Tells how far it is. */
  async catchUp(told: (position: string, head: string) => void = () => {}): Promise<void> {
    const head = await this.options.log.head();
    while (this.#position < head) {
      told(this.#position, head);
      await this.#page();
    }
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#stopListening();
    clearTimeout(this.#timer);
    clearTimeout(this.#gathering);
    await this.#idle;
    await this.#store().catch(() => {});
  }

  #wake(): void {
    this.#wanted = true;
    // After an error the pause is kept, however many appends come meanwhile.
    if (this.#running || this.#stopped || this.#timer) return;
    this.#running = true;
    this.#gathering = setTimeout(() => {
      this.#idle = this.#run();
    }, GATHER);
  }

  async #run(): Promise<void> {
    try {
      while (this.#wanted && !this.#stopped) {
        this.#wanted = false;
        // Embedded logs are read on this thread: between two pages others have their turn.
        while (!this.#stopped && !(await this.#page())) await nextTurn();
      }
      this.#pause = FIRST_PAUSE;
    } catch (error) {
      // What the stop broke off goes on after the next start.
      if (this.#stopped) return;
      this.options.onError(this.options.name, error);
      this.#timer = setTimeout(() => {
        this.#timer = undefined;
        this.#wake();
      }, this.#pause);
      this.#pause = Math.min(this.#pause * 2, LONGEST_PAUSE);
    } finally {
      this.#running = false;
      if (this.#wanted) this.#wake();
    }
  }

  /** True at the head. */
  async #page(): Promise<boolean> {
    const { facts, position, atHead } = await this.options.log.readAll(this.#position, {
      limit: PAGE,
      types: this.options.types,
      following: true,
    });
    let handled = 0;
    const done = () => {
      handled += 1;
      if (handled <= this.#furthest) return;
      this.#furthest = handled;
      this.#movedAt = Date.now();
    };
    if (facts.length > 0) await this.options.handle(facts, done);
    if (position !== this.#position) this.#movedAt = Date.now();
    this.#furthest = 0;
    this.#position = position;
    if (Date.now() - this.#storedAt > STORE_EVERY) await this.#store();
    return atHead;
  }

  async #store(): Promise<void> {
    if (this.#position === this.#stored) return;
    const position = this.#position;
    await this.options.store(position);
    this.#stored = position;
    this.#storedAt = Date.now();
  }
}
