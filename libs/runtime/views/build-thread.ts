import { setImmediate as nextTurn } from 'node:timers/promises';
import type { MessagePort, Worker } from 'node:worker_threads';
import type { MergeFacts } from '#kernel';
import { packedOf } from '../packed-fact.js';
import type { Log } from '../ports.js';
import type { Registry } from '../registry.js';
import { Aside, Unreadable } from './aside.js';
import { type Changes, Unwritable } from './fold.js';
import { foldPart, type PartOptions } from './fold-part.js';
import { Gathered } from './gathered.js';
import { pagesOf } from './pages.js';
import { planOf, type ViewPlan } from './plan.js';
import type { SpilledPart } from './spilled.js';
import type { Stretch } from './stretches.js';
import { TenantMap } from './tenant-map.js';

/** What a message from the thread holds, at least: each one costs both sides more than its bytes. */
const A_MESSAGE = { documents: 200, characters: 400_000 };

/** What was read of a stretch of the log. */
export interface StretchRead {
  readonly facts: number;
  /** Position of the last fact; undefined if there is none. */
  readonly lastFact: string | undefined;
  /** Facts that say which customers are one, packed. */
  readonly related: readonly string[];
  readonly parts: readonly SpilledPart[];
}

type Order =
  | { readonly kind: 'begin'; readonly view: string; readonly pageSize: number | undefined }
  | { readonly kind: 'read'; readonly stretch: Stretch }
  | {
      readonly kind: 'together';
      readonly customers: readonly (readonly [tenant: string, key: string])[];
      readonly atOnce: number | undefined;
    }
  | { readonly kind: 'fold'; readonly part: SpilledPart };

type Report =
  | { readonly kind: 'made'; readonly changes: Changes }
  | { readonly kind: 'read'; readonly read: StretchRead }
  | { readonly kind: 'folded' }
  | { readonly kind: 'failed'; readonly fault: keyof typeof FAULTS | 'other'; readonly message: string };

/** Errors that mean something to the build. */
const FAULTS = { Unreadable, Unwritable };

const END = 'end';

export interface BuildThreadOptions {
  readonly port: MessagePort;
  readonly registry: Registry;
  readonly identity?: MergeFacts;
  readonly openLog: () => Promise<Log>;
}

/** Does what the build at the other end of the port asks for, one thing after the other, until it is told to end. */
export function runBuildThread(options: BuildThreadOptions): void {
  const { port } = options;
  const work = new BuildWork(options);
  let last: Promise<void> = Promise.resolve();
  port.on('message', (order: Order | typeof END) => {
    if (order === END) {
      work.ended = true;
      void last.then(() => work.close()).finally(() => port.close());
      return;
    }
    last = last
      .then(() => work.do(order))
      .catch((error: Error) => {
        const fault = error instanceof Unreadable ? 'Unreadable' : error instanceof Unwritable ? 'Unwritable' : 'other';
        port.postMessage({ kind: 'failed', fault, message: error.message } satisfies Report);
      });
  });
}

class BuildWork {
  ended = false;
  #log: Log | undefined;
  #aside: Aside | undefined;
  #plan: ViewPlan | undefined;
  #pageSize: number | undefined;
  #together = new TenantMap<true>();
  #atOnce: number | undefined;

  constructor(private readonly options: BuildThreadOptions) {}

  async do(order: Order): Promise<void> {
    if (order.kind === 'begin') {
      const { registry, identity } = this.options;
      const view = registry.views.get(order.view);
      if (!view) throw new Error(`There is no view ${order.view}.`);
      this.#plan = planOf(view, registry, identity);
      this.#pageSize = order.pageSize;
    } else if (order.kind === 'together') {
      for (const [tenant, key] of order.customers) this.#together.set(tenant, key, true);
      this.#atOnce = order.atOnce;
    } else if (!this.#plan) throw new Error('Work came before its view.');
    else if (order.kind === 'read') await this.#read(this.#plan, order.stretch);
    else await this.#fold(this.#plan, order.part);
  }

  async close(): Promise<void> {
    this.#aside?.spill.close();
    await this.#log?.close();
  }

  async #read(plan: ViewPlan, stretch: Stretch): Promise<void> {
    this.#log ??= await this.options.openLog();
    this.#aside ??= new Aside(plan);
    const { spill } = this.#aside;
    let facts = 0;
    let lastFact: string | undefined;
    const pages = pagesOf({ plan, log: this.#log, ...(this.#pageSize && { pageSize: this.#pageSize }) }, stretch);
    for await (const page of pages) {
      if (this.ended) return;
      this.#aside.add(page.facts);
      facts += page.read;
      lastFact = page.facts.at(-1)?.position ?? lastFact;
    }
    const related = this.#aside.related.splice(0).map(packedOf);
    this.#report({ kind: 'read', read: { facts, lastFact, related, parts: spill.take() } });
  }

  async #fold(plan: ViewPlan, part: SpilledPart): Promise<void> {
    let made = new Gathered(A_MESSAGE);
    for (const changes of foldPart(part, { plan, together: this.#together, atOnce: this.#atOnce })) {
      if (this.ended) return;
      made.add(changes);
      if (made.isEnough) {
        this.#report({ kind: 'made', changes: made });
        made = new Gathered(A_MESSAGE);
      }
      await nextTurn();
    }
    this.#report({ kind: 'made', changes: made });
    this.#report({ kind: 'folded' });
  }

  #report(report: Report): void {
    this.options.port.postMessage(report);
  }
}

/** The thread of a build ended before its work was done. */
export class BuildThreadGone extends Error {}

interface Asked {
  readonly made: Changes[];
  readonly resolve: (answer: Report) => void;
  readonly reject: (error: Error) => void;
}

/** A thread that runs `runBuildThread`, as the build sees it. */
export class BuildThread {
  readonly #asked: Asked[] = [];
  readonly #ended: Promise<unknown>;
  #isGone = false;

  constructor(
    private readonly worker: Worker,
    view: string,
    pageSize: number | undefined,
  ) {
    this.#ended = new Promise((resolve) => worker.once('exit', resolve));
    worker.on('message', (report: Report) => this.#hear(report));
    worker.on('error', (error) => this.#lose(error));
    worker.once('exit', () => this.#lose(undefined));
    this.#order({ kind: 'begin', view, pageSize });
  }

  /** Throws Unreadable, BuildThreadGone. */
  async read(stretch: Stretch): Promise<StretchRead> {
    const answer = await this.#ask({ kind: 'read', stretch });
    if (answer.kind !== 'read') throw new BuildThreadGone('The thread of the build answered something else.');
    return answer.read;
  }

  /** Before the first part. */
  keepTogether({ together, atOnce }: Pick<PartOptions, 'together' | 'atOnce'>): void {
    const customers = [...together.entries()].map(([tenant, key]) => [tenant, key] as const);
    this.#order({ kind: 'together', customers, atOnce });
  }

  /** Gives all that the part makes. Throws Unwritable, BuildThreadGone. */
  async fold(part: SpilledPart): Promise<readonly Changes[]> {
    const made: Changes[] = [];
    await this.#ask({ kind: 'fold', part }, made);
    return made;
  }

  /** Resolves when it reads nothing any more. */
  async close(): Promise<void> {
    this.worker.postMessage(END);
    await this.#ended;
  }

  #ask(order: Order, made: Changes[] = []): Promise<Report> {
    return new Promise((resolve, reject) => {
      if (this.#isGone) reject(new BuildThreadGone('The thread of the build has ended.'));
      else {
        this.#asked.push({ made, resolve, reject });
        this.#order(order);
      }
    });
  }

  #order(order: Order): void {
    this.worker.postMessage(order);
  }

  #hear(report: Report): void {
    if (report.kind === 'made') {
      this.#asked[0]?.made.push(report.changes);
      return;
    }
    const asked = this.#asked.shift();
    if (report.kind !== 'failed') asked?.resolve(report);
    else asked?.reject(new (report.fault === 'other' ? BuildThreadGone : FAULTS[report.fault])(report.message));
  }

  #lose(cause: unknown): void {
    this.#isGone = true;
    for (const { reject } of this.#asked.splice(0)) reject(new BuildThreadGone('The thread of the build has ended.', { cause }));
  }
}
