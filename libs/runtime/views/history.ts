import type { Generation, Log, ViewStore } from '../ports.js';
import { Build } from './build.js';
import { Unwritable } from './fold.js';
import { type Documents, keepingTotals } from './kept-totals.js';
import type { PartsOptions } from './parts.js';
import type { ViewPlan } from './plan.js';

/** A view as of a day: of one tenant, without what occurred later, up to a position. */
export interface HistoricMoment {
  readonly tenant: string;
  readonly asOf: string | undefined;
  readonly position: string;
}

export interface HistoryOptions extends Pick<PartsOptions, 'startFellow'> {
  readonly log: Log;
  /** Opens an empty store in memory; closed when its history is forgotten. */
  readonly scratch: () => ViewStore | Promise<ViewStore>;
  /** Histories kept for further questions. */
  readonly most?: number;
  readonly mostDocuments?: number;
}

interface History {
  readonly key: string;
  readonly store: ViewStore;
  readonly generation: Generation;
  /** Of the generation, until more is written to it. */
  shown: Documents;
  readonly build: Build;
  documents: number;
  uses: number;
}

/** Folds the log anew for questions about the past, and keeps the latest answers. Two at a time; live views get their turn between pages. */
export class Histories {
  /** Least recently used first. */
  readonly #kept = new Set<History>();
  readonly #turns = new Map<string, Promise<unknown>>();
  readonly #waiting: (() => void)[] = [];
  #free = 2;

  constructor(private readonly options: HistoryOptions) {}

  /** Runs `work` on the documents as they were. Questions about the same view, tenant and day take turns: they extend one history. */
  async at<T>(plan: ViewPlan, moment: HistoricMoment, work: (documents: Documents) => Promise<T>): Promise<T> {
    const key = `${plan.spec.hash} ${moment.tenant} ${moment.asOf ?? ''}`;
    const turn = (this.#turns.get(key) ?? Promise.resolve()).then(() => this.#answer(key, plan, moment, work));
    const quiet = turn.catch(() => undefined);
    this.#turns.set(key, quiet);
    try {
      return await turn;
    } finally {
      if (this.#turns.get(key) === quiet) this.#turns.delete(key);
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#turns.values());
    for (const history of this.#kept) await this.#forget(history);
  }

  async #answer<T>(key: string, plan: ViewPlan, moment: HistoricMoment, work: (documents: Documents) => Promise<T>): Promise<T> {
    const history = this.#find(key, moment.position) ?? (await this.#limited(() => this.#make(key, plan, moment)));
    this.#kept.delete(history);
    this.#kept.add(history);
    history.uses += 1;
    try {
      await this.#bound();
      return await work(history.shown);
    } finally {
      history.uses -= 1;
    }
  }

  #find(key: string, position: string): History | undefined {
    for (const history of this.#kept) {
      if (history.key === key && history.build.lastFact <= position && position <= history.build.position) return history;
    }
    return undefined;
  }

  async #make(key: string, plan: ViewPlan, moment: HistoricMoment): Promise<History> {
    for (const history of this.#kept) {
      if (history.key === key && history.build.position < moment.position) return this.#extend(history, moment.position);
    }
    try {
      return await this.#fold(key, plan, moment, false);
    } catch (error) {
      if (!(error instanceof Unwritable)) throw error;
      return await this.#fold(key, plan, moment, true);
    }
  }

  async #extend(history: History, position: string): Promise<History> {
    const { lastFact } = history.build;
    try {
      for await (const _ of history.build.pages(position));
      if (history.build.unwritten > 0) {
        await history.build.write();
        history.documents = await history.generation.count();
      }
      if (history.build.lastFact !== lastFact) history.shown = keepingTotals(history.generation);
      return history;
    } catch (error) {
      await this.#forget(history);
      throw error;
    }
  }

  async #fold(key: string, plan: ViewPlan, { tenant, asOf, position }: HistoricMoment, careful: boolean): Promise<History> {
    const store = await this.options.scratch();
    try {
      const lease = await store.lease('views', 'history', 86_400_000);
      if (!lease) throw new Error('The scratch store of a history is used by somebody else.');
      const generation = await store.generation(plan.spec);
      const { log, startFellow } = this.options;
      const day = asOf === undefined ? {} : { asOf };
      const build = new Build({ plan, log, generation, token: () => lease.token, tenant, careful, startFellow, ...day });
      for await (const _ of build.pages(position));
      await build.write();
      const shown = keepingTotals(generation);
      return { key, store, generation, shown, build, documents: await generation.count(), uses: 0 };
    } catch (error) {
      await store.close();
      throw error;
    }
  }

  async #bound(): Promise<void> {
    const { most = 12, mostDocuments = 200_000 } = this.options;
    for (const history of this.#kept) {
      const documents = [...this.#kept].reduce((sum, kept) => sum + kept.documents, 0);
      if (this.#kept.size <= most && documents <= mostDocuments) return;
      if (history.uses === 0) await this.#forget(history);
    }
  }

  async #forget(history: History): Promise<void> {
    this.#kept.delete(history);
    await history.store.close();
  }

  async #limited<T>(work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((go) => this.#waiting.push(go));
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free += 1;
    }
  }
}
