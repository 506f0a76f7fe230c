import { parseStream } from '#kernel';
import type { Clock } from '../clock.js';
import type { CommandPipeline } from '../commands/pipeline.js';
import type { Log, Timer, Timers } from '../ports.js';
import type { Registry } from '../registry.js';
import { ClockSet } from '../system/clock/clock.js';
import { Follower } from './follower.js';
import type { PlannedTimer } from './timed-steps.js';
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

/** All timers: those that follow the clock of the servers, and those of each sandbox by its own, so that none waits for another. */
export class DueTimers {
  readonly #servers: TimerLane;
  readonly #sandboxes = new Map<string, TimerLane>();
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
    for (const sandbox of await this.options.timers.clocks()) this.#laneOf(sandbox).wake();
  }

  async add(timers: readonly PlannedTimer[]): Promise<void> {
    const { clocks } = this.options.pipeline;
    const add: Timer[] = [];
    for (const { tenant, timer } of timers) {
      const isSandbox = !clocks.follows(tenant) && (await clocks.isSandbox(tenant));
      add.push(isSandbox ? { ...timer, clock: tenant } : timer);
    }
    await this.options.timers.change({ add, done: [] });
    for (const clock of new Set(add.map(({ clock }) => clock))) this.#laneOf(clock).wake();
  }

  /** Sends the commands of all timers that are due by their clocks; also called when a settable clock was moved. */
  async fireDue(): Promise<void> {
    await Promise.all([this.#servers, ...this.#sandboxes.values()].map((lane) => lane.fireDue()));
  }

  /** Whether all that is due in a sandbox by now has happened. */
  settled(sandbox: string): Promise<boolean> {
    return this.#laneOf(sandbox).settled();
  }

  async stop(): Promise<void> {
    const lanes = [this.#servers, ...this.#sandboxes.values()].map((lane) => lane.stop());
    await this.#settings.then(
      (settings) => settings.stop(),
      () => {},
    );
    await Promise.all(lanes);
  }

  #laneOf(sandbox: string | undefined): TimerLane {
    if (sandbox === undefined) return this.#servers;
    const known = this.#sandboxes.get(sandbox);
    if (known) return known;
    const { log, pipeline, taken } = this.options;
    const lane = new TimerLane({
      ...this.options,
      sandbox,
      now: () => pipeline.clocks.now(sandbox),
      caughtUp: async () => {
        const head = await log.head();
        return () => taken(head);
      },
    });
    this.#sandboxes.set(sandbox, lane);
    return lane;
  }

  /** Any server may have set a clock; this is the one that must notice. */
  #followerOfSettings(position: string): Follower {
    const { log, onError } = this.options;
    return new Follower({
      name: 'clocks',
      log,
      types: [ClockSet.type],
      position,
      handle: async (facts) => {
        for (const { stream } of facts) void this.#laneOf(parseStream(stream).tenant).fireDue();
      },
      store: async () => {},
      onError,
    });
  }
}
