import type { MessagePort } from 'node:worker_threads';
import type { Context, MergeFacts } from '#kernel';
import { PackedFact, packedOf } from '../packed-fact.js';
import { ForeignPosition, type Log } from '../ports.js';
import { registryOf } from '../registry.js';
import { type Changes, Folding, Unwritable } from './fold.js';
import type { Linked } from './linked.js';
import { planOf, type ViewPlan } from './plan.js';
import type { Stretch } from './positions.js';
import { type Aside, asideOf, foldAside, Unreadable } from './set-aside.js';
import { type Layout, readChunks, Spill } from './spill.js';
import { SpillFile } from './spill-file.js';
import { TenantMap } from './tenant-map.js';
import type { KeyedFact } from './touch.js';

/** A stretch of a log that a fellow is to set aside: always one before those that it has set aside already. */
export interface StretchOrder extends Stretch {
  /** Of the log. */
  readonly file: string;
  readonly view: string;
  readonly tenant?: string | undefined;
  readonly asOf?: string | undefined;
  /** Open files of this process: what the owner sets aside, and where the fellow puts what it does. */
  readonly descriptors: { readonly ours: number; readonly its: number };
  /** Shared memory, in which the fellow counts the facts that it has read. */
  readonly count: Int32Array;
}

/** What a fellow has to know of what the owner of the build has set aside. */
export interface OwnersPart {
  readonly layout: Layout;
  /** Tenants and keys of customers that the owner folds. */
  readonly linked: readonly (readonly [tenant: string, key: string])[];
}

export interface FoldedPart {
  readonly changes: Changes;
  /** What linked customers have in the part. */
  readonly apart: readonly KeyedFact[];
}

/** Another thread that does a part of a build, one thing after the other. */
export interface Fellow {
  /** Throws Unreadable, or anything for which the owner does it instead. */
  setAside(stretch: StretchOrder): Promise<Aside & { readonly layout: Layout }>;
  prepare(owners: OwnersPart): Promise<void>;
  /** Throws Unwritable, or anything for which the owner does it instead. */
  fold(part: number): Promise<FoldedPart>;
  /** Resolves when it reads and writes no more. */
  close(): Promise<void>;
}

/** Undefined while there is none to be had. */
export type StartFellow = () => Fellow | undefined;

export interface FellowThreadOptions {
  readonly port: MessagePort;
  readonly contexts: readonly Context[];
  readonly identity?: MergeFacts;
  readonly openLog: (file: string) => Promise<Log>;
}

type Order = { readonly setAside: StretchOrder } | { readonly prepare: OwnersPart } | { readonly fold: number } | 'close';
type SetAside = Omit<Aside, 'related'> & { readonly layout: Layout; readonly related: readonly string[] };
type Folded = { readonly changes: Changes; readonly apart: readonly (readonly [packed: string, keys: readonly string[]])[] };
type Reply = { readonly value: SetAside | Folded | undefined } | { readonly failed: 'unreadable' | 'unwritable' | 'other' };

/** Does in this thread what the holder of the other end of the port orders, until it closes that. */
export function serveFellow({ port, openLog, contexts, identity }: FellowThreadOptions): void {
  const registry = registryOf(contexts);
  let work: Work | undefined;
  const answer = async (order: Exclude<Order, 'close'>): Promise<SetAside | Folded | undefined> => {
    if ('setAside' in order) {
      const { view, file } = order.setAside;
      const found = registry.views.get(view);
      if (!found) throw new Error(`There is no view ${view}.`);
      work ??= new Work(planOf(found, registry, identity), () => openLog(file));
      return await work.setAside(order.setAside);
    }
    if ('prepare' in order) return work?.prepare(order.prepare);
    return work?.fold(order.fold);
  };
  port.on('message', (order: Order) => {
    if (order === 'close') {
      void Promise.resolve(work?.close()).finally(() => port.close());
      return;
    }
    answer(order).then(
      (value) => port.postMessage({ value } satisfies Reply),
      (error: unknown) => port.postMessage({ failed: kindOf(error) } satisfies Reply),
    );
  });
}

const kindOf = (error: unknown) =>
  error instanceof Unreadable ? 'unreadable' : error instanceof Unwritable ? 'unwritable' : 'other';

/** The fellow at the other end of a port. */
export function remoteFellow(port: MessagePort): Fellow {
  let waiting: { resolve(value: unknown): void; reject(error: Error): void } | undefined;
  let isOpen = true;
  const closed = new Promise<void>((resolve) => {
    port.once('close', () => {
      isOpen = false;
      waiting?.reject(new Error('The thread that helped with a build is gone.'));
      resolve();
    });
  });
  port.on('message', (reply: Reply) => {
    if ('value' in reply) waiting?.resolve(reply.value);
    else waiting?.reject(errorOf(reply.failed));
  });
  const ask = <T>(order: Order): Promise<T> =>
    new Promise<unknown>((resolve, reject) => {
      waiting = { resolve, reject };
      if (isOpen) port.postMessage(order);
      else reject(new Error('The thread that helped with a build is gone.'));
    }) as Promise<T>;
  return {
    setAside: async (stretch) => {
      const { related, ...aside } = await ask<SetAside>({ setAside: stretch });
      return { ...aside, related: related.map((packed) => new PackedFact(packed)) };
    },
    prepare: (owners) => ask({ prepare: owners }),
    fold: async (part) => {
      const { changes, apart } = await ask<Folded>({ fold: part });
      return { changes, apart: apart.map(([packed, keys]) => ({ stored: new PackedFact(packed), keys })) };
    },
    close: () => {
      if (isOpen) port.postMessage('close' satisfies Order);
      return closed;
    },
  };
}

function errorOf(kind: Extract<Reply, { failed: unknown }>['failed']): Error {
  if (kind === 'unreadable') return new Unreadable();
  if (kind === 'unwritable') return new Unwritable();
  return new Error('The thread that helped with a build failed.');
}

/** What a fellow does of one build. */
class Work {
  #log: Promise<Log> | undefined;
  #files: { readonly ours: SpillFile; readonly its: SpillFile } | undefined;
  #ours: Layout = [];
  /** Stretch by stretch, in log order. */
  readonly #its: Layout[] = [];
  readonly #linked: Linked = new TenantMap();
  #underway: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(
    private readonly plan: ViewPlan,
    private readonly openLog: () => Promise<Log>,
  ) {}

  setAside(stretch: StretchOrder): Promise<SetAside> {
    const aside = this.#setAside(stretch);
    this.#underway = aside.catch(() => undefined);
    return aside;
  }

  prepare({ layout, linked }: OwnersPart): undefined {
    this.#ours = layout;
    for (const [tenant, key] of linked) this.#linked.set(tenant, key, true);
  }

  fold(part: number): Folded {
    const files = this.#files;
    if (!files) throw new Error('A part was to be folded before it was set aside.');
    const apart: Folded['apart'][number][] = [];
    const folding = new Folding(this.plan, new TenantMap(), { fresh: true, apart: true });
    const all = [
      readChunks(files.ours, this.#ours[part] ?? []),
      ...this.#its.map((layout) => readChunks(files.its, layout[part] ?? [])),
    ];
    for (const chunks of all) {
      for (const facts of chunks) {
        for (const { stored, keys } of foldAside(folding, facts, this.#linked)) apart.push([packedOf(stored), keys]);
      }
    }
    return { changes: folding.take(), apart };
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#underway;
    await this.#log?.then(
      (log) => log.close(),
      () => undefined,
    );
  }

  async #setAside({ tenant, asOf, from, upTo, descriptors, count }: StretchOrder): Promise<SetAside> {
    this.#log ??= this.openLog();
    const log = await this.#log;
    // A copy of a log may not have all of it yet.
    if ((await log.head()) < upTo) throw new ForeignPosition(`${upTo} lies behind the end of the file.`);
    this.#files ??= { ours: SpillFile.of(descriptors.ours), its: SpillFile.of(descriptors.its) };
    const spill = new Spill(this.#files.its);
    const related: string[] = [];
    const source = { plan: this.plan, log, ...(tenant !== undefined && { tenant }), ...(asOf !== undefined && { asOf }) };
    let [read, lastFact]: [number, string | undefined] = [0, undefined];
    for await (const page of asideOf(source, spill, from, upTo)) {
      if (this.#closed) throw new Error('The build was broken off.');
      read += page.read;
      lastFact = page.lastFact ?? lastFact;
      Atomics.add(count, 0, page.read);
      related.push(...page.related.map(packedOf));
    }
    const layout = spill.layout();
    this.#its.unshift(layout);
    return { read, lastFact, position: upTo, related, layout };
  }
}
