import { setImmediate as nextTurn } from 'node:timers/promises';
import { Problem } from '#runtime/problem';
import type { Caller, TrafficClass } from '#runtime/requests';
import { Bucket } from './bucket.js';
import { BulkLane } from './bulk-lane.js';
import { Interactive } from './interactive.js';
import { once } from './once.js';

export interface LimitOptions {
  /** Requests a second that one caller may send in each class, bulk commands counted singly; 0 or left out: no limit. */
  readonly perSecond?: Readonly<Partial<Record<TrafficClass, number>>>;
  /**
   * Bulk requests open at a time, all callers together; one caller has half of them at most, rounded up. A tenant that has none
   * open is let in beyond them, so that others cannot keep it out; so are as many once more at most.
   */
  readonly bulkRequests?: number;
  /** Bulk commands under way at a time, all callers together. */
  readonly bulkAtOnce?: number;
  /** The same while interactive requests come in. */
  readonly bulkBeside?: number;
}

/** Pieces of reading at a time: alone, and while interactive requests come in. A piece is done in one go by the thread that serves everybody. */
const READING = { atOnce: 4, atOnceBeside: 1 };
/** A piece that takes longer (milliseconds) waits for another thread or server: the next one may begin. */
const A_PIECE = 50;

/** A caller that was quiet may send the requests of so many seconds at once. */
const BURST_SECONDS = 2;
/** Buckets of callers kept at a time; those that are full again are forgotten first. */
const MOST_BUCKETS = 10_000;

const ORDER: Readonly<Record<TrafficClass, number>> = { interactive: 0, integration: 1, bulk: 2 };

/** The less urgent one of what the token and what the endpoint is for. */
export function classOf(token: TrafficClass = 'interactive', endpoint: TrafficClass = 'interactive'): TrafficClass {
  return ORDER[token] >= ORDER[endpoint] ? token : endpoint;
}

/** Who may ask how much of this server. Held in memory: each server of an installation counts for itself. */
export class Limits {
  readonly #buckets = new Map<string, Bucket>();
  readonly #interactive: Interactive;
  readonly #lane: BulkLane;
  readonly #reading: BulkLane;
  readonly #perSecond: Readonly<Partial<Record<TrafficClass, number>>>;
  readonly #bulkRequests: number;
  #openBulk = 0;
  readonly #openBulkOf = new Map<string, number>();
  readonly #openBulkOfTenant = new Map<string, number>();

  constructor(
    { perSecond = {}, bulkRequests = 16, bulkAtOnce = 64, bulkBeside = 2 }: LimitOptions = {},
    private readonly now: () => number = () => performance.now(),
  ) {
    this.#perSecond = perSecond;
    this.#bulkRequests = bulkRequests;
    this.#interactive = new Interactive(now);
    this.#lane = new BulkLane({ atOnce: bulkAtOnce, atOnceBeside: bulkBeside }, this.#interactive);
    this.#reading = new BulkLane(READING, this.#interactive);
  }

  /**
   * Counts a request in; call what it gives when the request is answered, or only waits; again changes nothing. `counted` is false where its parts take a permit each.
   * Throws Problem 429.
   */
  admit(caller: Caller, trafficClass: TrafficClass, counted = true): () => void {
    if (counted) this.#takePermit(caller, trafficClass);
    if (trafficClass === 'interactive') {
      return this.#interactive.begins();
    }
    if (trafficClass === 'integration') return () => {};
    const name = nameOf(caller);
    const own = this.#openBulkOf.get(name) ?? 0;
    // a sender of lines may take hours: one alone must not keep everybody else waiting, nor a backup
    const most = this.#openBulkOfTenant.has(caller.tenant) ? this.#bulkRequests : 2 * this.#bulkRequests;
    if (this.#openBulk >= most || own >= Math.ceil(this.#bulkRequests / 2)) {
      throw new Problem(
        429,
        'too-many-bulk-requests',
        `There are ${this.#openBulk} bulk requests already, ${own} of this caller; send this one again later.`,
        {
          retryAfter: 5,
          members: { class: trafficClass },
        },
      );
    }
    this.#openBulk++;
    add(this.#openBulkOf, name, 1);
    add(this.#openBulkOfTenant, caller.tenant, 1);
    return once(() => {
      this.#openBulk--;
      add(this.#openBulkOf, name, -1);
      add(this.#openBulkOfTenant, caller.tenant, -1);
    });
  }

  /** Runs one command of bulk traffic when there is room for it. */
  bulk<T>({ tenant }: Caller, work: (end: () => void) => Promise<T>): Promise<T> {
    return this.#lane.run(tenant, work);
  }

  /** The same for one of many in a request: it is not refused, it waits for its permit. */
  async bulkLine<T>(caller: Caller, work: () => Promise<T>): Promise<T> {
    const bucket = this.#bucketOf(caller, 'bulk');
    if (bucket) {
      for (let wait = bucket.take(this.now()); wait > 0; wait = bucket.take(this.now()))
        await new Promise((resolve) => setTimeout(resolve, wait));
    }
    return this.#lane.run(caller.tenant, work);
  }

  /** Runs a piece of what reads much when there is room for it; interactive callers wait for nobody but who has come meanwhile. */
  async reading<T>({ tenant }: Caller, trafficClass: TrafficClass, work: () => Promise<T>): Promise<T> {
    await nextTurn();
    if (trafficClass === 'interactive') return work();
    return this.#reading.run(tenant, async (end) => {
      const late = setTimeout(end, A_PIECE);
      try {
        return await work();
      } finally {
        clearTimeout(late);
      }
    });
  }

  #takePermit(caller: Caller, trafficClass: TrafficClass): void {
    const wait = this.#bucketOf(caller, trafficClass)?.take(this.now()) ?? 0;
    if (wait === 0) return;
    throw new Problem(
      429,
      'rate-limited',
      `This caller may send ${this.#perSecond[trafficClass]} requests of the class ${trafficClass} a second; send this one again later.`,
      { retryAfter: Math.max(1, Math.ceil(wait / 1_000)), members: { class: trafficClass } },
    );
  }

  #bucketOf(caller: Caller, trafficClass: TrafficClass): Bucket | undefined {
    const rate = this.#perSecond[trafficClass] ?? 0;
    if (rate === 0) return undefined;
    const name = `${trafficClass} ${nameOf(caller)}`;
    let bucket = this.#buckets.get(name);
    if (!bucket) {
      bucket = new Bucket(rate, Math.max(1, rate * BURST_SECONDS), this.now());
      this.#forgetFull();
      this.#buckets.set(name, bucket);
    }
    return bucket;
  }

  #forgetFull(): void {
    if (this.#buckets.size < MOST_BUCKETS) return;
    const now = this.now();
    for (const [name, bucket] of this.#buckets) if (bucket.isFull(now)) this.#buckets.delete(name);
    for (const name of this.#buckets.keys()) {
      if (this.#buckets.size < MOST_BUCKETS) return;
      this.#buckets.delete(name);
    }
  }
}

function add(counts: Map<string, number>, name: string, more: number): void {
  const count = (counts.get(name) ?? 0) + more;
  if (count > 0) counts.set(name, count);
  else counts.delete(name);
}

const nameOf = ({ tenant, actor }: Caller): string => `${tenant} ${actor.kind} ${actor.id}`;
