import { setImmediate as nextTurn } from 'node:timers/promises';
import type { DocumentKey, Generation, Log, ParkedFact, StoredDocument, StoredFact } from '../ports.js';
import { type Changes, Folding, type ParkedKeys, Unwritable } from './fold.js';
import { loadTouched } from './load.js';
import type { ViewPlan } from './plan.js';
import { Spill } from './spill.js';
import { TenantMap } from './tenant-map.js';
import { keysOf, type Touch, touchAt, touchesOf } from './touch.js';

export interface BuildOptions {
  readonly plan: ViewPlan;
  readonly log: Log;
  /** Written by nobody else meanwhile. */
  readonly generation: Generation;
  /** The lease's token at the time of a write. */
  readonly token: () => number;
  readonly tenant?: string;
  /** Facts for which it says no are left out. */
  readonly includes?: (fact: StoredFact) => boolean;
  /** A look at each document after each fact: finds the one that cannot be written. */
  readonly careful?: boolean;
  /** Documents kept in memory before they are written. */
  readonly documentsInMemory?: number;
  readonly pageSize?: number;
}

const DOCUMENTS_IN_MEMORY = 120_000;
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
  #partsFolded: number | undefined;
  /** Taken from documents that are in memory no more, and not written yet. */
  #taken = new Taken();

  constructor(private readonly options: BuildOptions) {
    this.position = options.log.start;
    this.lastFact = options.log.start;
    this.#folding = new Folding(options.plan, this.parked, { fresh: true, careful: options.careful === true });
  }

  /** Folds up to a position, or to the head; gives after each page. What a later run folds is written when it no longer fits in memory. */
  async *pages(upTo?: string): AsyncIterable<void> {
    const { careful, log } = this.options;
    if (this.position !== log.start || careful) yield* this.#inOrder(upTo);
    else if (!(yield* this.#inParts(upTo))) {
      [this.facts, this.position, this.lastFact] = [0, log.start, log.start];
      yield* this.#inOrder(upTo);
    }
  }

  /** How much of the work is done, from 0 to 1, when so much of the log was read. */
  share(read: number): number {
    return this.#partsFolded === undefined ? read : (read + this.#partsFolded) / 2;
  }

  async *#inOrder(upTo?: string): AsyncGenerator<void> {
    for await (const { facts, read, position } of this.#read(this.position, upTo)) {
      this.#note(facts, read, position);
      await this.#fold(touchesOf(this.options.plan, facts));
      yield;
    }
  }

  /** False, and nothing was written, when a fact could not be read: which ones wait for it is known in log order only. */
  async *#inParts(upTo?: string): AsyncGenerator<void, boolean> {
    const { plan } = this.options;
    const spill = new Spill();
    const related: StoredFact[] = [];
    this.#partsFolded = 0;
    try {
      for await (const { facts, read, position } of this.#read(this.position, upTo)) {
        this.#note(facts, read, position);
        for (const { stored, keys, error } of keysOf(plan, facts)) {
          if (error !== undefined) return false;
          if (stored.type === plan.identity?.merged || stored.type === plan.identity?.unmerged) related.push(stored);
          if (keys.length > 0) spill.add(keys, stored);
        }
        yield;
      }
      const together = linkedBy(plan, related);
      const alone = (tenant: string, key: string) => !together.has(tenant, key);
      for (let part = 0; part < spill.parts; part++) {
        const folding = new Folding(plan, this.parked, { fresh: true, apart: true });
        for (const facts of spill.read(part)) {
          folding.fold(facts.map(({ stored, keys }) => within(touchAt(plan, stored, keys), alone)));
          yield;
          await nextTurn();
        }
        if (folding.facts > 0) await this.#put(folding);
        this.#partsFolded = (part + 1) / spill.parts;
      }
      if (related.length > 0) yield* this.#together(together, related);
      await this.write();
      return true;
    } finally {
      spill.close();
      this.#partsFolded = undefined;
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
    for await (const { facts } of this.#read(log.start, this.position)) {
      const touches = touchesOf(plan, facts).map((touch) => within(touch, linked));
      await this.#fold(touches.filter(({ keys, stored }) => keys.length > 0 || types.has(stored.type)));
      yield;
    }
  }

  async *#read(after: string, upTo?: string): AsyncGenerator<Page> {
    const { plan, log, tenant, includes, pageSize = 500 } = this.options;
    const options = {
      limit: pageSize,
      types: plan.types,
      packed: true,
      ...(tenant === undefined ? {} : { tenant }),
      ...(upTo === undefined ? {} : { upTo }),
    };
    let from = after;
    for (let done = upTo !== undefined && from >= upTo; !done; ) {
      const page = await log.readAll(from, options);
      from = page.atHead && upTo !== undefined ? upTo : page.position;
      done = page.atHead || (upTo !== undefined && from >= upTo);
      yield { facts: includes ? page.facts.filter(includes) : page.facts, read: page.facts.length, position: from };
      await nextTurn();
    }
  }

  #note(facts: readonly StoredFact[], read: number, position: string): void {
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
    await this.#put(this.#folding);
    await this.#commit(this.position);
    this.#folding = new Folding(plan, this.parked, { careful: careful === true });
    this.#fresh = false;
  }

  /** Takes what was folded, and writes what makes a commit. */
  async #put(folding: Folding): Promise<void> {
    do {
      this.#taken.add(folding.take(DOCUMENTS_AT_ONCE));
      if (!this.#taken.isLarge) continue;
      await this.#commit(this.#checkpoint ?? this.options.log.start);
      await nextTurn();
    } while (folding.untaken > 0);
  }

  async #commit(to: string): Promise<void> {
    const { generation, token } = this.options;
    const { put, remove, park, release } = this.#taken;
    this.#taken = new Taken();
    await generation.commit({ put, remove, park, release, from: this.#checkpoint, to, token: token() });
    this.#checkpoint = to;
  }

  /** Facts folded and not yet written. */
  get unwritten(): number {
    return this.#folding.facts;
  }
}

/** Changes on their way to one commit. */
class Taken implements Changes {
  readonly put: StoredDocument[] = [];
  readonly remove: DocumentKey[] = [];
  readonly park: ParkedFact[] = [];
  readonly release: { readonly tenant: string; readonly key: string }[] = [];
  #characters = 0;

  add({ put, remove, park, release }: Changes): void {
    for (const document of put) {
      this.put.push(document);
      this.#characters += document.json.length;
    }
    for (const key of remove) this.remove.push(key);
    for (const fact of park) this.park.push(fact);
    for (const key of release) this.release.push(key);
  }

  get isLarge(): boolean {
    return this.put.length >= A_COMMIT.documents || this.#characters >= A_COMMIT.characters;
  }
}

interface Page {
  readonly facts: readonly StoredFact[];
  /** Facts that were read, those left out included. */
  readonly read: number;
  readonly position: string;
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
