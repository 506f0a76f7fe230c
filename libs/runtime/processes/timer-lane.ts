import type { Moment } from '#kernel';
import type { CommandPipeline } from '../commands/pipeline.js';
import type { Timer, Timers } from '../ports.js';
import type { Registry } from '../registry.js';
import { passes, send } from './sending.js';
import { importedAt, timedStepOf } from './timed-steps.js';

export interface TimerLaneOptions {
  readonly timers: Timers;
  readonly registry: Registry;
  readonly pipeline: CommandPipeline;
  readonly onError: (name: string, error: unknown) => void;
  /** The clock whose timers these are, by its name; left out for that of the servers. */
  readonly clockName?: string;
  readonly now: () => Moment | Promise<Moment>;
  /**
   * Whether the processes have taken everything that is recorded by now. Where it is given, one moment is fired at a time and
   * what follows from it comes before the next: a clock that leaps a year must not fire December before what January led to.
   */
  readonly caughtUp?: () => Promise<() => boolean>;
}

const AT_ONCE = 200;
const SIDE_BY_SIDE = 16;
const LONGEST_SLEEP = 60_000;
const RETRY_AFTER = 1_000;
/** Milliseconds after which timers are tried again that failed in a way that no waiting mends. */
const ASIDE_FOR = 60_000;
/** Milliseconds for which one moment waits for what follows from the one before. */
const CATCHES_UP_WITHIN = 5_000;
const LOOK_AGAIN = 5;

/** The timers of one clock. Sleeps until the next is due and sends its command: for one stream in due order, streams side by side. */
export class TimerLane {
  #timer: NodeJS.Timeout | undefined;
  #firing: Promise<void> = Promise.resolve();
  /** Streams whose commands failed for good, as far as one can tell, and until when: those of others must not wait behind them. */
  readonly #aside = new Map<string, number>();
  #rounds = 0;
  #busy = 0;
  #stopped = false;

  constructor(private readonly options: TimerLaneOptions) {}

  /** Looks when the next is due: at the start, and after timers were added. */
  wake(): void {
    clearTimeout(this.#timer);
    if (this.#stopped) return;
    this.#wait().catch((error: unknown) => this.#failed(error));
  }

  /** Sends the commands of all timers that are due by the clock; also called when a settable clock was moved. */
  fireDue(): Promise<void> {
    this.#busy++;
    this.#firing = this.#firing
      .then(() => this.#fire())
      .finally(() => {
        this.#busy--;
      });
    return this.#firing;
  }

  /** Whether nothing is due, and all that followed from what was has been taken. */
  async settled(): Promise<boolean> {
    const rounds = this.#rounds;
    if (this.#busy > 0 || (await this.#someDue())) return false;
    if (!(await this.options.caughtUp?.())?.()) return false;
    return !(await this.#someDue()) && this.#busy === 0 && this.#rounds === rounds;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#firing;
  }

  async #someDue(): Promise<boolean> {
    const { timers, clockName, now } = this.options;
    const next = await timers.next(clockName);
    return next !== undefined && next <= (await now());
  }

  async #wait(): Promise<void> {
    const { timers, clockName, now } = this.options;
    const next = await timers.next(clockName);
    if (next === undefined) return;
    const wait = Date.parse(next) - Date.parse(await now());
    this.#fireIn(Math.max(0, Math.min(wait, LONGEST_SLEEP)));
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
    try {
      for (;;) {
        const due = await this.#due();
        if (due.length === 0) break;
        this.#rounds++;
        await this.#fireAll(due);
      }
      // The earliest that is due may be one that is set aside: it is no reason to look at once.
      if (this.#aside.size > 0) this.#fireIn(RETRY_AFTER);
      else this.wake();
    } catch (error) {
      this.#failed(error);
    }
  }

  async #due(): Promise<readonly Timer[]> {
    const { timers, clockName, now, caughtUp } = this.options;
    if (caughtUp) await this.#catchUp(caughtUp);
    if (this.#stopped) return [];
    const moment = await now();
    for (const [target, until] of this.#aside) if (until <= performance.now()) this.#aside.delete(target);
    for (let limit = AT_ONCE; ; limit *= 2) {
      const due = await timers.due(moment, limit, clockName);
      if (caughtUp) return due.filter((timer) => timer.due === due[0]?.due);
      const free = this.#aside.size === 0 ? due : due.filter((timer) => !this.#aside.has(this.#targetOf(timer)));
      if (free.length > 0 || due.length < limit) return free;
    }
  }

  async #catchUp(caughtUp: () => Promise<() => boolean>): Promise<void> {
    const until = performance.now() + CATCHES_UP_WITHIN;
    const isSo = await caughtUp();
    while (!this.#stopped && !isSo() && performance.now() < until)
      await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN));
  }

  async #fireAll(due: readonly Timer[]): Promise<void> {
    const done: Timer[] = [];
    const waiting = [...this.#byTarget(due)];
    const failures: unknown[] = [];
    const work = async () => {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        const [target, timers] = next;
        await this.#fireInOrder(timers, done).catch((error: unknown) => {
          if (this.options.caughtUp || passes(error)) failures.push(error);
          else this.#setAside(target, error);
        });
      }
    };
    await Promise.all(Array.from({ length: SIDE_BY_SIDE }, work));
    await this.options.timers.change({ add: [], done });
    // As long as some succeed, those behind them have their turn before the others are tried again.
    if (done.length === 0 && failures.length > 0) throw failures[0];
  }

  #setAside(target: string, error: unknown): void {
    this.#aside.set(target, performance.now() + ASIDE_FOR);
    this.options.onError('timers', error);
  }

  /** Timers by the stream that their command changes, each in due order. */
  #byTarget(due: readonly Timer[]): ReadonlyMap<string, readonly Timer[]> {
    const targets = new Map<string, Timer[]>();
    for (const timer of due) {
      const target = this.#targetOf(timer);
      const same = targets.get(target);
      if (same) same.push(timer);
      else targets.set(target, [timer]);
    }
    return targets;
  }

  #targetOf(timer: Timer): string {
    const { tenant, command, payload } = timedStepOf(timer);
    const aggregate = this.options.registry.commands.get(command)?.aggregate;
    return aggregate ? `${aggregate.name}-${tenant}.${String(payload[aggregate.id])}` : timer.id;
  }

  /** One that fails keeps back those that are due after it. */
  async #fireInOrder(timers: readonly Timer[], done: Timer[]): Promise<void> {
    for (const timer of timers) {
      await this.#fireOne(timer);
      done.push(timer);
    }
  }

  async #fireOne(timer: Timer): Promise<void> {
    const { pipeline, onError } = this.options;
    const step = timedStepOf(timer);
    const { process, tenant, command, payload, trigger, correlationId } = step;
    const caller = { tenant, actor: { kind: 'process', id: process }, roles: new Set<never>() } as const;
    const request = { caller, correlationId, causationId: trigger, occurredAt: timer.due, imported: importedAt(step, timer.due) };
    const outcome = await send(pipeline, { ...request, command, payload, idempotencyKey: timer.id });
    if ('refused' in outcome) onError(process, new RefusedByClock(command, outcome.refused));
  }
}

/** The code names command and refusal: it is what the log of the server shows of an error. */
class RefusedByClock extends Error {
  override readonly name = 'RefusedByClock';
  readonly code: string;

  constructor(command: string, refusal: string) {
    super(`${command} by the clock was refused: ${refusal}`);
    this.code = `${command} ${refusal}`;
  }
}
