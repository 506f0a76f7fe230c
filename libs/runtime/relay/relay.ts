import { isOf, type Log, type TopicGeneration, type Topics, type TopicWriter } from '../ports.js';
import { type Batch, Batches } from './batches.js';

export interface RelayOptions {
  readonly log: Log;
  readonly topics: Topics;
  readonly generation: TopicGeneration;
  readonly shard: number;
  /** Whether this process is the one to publish this shard; asked again every few seconds. Default: it always is. */
  readonly mayPublish?: () => Promise<boolean>;
  /** Told of each failure; it is tried again after a pause. Never personal data. */
  readonly onError: (name: string, error: unknown) => void;
}

/** The log is not the one, or not as far as the one, that was published. To go on would leave facts out or repeat others. */
export class LogBehindTopics extends Error {
  constructor(checkpoint: string, head: string) {
    super(
      `Topics have facts up to ${checkpoint}, the log ends at ${head}: it was restored from a backup or replaced. ` +
        'Restore the later log, or delete the topics and checkpoints and have everything published anew.',
    );
  }
}

/** Milliseconds in which appends gather to one batch. */
const GATHER = 10;
const FIRST_PAUSE = 100;
const LONGEST_PAUSE = 10_000;
/** Milliseconds after which a quiet relay looks whether it may still publish, and whether it missed a signal. */
const LOOK_AGAIN = 5_000;
/** Milliseconds between checkpoints over facts of which none is published. */
const CHECKPOINT_EVERY = 10_000;

/** The name of the relay of a shard, in health, in errors and as lease. */
export const relayName = (generation: number, shard: number): string => `relay.g${generation}.${shard}`;

/**
 * A reader of the log that publishes every public fact once, in stream order, in its stored form, and remembers its position
 * in the same transaction. Whatever fails, it opens another writer, which says where to go on.
 */
export class Relay {
  readonly name: string;
  #position: string | undefined;
  #movedAt = Date.now();
  #failure: unknown;
  #standsBy = false;
  #stopped = false;
  #running: Promise<void> = Promise.resolve();
  #pause = FIRST_PAUSE;
  /** There was an append since the last look. */
  #moved = false;
  #onAppend = () => {};
  #onStop = () => {};
  #stopListening = () => {};

  constructor(private readonly options: RelayOptions) {
    this.name = relayName(options.generation.generation, options.shard);
  }

  /** Up to where everything is published, as far as this process knows. */
  get position(): string | undefined {
    return this.#position;
  }

  /** Milliseconds since 1970. */
  get movedAt(): number {
    return this.#movedAt;
  }

  /** Why it does not get on; undefined while it does. */
  get failure(): unknown {
    return this.#failure;
  }

  /** Another process publishes this shard. */
  get standsBy(): boolean {
    return this.#standsBy;
  }

  start(): void {
    this.#stopListening = this.options.log.onAppend(() => {
      this.#moved = true;
      this.#onAppend();
    });
    this.#running = this.#run();
  }

  /** Finishes the transaction in flight, stores the position. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#stopListening();
    this.#onStop();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { topics, generation, shard, onError } = this.options;
    while (!this.#stopped) {
      try {
        if (await this.#mayPublish()) {
          const writer = await topics.writer(generation.generation, shard);
          await this.#publishWith(writer).finally(() => writer.close());
        } else {
          this.#failure = undefined;
          await this.#wait(LOOK_AGAIN);
        }
      } catch (error) {
        this.#failure = error;
        onError(this.name, error);
        await this.#wait(this.#pause);
        this.#pause = Math.min(this.#pause * 2, LONGEST_PAUSE);
      }
    }
  }

  /** Until it is stopped, or another process is the one to publish. */
  async #publishWith(writer: TopicWriter): Promise<void> {
    const { log, generation, shard } = this.options;
    let stored = writer.checkpoint ?? log.start;
    const head = await log.head();
    if (!isOf(log, stored) || head < stored) throw new LogBehindTopics(stored, head);
    const batches = new Batches(log, generation, shard, stored);
    const next = () => {
      this.#moved = false;
      return batches.next();
    };
    this.#position = stored;
    let storedAt = Date.now();
    let askedAt = Date.now();
    let ahead: Promise<Batch> | undefined;
    while (!this.#stopped) {
      const { messages, to, atHead } = await (ahead ?? next());
      ahead = undefined;
      if (messages.length > 0 || (to !== stored && Date.now() - storedAt > CHECKPOINT_EVERY)) {
        await writer.ensure(messages);
        const publishing = writer.publish(messages, to);
        if (!atHead) {
          // reading is work of this thread: it begins when the first request is on its way, and fills the wait for answers
          ahead = new Promise((begin) => setImmediate(begin)).then(next);
          ahead.catch(() => {});
        }
        await publishing;
        stored = to;
        storedAt = Date.now();
      }
      if (to !== this.#position) this.#movedAt = Date.now();
      this.#position = to;
      this.#failure = undefined;
      this.#pause = FIRST_PAUSE;
      if (Date.now() - askedAt > LOOK_AGAIN) {
        if (!(await this.#mayPublish())) break;
        askedAt = Date.now();
      }
      if (atHead && messages.length === 0) await this.#untilAppend();
    }
    if (this.#position !== stored) await writer.publish([], this.#position);
  }

  async #mayPublish(): Promise<boolean> {
    const may = (await this.options.mayPublish?.()) ?? true;
    this.#standsBy = !may;
    return may;
  }

  async #untilAppend(): Promise<void> {
    if (!this.#moved) await this.#wait(LOOK_AGAIN, true);
    if (!this.#stopped) await new Promise((over) => setTimeout(over, GATHER));
  }

  /** Until the milliseconds are over or it is stopped; where asked for, until an append. */
  async #wait(milliseconds: number, orAppend = false): Promise<void> {
    if (this.#stopped) return;
    await new Promise<void>((resolve) => {
      const settle = () => {
        clearTimeout(timer);
        this.#onAppend = () => {};
        this.#onStop = () => {};
        resolve();
      };
      const timer = setTimeout(settle, milliseconds);
      this.#onStop = settle;
      if (orAppend) this.#onAppend = settle;
    });
  }
}
