import { parseStream, type Recorded } from '#kernel';
import type { FactService, WaitingWebhooks } from '../annals.js';
import type { Clock } from '../clock.js';
import { cloudEvent } from '../cloud-events.js';
import type { CommandPipeline } from '../commands/pipeline.js';
import { storedFormOf } from '../envelope.js';
import { leaves } from '../leaving.js';
import { samePlace } from '../places.js';
import type { Log, Notes } from '../ports.js';
import { MOST_ASIDE, type Subscription, type Webhook } from '../system/webhook/webhook.js';
import { failureOf, mayBeOfTheFact, pauseAfter, retryAfterOf } from './attempts.js';
import { type Aside, Progress } from './progress.js';
import type { SendWebhook } from './sending.js';
import { signatures, type WebhookSecrets } from './signature.js';

export interface LaneOptions {
  readonly log: Log;
  readonly facts: FactService;
  readonly pipeline: CommandPipeline;
  readonly notes: Notes;
  readonly secrets: WebhookSecrets;
  readonly send: SendWebhook;
  readonly clock: Clock;
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
const GONE = 'status 410';
/** For so long after its secret changed a webhook is signed with the one before too. */
const BOTH_SECRETS = 86_400_000;

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
  /** The last attempt that failed, of the fact that deliveries wait for. */
  #blocked: { readonly id: string; readonly outcome: string; readonly mayBeAlone: boolean; readonly retryAt: number } | undefined;
  #wake = () => {};
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
  }

  get #stopped(): boolean {
    return this.#stop.signal.aborted;
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
    this.#wake();
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    this.#wake();
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
    await this.#retryAside(webhook, progress, after);
    if (this.#stopped || this.#changed) return;
    const page = await this.options.facts.page({ tenant: this.#tenant, aggregates, types, after, leaving, limit: PAGE });
    const facts = page.facts.filter((fact) => isFor(fact, webhook));
    for (const [index, fact] of facts.entries()) {
      if (progress.isAside(fact.stream) || fact.id === this.#probed) continue;
      const other = facts.slice(index + 1).find(({ stream }) => stream !== fact.stream && !progress.isAside(stream));
      const head = page.atHead ? page.position : undefined;
      if (!(await this.#delivered(fact, other, head, webhook, progress))) return;
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

  /** False where it is not: to be tried again, parked, stopped, or the webhook changed meanwhile. */
  async #delivered(
    fact: Recorded,
    other: Recorded | undefined,
    head: string | undefined,
    webhook: Subscription,
    progress: Progress,
  ): Promise<boolean> {
    if (this.#stopped || this.#changed) return false;
    const { attempts, firstPause, clock } = this.options;
    let blocked = this.#blocked?.id === fact.id ? this.#blocked : undefined;
    // something new came before its time
    if (!blocked || blocked.retryAt <= Date.now()) {
      const { outcome, retryAfter } = await this.#attempt(fact, webhook);
      if (outcome === 'delivered') {
        this.#blocked = undefined;
        await progress.delivered(fact.position, clock.now());
        return true;
      }
      // broken off by the stop: sent again, with the same id, after the next start
      if (this.#stopped) return false;
      await progress.failed(outcome);
      const retryAt = Date.now() + pauseAfter(progress.failures, firstPause, retryAfter, Math.random());
      blocked = { id: fact.id, outcome, mayBeAlone: mayBeOfTheFact(outcome, retryAfter), retryAt };
      this.#blocked = blocked;
    }
    const { outcome, mayBeAlone, retryAt } = blocked;
    const { failures } = progress;
    const spent = failures >= attempts;
    if (mayBeAlone && failures >= SUSPECT && Object.keys(progress.aside).length < MOST_ASIDE) {
      const takesOther = other !== undefined && (await this.#attempt(other, webhook)).outcome === 'delivered';
      if (this.#stopped) return false;
      if (takesOther) this.#probed = other.id;
      const isDoubted = Object.values(progress.aside).some(({ doubted }) => doubted);
      // where there is nothing else to try, one stream has the benefit of the doubt
      if (takesOther || (spent && !other && !isDoubted)) {
        const entry = { revision: fact.revision, failures, lastFailure: outcome, retryAt };
        this.#blocked = undefined;
        await this.#setAside(fact, takesOther ? entry : { ...entry, doubted: true }, progress, fact.position);
        return true;
      }
    }
    if (spent || outcome === GONE) await this.#park(fact, progress, outcome);
    else await this.#wait(Math.max(0, retryAt - Date.now()), mayBeAlone && !other ? head : undefined);
    return false;
  }

  /** Tries the streams again whose time has come, and those that somebody released. */
  async #retryAside(webhook: Subscription, progress: Progress, upTo: string): Promise<void> {
    for (const [stream, entry] of Object.entries(progress.aside)) {
      if (this.#stopped || this.#changed) return;
      const { parked: _, ...going } = entry;
      const isParked = webhook.parkedStreams.some((parked) => parked.stream === stream);
      if (entry.parked && isParked) continue;
      if (!entry.parked && entry.retryAt > Date.now()) continue;
      const rest = await this.#deliverAside(stream, entry.parked ? { ...going, failures: 0 } : going, webhook, progress, upTo);
      if (rest) continue;
      await progress.setAside(stream, undefined);
      if (isParked) await this.#perform('ReleaseWebhookStream', { stream });
    }
  }

  /** The facts of a stream up to a position; true where some are left. */
  async #deliverAside(stream: string, from: Aside, webhook: Subscription, progress: Progress, upTo: string): Promise<boolean> {
    let entry = from;
    for (;;) {
      const page = await this.options.log.readStream(stream, entry.revision, PAGE);
      for (const stored of page) {
        if (stored.position > upTo) return false;
        const fact = storedFormOf(stored);
        if (isFor(fact, webhook)) {
          const { outcome, retryAfter } = await this.#attempt(fact, webhook);
          if (this.#stopped && outcome !== 'delivered') return true;
          if (outcome !== 'delivered') {
            const failures = entry.failures + 1;
            const pause = pauseAfter(failures, this.options.firstPause, retryAfter, Math.random());
            const failed = { ...entry, revision: fact.revision, failures, lastFailure: outcome, retryAt: Date.now() + pause };
            if (outcome === GONE) await this.#park(fact, progress, outcome);
            else await this.#setAside(fact, failed, progress);
            return true;
          }
        }
        entry = { ...entry, revision: fact.revision + 1, failures: 0 };
        await progress.setAside(stream, entry);
        if (this.#stopped || this.#changed) return true;
      }
      if (page.length < PAGE) return false;
    }
  }

  async #setAside(fact: Recorded, entry: Aside, progress: Progress, position?: string): Promise<void> {
    const parked = entry.failures >= this.options.attempts;
    if (parked) {
      const { failures: attempts, lastFailure: reason } = entry;
      await this.#perform('ParkWebhookStream', { stream: fact.stream, factId: fact.id, attempts, reason });
    }
    await progress.setAside(fact.stream, parked ? { ...entry, parked } : entry, position);
  }

  #idleFor({ aside, isStored }: Progress): number {
    const due = Object.values(aside).map(({ parked, retryAt }) => (parked ? Number.POSITIVE_INFINITY : retryAt - Date.now()));
    return Math.max(0, Math.min(isStored ? LOOK_AGAIN : STORE_WITHIN, ...due));
  }

  async #attempt(fact: Recorded, { address, secretNumber, rotatedAt }: Subscription) {
    const { secrets, clock, send } = this.options;
    const body = JSON.stringify(cloudEvent(fact));
    const now = Date.parse(clock.now());
    const timestamp = Math.floor(now / 1_000);
    const both = rotatedAt !== undefined && now - Date.parse(rotatedAt) < BOTH_SECRETS;
    const numbers = both ? [secretNumber, secretNumber - 1] : [secretNumber];
    const keys = numbers.map((number) => secrets.of(this.#tenant, this.#webhookId, number));
    const headers = {
      'content-type': 'application/cloudevents+json; charset=utf-8',
      'user-agent': 'Annals',
      'webhook-id': fact.id,
      'webhook-timestamp': String(timestamp),
      'webhook-signature': signatures(keys, fact.id, timestamp, body),
    };
    try {
      const { status, retryAfter } = await send({ url: address, headers, body, signal: this.#stop.signal });
      if (status >= 200 && status < 300) return { outcome: 'delivered' };
      return { outcome: `status ${status}`, retryAfter: retryAfterOf(retryAfter, now) };
    } catch (error) {
      return { outcome: failureOf(error) };
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
    if (this.#stopped || this.#changed) return;
    const { log } = this.options;
    await new Promise<void>((resolve, reject) => {
      const look = (head: string) => {
        if (beyond !== undefined && head > beyond) settle();
      };
      const settle = () => {
        clearTimeout(timer);
        stopListening();
        this.#wake = () => {};
        resolve();
      };
      const timer = setTimeout(settle, milliseconds);
      const stopListening = log.onAppend(look);
      this.#wake = settle;
      // what was appended before anybody listened
      if (beyond !== undefined)
        log.head().then(look, (error) => {
          settle();
          reject(error);
        });
    });
  }
}

const leavingTo = ({ imported = false }: Subscription) => ({ history: imported });

const isFor = (fact: Recorded, webhook: Subscription) =>
  leaves(fact, leavingTo(webhook)) && isAsked(fact, webhook) && !webhook.skipped.includes(fact.id);

const isAsked = ({ type }: Recorded, { types }: Subscription) => types === undefined || types.includes(type);
