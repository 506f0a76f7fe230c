import { parseStream, type Recorded } from '#kernel';
import type { FactService, WaitingWebhooks } from '../annals.js';
import type { CommandPipeline } from '../commands/pipeline.js';
import { samePlace } from '../places.js';
import type { Log, Notes } from '../ports.js';
import { MOST_ASIDE, type Subscription, type Webhook } from '../system/webhook/webhook.js';
import { type Attempt, type AttemptOptions, attempt, DELIVERED, GONE } from './attempt.js';
import { mayBeOfTheFact, pauseAfter } from './outcomes.js';
import { Pause } from './pause.js';
import { Progress } from './progress.js';
import { isFor, leavingTo } from './selection.js';
import { StreamsAside } from './streams-aside.js';

export interface LaneOptions extends AttemptOptions {
  readonly log: Log;
  readonly facts: FactService;
  readonly pipeline: CommandPipeline;
  readonly notes: Notes;
  /** Attempts of one fact until its stream, or the webhook, is parked. */
  readonly attempts: number;
  /** Milliseconds after the first attempt that failed; twice as many after each further one. */
  readonly firstPause: number;
  /** Never personal data. */
  readonly onError: (name: string, error: unknown) => void;
}

export const NOTHING_WAITS: WaitingWebhooks = { parked: 0, failing: 0, streamsAside: 0, streamsParked: 0 };

/** Where deliveries are, and since when (milliseconds since 1970). */
export interface Deliveries {
  readonly position: string;
  readonly movedAt: number;
}

const PAGE = 100;
const LOOK_AGAIN = 60_000;
/** A webhook that has nothing to do stores where it is. */
const STORE_WITHIN = 1_000;
/** After so many attempts of a fact another one tells whether the receiver or the fact is at fault. */
const SUSPECT = 2;

/** The last attempt that failed, of the fact that deliveries wait for. */
interface Blocked {
  readonly id: string;
  readonly outcome: string;
  /** The fact may be the reason, and not the receiver. */
  readonly mayBeAlone: boolean;
  /** Milliseconds since 1970. */
  readonly retryAt: number;
}

/** A fact whose turn it is, and what stands around it. */
interface Turn {
  readonly fact: Recorded;
  /** The next fact of another stream: whether it is taken tells whether the receiver or the fact is at fault. */
  readonly other: Recorded | undefined;
  /** The head of the log where nothing lies behind the page of the fact. */
  readonly head: string | undefined;
  readonly webhook: Subscription;
  readonly progress: Progress;
}

/**
 * Delivers to one webhook, one fact at a time in the order of the log, until it is stopped. What was delivered is remembered.
 * A stream with a fact that the receiver does not take, while it takes others, is set aside: its facts wait, in their order.
 */
export class WebhookLane {
  readonly #tenant: string;
  readonly #webhookId: string;
  readonly #stop = new AbortController();
  #changed = false;
  #status: Webhook['status'] | undefined;
  #movedAt = Date.now();
  #progress: Progress | undefined;
  /** Whose position was looked up in this log. */
  #placed: Progress | undefined;
  /** Delivered ahead of its turn, to see whether the receiver takes anything. */
  #probed: string | undefined;
  #blocked: Blocked | undefined;
  readonly #aside: StreamsAside;
  readonly #pause: Pause;
  #running: Promise<void> = Promise.resolve();

  constructor(
    private readonly options: LaneOptions,
    private readonly stream: string,
    /** Of the fact that subscribed it. */
    private readonly subscribedAt: string,
  ) {
    const { tenant, id } = parseStream(stream);
    this.#tenant = tenant;
    this.#webhookId = id;
    this.#pause = new Pause(options.log);
    this.#aside = new StreamsAside({
      ...options,
      attempt: (fact, webhook) => this.#attempt(fact, webhook),
      perform: (command, payload) => this.#perform(command, payload),
      park: (fact, progress, reason) => this.#park(fact, progress, reason),
      stopped: () => this.#stopped,
      interrupted: () => this.#interrupted,
    });
  }

  get #stopped(): boolean {
    return this.#stop.signal.aborted;
  }

  /** What was read of the webhook is out of date, or there is no time for more. */
  get #interrupted(): boolean {
    return this.#stopped || this.#changed;
  }

  /** What of it waits, as of the last look. */
  get waiting(): WaitingWebhooks {
    if (this.#status !== 'ACTIVE' && this.#status !== 'PARKED') return NOTHING_WAITS;
    const aside = Object.values(this.#progress?.aside ?? {});
    const streamsParked = aside.filter(({ parked }) => parked).length;
    return {
      parked: this.#status === 'PARKED' ? 1 : 0,
      failing: this.#blocked ? 1 : 0,
      streamsAside: aside.length - streamsParked,
      streamsParked,
    };
  }

  /** Undefined where nothing is to be delivered. While a receiver does not take what is next, it is late and does not stand still. */
  get deliveries(): Deliveries | undefined {
    if (this.#status !== undefined && this.#status !== 'ACTIVE') return undefined;
    return { position: this.#progress?.position ?? this.subscribedAt, movedAt: this.#blocked ? Date.now() : this.#movedAt };
  }

  start(): void {
    this.#running = this.#run();
  }

  /** There is another fact of the webhook. */
  changed(): void {
    this.#changed = true;
    this.#pause.end();
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    this.#pause.end();
    await this.#running;
  }

  async #run(): Promise<void> {
    for (let pause = 100; !this.#stopped; ) {
      try {
        this.#progress ??= await Progress.open(this.options.notes, this.stream);
        await this.#round(this.#progress);
        this.#movedAt = Date.now();
        pause = 100;
      } catch (error) {
        if (this.#stopped) break;
        this.options.onError(`webhook ${this.#webhookId}`, error);
        // another server may have moved it meanwhile
        this.#progress = undefined;
        await this.#wait(pause);
        pause = Math.min(pause * 2, 10_000);
      }
    }
    await this.#progress?.store().catch(() => {});
  }

  /** A page of facts, or a wait until there is something to do. */
  async #round(progress: Progress): Promise<void> {
    this.#changed = false;
    const webhook = (await this.options.pipeline.streams.load(this.stream)).state as Webhook;
    this.#status = webhook.status;
    if (webhook.status !== 'ACTIVE') return this.#wait(LOOK_AGAIN);
    const { start } = this.options.log;
    const begin = webhook.replays > 0 ? (webhook.after ?? start) : (webhook.after ?? this.subscribedAt);
    if (progress.replays !== webhook.replays) {
      this.#probed = undefined;
      this.#placed = undefined;
      await progress.beginAt(begin, webhook.replays);
    }
    if (this.#placed !== progress) await this.#place(progress, progress.position ?? begin);
    const { aggregates, types } = webhook;
    const leaving = leavingTo(webhook);
    const after = progress.position ?? begin;
    await this.#aside.retry(webhook, progress, after);
    if (this.#interrupted) return;
    const page = await this.options.facts.page({ tenant: this.#tenant, aggregates, types, after, leaving, limit: PAGE });
    const facts = page.facts.filter((fact) => isFor(fact, webhook));
    for (const [index, fact] of facts.entries()) {
      if (progress.isAside(fact.stream) || fact.id === this.#probed) continue;
      const other = facts.slice(index + 1).find(({ stream }) => stream !== fact.stream && !progress.isAside(stream));
      const head = page.atHead ? page.position : undefined;
      if (!(await this.#isSettled({ fact, other, head, webhook, progress }))) return;
    }
    // skipped, or not reached any more by a replay from elsewhere
    this.#blocked = undefined;
    await progress.passed(page.position);
    if (page.atHead) await this.#wait(this.#idleFor(progress), page.position);
  }

  /** A receiver that was ahead of a restored log gets what comes next. */
  async #place(progress: Progress, position: string): Promise<void> {
    const { log, clock } = this.options;
    const same = await samePlace(log, position);
    if (same === undefined) await progress.displaced(position, await log.head(), clock.now());
    else await progress.passed(same);
    this.#placed = progress;
  }

  /**
   * True once deliveries may go on to the next fact: this one was delivered, or its stream set aside. False where it is to be tried again,
   * the webhook was parked or changed, or the server stops.
   */
  async #isSettled(turn: Turn): Promise<boolean> {
    if (this.#interrupted) return false;
    const { fact, other, head, webhook, progress } = turn;
    let blocked = this.#blocked?.id === fact.id ? this.#blocked : undefined;
    // Where something new ended the pause, the next attempt is not due yet.
    if (!blocked || blocked.retryAt <= Date.now()) {
      const made = await this.#attempt(fact, webhook);
      if (made.outcome === DELIVERED) {
        this.#blocked = undefined;
        await progress.delivered(fact.position, this.options.clock.now());
        return true;
      }
      // broken off by the stop: sent again, with the same id, after the next start
      if (this.#stopped) return false;
      blocked = await this.#failed(fact, made, progress);
    }
    if (await this.#isSetAside(turn, blocked)) return true;
    if (this.#stopped) return false;
    const { outcome, mayBeAlone, retryAt } = blocked;
    if (progress.failures >= this.options.attempts || outcome === GONE) await this.#park(fact, progress, outcome);
    else await this.#wait(Math.max(0, retryAt - Date.now()), mayBeAlone && !other ? head : undefined);
    return false;
  }

  async #failed({ id }: Recorded, { outcome, retryAfter }: Attempt, progress: Progress): Promise<Blocked> {
    await progress.failed(outcome);
    const retryAt = Date.now() + pauseAfter(progress.failures, this.options.firstPause, retryAfter, Math.random());
    this.#blocked = { id, outcome, mayBeAlone: mayBeOfTheFact(outcome, retryAfter), retryAt };
    return this.#blocked;
  }

  /** Sets the stream of a fact aside where the fact is at fault, which shows when the receiver takes another one meanwhile. */
  async #isSetAside({ fact, other, webhook, progress }: Turn, { outcome, mayBeAlone, retryAt }: Blocked): Promise<boolean> {
    const { failures } = progress;
    if (!mayBeAlone || failures < SUSPECT || Object.keys(progress.aside).length >= MOST_ASIDE) return false;
    const takesOther = other !== undefined && (await this.#attempt(other, webhook)).outcome === DELIVERED;
    if (this.#stopped) return false;
    if (takesOther) this.#probed = other.id;
    const isDoubted = Object.values(progress.aside).some(({ doubted }) => doubted);
    // where there is nothing else to try, one stream has the benefit of the doubt
    const hasBenefit = failures >= this.options.attempts && !other && !isDoubted;
    if (!takesOther && !hasBenefit) return false;
    const entry = { revision: fact.revision, failures, lastFailure: outcome, retryAt };
    this.#blocked = undefined;
    await this.#aside.add(fact, takesOther ? entry : { ...entry, doubted: true }, progress, fact.position);
    return true;
  }

  #idleFor({ aside, isStored }: Progress): number {
    const due = Object.values(aside).map(({ parked, retryAt }) => (parked ? Number.POSITIVE_INFINITY : retryAt - Date.now()));
    return Math.max(0, Math.min(isStored ? LOOK_AGAIN : STORE_WITHIN, ...due));
  }

  async #attempt(fact: Recorded, webhook: Subscription): Promise<Attempt> {
    try {
      const identity = { tenant: this.#tenant, id: this.#webhookId };
      return await attempt(fact, identity, webhook, this.options, this.#stop.signal);
    } finally {
      this.#movedAt = Date.now();
    }
  }

  async #park({ id }: Recorded, progress: Progress, reason: string): Promise<void> {
    await this.#perform('ParkWebhook', { factId: id, attempts: Math.max(1, progress.failures), reason });
    this.#blocked = undefined;
    await progress.parked();
  }

  async #perform(command: string, payload: object): Promise<void> {
    const caller = { tenant: this.#tenant, actor: { kind: 'process', id: 'webhooks' }, roles: new Set<never>() } as const;
    await this.options.pipeline.perform({ caller, command, payload: { webhookId: this.#webhookId, ...payload } });
  }

  /** Until the milliseconds are over, there is something new of the webhook, it is stopped, or the log goes beyond a position. */
  async #wait(milliseconds: number, beyond?: string): Promise<void> {
    if (!this.#interrupted) await this.#pause.take(milliseconds, beyond);
  }
}
