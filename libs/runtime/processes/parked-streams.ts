import { type Notes, StaleWriter, type StoredFact } from '../ports.js';
import { Problem } from '../problem.js';

/** A stream of which a process could not take a fact: that one and those behind it wait. */
export interface ParkedStream {
  readonly stream: string;
  /** Of the fact that could not be taken. */
  readonly revision: number;
  readonly position: string;
  /** How many facts wait, and the position of the last of them. */
  readonly facts: number;
  readonly last: string;
  /** Class or code of what was thrown; never its text, which may hold personal data. */
  readonly error: string;
}

/** Which streams a process had to leave behind, so that it goes on for all others. Kept in a note beside its position. */
export class ParkedStreams {
  readonly #streams = new Map<string, ParkedStream>();
  #changed = false;

  private constructor(
    private readonly notes: Notes,
    private readonly note: string,
    private version: number,
    streams: readonly ParkedStream[],
  ) {
    for (const parked of streams) this.#streams.set(parked.stream, parked);
  }

  static async open(notes: Notes, process: string): Promise<ParkedStreams> {
    const note = `process ${process} parked`;
    const known = await notes.read(note);
    return new ParkedStreams(notes, note, known?.version ?? 0, listIn(known?.value));
  }

  /** Facts that wait. */
  get facts(): number {
    let facts = 0;
    for (const parked of this.#streams.values()) facts += parked.facts;
    return facts;
  }

  get streams(): readonly ParkedStream[] {
    return [...this.#streams.values()];
  }

  /** True when the fact waits behind one that could not be taken; it is counted once, however often it is asked about. */
  holds({ stream, position }: StoredFact): boolean {
    const parked = this.#streams.get(stream);
    if (!parked || position < parked.position) return false;
    if (position > parked.last) this.#put({ ...parked, facts: parked.facts + 1, last: position });
    return true;
  }

  park({ stream, revision, position }: StoredFact, error: unknown): void {
    this.#put({ stream, revision, position, facts: 1, last: position, error: nameOf(error) });
  }

  restore(parked: ParkedStream): void {
    this.#put(parked);
  }

  release(stream: string): void {
    if (this.#streams.delete(stream)) this.#changed = true;
  }

  /** Durable when it returns. Throws StaleWriter when another server wrote meanwhile: what that one parked is then here too. */
  async save(): Promise<void> {
    if (!this.#changed) return;
    try {
      await this.notes.write(this.note, JSON.stringify(this.streams), this.version);
      this.version++;
      this.#changed = false;
    } catch (error) {
      if (!(error instanceof StaleWriter)) throw error;
      const known = await this.notes.read(this.note);
      this.version = known?.version ?? 0;
      for (const parked of listIn(known?.value)) if (!this.#streams.has(parked.stream)) this.#streams.set(parked.stream, parked);
      throw error;
    }
  }

  #put(parked: ParkedStream): void {
    this.#streams.set(parked.stream, parked);
    this.#changed = true;
  }
}

const listIn = (value: string | undefined) => JSON.parse(value ?? '[]') as readonly ParkedStream[];

const nameOf = (error: unknown): string =>
  error instanceof Problem ? error.code : error instanceof Error ? error.constructor.name : 'unknown';
