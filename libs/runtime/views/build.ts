import { setImmediate as nextTurn } from 'node:timers/promises';
import type { DocumentKey, Generation, ParkedFact, StoredDocument, StoredFact } from '../ports.js';
import { type Changes, Folding, type ParkedKeys } from './fold.js';
import { type Linked, LinkedFacts, linkedBy, within } from './linked.js';
import { loadTouched } from './load.js';
import { PAGE_SIZE, pagesOf } from './pages.js';
import { Parts, type PartsOptions } from './parts.js';
import { type Aside, Unreadable } from './set-aside.js';
import { TenantMap } from './tenant-map.js';
import { type Touch, touchAt, touchesOf } from './touch.js';

export interface BuildOptions extends PartsOptions {
  /** Written by nobody else meanwhile. */
  readonly generation: Generation;
  /** The lease's token at the time of a write. */
  readonly token: () => number;
  /** A look at each document after each fact: finds the one that cannot be written. */
  readonly careful?: boolean;
  /** Documents kept in memory before they are written. */
  readonly documentsInMemory?: number;
  /** Bytes of facts of linked customers that are kept, so that the log need not be read for them again. */
  readonly linkedInMemory?: number;
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
  /** Everything up to here was read. */
  position: string;
  /** The last fact that was folded: from there to `position` the documents are the same. */
  lastFact: string;
  #checkpoint: string | undefined;
  #folding: Folding;
  /** Nothing is written yet that the next facts may touch. */
  #fresh = true;
  /** Set while the first run goes through the log part by part. */
  #parts: Parts | undefined;
  #facts = 0;
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
      [this.#facts, this.position, this.lastFact] = [0, log.start, log.start];
      yield* this.#inOrder(upTo);
    }
  }

  /** Facts read so far. */
  get facts(): number {
    return this.#facts + (this.#parts?.underway ?? 0);
  }

  /** How much of the work is done, from 0 to 1, when so much of the log was read. */
  share(read: number): number {
    return this.#parts?.share(read) ?? read;
  }

  async *#inOrder(upTo?: string): AsyncGenerator<void> {
    for await (const { facts, read, position } of pagesOf(this.options, this.position, upTo)) {
      this.#note({ read, position, lastFact: facts.at(-1)?.position });
      await this.#fold(touchesOf(this.options.plan, facts));
      yield;
    }
  }

  /** False, and nothing was written, when a fact could not be read. */
  async *#inParts(upTo?: string): AsyncGenerator<void, boolean> {
    const parts = new Parts(this.options);
    this.#parts = parts;
    try {
      const related: StoredFact[] = [];
      for await (const aside of parts.setAside(upTo)) {
        this.#note(aside);
        related.push(...aside.related);
        yield;
      }
      const linked = linkedBy(this.options.plan, related);
      const apart = new LinkedFacts(related, this.options.linkedInMemory);
      for await (const changes of parts.fold(this.parked, linked, apart)) {
        if (changes) await this.#put(changes);
        yield;
      }
      if (related.length > 0) yield* this.#together(linked, apart);
      await this.write();
      return true;
    } catch (error) {
      if (error instanceof Unreadable) return false;
      throw error;
    } finally {
      await parts.close();
      this.#parts = undefined;
    }
  }

  /** Customers that were ever merged, in log order: what is shown of one depends on the others. */
  async *#together(linked: Linked, apart: LinkedFacts): AsyncGenerator<void> {
    const { plan, log, pageSize } = this.options;
    const kept = apart.inOrder;
    for (let from = 0; kept && from < kept.length; from += pageSize ?? PAGE_SIZE) {
      const some = kept.slice(from, from + (pageSize ?? PAGE_SIZE));
      await this.#fold(some.map(({ stored, keys }) => touchAt(plan, stored, keys)));
      yield;
    }
    if (kept) return;
    const types = new Set([plan.identity?.merged, plan.identity?.unmerged]);
    for await (const { facts } of pagesOf(this.options, log.start, this.position)) {
      const touches = touchesOf(plan, facts).map((touch) => within(touch, linked));
      await this.#fold(touches.filter(({ keys, stored }) => keys.length > 0 || types.has(stored.type)));
      yield;
    }
  }

  #note({ read, position, lastFact }: Omit<Aside, 'related'>): void {
    this.#facts += read;
    this.lastFact = lastFact ?? this.lastFact;
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
    do await this.#put(this.#folding.take(DOCUMENTS_AT_ONCE));
    while (this.#folding.untaken > 0);
    await this.#commit(this.position);
    this.#folding = new Folding(plan, this.parked, { careful: careful === true });
    this.#fresh = false;
  }

  /** Writes what makes a commit. */
  async #put(changes: Changes): Promise<void> {
    this.#taken.add(changes);
    if (!this.#taken.isLarge) return;
    await this.#commit(this.#checkpoint ?? this.options.log.start);
    await nextTurn();
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
