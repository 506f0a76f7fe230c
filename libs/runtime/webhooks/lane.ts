import { parseStream, type Recorded } from '#kernel';
import type { FactService } from '../annals.js';
import type { Clock } from '../clock.js';
import { cloudEvent } from '../cloud-events.js';
import type { CommandPipeline } from '../commands/pipeline.js';
import type { Log, Notes } from '../ports.js';
import { placeIn } from '../processes/process-reader.js';
import type { Subscription, Webhook } from '../system/webhook/webhook.js';
import { failureOf, pauseAfter, retryAfterOf } from './attempts.js';
import { Progress } from './progress.js';
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
  /** Attempts of one fact until the webhook is parked. */
  readonly attempts: number;
  /** Milliseconds after the first attempt that failed; twice as many after each further one. */
  readonly firstPause: number;
  /** Never personal data. */
  readonly onError: (name: string, error: unknown) => void;
}

const PAGE = 100;
const LOOK_AGAIN = 60_000;
/** A webhook that has nothing to do stores where it is. */
const STORE_WITHIN = 1_000;
/** For so long after its secret changed a webhook is signed with the one before too. */
const BOTH_SECRETS = 86_400_000;

/** Delivers to one webhook, one fact at a time in the order of the log, until it is stopped. What was delivered is remembered. */
export class WebhookLane {
  readonly #tenant: string;
  readonly #webhookId: string;
  readonly #stop = new AbortController();
  #changed = false;
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
    let progress: Progress | undefined;
    for (let pause = 100; !this.#stopped; ) {
      try {
        progress ??= await Progress.open(this.options.notes, this.stream);
        await this.#round(progress);
        pause = 100;
      } catch (error) {
        if (this.#stopped) break;
        this.options.onError(`webhook ${this.#webhookId}`, error);
        // another server may have moved it meanwhile
        progress = undefined;
        await this.#wait(pause);
        pause = Math.min(pause * 2, 10_000);
      }
    }
    await progress?.store().catch(() => {});
  }

  /** A page of facts, or a wait until there is something to do. */
  async #round(progress: Progress): Promise<void> {
    this.#changed = false;
    const webhook = (await this.options.pipeline.streams.load(this.stream)).state as Webhook;
    if (webhook.status !== 'ACTIVE') return this.#wait(LOOK_AGAIN);
    const { start } = this.options.log;
    const begin = webhook.replays > 0 ? (webhook.after ?? start) : (webhook.after ?? this.subscribedAt);
    if (progress.replays !== webhook.replays) await progress.beginAt(begin, webhook.replays);
    const { aggregates, types } = webhook;
    // a receiver that was ahead of a restored log gets what comes next
    const after = await placeIn(this.options.log, progress.position ?? begin, 'now');
    const page = await this.options.facts.page({ tenant: this.#tenant, aggregates, types, after, publicOnly: true, limit: PAGE });
    for (const fact of page.facts) {
      // what happened long ago elsewhere is no news to a receiver that did not ask for it
      if (fact.imported && !webhook.imported) continue;
      if (!(await this.#delivered(fact, webhook, progress))) return;
    }
    await progress.passed(page.position);
    if (page.atHead) await this.#wait(progress.isStored ? LOOK_AGAIN : STORE_WITHIN, page.position);
  }

  /** False where it is not: parked, stopped, or the webhook changed meanwhile. */
  async #delivered(fact: Recorded, webhook: Subscription, progress: Progress): Promise<boolean> {
    const { attempts, firstPause, clock } = this.options;
    while (!this.#stopped && !this.#changed) {
      const { outcome, retryAfter } = await this.#attempt(fact, webhook);
      if (outcome === 'delivered') {
        await progress.delivered(fact.position, clock.now());
        return true;
      }
      // broken off by the stop: sent again, with the same id, after the next start
      if (this.#stopped) return false;
      await progress.failed(outcome);
      if (progress.failures >= attempts || outcome === 'status 410') {
        await this.#park(fact, progress, outcome);
        return false;
      }
      await this.#wait(pauseAfter(progress.failures, firstPause, retryAfter, Math.random()));
    }
    return false;
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
    }
  }

  async #park({ id }: Recorded, progress: Progress, reason: string): Promise<void> {
    const caller = { tenant: this.#tenant, actor: { kind: 'process', id: 'webhooks' }, roles: new Set<never>() } as const;
    const payload = { webhookId: this.#webhookId, factId: id, attempts: progress.failures, reason };
    await this.options.pipeline.perform({ caller, command: 'ParkWebhook', payload });
    await progress.parked();
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
