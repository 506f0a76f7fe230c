import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Generation, Log, StoredFact } from '../ports.js';
import { Folding, type ParkedKeys, touchesOf } from './fold.js';
import { loadTouched } from './load.js';
import type { ViewPlan } from './plan.js';
import { TenantMap } from './tenant-map.js';

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
const DOCUMENTS_A_COMMIT = 2_000;

/**
 * Folds the log into a generation in memory and writes its documents once for each large run, a piece at a time; other work
 * gets its turn between pages and pieces. A generation whose build was broken off is to be dropped: pieces of a run have no
 * checkpoint of their own.
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

  constructor(private readonly options: BuildOptions) {
    this.position = options.log.start;
    this.lastFact = options.log.start;
    this.#folding = new Folding(options.plan, this.parked, { fresh: true, careful: options.careful === true });
  }

  /** Folds page by page up to a position, or to the head; gives after each page. Nothing is written that still fits in memory. */
  async *pages(upTo?: string): AsyncIterable<void> {
    const { plan, log, generation, tenant, includes, pageSize = 2_000, documentsInMemory = DOCUMENTS_IN_MEMORY } = this.options;
    const options = {
      limit: pageSize,
      types: plan.types,
      ...(tenant === undefined ? {} : { tenant }),
      ...(upTo === undefined ? {} : { upTo }),
    };
    for (let done = upTo !== undefined && this.position >= upTo; !done; ) {
      const page = await log.readAll(this.position, options);
      const facts = includes ? page.facts.filter(includes) : page.facts;
      const touches = touchesOf(plan, facts);
      if (this.#checkpoint !== undefined) await loadTouched(generation, this.#folding, touches);
      this.#folding.fold(touches);
      this.facts += page.facts.length;
      this.lastFact = facts.at(-1)?.position ?? this.lastFact;
      this.position = page.atHead && upTo !== undefined ? upTo : page.position;
      done = page.atHead || (upTo !== undefined && this.position >= upTo);
      if (this.#folding.documents > documentsInMemory || this.#folding.bytes > BYTES_IN_MEMORY) await this.write();
      yield;
      await nextTurn();
    }
  }

  /** Writes what was folded since the last time, and the checkpoint with the last piece. Throws Unwritable, StaleWriter. */
  async write(): Promise<void> {
    const { generation, token, plan, careful, log } = this.options;
    const pieces = Math.max(1, Math.ceil(this.#folding.untaken / DOCUMENTS_A_COMMIT));
    const most = Math.ceil(this.#folding.untaken / pieces);
    for (let last = false; !last; ) {
      const changes = this.#folding.take(Math.max(1, most));
      last = this.#folding.untaken === 0;
      const to = last ? this.position : (this.#checkpoint ?? log.start);
      await generation.commit({ ...changes, from: this.#checkpoint, to, token: token() });
      this.#checkpoint = to;
      if (!last) await nextTurn();
    }
    this.#folding = new Folding(plan, this.parked, { careful: careful === true });
  }

  /** Facts folded and not yet written. */
  get unwritten(): number {
    return this.#folding.facts;
  }
}
