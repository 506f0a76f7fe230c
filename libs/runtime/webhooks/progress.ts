import type { Notes } from '../ports.js';

/** How far a webhook is, as the note has it. */
export interface WebhookProgress {
  /** Everything up to here was delivered or is not for it; absent before the first. */
  readonly position?: string;
  /** Of the replay that this position belongs to. */
  readonly replays: number;
  /** Attempts in a row that failed, of the fact behind the position. */
  readonly failures: number;
  readonly lastFailure?: string;
  readonly deliveredAt?: string;
}

/** Milliseconds between two stored positions: what is delivered twice after a crash has the same id. */
const STORE_EVERY = 1_000;

export const noteOf = (stream: string): string => `webhook ${stream}`;

export function progressIn(value: string | undefined): WebhookProgress {
  return value === undefined ? { replays: 0, failures: 0 } : (JSON.parse(value) as WebhookProgress);
}

/** The note of a webhook, kept by the one who delivers. Throws StaleWriter when somebody else does. */
export class Progress {
  #storedAt = 0;
  #stored: WebhookProgress;

  private constructor(
    private readonly notes: Notes,
    private readonly name: string,
    private state: WebhookProgress,
    private version: number,
  ) {
    this.#stored = state;
  }

  static async open(notes: Notes, stream: string): Promise<Progress> {
    const name = noteOf(stream);
    const note = await notes.read(name);
    return new Progress(notes, name, progressIn(note?.value), note?.version ?? 0);
  }

  get position(): string | undefined {
    return this.state.position;
  }

  get replays(): number {
    return this.state.replays;
  }

  get failures(): number {
    return this.state.failures;
  }

  async beginAt(position: string, replays: number): Promise<void> {
    this.state = { ...this.state, position, replays, failures: 0 };
    await this.store();
  }

  async delivered(position: string, deliveredAt: string): Promise<void> {
    const { lastFailure: _, ...state } = this.state;
    this.state = { ...state, position, deliveredAt, failures: 0 };
    if (Date.now() - this.#storedAt > STORE_EVERY) await this.store();
  }

  async failed(lastFailure: string): Promise<void> {
    this.state = { ...this.state, lastFailure, failures: this.state.failures + 1 };
    await this.store();
  }

  /** The attempts count anew when it goes on. */
  async parked(): Promise<void> {
    this.state = { ...this.state, failures: 0 };
    await this.store();
  }

  /** Everything up to here was looked at. */
  async passed(position: string): Promise<void> {
    if (this.state.position !== position) this.state = { ...this.state, position };
    if (Date.now() - this.#storedAt > STORE_EVERY) await this.store();
  }

  get isStored(): boolean {
    return this.#stored === this.state;
  }

  async store(): Promise<void> {
    if (this.isStored) return;
    const state = this.state;
    await this.notes.write(this.name, JSON.stringify(state), this.version);
    this.version++;
    this.#stored = state;
    this.#storedAt = Date.now();
  }
}
