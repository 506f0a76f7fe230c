import { setImmediate as nextTurn } from 'node:timers/promises';
import { Beside } from './beside.js';
import type { Fellow, StartFellow } from './fellow.js';
import { type Changes, Folding, type ParkedKeys } from './fold.js';
import type { Linked, LinkedFacts } from './linked.js';
import type { Source } from './pages.js';
import { between } from './positions.js';
import { type Aside, asideOf, foldAside, Unreadable } from './set-aside.js';
import { type Layout, PARTS, readChunks, Spill } from './spill.js';
import { SpillFile } from './spill-file.js';

export interface PartsOptions extends Source {
  readonly startFellow?: StartFellow | undefined;
  /** Facts that are read before a fellow is asked: for few of them no thread is started. */
  readonly alone?: number;
}

const ALONE = 50_000;
const DOCUMENTS_AT_ONCE = 500;

/**
 * Folds a log in two passes: sets the facts aside by the keys of their documents, then folds one part of the keys after the other.
 * Of a long log a fellow, which is another thread, reads the second half, and folds parts beside this one. That only saves time:
 * what a fellow does not do, for whatever reason, is done here.
 */
export class Parts {
  readonly #here = new SpillFile();
  readonly #spill = new Spill(this.#here);
  readonly #there = new SpillFile();
  #fellow: Fellow | undefined;
  /** Of what the fellow set aside. */
  #layout: Layout | undefined;
  #count: Int32Array | undefined;
  #folded: number | undefined;

  constructor(private readonly options: PartsOptions) {}

  /** Facts that the fellow has read and the first pass has not given yet. */
  get underway(): number {
    return this.#count ? Atomics.load(this.#count, 0) : 0;
  }

  /** How much of the work is done, from 0 to 1, when so much of the log was read in this thread. */
  share(read: number): number {
    if (this.#folded !== undefined) return (1 + this.#folded / PARTS) / 2;
    return Math.min(1, this.#fellow ? 2 * read : read) / 2;
  }

  /** The first pass. Gives what each page brought. Throws Unreadable. */
  async *setAside(upTo?: string): AsyncGenerator<Aside> {
    const { log, startFellow, alone = ALONE } = this.options;
    const from = yield* this.#read(log.start, upTo, startFellow ? alone : Number.POSITIVE_INFINITY);
    if (from === undefined) return;
    const end = upTo ?? (await log.head());
    const middle = between(from, end);
    // A log may learn of a file while it is read.
    const file = log.file?.();
    const half = file === undefined || from >= end ? undefined : this.#halve(file, middle, end);
    yield* this.#read(from, half ? middle : upTo);
    if (!half) return;
    const done = await half;
    this.#count = undefined;
    if (done) yield done;
    else yield* this.#read(middle, upTo);
  }

  /** The second pass, in which linked customers are left apart: what is to be written, or nothing, between two turns. Throws Unwritable. */
  async *fold(parked: ParkedKeys, linked: Linked, apart: LinkedFacts): AsyncGenerator<Changes | undefined> {
    const left = Array.from({ length: PARTS }, (_, part) => part);
    const beside = await this.#beside(left, parked, linked, apart);
    this.#folded = 0;
    for (;;) {
      const part = left.shift();
      if (part !== undefined) {
        for (const changes of this.#foldHere(part, parked, linked, apart)) {
          yield changes;
          await nextTurn();
          yield* beside.arrived();
        }
      } else if (beside.isBusy) {
        await beside.settled;
        yield* beside.arrived();
      } else return;
      this.#folded = PARTS - left.length - (beside.isBusy ? 1 : 0);
    }
  }

  async close(): Promise<void> {
    // The numbers of closed files are given to others: nobody may write there any more.
    await this.#fellow?.close();
    this.#here.close();
    this.#there.close();
  }

  /** Gives where it stopped because it had read so many facts; nothing at the end. */
  async *#read(from: string, upTo?: string, most = Number.POSITIVE_INFINITY): AsyncGenerator<Aside, string | undefined> {
    let facts = 0;
    for await (const page of asideOf(this.options, this.#spill, from, upTo)) {
      yield page;
      facts += page.read;
      if (facts >= most) return page.position;
    }
    return undefined;
  }

  /** What the fellow sets aside; nothing if there is none, or it failed. */
  #halve(file: string, from: string, upTo: string): Promise<Aside | undefined> | undefined {
    const { plan, tenant, asOf, startFellow } = this.options;
    this.#fellow = startFellow?.();
    if (!this.#fellow) return undefined;
    this.#count = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
    const descriptors = { ours: this.#here.descriptor, its: this.#there.descriptor };
    const order = { file, view: plan.view.name, tenant, asOf, from, upTo, descriptors, count: this.#count };
    const half = this.#fellow.setAside(order).then(
      ({ layout, ...aside }) => {
        this.#layout = layout;
        return aside;
      },
      async (error: unknown) => {
        if (error instanceof Unreadable) throw error;
        await this.#fellow?.close();
        this.#fellow = undefined;
        return undefined;
      },
    );
    half.catch(() => undefined);
    return half;
  }

  async #beside(left: number[], parked: ParkedKeys, linked: Linked, apart: LinkedFacts): Promise<Beside> {
    if (!this.#fellow || !this.#layout) return new Beside(undefined, left, parked, apart);
    const keys = [...linked.entries()].map(([tenant, key]) => [tenant, key] as const);
    const isReady = await this.#fellow.prepare({ layout: this.#spill.layout(), linked: keys }).then(
      () => true,
      () => false,
    );
    return new Beside(isReady ? this.#fellow : undefined, left, parked, apart);
  }

  *#foldHere(part: number, parked: ParkedKeys, linked: Linked, apart: LinkedFacts): Generator<Changes | undefined> {
    const folding = new Folding(this.options.plan, parked, { fresh: true, apart: true });
    for (const chunks of [this.#spill.read(part), readChunks(this.#there, this.#layout?.[part] ?? [])]) {
      for (const facts of chunks) {
        apart.add(foldAside(folding, facts, linked));
        yield undefined;
      }
    }
    do yield folding.take(DOCUMENTS_AT_ONCE);
    while (folding.untaken > 0);
  }
}
