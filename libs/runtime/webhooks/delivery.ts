import type { WaitingWebhooks } from '../annals.js';
import { holderName } from '../another-server.js';
import { placeIn } from '../places.js';
import type { Lease, StoredFact, ViewStore } from '../ports.js';
import { Follower } from '../processes/follower.js';
import { WebhookSubscribed } from '../system/webhook/events.js';
import { webhook } from '../system/webhook/webhook.js';
import { type Deliveries, type LaneOptions, NOTHING_WAITS, WebhookLane } from './lane.js';

export interface DeliveryOptions extends LaneOptions {
  readonly leases: Pick<ViewStore, 'lease' | 'release'>;
}

const NAME = 'webhooks';
const LEASE = 15_000;
const TYPES = Object.keys(webhook.facts);

interface Known {
  readonly position?: string;
  /** Stream → position of the fact that subscribed it. */
  readonly webhooks: Readonly<Record<string, string>>;
}

/** Delivers to all webhooks while it holds their lease: of several servers on one log, one does. */
export class WebhookDelivery {
  readonly #holder: string;
  readonly #lanes = new Map<string, WebhookLane>();
  #follower: Follower | undefined;
  #lease: Lease | undefined;
  #timer: NodeJS.Timeout | undefined;
  #renewing: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(private readonly options: DeliveryOptions) {
    const { log } = options;
    // where nobody else can append, what a killed server left held is ours at once
    this.#holder = log.exclusive ? `the server of ${log.id}` : holderName();
  }

  /** What waits of all webhooks; undefined while another server delivers. */
  get waiting(): WaitingWebhooks | undefined {
    if (!this.#follower) return undefined;
    let sum = NOTHING_WAITS;
    for (const { waiting } of this.#lanes.values())
      sum = {
        parked: sum.parked + waiting.parked,
        failing: sum.failing + waiting.failing,
        streamsAside: sum.streamsAside + waiting.streamsAside,
        streamsParked: sum.streamsParked + waiting.streamsParked,
      };
    return sum;
  }

  /** How far each webhook is that delivers, and what reads their subscriptions; undefined while another server delivers. */
  get deliveries(): readonly Deliveries[] | undefined {
    if (!this.#follower) return undefined;
    const { position, movedAt } = this.#follower;
    return [{ position, movedAt }, ...[...this.#lanes.values()].flatMap(({ deliveries }) => deliveries ?? [])];
  }

  start(): void {
    this.#renewing = this.#renew().finally(() => this.#renewLater());
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#renewing;
    await this.#pause();
    if (this.#lease) await this.options.leases.release(this.#lease).catch(() => {});
  }

  #renewLater(): void {
    if (this.#stopped) return;
    this.#timer = setTimeout(() => this.start(), LEASE / 3);
  }

  async #renew(): Promise<void> {
    try {
      const lease = await this.options.leases.lease(NAME, this.#holder, LEASE);
      // another server may have delivered since: what is known of the notes is then out of date
      if (lease?.token !== this.#lease?.token) await this.#pause();
      if (lease && !this.#follower) await this.#begin();
      this.#lease = lease;
    } catch (error) {
      // who cannot renew it must not go on as if he had it; what is sent twice has the same id
      await this.#pause();
      if (!this.#stopped) this.options.onError(NAME, error);
    }
  }

  async #begin(): Promise<void> {
    const { log, notes, onError } = this.options;
    const note = await notes.read(NAME);
    let version = note?.version ?? 0;
    const known: Known = note ? JSON.parse(note.value) : { webhooks: {} };
    const webhooks = new Map(Object.entries(known.webhooks));
    for (const [stream, position] of webhooks) this.#open(stream, position);
    this.#follower = new Follower({
      name: NAME,
      log,
      types: TYPES,
      position: known.position && (await placeIn(log, known.position, 'zero')),
      handle: async (facts) => {
        for (const fact of facts) this.#take(fact, webhooks);
      },
      store: async (position) => {
        const value: Known = { position, webhooks: Object.fromEntries(webhooks) };
        await notes.write(NAME, JSON.stringify(value), version++);
      },
      onError,
    });
    this.#follower.start();
  }

  #take({ type, stream, position }: StoredFact, webhooks: Map<string, string>): void {
    if (type === WebhookSubscribed.type && !webhooks.has(stream)) webhooks.set(stream, position);
    const lane = this.#lanes.get(stream);
    if (lane) lane.changed();
    else this.#open(stream, webhooks.get(stream) ?? position);
  }

  #open(stream: string, position: string): void {
    const lane = new WebhookLane(this.options, stream, position);
    this.#lanes.set(stream, lane);
    lane.start();
  }

  async #pause(): Promise<void> {
    await this.#follower?.stop();
    this.#follower = undefined;
    await Promise.all([...this.#lanes.values()].map((lane) => lane.stop()));
    this.#lanes.clear();
  }
}
