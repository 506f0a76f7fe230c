import { setImmediate as nextTurn } from 'node:timers/promises';
import { Beside } from './beside.js';
import type { Fellow, StartFellow } from './fellow.js';
import { type Changes, Folding, type ParkedKeys } from './fold.js';
import type { Linked, LinkedFacts } from './linked.js';
import type { Source } from './pages.js';
import { type Stretch, stretches } from './positions.js';
import { type Aside, asideOf, foldAside, Unreadable } from './set-aside.js';
import { type Layout, PARTS, readChunks, Spill } from './spill.js';
import { SpillFile } from './spill-file.js';

export interface PartsOptions extends Source {
  readonly startFellow?: StartFellow | undefined;
  /** Facts that are read before a fellow is asked: for few of them no thread is started. */
  readonly alone?: number;
}

const ALONE = 50_000;
/** What is left of the log is cut into so many: where a view's facts lie close is known only when they are read. */
const STRETCHES = 32;
const DOCUMENTS_AT_ONCE = 500;

/**
 * Folds a log in two passes: sets the facts aside by the keys of their documents, then folds one part of the keys after the other.
 * Of a long log a fellow, which is another thread, reads from the end until both meet, and folds parts beside this one. That only saves
 * time: what a fellow does not do, for whatever reason, is done here.
 */
export class Parts {
  readonly #here = new SpillFile();
  readonly #spill = new Spill(this.#here);
  readonly #there = new SpillFile();
  #fellow: Fellow | undefined;
  /** Of what the fellow set aside, stretch by stretch. */
  readonly #layouts: Layout[] = [];
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
    const first = yield* this.#read(log.start, upTo, startFellow ? alone : Number.POSITIVE_INFINITY);
    if (first.isAll) return;
    let { from } = first;
    const end = upTo ?? (await log.head());
    // A log may learn of a file while it is read.
    const file = log.file?.();
    const left = file === undefined || from >= end ? [] : stretches(from, end, STRETCHES);
    const elsewhere = left.length > 0 && this.#readElsewhere(file as string, left);
    if (!elsewhere) {
      yield* this.#read(from, upTo);
      return;
    }
    elsewhere.catch(() => undefined);
    for (let next = left.shift(); next; next = left.shift()) ({ from } = yield* this.#read(from, next.upTo));
    const aside = await elsewhere;
    // What it failed at lies right behind what was read here.
    for (const next of left) ({ from } = yield* this.#read(from, next.upTo));
    this.#count = undefined;
    for (const one of aside) yield one;
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

  /**
   * Gives where to go on, at the end or where it stopped because it had read so many facts. That is where a fact lies: where two
   * stretches meet there need not be one, and a log that is elsewhere refuses such positions.
   */
  async *#read(
    from: string,
    upTo?: string,
    most = Number.POSITIVE_INFINITY,
  ): AsyncGenerator<Aside, { readonly from: string; readonly isAll: boolean }> {
    let facts = 0;
    let last = from;
    for await (const page of asideOf(this.options, this.#spill, from, upTo)) {
      yield page;
      facts += page.read;
      last = page.lastFact ?? last;
      if (facts >= most) return { from: page.position, isAll: false };
    }
    return { from: last, isAll: true };
  }

  /** What a fellow sets aside of the last of what is left, in log order; nothing if there is none. Throws Unreadable. */
  #readElsewhere(file: string, left: Stretch[]): Promise<readonly Aside[]> | undefined {
    const { plan, tenant, asOf, startFellow } = this.options;
    const fellow = startFellow?.();
    if (!fellow) return undefined;
    this.#fellow = fellow;
    this.#count = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
    const descriptors = { ours: this.#here.descriptor, its: this.#there.descriptor };
    const order = { file, view: plan.view.name, tenant, asOf, descriptors, count: this.#count };
    const read = async () => {
      const asides: Aside[] = [];
      for (let stretch = left.pop(); stretch; stretch = left.pop()) {
        try {
          const { layout, ...aside } = await fellow.setAside({ ...order, ...stretch });
          this.#layouts.unshift(layout);
          asides.unshift(aside);
        } catch (error) {
          if (error instanceof Unreadable) throw error;
          left.push(stretch);
          await fellow.close();
          this.#fellow = undefined;
          break;
        }
      }
      return asides;
    };
    return read();
  }

  async #beside(left: number[], parked: ParkedKeys, linked: Linked, apart: LinkedFacts): Promise<Beside> {
    if (!this.#fellow || this.#layouts.length === 0) return new Beside(undefined, left, parked, apart);
    const keys = [...linked.entries()].map(([tenant, key]) => [tenant, key] as const);
    const isReady = await this.#fellow.prepare({ layout: this.#spill.layout(), linked: keys }).then(
      () => true,
      () => false,
    );
    return new Beside(isReady ? this.#fellow : undefined, left, parked, apart);
  }

  *#foldHere(part: number, parked: ParkedKeys, linked: Linked, apart: LinkedFacts): Generator<Changes | undefined> {
    const folding = new Folding(this.options.plan, parked, { fresh: true, apart: true });
    const there = this.#layouts.map((layout) => readChunks(this.#there, layout[part] ?? []));
    for (const chunks of [this.#spill.read(part), ...there]) {
      for (const facts of chunks) {
        apart.add(foldAside(folding, facts, linked));
        yield undefined;
      }
    }
    do yield folding.take(DOCUMENTS_AT_ONCE);
    while (folding.untaken > 0);
  }
}
