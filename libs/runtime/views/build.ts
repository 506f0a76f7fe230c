import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Worker } from 'node:worker_threads';
import { PackedFact } from '../packed-fact.js';
import type { Generation, StoredFact } from '../ports.js';
import { Aside, Unreadable } from './aside.js';
import { Beside } from './beside.js';
import { BuildThread, type StretchRead } from './build-thread.js';
import { type Changes, Folding, type ParkedKeys, type Touch, touchesOf, Unwritable } from './fold.js';
import { foldPart, type PartOptions } from './fold-part.js';
import { Gathered } from './gathered.js';
import { loadTouched } from './load.js';
import { type Page, pagesOf, type Reading } from './pages.js';
import type { ViewPlan } from './plan.js';
import type { SpilledPart } from './spilled.js';
import { distance, type Stretch, stretchesOf } from './stretches.js';
import { TenantMap } from './tenant-map.js';

export interface BuildOptions extends Reading {
  /** Written by nobody else meanwhile. */
  readonly generation: Generation;
  /** The lease's token at the time of a write. */
  readonly token: () => number;
  /** A look at each document after each fact: finds the one that cannot be written. */
  readonly careful?: boolean;
  /** Documents kept in memory before they are written. */
  readonly documentsInMemory?: number;
  /** Facts set aside that are put in order at once. */
  readonly bytesAtOnce?: number;
  /** Starts a thread that runs `runBuildThread` on the same log, for builds of many facts of all tenants. */
  readonly startThread?: (() => Worker) | undefined;
  /** What is many. */
  readonly many?: number | undefined;
  /** Milliseconds, at least, that what the thread has in hand is waited for before it is done here. */
  readonly patience?: number;
}

const DOCUMENTS_IN_MEMORY = 120_000;
/** A thread has loaded when so many facts were read. */
const MANY = 20_000;
const PATIENCE = 300;
/** Pieces of a log that two threads read: small enough that neither waits long for the other at the end. */
const STRETCHES = 32;
/** Data of facts folded before documents are written: bounds documents that grow with each fact. */
const BYTES_IN_MEMORY = 512 * 1024 * 1024;
const DOCUMENTS_AT_ONCE = 500;
/** A commit holds up whoever else writes views, and writes anew what the one before touched in indexes: neither too large nor too small. */
const A_COMMIT = { documents: 4_000, characters: 4_000_000 };

/**
 * Folds the log into a generation; other work gets its turn between pages and pieces. The first run sets the facts aside by
 * the keys of their documents and folds one part of the keys after the other, so that memory does not grow with the documents
 * and each document is written once. Later runs, and all after trouble, fold in log order. A generation whose build was
 * broken off is to be dropped: pieces of a run have no checkpoint of their own.
 */
export class Build {
  readonly parked: ParkedKeys = new TenantMap();
  /** Facts read so far. */
  facts = 0;
  /** Everything up to here was read. */
  position: string;
  /** The last fact that was folded: from there to `position` the documents are the same. */
  lastFact: string;
  #checkpoint: string | undefined;
  #folding: Folding;
  /** Nothing is written yet that the next facts may touch. */
  #fresh = true;
  /** Of a first run, from 0 to 1; `read` undefined: as the position says. */
  #done: { read: number | undefined; folded: number } | undefined;
  /** Taken from documents that are in memory no more, and not written yet. */
  #taken = new Gathered(A_COMMIT);
  readonly #full: Gathered[] = [];
  #committing: Promise<void> = Promise.resolve();

  constructor(private readonly options: BuildOptions) {
    this.position = options.log.start;
    this.lastFact = options.log.start;
    this.#folding = new Folding(options.plan, this.parked, { fresh: true, careful: options.careful === true });
  }

  /** Folds up to a position, or to the head; gives after each page. What a later run folds is written when it no longer fits in memory. */
  async *pages(upTo?: string): AsyncIterable<void> {
    const { careful, log } = this.options;
    if (this.position !== log.start || careful) yield* this.#inOrder(upTo);
    else {
      try {
        yield* this.#inParts(upTo);
      } catch (error) {
        if (!(error instanceof Unreadable)) throw error;
        [this.facts, this.position, this.lastFact] = [0, log.start, log.start];
        yield* this.#inOrder(upTo);
      }
    }
  }

  /** How much of the work is done, from 0 to 1, when so much of the log was read. */
  share(read: number): number {
    return this.#done === undefined ? read : ((this.#done.read ?? read) + this.#done.folded) / 2;
  }

  async *#inOrder(upTo?: string): AsyncGenerator<void> {
    for await (const page of pagesOf(this.options, { from: this.position, upTo })) {
      this.#note(page);
      await this.#fold(touchesOf(this.options.plan, page.facts));
      yield;
    }
  }

  /** Nothing was written yet when it throws Unreadable. */
  async *#inParts(upTo?: string): AsyncGenerator<void> {
    const { plan, bytesAtOnce } = this.options;
    const end = await this.#endForTwo(upTo);
    const thread = end === undefined ? undefined : this.#startThread();
    const aside = new Aside(plan);
    this.#done = { read: thread && 0, folded: 0 };
    try {
      const beside = yield* this.#setAside(aside, end ?? upTo, thread);
      const related = [...aside.related, ...beside.flatMap(({ related }) => related.map((packed) => new PackedFact(packed)))];
      const together = linkedBy(plan, related);
      const parts = Array.from(
        { length: aside.spill.parts },
        (_, number): SpilledPart => [...aside.spill.part(number), ...beside.flatMap(({ parts }) => parts[number] ?? [])],
      );
      yield* this.#foldParts(parts, { plan, together, atOnce: bytesAtOnce }, thread);
      if (related.length > 0) yield* this.#together(together, related);
      await this.write();
    } finally {
      await thread?.close();
      aside.spill.close();
      this.#done = undefined;
    }
  }

  /** Where the first run ends if another thread has a part in it. */
  async #endForTwo(upTo?: string): Promise<string | undefined> {
    const { log, startThread, many = MANY } = this.options;
    if (!startThread) return undefined;
    const end = upTo ?? (await log.head());
    return distance(log.start, end) > many ? end : undefined;
  }

  #startThread(): BuildThread | undefined {
    const { plan, pageSize, startThread } = this.options;
    return startThread && new BuildThread(startThread(), plan.view.name, pageSize);
  }

  /** Reads from the start of the log, the thread from its end, until they meet. Gives what the thread read, in log order. */
  async *#setAside(
    aside: Aside,
    upTo: string | undefined,
    thread: BuildThread | undefined,
  ): AsyncGenerator<void, readonly StretchRead[]> {
    const {
      log: { start },
      patience = PATIENCE,
    } = this.options;
    const stretches = thread && upTo !== undefined ? stretchesOf(start, upTo, STRETCHES) : [{ from: start, upTo }];
    let [low, high] = [0, stretches.length];
    const done = () => {
      if (this.#done && thread) this.#done.read = (this.#done.read ?? 0) + 1 / stretches.length;
    };
    const read: StretchRead[] = [];
    const beside = new Beside();
    const readBy = async (other: BuildThread) => {
      while (low < high && !beside.failed) {
        const its = await other.read(stretches[--high] as Stretch);
        if (low > high) return;
        read.unshift(its);
        done();
      }
    };
    if (thread) beside.run(readBy(thread));
    for (let took = 0; low <= high; ) {
      // A thread that gets no core may be long with its last stretch, which is read here then.
      if ((low === high || beside.failed) && (await beside.endsWithin(Math.max(took, patience)))) break;
      const began = performance.now();
      for await (const page of pagesOf(this.options, stretches[low++] as Stretch)) {
        this.#note(page);
        aside.add(page.facts);
        yield;
      }
      took = performance.now() - began;
      done();
    }
    for (const { facts, lastFact } of read) {
      this.facts += facts;
      this.lastFact = lastFact ?? this.lastFact;
    }
    if (thread && upTo !== undefined) this.position = upTo;
    return read;
  }

  /** The thread folds as many parts as it can meanwhile; what it makes is written here. */
  async *#foldParts(parts: readonly SpilledPart[], options: PartOptions, thread?: BuildThread): AsyncGenerator<void> {
    const { patience = PATIENCE } = this.options;
    let next = 0;
    const beside = new Beside();
    const done = () => {
      if (this.#done) this.#done.folded += 1 / parts.length;
    };
    const given = new Set<number>();
    const foldBy = async (other: BuildThread) => {
      while (next < parts.length && !beside.failed) {
        const number = next++;
        given.add(number);
        const made = await other.fold(parts[number] as SpilledPart);
        if (!given.delete(number)) return;
        for (const changes of made) this.#take(changes);
        done();
        await this.#commitFull();
      }
    };
    thread?.keepTogether(options);
    // Two at a time, so that it has one at hand while this thread commits; no more, so that it does not run ahead of a slow store.
    for (let atOnce = 0; thread && atOnce < 2; atOnce++) beside.run(foldBy(thread));
    for (let took = 0; ; ) {
      if ((next >= parts.length || beside.failed) && (await beside.endsWithin(Math.max(2 * took, patience)))) return;
      // As with a stretch: what the thread is long with is folded here.
      const number = next < parts.length ? next++ : given.values().next().value;
      if (number === undefined) break;
      given.delete(number);
      const began = performance.now();
      for (const changes of foldPart(parts[number] as SpilledPart, options)) {
        this.#take(changes);
        await this.#commitFull();
        yield;
        await nextTurn();
      }
      took = performance.now() - began;
      done();
    }
  }

  /** Customers that were ever merged, in log order: what is shown of one depends on the others. */
  async *#together(customers: TenantMap<true>, related: readonly StoredFact[]): AsyncGenerator<void> {
    const { plan, log } = this.options;
    const linked = (tenant: string, key: string) => customers.has(tenant, key);
    if (customers.size === 0) {
      await this.#fold(touchesOf(plan, related).map((touch) => within(touch, linked)));
      return;
    }
    const types = new Set([plan.identity?.merged, plan.identity?.unmerged]);
    for await (const { facts } of pagesOf(this.options, { from: log.start, upTo: this.position })) {
      const touches = touchesOf(plan, facts).map((touch) => within(touch, linked));
      await this.#fold(touches.filter(({ keys, stored }) => keys.length > 0 || types.has(stored.type)));
      yield;
    }
  }

  #note({ facts, read, position }: Page): void {
    this.facts += read;
    this.lastFact = facts.at(-1)?.position ?? this.lastFact;
    this.position = position;
  }

  async #fold(touches: readonly Touch[]): Promise<void> {
    const { generation, documentsInMemory = DOCUMENTS_IN_MEMORY } = this.options;
    if (!this.#fresh) await loadTouched(generation, this.#folding, touches);
    this.#folding.fold(touches);
    if (this.#folding.documents > documentsInMemory || this.#folding.bytes > BYTES_IN_MEMORY) await this.write();
  }

  /** Writes what was folded since the last time, and the checkpoint with the last piece. Throws Unwritable, StaleWriter. */
  async write(): Promise<void> {
    const { plan, careful } = this.options;
    do {
      this.#take(this.#folding.take(DOCUMENTS_AT_ONCE));
      await this.#commitFull();
    } while (this.#folding.untaken > 0);
    await this.#committing;
    await this.#commit(this.#begin(), this.position);
    this.#folding = new Folding(plan, this.parked, { careful: careful === true });
    this.#fresh = false;
  }

  #take(changes: Changes): void {
    if (this.#taken.isEnough) this.#full.push(this.#begin());
    this.#taken.add(changes);
    for (const { tenant, key } of changes.park) this.parked.set(tenant, key, true);
  }

  /** Begins with the next commit; gives what was taken for the one before. */
  #begin(): Gathered {
    const taken = this.#taken;
    this.#taken = new Gathered(A_COMMIT);
    return taken;
  }

  /** Writes what makes a commit, one after the other. */
  async #commitFull(): Promise<void> {
    if (this.#taken.isEnough) this.#full.push(this.#begin());
    if (this.#full.length === 0) return;
    this.#committing = this.#committing.then(async () => {
      for (let full = this.#full.shift(); full; full = this.#full.shift())
        await this.#commit(full, this.#checkpoint ?? this.options.log.start);
    });
    await this.#committing;
    await nextTurn();
  }

  async #commit({ put, remove, park, release }: Gathered, to: string): Promise<void> {
    const { generation, token } = this.options;
    await generation.commit({ put, remove, park, release, from: this.#checkpoint, to, token: token() });
    this.#checkpoint = to;
  }

  /** Facts folded and not yet written. */
  get unwritten(): number {
    return this.#folding.facts;
  }
}

/** The touch of those of its documents that a test lets through. */
function within(touch: Touch, test: (tenant: string, key: string) => boolean): Touch {
  if (touch.error !== undefined) throw new Unwritable(touch.error);
  return touch.keys.every((key) => test(touch.tenant, key))
    ? touch
    : { ...touch, keys: touch.keys.filter((key) => test(touch.tenant, key)) };
}

/** All customers that some merge names, if the view shows merged ones as one. */
function linkedBy(plan: ViewPlan, related: readonly StoredFact[]): TenantMap<true> {
  const customers: TenantMap<true> = new TenantMap();
  if (plan.view.merge === undefined) return customers;
  for (const { tenant, recorded } of touchesOf(plan, related)) {
    const { customerId, survivorId } = (recorded?.data ?? {}) as { readonly customerId?: unknown; readonly survivorId?: unknown };
    for (const id of [customerId, survivorId]) if (typeof id === 'string') customers.set(tenant, id, true);
  }
  return customers;
}
