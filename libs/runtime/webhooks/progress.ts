import type { Moment } from '#kernel';
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
  /** Streams whose facts wait while those of others are delivered, by their name; at most `MOST_ASIDE`. */
  readonly aside?: Readonly<Record<string, Aside>>;
  readonly displaced?: Displaced;
}

/** The log did not have the position where deliveries were: it was restored from an older copy. They went on with what came next. */
export interface Displaced {
  readonly from: string;
  readonly at: Moment;
}

export interface Aside {
  /** Of the first fact that was not delivered. */
  readonly revision: number;
  readonly failures: number;
  readonly lastFailure: string;
  /** When it is tried again, in milliseconds since 1970. */
  readonly retryAt: number;
  /** Nobody tries any more until somebody releases it. */
  readonly parked?: true;
  /** Nothing was delivered since: the receiver may be at fault, not what was sent. */
  readonly doubted?: true;
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
    const { aside: _, displaced: __, ...state } = this.state;
    this.state = { ...state, position, replays, failures: 0 };
    await this.store();
  }

  async displaced(from: string, position: string, at: Moment): Promise<void> {
    this.state = { ...this.state, position, failures: 0, displaced: { from, at } };
    await this.store();
  }

  get aside(): Readonly<Record<string, Aside>> {
    return this.state.aside ?? {};
  }

  isAside(stream: string): boolean {
    return this.state.aside?.[stream] !== undefined;
  }

  /** Remembers where a stream waits, or that nothing of it does; `position` is where deliveries of the others are. */
  async setAside(stream: string, entry: Aside | undefined, position?: string): Promise<void> {
    const { [stream]: _, ...others } = this.aside;
    const aside = entry ? { ...others, [stream]: entry } : others;
    this.state = { ...this.state, ...(position !== undefined && { position, failures: 0 }), aside };
    await this.store();
  }

  async delivered(position: string, deliveredAt: string): Promise<void> {
    const { lastFailure: _, ...state } = this.state;
    this.state = { ...state, position, deliveredAt, failures: 0, ...(state.aside && { aside: undoubted(state.aside) }) };
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

function undoubted(aside: Readonly<Record<string, Aside>>): Readonly<Record<string, Aside>> {
  const entries = Object.entries(aside);
  if (!entries.some(([, { doubted }]) => doubted)) return aside;
  return Object.fromEntries(entries.map(([stream, { doubted: _, ...entry }]) => [stream, entry]));
}
