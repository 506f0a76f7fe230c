import type { MergeFacts } from '#kernel';
import { type Generation, type Log, StoreFault, type ViewStore } from '../ports.js';
import { Problem } from '../problem.js';
import type { Registry } from '../registry.js';
import type { ViewAnswer, ViewRequest } from '../requests.js';
import { type AnswerContext, answerFrom, documentAnswer } from './answer.js';
import { authorise } from './authorise.js';
import { A_MOMENT } from './freshness.js';
import { planOf, type ViewPlan } from './plan.js';
import { parseQuery } from './query.js';
import { definitionNumber, type Standing, type Standings } from './standings.js';

const ATTEMPTS = 5;

export interface DocumentReaderOptions {
  readonly registry: Registry;
  readonly identity?: MergeFacts;
  readonly log: Pick<Log, 'id'>;
  /** A connection of its own to what the views are written to. */
  readonly store: Pick<ViewStore, 'generation' | 'generations'>;
  /** Published by the thread that writes the views. */
  readonly standings: Standings;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

/**
 * Answers what is asked about one document of today, in the thread of who asks: a look or two by key, which wait neither for totals nor for
 * a page of facts that is folded. Whatever it cannot answer so is left to the thread of the views.
 */
export class DocumentReader {
  readonly #plans: ReadonlyMap<string, ViewPlan>;
  readonly #served = new Map<string, { readonly definition: bigint; readonly generation: Generation }>();

  constructor(private readonly options: DocumentReaderOptions) {
    const { registry, identity } = options;
    this.#plans = new Map([...registry.views].map(([name, view]) => [name, planOf(view, registry, identity)]));
  }

  /** Undefined where the thread of the views has to answer: to wait, to say how old the view is, or why it cannot. Throws Problem. */
  async query(request: ViewRequest): Promise<ViewAnswer | undefined> {
    const plan = this.#plans.get(request.view);
    if (!plan || request.key === undefined) return undefined;
    authorise(plan, request.caller);
    // Whose document it is, that thread says: in one place for all questions.
    if (request.caller.customerId !== undefined) return undefined;
    const { log, now = Date.now } = this.options;
    const query = parseQuery(plan, request, now(), log.id);
    if (query.asOf !== undefined || query.knownAt !== undefined || query.position !== undefined) return undefined;
    try {
      for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
        const standing = this.options.standings.read(plan.view.name);
        if (!standing || standing.age >= A_MOMENT * 1_000 || standing.position < (query.minPosition ?? '')) return undefined;
        const generation = await this.#generation(plan.view.name, standing);
        if (!generation) return undefined;
        const answer = await this.#read(generation, standing, {
          plan,
          tenant: request.caller.tenant,
          query,
          position: standing.position,
          frozen: false,
        });
        if (answer) return answer;
      }
    } catch (error) {
      if (error instanceof Problem || error instanceof StoreFault) throw error;
      // A generation that was dropped meanwhile, say: the thread knows what is served.
    }
    return undefined;
  }

  /** Undefined when something was committed meanwhile that the thread has not told of. */
  async #read(
    generation: Generation,
    { checkpoint, position }: Standing,
    context: AnswerContext,
  ): Promise<ViewAnswer | undefined> {
    const { ask } = context.query;
    if (ask.kind !== 'document') return undefined;
    const stored = await generation.get(context.tenant, ask.key);
    // It was last changed by then, so it was this one then.
    if (stored && stored.position <= position) return documentAnswer(generation, context, stored);
    if ((await generation.checkpoint()) !== checkpoint) return undefined;
    const answer = await answerFrom(generation, context);
    return (await generation.checkpoint()) === checkpoint ? answer : undefined;
  }

  async #generation(view: string, { definition }: Standing): Promise<Generation | undefined> {
    const known = this.#served.get(view);
    if (known?.definition === definition) return known.generation;
    const generations = await this.options.store.generations();
    const live = generations.find(({ spec, state }) => spec.view === view && state === 'live');
    if (!live || definitionNumber(live.spec.hash) !== definition) return undefined;
    const generation = await this.options.store.generation(live.spec);
    this.#served.set(view, { definition, generation });
    return generation;
  }
}
