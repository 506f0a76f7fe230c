import { type AnyProcess, derivedId, parseStream, type Recorded, type Step, streamName } from '#kernel';
import type { Clock } from '../clock.js';
import type { CommandPipeline } from '../commands/pipeline.js';
import { recordedOf } from '../envelope.js';
import type { Log, StoredFact, Timer, ViewStore } from '../ports.js';
import { Problem } from '../problem.js';
import type { Registry } from '../registry.js';
import type { ProcessInstance } from '../system/process/process-instance.js';
import { Follower } from './follower.js';

export interface RunnerOptions {
  readonly log: Log;
  readonly store: ViewStore;
  readonly registry: Registry;
  readonly pipeline: CommandPipeline;
  readonly clock: Clock;
  readonly onError: (name: string, error: unknown) => void;
}

/** What a timer carries: enough to send its command once, whenever that is. */
interface TimedStep {
  readonly process: string;
  readonly tenant: string;
  readonly command: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly index: number;
  readonly trigger: string;
  readonly correlationId: string;
}

const SIDE_BY_SIDE = 16;
const TIMERS_AT_ONCE = 200;
const LONGEST_SLEEP = 60_000;
const RETRY_TIMERS_AFTER = 1_000;

/** Runs processes: each is a reader of the log that sends commands whose ids derive from process, trigger and index. */
export class ProcessRunner {
  readonly #followers: Follower[] = [];
  #timer: NodeJS.Timeout | undefined;
  #firing: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(private readonly options: RunnerOptions) {}

  async start(): Promise<void> {
    for (const process of this.options.registry.processes.values()) {
      const follower = await this.#follower(process);
      this.#followers.push(follower);
      follower.start();
    }
    this.#sleep();
  }

  readers(): readonly { readonly name: string; readonly position: string }[] {
    return this.#followers.map(({ name, position }) => ({ name, position }));
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await Promise.all(this.#followers.map((follower) => follower.stop()));
    await this.#firing;
  }

  async #follower(process: AnyProcess): Promise<Follower> {
    const { log, store } = this.options;
    const note = `process ${process.name}`;
    let known = await store.notes.read(note);
    if (!known) {
      // A new process that starts from now must find the same now after every restart.
      await store.notes.write(note, process.startsFrom === 'now' ? await log.head() : log.start, 0);
      known = await store.notes.read(note);
    }
    let version = known?.version ?? 1;
    return new Follower({
      name: process.name,
      log,
      types: Object.keys(process.facts),
      position: known?.value,
      handle: (facts) => this.#handle(process, facts),
      store: async (position) => {
        await store.notes.write(note, position, version);
        version++;
      },
      onError: this.options.onError,
    });
  }

  /** Facts of one stream one after another, streams side by side. */
  async #handle(process: AnyProcess, facts: readonly StoredFact[]): Promise<void> {
    const streams = new Map<string, StoredFact[]>();
    for (const stored of facts) {
      const same = streams.get(stored.stream);
      if (same) same.push(stored);
      else streams.set(stored.stream, [stored]);
    }
    const timers: Timer[] = [];
    const waiting = [...streams.values()];
    const work = async () => {
      for (let next = waiting.shift(); next; next = waiting.shift())
        for (const stored of next) timers.push(...(await this.#react(process, stored)));
    };
    // All come to their end before the page is tried again, so that no stream is ever worked on twice at once.
    const ended = await Promise.allSettled(Array.from({ length: SIDE_BY_SIDE }, work));
    if (timers.length > 0) {
      await this.options.store.timers.change({ add: timers, done: [] });
      this.#sleep();
    }
    for (const one of ended) if (one.status === 'rejected') throw one.reason;
  }

  /** Sends what is to be sent at once; gives back what waits for its time. */
  async #react(process: AnyProcess, stored: StoredFact): Promise<readonly Timer[]> {
    const recorded = recordedOf(stored, this.options.registry);
    const steps = process.react[recorded.type]?.(recorded) ?? [];
    const timed = steps.flatMap((step, index) =>
      step.due === undefined || !stillToCome(recorded, step.due) ? [] : [timerOf(process, recorded, step, index)],
    );
    const immediate = steps.filter(({ due }) => due === undefined);
    // History that was imported already happened elsewhere: nothing follows from it here.
    if (immediate.length > 0 && !recorded.imported) await this.#run(process, recorded, immediate);
    return timed;
  }

  /** Goes on where the run stands, with the steps that it recorded when it began: a newer definition is for newer triggers. */
  async #run(process: AnyProcess, trigger: Recorded, steps: readonly Step[]): Promise<void> {
    const { pipeline } = this.options;
    const { tenant } = trigger;
    const processId = derivedId('process', process.name, trigger.id);
    const caller = { tenant, actor: { kind: 'process', id: process.name }, roles: new Set<never>() } as const;
    // What follows from a fact happens when the fact did, or after the last fact of the stream that it changes.
    const { occurredAt, correlationId } = trigger;
    const common = { caller, occurredAt, correlationId, causationId: trigger.id };
    const stream = streamName('process', tenant, processId);
    if ((await pipeline.streams.load(stream)).revision < 0) {
      const intents = steps.map(({ command, payload, optional }) => ({ command: command.name, payload, optional }));
      await pipeline.perform({
        ...common,
        command: 'StartProcess',
        payload: { processId, process: process.name, trigger: trigger.id, steps: intents },
        idempotencyKey: `${processId}.start`,
      });
    }
    const run = (await pipeline.streams.load(stream)).state as ProcessInstance;
    if (run.status !== 'RUNNING') return;
    for (const [index, step] of run.steps.entries()) {
      if (step.outcome !== 'PENDING') continue;
      const settled = await this.#send(common, step.command, step.payload, `${processId}.${index}`);
      const stops = 'refused' in settled && !step.optional;
      await pipeline.perform({
        ...common,
        command: 'SettleStep',
        payload: { processId, index, ...settled, stops },
        idempotencyKey: `${processId}.${index}.settled`,
      });
      if (stops) return;
    }
  }

  /** A refusal is an outcome; what may still succeed (503, 429, in flight) is thrown and tried again later. */
  async #send(
    common: Omit<Parameters<CommandPipeline['perform']>[0], 'command' | 'payload'>,
    command: string,
    payload: Readonly<Record<string, unknown>>,
    idempotencyKey: string,
  ): Promise<{ stream: string } | { refused: string }> {
    try {
      const { stream } = await this.options.pipeline.perform({ ...common, command, payload, idempotencyKey });
      return { stream };
    } catch (error) {
      if (error instanceof Problem && error.status < 500 && error.options.retryAfter === undefined)
        return { refused: error.code };
      throw error;
    }
  }

  // ---- timers ----

  #sleep(): void {
    clearTimeout(this.#timer);
    if (this.#stopped) return;
    void this.options.store.timers.next().then(
      (next) => {
        clearTimeout(this.#timer);
        if (next === undefined || this.#stopped) return;
        const wait = Math.max(0, Math.min(Date.parse(next) - Date.parse(this.options.clock.now()), LONGEST_SLEEP));
        this.#timer = setTimeout(() => this.fireDue(), wait);
      },
      (error: unknown) => this.options.onError('timers', error),
    );
  }

  /** Sends the commands of all timers that are due by the clock; also called when a settable clock was moved. */
  fireDue(): Promise<void> {
    this.#firing = this.#firing.then(() => this.#fire());
    return this.#firing;
  }

  async #fire(): Promise<void> {
    const { store, clock } = this.options;
    try {
      for (;;) {
        const due = this.#stopped ? [] : await store.timers.due(clock.now(), TIMERS_AT_ONCE);
        if (due.length === 0) break;
        const done: string[] = [];
        const fired = await Promise.allSettled(
          due.map(async (timer) => {
            await this.#fireOne(timer);
            done.push(timer.id);
          }),
        );
        await store.timers.change({ add: [], done });
        for (const one of fired) if (one.status === 'rejected') throw one.reason;
      }
      this.#sleep();
    } catch (error) {
      if (this.#stopped) return;
      this.options.onError('timers', error);
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.fireDue(), RETRY_TIMERS_AFTER);
    }
  }

  async #fireOne({ id, due, json }: Timer): Promise<void> {
    const { process, tenant, command, payload, trigger, correlationId } = JSON.parse(json) as TimedStep;
    const caller = { tenant, actor: { kind: 'process', id: process }, roles: new Set<never>() } as const;
    const settled = await this.#send({ caller, correlationId, causationId: trigger, occurredAt: due }, command, payload, id);
    if ('refused' in settled) this.options.onError(process, new Error(`${command} by the clock was refused: ${settled.refused}`));
  }
}

/** Imported history has no clock facts before its cut-over, unless its mapping asks for them. */
function stillToCome({ imported }: Recorded, due: string): boolean {
  return imported === undefined || imported.clock || due >= imported.cutOver;
}

function timerOf(process: AnyProcess, trigger: Recorded, step: Step, index: number): Timer {
  const { tenant } = parseStream(trigger.stream);
  const timed: TimedStep = {
    process: process.name,
    tenant,
    command: step.command.name,
    payload: step.payload,
    index,
    trigger: trigger.id,
    correlationId: trigger.correlationId,
  };
  return {
    id: derivedId('timer', process.name, trigger.id, String(index)),
    due: step.due as string,
    json: JSON.stringify(timed),
  };
}
