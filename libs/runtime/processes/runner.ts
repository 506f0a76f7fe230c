import { anotherServer, holderName } from '../another-server.js';
import type { Clock } from '../clock.js';
import type { CommandPipeline } from '../commands/pipeline.js';
import type { Lease, Log, ViewStore } from '../ports.js';
import type { Registry } from '../registry.js';
import { DueTimers } from './due-timers.js';
import { type ParkedStream, ParkedStreams } from './parked-streams.js';
import { ProcessReader } from './process-reader.js';
import { Runs } from './runs.js';
import { StoppedRuns } from './stopped-runs.js';

export interface RunnerOptions {
  readonly log: Log;
  readonly store: ViewStore;
  readonly registry: Registry;
  readonly pipeline: CommandPipeline;
  readonly clock: Clock;
  readonly onError: (name: string, error: unknown) => void;
  readonly leaseMilliseconds?: number;
  /** After which what a process parked is tried again; one minute if left out. */
  readonly retryMilliseconds?: number;
}

const LEASE = 'processes';

type ParkedOf = ParkedStream & { readonly process: string };

/** Runs processes and timers while it holds their lease: of several servers on one log, one does. */
export class ProcessRunner {
  readonly #holder: string;
  readonly #leaseMilliseconds: number;
  #lease: Lease | undefined;
  /** On the clock of `performance`. */
  #heldUntil = 0;
  #readers: readonly ProcessReader[] = [];
  #timers: DueTimers | undefined;
  #stoppedRuns: StoppedRuns | undefined;
  #renewal: NodeJS.Timeout | undefined;
  #renewing: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(private readonly options: RunnerOptions) {
    const { log, leaseMilliseconds = 10_000 } = options;
    this.#leaseMilliseconds = leaseMilliseconds;
    // Where nobody else can append, what a killed server left held is ours at once.
    this.#holder = log.exclusive ? `the server of ${log.id}` : holderName();
  }

  /** Begins, or stands by while another server is at it. */
  async start(): Promise<void> {
    await this.#hold();
    this.#renewLater();
  }

  /** How far each process is; none while another server runs them. */
  readers(): readonly { readonly name: string; readonly position: string; readonly movedAt: number; readonly parked: number }[] {
    return this.#readers.map(({ name, position, movedAt, parkedFacts }) => ({ name, position, movedAt, parked: parkedFacts }));
  }

  /** Streams of which a process could not take a fact; none while another server runs them. */
  parked(): readonly ParkedOf[] {
    return this.#readers.flatMap(({ name, parkedStreams }) => parkedStreams.map((parked) => ({ ...parked, process: name })));
  }

  /** The same, also of another server, as far as it stored them. */
  async listParked(): Promise<readonly ParkedOf[]> {
    if (this.#lease) return this.parked();
    const { store, registry } = this.options;
    const stored = [...registry.processes.keys()].map(async (process) => {
      const { streams } = await ParkedStreams.open(store.notes, process);
      return streams.map((parked) => ({ ...parked, process }));
    });
    return (await Promise.all(stored)).flat();
  }

  /** Runs that a refused command stopped, by process, over all tenants; undefined while another server runs processes. */
  stopped(): ReadonlyMap<string, number> | undefined {
    const counts = this.#stoppedRuns?.counts();
    return counts && new Map([...[...this.options.registry.processes.keys()].map((name) => [name, 0] as const), ...counts]);
  }

  /** Undefined where the process has not parked the stream. Throws Problem 503 while another server runs processes. */
  async release(process: string, stream: string): Promise<{ readonly released: number; readonly error?: string } | undefined> {
    if (!this.#lease) throw await anotherServer(this.options.store, LEASE, 'runs the processes');
    return this.#readers.find(({ name }) => name === process)?.release(stream);
  }

  /** Sends the commands of all timers that are due by the clock; also called when a settable clock was moved. */
  async fireDue(): Promise<void> {
    await this.#timers?.fireDue();
  }

  /** Whether all that is due in a sandbox by now has happened; undefined while another server runs processes. */
  async settled(sandbox: string): Promise<boolean | undefined> {
    return this.#timers?.settled(sandbox);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#renewal);
    await this.#renewing;
    const lease = this.#lease;
    await this.#pause();
    if (lease) await this.options.store.release(lease).catch(() => {});
  }

  async #hold(): Promise<void> {
    const asked = performance.now();
    const lease = await this.options.store.lease(LEASE, this.#holder, this.#leaseMilliseconds);
    if (lease) this.#heldUntil = asked + this.#leaseMilliseconds;
    if (lease?.token === this.#lease?.token) return;
    await this.#pause();
    if (lease) await this.#begin();
    this.#lease = lease;
  }

  async #begin(): Promise<void> {
    const { log, store, registry, pipeline, clock, onError, retryMilliseconds } = this.options;
    const taken = (position: string) => this.#readers.every((reader) => reader.position >= position);
    const timers = new DueTimers({ timers: store.timers, log, clock, registry, pipeline, taken, onError });
    const runs = new Runs(pipeline, log, registry);
    const addTimers = timers.add.bind(timers);
    const shared = {
      log,
      notes: store.notes,
      registry,
      runs,
      addTimers,
      onError,
      ...(retryMilliseconds && { retryMilliseconds }),
    };
    // At once: on a remote store each takes some round trips.
    const opening = [...registry.processes.values()].map((process) => ProcessReader.open({ ...shared, process }));
    const [stoppedRuns, ...readers] = await Promise.all([
      StoppedRuns.open({ log, notes: store.notes, registry, onError }),
      ...opening,
    ]);
    this.#timers = timers;
    this.#readers = readers;
    this.#stoppedRuns = stoppedRuns;
    for (const reader of readers) reader.start();
    stoppedRuns.start();
    await timers.start();
  }

  async #pause(): Promise<void> {
    await Promise.all([...this.#readers.map((reader) => reader.stop()), this.#timers?.stop(), this.#stoppedRuns?.stop()]);
    this.#readers = [];
    this.#stoppedRuns = undefined;
    this.#timers = undefined;
    this.#lease = undefined;
  }

  #renewLater(): void {
    if (this.#stopped) return;
    this.#renewal = setTimeout(() => {
      this.#renewing = this.#renew().finally(() => this.#renewLater());
    }, this.#leaseMilliseconds / 3);
  }

  async #renew(): Promise<void> {
    try {
      await this.#hold();
    } catch (error) {
      if (this.#stopped) return;
      this.options.onError('processes', error);
      // Another one may have it by now.
      if (performance.now() > this.#heldUntil) await this.#pause();
    }
  }
}
