import { parseStream } from '#kernel';
import type { Clock } from '../clock.js';
import type { CommandPipeline } from '../commands/pipeline.js';
import type { Log, Timer, Timers } from '../ports.js';
import type { Registry } from '../registry.js';
import { ClockSet } from '../system/clock/clock.js';
import { ImportEnded } from '../system/imports/imports.js';
import { Follower } from './follower.js';
import type { PlannedTimer } from './timed-steps.js';
import { clockOfName, nameOfClock, type TimerClock } from './timer-clocks.js';
import { TimerLane } from './timer-lane.js';

export interface DueTimersOptions {
  readonly timers: Timers;
  readonly log: Log;
  readonly clock: Clock;
  readonly registry: Registry;
  readonly pipeline: CommandPipeline;
  /** Whether every process has taken what is recorded up to a position. */
  readonly taken: (position: string) => boolean;
  readonly onError: (name: string, error: unknown) => void;
}

/**
 * All timers: those that follow the clock of the servers, and those of each sandbox by its own, so that none waits for another.
 * What follows from imported history waits until no import of its tenant is under way, so that it comes after all rows.
 */
export class DueTimers {
  readonly #servers: TimerLane;
  readonly #others = new Map<string, TimerLane>();
  readonly #settings: Promise<Follower>;

  constructor(private readonly options: DueTimersOptions) {
    const { clock, log } = options;
    this.#servers = new TimerLane({ ...options, now: () => clock.now() });
    // Of settings before this one only what is due by now matters, which is looked at in any case.
    this.#settings = log.head().then((position) => this.#followerOfSettings(position));
    this.#settings.catch(() => {});
  }

  /** Throws LogUnavailable. */
  async start(): Promise<void> {
    (await this.#settings).start();
    this.#servers.wake();
    for (const clock of await this.options.timers.clocks()) this.#laneOf(clock).wake();
  }

  async add(timers: readonly PlannedTimer[]): Promise<void> {
    const { clocks } = this.options.pipeline;
    const add: Timer[] = [];
    for (const { tenant, imported, timer } of timers) {
      const sandbox = !clocks.follows(tenant) && (await clocks.isSandbox(tenant));
      const clock = nameOfClock({ tenant, imported, sandbox });
      add.push(clock === undefined ? timer : { ...timer, clock });
    }
    await this.options.timers.change({ add, done: [] });
    for (const clock of new Set(add.map(({ clock }) => clock))) this.#laneOf(clock).wake();
  }

  /** Sends the commands of all timers that are due by their clocks; also called when a settable clock was moved. */
  async fireDue(): Promise<void> {
    await Promise.all([this.#servers, ...this.#others.values()].map((lane) => lane.fireDue()));
  }

  /** Whether all that is due in a sandbox by now has happened. */
  async settled(sandbox: string): Promise<boolean> {
    const lanes = this.#lanesOf({ tenant: sandbox, sandbox: true });
    return (await Promise.all(lanes.map((lane) => lane.settled()))).every((isSettled) => isSettled);
  }

  async stop(): Promise<void> {
    const lanes = [this.#servers, ...this.#others.values()].map((lane) => lane.stop());
    await this.#settings.then(
      (settings) => settings.stop(),
      () => {},
    );
    await Promise.all(lanes);
  }

  #lanesOf(tenant: Omit<TimerClock, 'imported'>): readonly TimerLane[] {
    return [false, true].map((imported) => this.#laneOf(nameOfClock({ ...tenant, imported })));
  }

  #laneOf(clockName: string | undefined): TimerLane {
    if (clockName === undefined) return this.#servers;
    const known = this.#others.get(clockName);
    if (known) return known;
    const { log, pipeline, taken } = this.options;
    const { tenant, sandbox, imported } = clockOfName(clockName);
    const caughtUp = async () => {
      const head = await log.head();
      return () => taken(head);
    };
    const lane = new TimerLane({
      ...this.options,
      clockName,
      now: () => (imported ? pipeline.clocks.ofImported(tenant) : pipeline.clocks.now(tenant)),
      ...(sandbox && { caughtUp }),
    });
    this.#others.set(clockName, lane);
    return lane;
  }

  /** Any server may have set a clock, or been told that an import ended; this is the one that must notice. */
  #followerOfSettings(position: string): Follower {
    const { log, pipeline, onError } = this.options;
    return new Follower({
      name: 'clocks',
      log,
      types: [ClockSet.type, ImportEnded.type],
      position,
      handle: async (facts) => {
        for (const { stream } of facts) {
          const { tenant } = parseStream(stream);
          const sandbox = await pipeline.clocks.isSandbox(tenant);
          for (const lane of this.#lanesOf({ tenant, sandbox })) void lane.fireDue();
        }
      },
      store: async () => {},
      onError,
    });
  }
}
