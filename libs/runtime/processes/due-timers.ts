import type { Clock } from '../clock.js';
import type { CommandPipeline } from '../commands/pipeline.js';
import type { Timer, Timers } from '../ports.js';
import type { Registry } from '../registry.js';
import { send } from './sending.js';
import { timedStepOf } from './timed-steps.js';

export interface DueTimersOptions {
  readonly timers: Timers;
  readonly clock: Clock;
  readonly registry: Registry;
  readonly pipeline: CommandPipeline;
  readonly onError: (name: string, error: unknown) => void;
}

const AT_ONCE = 200;
const SIDE_BY_SIDE = 16;
const LONGEST_SLEEP = 60_000;
const RETRY_AFTER = 1_000;

/** Sleeps until the next timer is due and sends its command: for one stream in due order, streams side by side. */
export class DueTimers {
  #timer: NodeJS.Timeout | undefined;
  #firing: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(private readonly options: DueTimersOptions) {}

  start(): void {
    this.#sleep();
  }

  async add(timers: readonly Timer[]): Promise<void> {
    await this.options.timers.change({ add: timers, done: [] });
    this.#sleep();
  }

  /** Sends the commands of all timers that are due by the clock; also called when a settable clock was moved. */
  fireDue(): Promise<void> {
    this.#firing = this.#firing.then(() => this.#fire());
    return this.#firing;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#firing;
  }

  #sleep(): void {
    clearTimeout(this.#timer);
    if (this.#stopped) return;
    this.options.timers.next().then(
      (next) => {
        if (next === undefined) return;
        const wait = Date.parse(next) - Date.parse(this.options.clock.now());
        this.#fireIn(Math.max(0, Math.min(wait, LONGEST_SLEEP)));
      },
      (error: unknown) => this.#failed(error),
    );
  }

  #fireIn(milliseconds: number): void {
    clearTimeout(this.#timer);
    if (!this.#stopped) this.#timer = setTimeout(() => this.fireDue(), milliseconds);
  }

  #failed(error: unknown): void {
    if (this.#stopped) return;
    this.options.onError('timers', error);
    this.#fireIn(RETRY_AFTER);
  }

  async #fire(): Promise<void> {
    const { timers, clock } = this.options;
    try {
      for (;;) {
        const due = this.#stopped ? [] : await timers.due(clock.now(), AT_ONCE);
        if (due.length === 0) break;
        const done: string[] = [];
        const waiting = [...this.#byTarget(due)];
        const failures: unknown[] = [];
        const work = async () => {
          for (let next = waiting.shift(); next; next = waiting.shift()) {
            await this.#fireInOrder(next, done).catch((error: unknown) => failures.push(error));
          }
        };
        await Promise.all(Array.from({ length: SIDE_BY_SIDE }, work));
        await timers.change({ add: [], done });
        // As long as some succeed, those behind them have their turn before the others are tried again.
        if (done.length === 0) throw failures[0];
      }
      this.#sleep();
    } catch (error) {
      this.#failed(error);
    }
  }

  /** Timers by the stream that their command changes, each in due order. */
  #byTarget(due: readonly Timer[]): Iterable<readonly Timer[]> {
    const targets = new Map<string, Timer[]>();
    for (const timer of due) {
      const { tenant, command, payload } = timedStepOf(timer);
      const aggregate = this.options.registry.commands.get(command)?.aggregate;
      const target = aggregate ? `${aggregate.name}-${tenant}.${String(payload[aggregate.id])}` : timer.id;
      const same = targets.get(target);
      if (same) same.push(timer);
      else targets.set(target, [timer]);
    }
    return targets.values();
  }

  /** One that fails keeps back those that are due after it. */
  async #fireInOrder(timers: readonly Timer[], done: string[]): Promise<void> {
    for (const timer of timers) {
      await this.#fireOne(timer);
      done.push(timer.id);
    }
  }

  async #fireOne(timer: Timer): Promise<void> {
    const { pipeline, onError } = this.options;
    const { process, tenant, command, payload, trigger, correlationId } = timedStepOf(timer);
    const caller = { tenant, actor: { kind: 'process', id: process }, roles: new Set<never>() } as const;
    const request = { caller, correlationId, causationId: trigger, occurredAt: timer.due };
    const outcome = await send(pipeline, { ...request, command, payload, idempotencyKey: timer.id });
    if ('refused' in outcome) onError(process, new Error(`${command} by the clock was refused: ${outcome.refused}`));
  }
}
