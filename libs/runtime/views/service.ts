import type { MergeFacts } from '#kernel';
import type { RebuildProgress, ViewService } from '../annals.js';
import { holderName } from '../another-server.js';
import type { GenerationInfo, Log, ParkedFact, ViewStore } from '../ports.js';
import { Problem } from '../problem.js';
import type { Registry } from '../registry.js';
import type { Caller, ViewAnswer, ViewRequest } from '../requests.js';
import { answerFrom, sameSince } from './answer.js';
import { authorise } from './authorise.js';
import { Histories, type HistoryOptions } from './history.js';
import { Forest, loadLinks } from './identity.js';
import { RecordingTimes } from './known.js';
import { planOf, type ViewPlan } from './plan.js';
import { distance } from './positions.js';
import { parseQuery, type ViewQuery } from './query.js';
import { rebuild } from './rebuild.js';
import type { Sight, ViewProgress } from './sights.js';
import { Signal } from './signal.js';
import { Standings } from './standings.js';
import { ViewWorker, type WorkerOptions } from './view-worker.js';

export interface ViewsOptions
  extends Pick<WorkerOptions, 'writes' | 'leaseMilliseconds' | 'farBehind' | 'report'>,
    Pick<HistoryOptions, 'scratch' | 'most' | 'mostDocuments' | 'startFellow'> {
  readonly registry: Registry;
  readonly log: Log;
  readonly store: ViewStore;
  /** The facts that say which customers are one. */
  readonly identity?: MergeFacts;
  /** Names this process; two with one name would take each other's lease. */
  readonly holder?: string;
  /** Gives the same log for readers from its start, where there is a faster way to it. */
  readonly forRebuilds?: (log: Log) => Log;
  /** Memory of `Standings.memoryFor` all views, to publish in where they stand. */
  readonly standings?: SharedArrayBuffer | undefined;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

/** The views of a process: follows the log, answers queries, builds changed definitions beside the old ones and switches. */
export class Views implements ViewService {
  readonly #plans: ReadonlyMap<string, ViewPlan>;
  readonly #worker: ViewWorker;
  readonly #histories: Histories;
  readonly #recorded: RecordingTimes;
  readonly #rebuilding = new Set<string>();
  readonly #stopped = new Signal();
  #rebuildsFrom: Log | undefined;
  #stopping = false;
  #renewing: Promise<void> = Promise.resolve();

  constructor(private readonly options: ViewsOptions) {
    const { registry, identity, log, store, holder = holderName(), standings: memory } = options;
    const standings = memory && new Standings(memory, registry.views.keys(), log.id);
    this.#plans = new Map([...registry.views].map(([name, view]) => [name, planOf(view, registry, identity)]));
    const fellBehind = () => {
      this.#renewing = this.#renewing.then(() => this.#buildUnfollowing());
    };
    this.#worker = new ViewWorker({ ...options, plans: [...this.#plans.values()], log, store, holder, standings, fellBehind });
    this.#histories = new Histories(options);
    this.#recorded = new RecordingTimes(log);
  }

  /** Opens the views and begins to follow the log. Those that are far behind and those with a new definition are built in the background. */
  async start(): Promise<void> {
    await this.#worker.start();
    if (this.options.writes !== false) this.#renewing = this.#buildUnfollowing();
  }

  /** Finishes what is in hand and stores positions; at most about `milliseconds`. The log and the store stay open. */
  async stop(milliseconds = 5_000): Promise<void> {
    this.#stopping = true;
    this.#stopped.give();
    await this.#worker.stop(milliseconds);
    await this.#renewing;
    await this.#histories.close();
    await this.#rebuildsFrom?.close();
  }

  progress(): Promise<readonly ViewProgress[]> {
    return this.#worker.progress();
  }

  async query(request: ViewRequest): Promise<ViewAnswer> {
    const plan = this.#planOf(request.view);
    authorise(plan, request.caller);
    const { log, now = Date.now } = this.options;
    const asked = parseQuery(plan, request, now(), log.id);
    const { tenant } = request.caller;
    await this.#reach(plan, asked);
    const query = await this.#ofCaller(plan, asked, request.caller);
    const live = await this.#live(plan, tenant, query);
    if ('kind' in live) return live;
    const known = query.knownAt === undefined ? live.position : await this.#recorded.positionAt(query.knownAt, live.position);
    const position = known < live.position ? known : live.position;
    const answer = await this.#histories.at(plan, { tenant, asOf: query.asOf, position }, (generation) =>
      answerFrom(generation, { plan, tenant, query, position, frozen: false }),
    );
    return aged(answer, query, live.age, now());
  }

  generations(): Promise<readonly GenerationInfo[]> {
    return this.options.store.generations();
  }

  async *rebuild(
    view: string,
    options: { readonly switch?: boolean; readonly onlyIfFrozen?: boolean } = {},
  ): AsyncIterable<RebuildProgress> {
    const plan = this.#planOf(view);
    if (this.#rebuilding.has(view))
      throw new Problem(409, 'rebuild-running', `The view ${view} is being rebuilt already; wait until that is done.`);
    this.#rebuilding.add(view);
    try {
      for await (const progress of rebuild({
        ...options,
        plan,
        worker: this.#worker,
        log: this.#logForRebuilds,
        store: this.options.store,
        startFellow: this.options.startFellow,
      })) {
        yield progress;
        if (this.#stopping) return;
      }
    } finally {
      this.#rebuilding.delete(view);
    }
  }

  async parked(view?: string): Promise<readonly (ParkedFact & { readonly view: string })[]> {
    const names = view === undefined ? [...this.#plans.keys()] : [this.#planOf(view).view.name];
    const parked = await Promise.all(
      names.map(async (name) => (await this.#worker.live(name).generation.parked()).map((fact) => ({ ...fact, view: name }))),
    );
    return parked.flat();
  }

  async release(view: string, tenant: string, key: string): Promise<{ readonly released: number; readonly error?: string }> {
    this.#planOf(view);
    return await this.#worker.between(async (token) => {
      const track = this.#worker.live(view);
      if (track.frozen)
        throw new Problem(
          409,
          'view-rebuilding',
          `The view ${view} is being built anew, which folds its parked facts too; wait until that is done.`,
        );
      await track.settle();
      return await track.release(tenant, key, token);
    });
  }

  get #logForRebuilds(): Log {
    const { log, forRebuilds } = this.options;
    this.#rebuildsFrom ??= forRebuilds?.(log);
    return this.#rebuildsFrom ?? log;
  }

  #planOf(view: string): ViewPlan {
    const plan = this.#plans.get(view);
    if (!plan)
      throw new Problem(404, 'view-unknown', `There is no view ${view}; there are ${[...this.#plans.keys()].join(', ')}.`);
    return plan;
  }

  async #reach({ view }: ViewPlan, { minPosition, position, wait }: ViewQuery): Promise<void> {
    const wanted = [minPosition, position].reduce(
      (far, one) => (one !== undefined && (far === undefined || one > far) ? one : far),
      undefined,
    );
    if (wanted === undefined || (await this.#worker.reached(view.name, wanted, wait))) return;
    const { log } = this.options;
    const { position: here = log.start, age } = (await this.#worker.standsAt(view.name)) ?? {};
    const head = log.sparse ? undefined : await log.head().catch(() => undefined);
    throw new Problem(
      503,
      'view-behind',
      `The view ${view.name} is not at ${wanted} yet; it stands at ${here}. Ask again, or without the position.`,
      {
        retryAfter: 1,
        ...(age !== undefined && { age }),
        members: { position: here, ...(head !== undefined && { lagFacts: distance(here, head) }) },
      },
    );
  }

  /** The query with whose documents alone the caller may see: the only place where that is said, for every view and every way to ask. */
  async #ofCaller({ view }: ViewPlan, query: ViewQuery, { tenant, customerId }: Caller): Promise<ViewQuery> {
    if (customerId === undefined) return query;
    const together = await this.#worker.read(view.name, ({ track }) =>
      loadLinks(track.generation, new Forest(), tenant, [customerId]),
    );
    return { ...query, own: { field: view.customer as string, customerId, today: new Set(together) } };
  }

  /** The answer, or the position at which history has to give it. */
  #live(plan: ViewPlan, tenant: string, query: ViewQuery): Promise<ViewAnswer | Pick<Sight, 'position' | 'age'>> {
    return this.#worker.read(plan.view.name, async ({ track, position, age }) => {
      const wanted = query.position ?? position;
      if (query.asOf !== undefined || query.knownAt !== undefined) return { position: wanted, age };
      if (wanted < position && !(await sameSince(track.generation, { tenant, query }, wanted))) return { position: wanted, age };
      const answer = await answerFrom(track.generation, {
        plan,
        tenant,
        query,
        position: wanted,
        frozen: track.state === 'outdated',
      });
      return aged(answer, query, age, (this.options.now ?? Date.now)());
    });
  }

  /** A build that fails is tried again; one that parks more than the view does now is left to an operator. */
  async #buildUnfollowing(): Promise<void> {
    for (const plan of this.#worker.unfollowing) {
      const { name } = plan.view;
      // Another process may have built it before this one became the writer.
      for (let wait = 100; !this.#stopping && this.#worker.live(name).frozen; wait = Math.min(wait * 2, 60_000)) {
        try {
          let last: RebuildProgress['state'] | undefined;
          for await (const { state } of this.rebuild(name, { onlyIfFrozen: true })) {
            last = state;
            // One after another: those whose turn comes later do not stand still while this one gets on.
            for (const { view } of this.#worker.unfollowing) this.#worker.live(view.name).movedAt = performance.now();
          }
          if (last === 'refused')
            this.options.report?.({ view: name, error: new MoreParked(name), retryInMilliseconds: Number.POSITIVE_INFINITY });
          break;
        } catch (error) {
          if (this.#stopping) return;
          this.options.report?.({ view: name, error, retryInMilliseconds: wait });
          await this.#stopped.taken(wait);
        }
      }
    }
  }
}

/** What was asked of a position, or of what was known earlier than that, is not going to be another answer. */
function aged(answer: ViewAnswer, { position, knownAt }: ViewQuery, age: number | undefined, now: number): ViewAnswer {
  if (age === undefined || position !== undefined) return answer;
  if (knownAt !== undefined && Date.parse(knownAt) < now - age * 1_000) return answer;
  return { ...answer, age };
}

/** The definition that was to follow stops at more facts than the one that serves. */
export class MoreParked extends Error {
  override readonly name = 'MoreParked';

  constructor(view: string) {
    super(`The new definition of ${view} parks more facts than the old one; it was not switched to.`);
  }
}
