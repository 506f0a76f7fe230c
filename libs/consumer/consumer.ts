import { Rejected, Unavailable } from './errors.js';
import type { FactEvent, FactName } from './event.js';
import { versions } from './generated/facts.js';
import type { Handler } from './handlers.js';
import type { DeadLetter, Inbox } from './inbox.js';
import { INVALID, type Keys } from './keys.js';
import { isSealed, type Sealed } from './sealed.js';
import { type Batch, pause, pauseBefore, type Reader, type Source, type Unreadable } from './source.js';

export interface ConsumerOptions<Tx> {
  /** Whose notes they are in the inbox; another name begins anew. */
  readonly name: string;
  readonly inbox: Inbox<Tx>;
  /** One for each fact that matters here; the others are passed over. */
  readonly handlers: readonly Handler<Tx>[];
  /** Needed where a handler opens personal fields. */
  readonly keys?: Keys;
  readonly retry?: Partial<Retry>;
  /** True where the store takes several transactions at once; then partitions and topics are dealt with side by side. */
  readonly parallel?: boolean;
  /** Everything that is retried, and what was put aside. */
  readonly onTrouble?: (trouble: Trouble) => void;
}

export interface Retry {
  /** How often an event is tried before it is put aside; 5 if left out. */
  readonly attempts: number;
  /** Milliseconds before the second attempt; 200 if left out. It doubles with each. */
  readonly first: number;
  /** Milliseconds at most; 30,000 if left out. */
  readonly longest: number;
}

export type Trouble =
  | { readonly kind: 'retried'; readonly event: FactEvent; readonly attempt: number; readonly error: unknown }
  | { readonly kind: 'put aside'; readonly event: FactEvent; readonly error: unknown }
  | { readonly kind: 'not read'; readonly error: unknown };

export interface Released {
  readonly released: number;
  /** How many of the stream are still put aside. */
  readonly left: number;
  /** Why it stopped. */
  readonly error?: string;
}

type Opened = Readonly<Record<string, unknown>>;

const ALIVE = 2_000;
const LONGEST_ERROR = 500;
const LONGEST_TEXT = 10_000;
/** The type of what is put aside because it is no event. */
const UNREADABLE = 'unreadable';
const LETTERS_AT_ONCE = 100;

/**
 * Deals with the events of topics, each stream in order and each event once: its work and the note that it was done are one
 * transaction. What cannot be handled is put aside, and the rest of its stream waits behind it until it is released.
 */
export class Consumer<Tx> {
  readonly #handlers: ReadonlyMap<string, Handler<Tx>>;
  readonly #retry: Retry;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(private readonly options: ConsumerOptions<Tx>) {
    this.#handlers = new Map(options.handlers.map((handler) => [handler.type, handler]));
    this.#retry = { attempts: 5, first: 200, longest: 30_000, ...options.retry };
    if (!options.keys && options.handlers.some(({ opens }) => opens.length > 0))
      throw new Error('A handler opens personal fields: give the consumer keys.');
  }

  /** Reads until the signal, then ends what is in hand. Rejects with SourceRefused. */
  async run(source: Source, signal: AbortSignal): Promise<void> {
    const { name, inbox } = this.options;
    const reader: Reader = {
      position: (from) => this.#alone(() => inbox.transaction((tx) => inbox.position(tx, name, from))),
      handle: (batch) => this.#handleAll(batch, signal),
      putAside: (message) => this.#setAside(message, signal),
      failed: (error) => this.#tell({ kind: 'not read', error }),
    };
    await source.read(reader, signal);
  }

  /** What was put aside, in order; of one stream or of all. */
  async deadLetters(stream?: string, limit = 1_000): Promise<readonly DeadLetter[]> {
    const { name, inbox } = this.options;
    return this.#alone(() => inbox.transaction((tx) => inbox.letters(tx, name, stream, limit)));
  }

  /** Handles again what was put aside of a stream, in order, until it is all done or one fails again. Each is one transaction. */
  async release(stream: string): Promise<Released> {
    const { name, inbox } = this.options;
    for (let released = 0; ; ) {
      const letters = await this.deadLetters(stream, LETTERS_AT_ONCE);
      if (letters.length === 0) return { released, left: 0 };
      for (const letter of letters) {
        try {
          const opened = await this.#open([letter.event]);
          const done = await this.#alone(() =>
            inbox.transaction(async (tx) => {
              if (!(await this.#isFirst(tx, letter))) return false;
              await this.#work(tx, letter.event, opened);
              await inbox.remove(tx, name, stream, letter.revision);
              return true;
            }),
          );
          if (!done) break;
          released++;
        } catch (thrown) {
          const error = messageOf(thrown);
          const note = async (tx: Tx) => {
            if (await this.#isFirst(tx, letter)) await inbox.bury(tx, name, { ...letter, error });
          };
          await this.#alone(() => inbox.transaction(note));
          return { released, left: (await this.deadLetters(stream, Number.MAX_SAFE_INTEGER)).length, error };
        }
      }
    }
  }

  /** Somebody else may have released it meanwhile. */
  async #isFirst(tx: Tx, { stream, revision }: DeadLetter): Promise<boolean> {
    const { name, inbox } = this.options;
    await inbox.look(tx, name, stream);
    const [first] = await inbox.letters(tx, name, stream, 1);
    return first?.revision === revision;
  }

  async #handleAll(batch: Batch, signal: AbortSignal): Promise<boolean> {
    const opened = await this.#openAll(batch, signal);
    for (const event of batch.events) {
      if (signal.aborted || !(await this.#handle(event, opened, batch, signal))) return false;
      await batch.alive?.();
    }
    return true;
  }

  async #setAside({ place, text, why, alive }: Unreadable, signal: AbortSignal): Promise<boolean> {
    const event = {
      specversion: '1.0',
      id: place,
      type: UNREADABLE,
      subject: place,
      annalsrevision: 0,
      annalsposition: '',
      data: { text: text.slice(0, LONGEST_TEXT) },
    } as unknown as FactEvent;
    const batch = { events: [event], ...(alive && { alive }) };
    for (let attempt = 1; !signal.aborted; attempt++) {
      if (await this.#putAside(event, batch, new Rejected(why))) return true;
      await this.#pause(attempt, batch, signal);
    }
    return false;
  }

  /** False where the consumer stopped first. */
  async #handle(event: FactEvent, opened: Map<string, unknown>, batch: Batch, signal: AbortSignal): Promise<boolean> {
    for (let [failures, pauses] = [0, 0]; !signal.aborted; ) {
      try {
        await this.#once(event, batch, (tx) => this.#work(tx, event, opened));
        return true;
      } catch (error) {
        if (!(error instanceof Unavailable)) {
          failures++;
          const givenUp = error instanceof Rejected || failures >= this.#retry.attempts;
          if (givenUp && (await this.#putAside(event, batch, error))) return true;
          // where not even putting aside works, the store is to blame and not the event
          if (givenUp) failures = 0;
        }
        pauses++;
        this.#tell({ kind: 'retried', event, attempt: pauses, error });
        await this.#pause(pauses, batch, signal);
      }
    }
    return false;
  }

  /** One transaction: a repetition is passed over, a stream that waits gets one more to wait, else the work is done. */
  async #once(event: FactEvent, { remember }: Batch, work: (tx: Tx) => Promise<void>, error?: string): Promise<void> {
    const { name, inbox } = this.options;
    const { subject: stream, annalsrevision: revision, type, annalsposition } = event;
    await this.#alone(() =>
      inbox.transaction(async (tx) => {
        const state = await inbox.look(tx, name, stream);
        if (state.revision === undefined || revision > state.revision) {
          if (state.waiting || error !== undefined)
            await inbox.bury(tx, name, { stream, revision, type, event, error, since: new Date().toISOString() });
          else await work(tx);
          await inbox.advance(tx, name, stream, revision);
        }
        if (remember !== undefined) await inbox.moveTo(tx, name, remember, annalsposition);
      }),
    );
  }

  async #putAside(event: FactEvent, batch: Batch, error: unknown): Promise<boolean> {
    try {
      await this.#once(event, batch, async () => {}, messageOf(error));
      this.#tell({ kind: 'put aside', event, error });
      return true;
    } catch (fault) {
      this.#tell({ kind: 'retried', event, attempt: this.#retry.attempts, error: fault });
      return false;
    }
  }

  async #work(tx: Tx, event: FactEvent, opened: ReadonlyMap<string, unknown>): Promise<void> {
    const handler = this.#handlers.get(event.type);
    if (!handler) return;
    const newest: number | undefined = versions[event.type as FactName];
    if (newest !== undefined && event.annalsschemaversion > newest)
      throw new Rejected(
        `Version ${event.annalsschemaversion} of ${event.type} is not known here; take a newer kit, then release.`,
      );
    const fields: Record<string, unknown> = {};
    for (const [field, sealed] of sealedFields(event, handler)) {
      const value = opened.get(sealed.$sealed);
      if (value === INVALID || value === undefined) throw new Rejected(`${event.type}.${field} cannot be opened.`);
      fields[field] = value;
    }
    await handler.handle(event, { tx, opened: fields as Opened });
  }

  /** Tried for as long as it takes: without keys no event says anything about itself. */
  async #openAll(batch: Batch, signal: AbortSignal): Promise<Map<string, unknown>> {
    for (let attempt = 1; !signal.aborted; attempt++) {
      try {
        return await this.#open(batch.events);
      } catch (error) {
        this.#tell({ kind: 'not read', error });
        await this.#pause(attempt, batch, signal);
      }
    }
    return new Map();
  }

  async #open(events: readonly FactEvent[]): Promise<Map<string, unknown>> {
    const sealed = events.flatMap((event) => {
      const handler = this.#handlers.get(event.type);
      return handler ? sealedFields(event, handler).map(([, value]) => value) : [];
    });
    const different = [...new Map(sealed.map((one) => [one.$sealed, one])).values()];
    if (different.length === 0) return new Map();
    const values = (await this.options.keys?.open(different)) ?? [];
    return new Map(different.map(({ $sealed }, index) => [$sealed, values[index]]));
  }

  async #pause(attempt: number, { alive }: Batch, signal: AbortSignal): Promise<void> {
    const until = Date.now() + pauseBefore(attempt, this.#retry.first, this.#retry.longest);
    for (let left = until - Date.now(); left > 0 && !signal.aborted; left = until - Date.now()) {
      await pause(Math.min(left, ALIVE), signal);
      await alive?.();
    }
  }

  /** One transaction at a time, unless the store takes several. */
  #alone<R>(work: () => Promise<R>): Promise<R> {
    if (this.options.parallel) return work();
    const mine = this.#turn.then(work);
    this.#turn = mine.catch(() => {});
    return mine;
  }

  #tell(trouble: Trouble): void {
    this.options.onTrouble?.(trouble);
  }
}

function sealedFields<Tx>({ data }: FactEvent, { opens }: Handler<Tx>): readonly (readonly [string, Sealed<unknown>])[] {
  const fields = data as unknown as Readonly<Record<string, unknown>>;
  return opens.flatMap((field) => (isSealed(fields[field]) ? [[field, fields[field] as Sealed<unknown>] as const] : []));
}

/** Name and message, not what it was about: a letter is kept for long. */
const messageOf = (error: unknown): string =>
  (error instanceof Error ? `${error.name}: ${error.message}` : String(error)).slice(0, LONGEST_ERROR);
