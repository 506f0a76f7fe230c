import { type AnyProcess, isWatched, type Recorded, type Step } from '#kernel';
import { recordedOf } from '../envelope.js';
import { placeIn } from '../places.js';
import { type Log, type Notes, StaleWriter, type StoredFact } from '../ports.js';
import type { Registry } from '../registry.js';
import { ProcessResumed } from '../system/process/process-instance.js';
import { Follower } from './follower.js';
import { type ParkedStream, ParkedStreams } from './parked-streams.js';
import type { Runs } from './runs.js';
import { passes } from './sending.js';
import { type PlannedTimer, timerOf } from './timed-steps.js';

export interface ProcessReaderOptions {
  readonly process: AnyProcess;
  readonly log: Log;
  readonly notes: Notes;
  readonly registry: Registry;
  readonly runs: Runs;
  readonly addTimers: (timers: readonly PlannedTimer[]) => Promise<void>;
  readonly onError: (name: string, error: unknown) => void;
  /** Milliseconds after which what is parked is tried again. */
  readonly retryMilliseconds?: number;
}

const RETRY = 60_000;
const SIDE_BY_SIDE = 16;
const PAGE = 200;

/** One process as a reader of the log: facts of one stream one after another, streams side by side. */
export class ProcessReader {
  readonly #follower: Follower;
  #stopped = false;
  #beginning: Promise<void> = Promise.resolve();
  /** Pages and retries take turns, so that no stream is ever worked on twice at once. */
  #turn: Promise<unknown> = Promise.resolve();
  #retryTimer: NodeJS.Timeout | undefined;

  private constructor(
    private readonly options: ProcessReaderOptions,
    private readonly parked: ParkedStreams,
    position: { readonly value: string; readonly version: number },
  ) {
    const { process, log, notes, onError } = options;
    let { version } = position;
    this.#follower = new Follower({
      name: process.name,
      log,
      types: [...this.#types],
      position: position.value,
      handle: (facts, done) => this.#inTurn(() => this.#handle(facts, done)),
      store: async (position) => {
        version = await moveNote(notes, noteOf(process), position, version);
      },
      onError,
    });
  }

  static async open(options: ProcessReaderOptions): Promise<ProcessReader> {
    const { process, log, notes } = options;
    const note = noteOf(process);
    let known = await notes.read(note);
    if (!known) {
      // A new process that starts from now must find the same now after every restart.
      await notes.write(note, process.startsFrom === 'now' ? await log.head() : log.start, 0).catch(unlessStale);
      known = await notes.read(note);
    }
    const parked = await ParkedStreams.open(notes, process.name);
    const { value, version } = known ?? { value: log.start, version: 0 };
    return new ProcessReader(options, parked, { value: await placeIn(log, value, process.startsFrom), version });
  }

  get name(): string {
    return this.options.process.name;
  }

  get position(): string {
    return this.#follower.position;
  }

  get movedAt(): number {
    return this.#follower.movedAt;
  }

  /** Facts that it could not take and that wait behind such a one. */
  get parkedFacts(): number {
    return this.parked.facts;
  }

  get parkedStreams(): readonly ParkedStream[] {
    return this.parked.streams;
  }

  /** Tries a parked stream again, its facts in order. Undefined where it is not parked here. */
  release(stream: string): Promise<{ readonly released: number; readonly error?: string } | undefined> {
    return this.#inTurn(async () => {
      const before = this.parked.streams.find((parked) => parked.stream === stream);
      if (!before) return undefined;
      await this.#retry([before]);
      const after = this.parked.streams.find((parked) => parked.stream === stream);
      return { released: before.facts - (after?.facts ?? 0), ...(after && { error: after.error }) };
    });
  }

  /** What waits is tried again first: this may be the version that mends it. */
  start(): void {
    const begin = async () => {
      await this.#inTurn(() => this.#retry(this.parked.streams)).catch((error: unknown) =>
        this.options.onError(this.name, error),
      );
      if (this.#stopped) return;
      this.#follower.start();
      this.#retryLater();
    };
    this.#beginning = begin();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#retryTimer);
    await this.#beginning;
    await this.#follower.stop();
    await this.#turn;
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(work);
    this.#turn = turn.catch(() => {});
    return turn;
  }

  /** A cause may be mended without a start of this server: a customer that was missing, a rule of another thing. */
  #retryLater(): void {
    this.#retryTimer = setTimeout(async () => {
      if (this.parked.streams.length > 0) {
        await this.#inTurn(() => this.#retry(this.parked.streams)).catch((error: unknown) =>
          this.options.onError(this.name, error),
        );
      }
      if (!this.#stopped) this.#retryLater();
    }, this.options.retryMilliseconds ?? RETRY);
    this.#retryTimer.unref();
  }

  get #types(): ReadonlySet<string> {
    return new Set([...Object.keys(this.options.process.facts), ProcessResumed.type]);
  }

  async #handle(facts: readonly StoredFact[], done: () => void): Promise<void> {
    const streams = new Map<string, StoredFact[]>();
    for (const stored of facts) {
      const same = streams.get(stored.stream);
      if (same) same.push(stored);
      else streams.set(stored.stream, [stored]);
    }
    const timers: PlannedTimer[] = [];
    const waiting = [...streams.values()];
    const work = async () => {
      for (let next = waiting.shift(); next; next = waiting.shift()) await this.#take(next, timers, done);
    };
    // All come to their end before the page is tried again, so that no stream is ever worked on twice at once.
    const ended = await Promise.allSettled(Array.from({ length: SIDE_BY_SIDE }, work));
    if (timers.length > 0) await this.options.addTimers(timers);
    await this.parked.save();
    for (const one of ended) if (one.status === 'rejected') throw one.reason;
  }

  /** Facts of one stream. One that cannot be taken, whatever one waits for, is parked: it stops its own stream only. */
  async #take(facts: readonly StoredFact[], timers: PlannedTimer[], done: () => void = () => {}): Promise<void> {
    for (const stored of facts) {
      if (this.parked.holds(stored)) {
        done();
        continue;
      }
      try {
        const { recorded, following, timed } = this.#stepsOf(stored);
        if (isResumption(recorded)) await this.#resume(recorded);
        else if (following.length > 0) await this.options.runs.run(this.name, recorded, following);
        timers.push(...timed);
      } catch (error) {
        // An engine that was closed under a reader that stops may throw anything.
        if (this.#stopped || passes(error)) throw error;
        this.options.onError(this.name, error);
        this.parked.park(stored, error);
      }
      done();
    }
  }

  async #retry(streams: readonly ParkedStream[]): Promise<void> {
    for (const parked of streams) {
      if (this.#stopped) break;
      this.parked.release(parked.stream);
      try {
        await this.#takeAgain(parked);
      } catch (error) {
        this.parked.restore(parked);
        this.options.onError(this.name, error);
      }
    }
    await this.parked.save();
  }

  /** From the fact that could not be taken up to where this process is: what lies behind it follows by itself. */
  async #takeAgain({ stream, revision }: ParkedStream): Promise<void> {
    const timers: PlannedTimer[] = [];
    let from = revision;
    let page: readonly StoredFact[];
    do {
      page = await this.options.log.readStream(stream, from, PAGE);
      from += page.length;
      const passed = page.filter(({ type, position }) => this.#types.has(type) && position <= this.position);
      await this.#take(passed, timers);
    } while (page.length === PAGE);
    if (timers.length > 0) await this.options.addTimers(timers);
  }

  async #resume(resumed: Resumed): Promise<void> {
    const { processId, process } = resumed.data;
    if (process === this.name) await this.options.runs.resume(resumed, processId);
  }

  /** What is to be sent at once, and what waits for its time. */
  #stepsOf(stored: StoredFact): {
    readonly recorded: Recorded;
    readonly following: readonly Step[];
    readonly timed: readonly PlannedTimer[];
  } {
    const { process, registry } = this.options;
    const recorded = recordedOf(stored, registry);
    const steps: readonly Step[] = process.react[recorded.type]?.(recorded) ?? [];
    const timed = steps.flatMap((step, index) =>
      step.due === undefined || !isWatched(step.due, recorded.imported) ? [] : [timerOf(process, recorded, step, index)],
    );
    const immediate = steps.filter(({ due }) => due === undefined);
    // History that was imported already happened elsewhere: nothing follows from it here, unless a step says otherwise.
    const following = recorded.imported ? immediate.filter(({ alsoImported }) => alsoImported === true) : immediate;
    return { recorded, following, timed };
  }
}

const noteOf = ({ name }: AnyProcess) => `process ${name}`;

type Resumed = Recorded<{ processId: string; process: string }>;

const isResumption = (recorded: Recorded): recorded is Resumed => recorded.type === ProcessResumed.type;

/** Moves the position, never back: another server may have been the reader meanwhile. Gives the note's version. */
async function moveNote(notes: Notes, name: string, position: string, version: number): Promise<number> {
  try {
    await notes.write(name, position, version);
    return version + 1;
  } catch (error) {
    unlessStale(error);
    const known = await notes.read(name);
    if (!known || known.value >= position) return known?.version ?? 0;
    await notes.write(name, position, known.version);
    return known.version + 1;
  }
}

function unlessStale(error: unknown): void {
  if (!(error instanceof StaleWriter)) throw error;
}
