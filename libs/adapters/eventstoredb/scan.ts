import { parseStream } from '#kernel';
import { ForeignPosition, type LogPage, type ReadOptions, type StoredFact } from '#runtime/ports';
import { checkOf, type Place, placeOf, positionText, START } from './position.js';
import { type StoreConnection, type StoreEvent, StoreFailure, type StreamFilter } from './store.js';
import { factOf, isStream } from './stored-form.js';

export interface ScanOptions {
  readonly filter: StreamFilter;
  readonly prefix: string;
  readonly logId: string;
  readonly deadline: number;
}

/** An event that was read before, and how to know it again. */
interface Seen {
  readonly offset: number;
  readonly is: (id: string) => boolean;
}

/** A page looks at no more facts than this, so that a rare type does not hold up whoever asks. */
const LOOKED_AT = 20_000;
const READ_AT_ONCE = 5_000;

/**
 * Pages of the whole log in its order. Positions that are handed out are always those of facts of ours: they stay where they
 * are for ever, while EventStoreDB's own records may be scavenged away from under a position.
 */
export class Scan {
  /** The newest fact that this process knows of. */
  newest: Place = START;

  constructor(private readonly options: ScanOptions) {}

  learn(place: Place): void {
    if (place.offset > this.newest.offset) this.newest = place;
  }

  /** Throws ForeignPosition for a position where the log has no such fact, and StoreFailure. */
  async page(connection: StoreConnection, after: Place, options: ReadOptions, upTo: Place | undefined): Promise<LogPage> {
    const facts: StoredFact[] = [];
    const wanted = matcher(options);
    let last = after;
    let seen: Seen = { offset: after.offset, is: (id) => checkOf(id) === after.check };
    for (let looked = 0, count = Math.min(READ_AT_ONCE, options.limit + 1); ; count = READ_AT_ONCE) {
      const events = await this.#behind(connection, seen, count);
      for (const event of events) {
        if (upTo && event.offset > upTo.offset) return this.#done(facts, last, true);
        const stream = this.#streamOf(event);
        if (stream === undefined) continue;
        if (wanted(stream, event.type)) {
          if (facts.length === options.limit) return this.#done(facts, last, false);
          facts.push(factOf(event, stream, this.options.logId));
        }
        last = placeOf(event.offset, event.id);
        looked += 1;
      }
      const furthest = events.at(-1);
      if (!furthest || events.length < count || (upTo && furthest.offset >= upTo.offset)) return this.#done(facts, last, true);
      if (facts.length === options.limit || looked >= LOOKED_AT) return this.#done(facts, last, false);
      seen = { offset: furthest.offset, is: (id) => id === furthest.id };
    }
  }

  /** The last fact of ours. */
  async head(connection: StoreConnection): Promise<Place> {
    for (let from: number | 'end' = 'end', count = 4; ; count = READ_AT_ONCE) {
      const query = { all: this.options.filter, from, backwards: true, count, deadline: this.options.deadline } as const;
      const events = await connection.read(query);
      for (const event of events) {
        if (this.#streamOf(event) === undefined) continue;
        const place = placeOf(event.offset, event.id);
        this.learn(place);
        return place;
      }
      const oldest: StoreEvent | undefined = events.at(-1);
      if (!oldest || events.length < count) return START;
      from = oldest.offset;
    }
  }

  /**
   * Where a subscription goes on: behind the newest fact known, if it is still there. In a log that lost its end the server
   * would silently go on from now (E22); then it is the head that counts.
   */
  async anchor(connection: StoreConnection): Promise<number | 'start'> {
    if (this.newest.offset > 0) {
      try {
        const { offset, check } = this.newest;
        await this.#behind(connection, { offset, is: (id) => checkOf(id) === check }, 1);
        return this.newest.offset;
      } catch (error) {
        if (!(error instanceof ForeignPosition)) throw error;
        this.newest = START;
      }
    }
    return (await this.head(connection)).offset || 'start';
  }

  /** At most `count` events behind one; that it is still the one that was seen there shows by the way (E20–E22). */
  async #behind(connection: StoreConnection, seen: Seen, count: number): Promise<readonly StoreEvent[]> {
    if (seen.offset === 0) return this.#from(connection, 'start', count);
    const [first, ...events] = await this.#from(connection, seen.offset, count + 1).catch((error: unknown) => {
      if (error instanceof StoreFailure && error.kind === 'no-record') return [];
      throw error;
    });
    if (first?.offset === seen.offset && seen.is(first.id)) return events;
    throw new ForeignPosition(
      `The log has no such fact at ${seen.offset}; the position was handed out by a log that is no more.`,
    );
  }

  /** A server that fails for reasons of its own says the same as of a position where no record starts: asked twice (E21). */
  async #from(connection: StoreConnection, from: number | 'start', count: number): Promise<readonly StoreEvent[]> {
    const { filter, deadline } = this.options;
    const read = () => connection.read({ all: filter, from, count, deadline });
    return read().catch((error: unknown) => {
      if (error instanceof StoreFailure && error.kind === 'no-record') return read();
      throw error;
    });
  }

  #streamOf(event: StoreEvent): string | undefined {
    if (!event.stream.startsWith(this.options.prefix) || event.type.startsWith('$')) return undefined;
    const stream = event.stream.slice(this.options.prefix.length);
    return isStream(stream) ? stream : undefined;
  }

  #done(facts: readonly StoredFact[], last: Place, atHead: boolean): LogPage {
    this.learn(last);
    return { facts, position: positionText(this.options.logId, last), atHead };
  }
}

/** Whether a fact of a stream and type is asked for. */
export function matcher({ types, aggregates, tenant }: ReadOptions): (stream: string, type: string) => boolean {
  const ofTypes = types && new Set(types);
  const ofAggregates = aggregates && new Set(aggregates);
  return (stream, type) => {
    if (ofTypes && !ofTypes.has(type)) return false;
    if (!ofAggregates && tenant === undefined) return true;
    const parts = parseStream(stream);
    return (!ofAggregates || ofAggregates.has(parts.aggregate)) && (tenant === undefined || parts.tenant === tenant);
  };
}
