import { envelopeOf, recordedOf } from '../envelope.js';
import { placeIn } from '../places.js';
import { type Log, type Notes, StaleWriter, type StoredFact } from '../ports.js';
import type { Registry } from '../registry.js';
import { ProcessEnded, ProcessResumed, ProcessStepRefused } from '../system/process/process-instance.js';
import { Follower } from './follower.js';

export interface StoppedRunsOptions {
  readonly log: Log;
  readonly notes: Notes;
  readonly registry: Registry;
  readonly onError: (name: string, error: unknown) => void;
}

interface Known {
  readonly position: string;
  /** Stream of the run → process. */
  readonly runs: Readonly<Record<string, string>>;
}

const NAME = 'stopped-runs';
/** Milliseconds after which the position is stored although no run stopped or went on. */
const STORE_QUIET_EVERY = 60_000;

/** Which runs a refused command stopped, in all tenants, until somebody resumes or ends them. */
export class StoppedRuns {
  readonly #follower: Follower;
  #version: number;
  #changed = false;
  #storedAt = 0;

  private constructor(
    private readonly options: StoppedRunsOptions,
    private readonly runs: Map<string, string>,
    { position, version }: { readonly position: string; readonly version: number },
  ) {
    const { log, onError } = options;
    this.#version = version;
    this.#follower = new Follower({
      name: NAME,
      log,
      types: [ProcessStepRefused.type, ProcessResumed.type, ProcessEnded.type],
      position,
      handle: async (facts) => {
        for (const fact of facts) this.#take(fact);
      },
      store: (position) => this.#store(position),
      onError,
    });
  }

  static async open(options: StoppedRunsOptions): Promise<StoppedRuns> {
    const { log, notes } = options;
    const note = await notes.read(NAME);
    const known: Known = note ? JSON.parse(note.value) : { position: log.start, runs: {} };
    const position = await placeIn(log, known.position, 'zero');
    // of another log than the one that was counted: from its start, with nothing
    const runs = position === log.start ? new Map<string, string>() : new Map(Object.entries(known.runs));
    return new StoppedRuns(options, runs, { position, version: note?.version ?? 0 });
  }

  start(): void {
    this.#follower.start();
  }

  stop(): Promise<void> {
    return this.#follower.stop();
  }

  /** By process. */
  counts(): ReadonlyMap<string, number> {
    const counts = new Map<string, number>();
    for (const process of this.runs.values()) counts.set(process, (counts.get(process) ?? 0) + 1);
    return counts;
  }

  #take(fact: StoredFact): void {
    this.#changed = true;
    if (fact.type !== ProcessStepRefused.type) this.runs.delete(fact.stream);
    else if ((recordedOf(fact, this.options.registry).data as { stops: boolean }).stops)
      this.runs.set(fact.stream, envelopeOf(fact).actor.id);
  }

  async #store(position: string): Promise<void> {
    if (!this.#changed && Date.now() - this.#storedAt < STORE_QUIET_EVERY) return;
    const { notes } = this.options;
    const known: Known = { position, runs: Object.fromEntries(this.runs) };
    try {
      await notes.write(NAME, JSON.stringify(known), this.#version);
    } catch (error) {
      // what another server noted counts the same facts: the later note stands
      if (error instanceof StaleWriter) this.#version = (await notes.read(NAME))?.version ?? 0;
      throw error;
    }
    this.#version++;
    this.#changed = false;
    this.#storedAt = Date.now();
  }
}
