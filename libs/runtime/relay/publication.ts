import { holderName } from '../another-server.js';
import type { Lease, Log, Topics, ViewStore } from '../ports.js';
import { Relay, relayName } from './relay.js';

export interface PublicationOptions {
  readonly log: Log;
  /** Tried again until it succeeds: topics that are down never stop commands. */
  readonly open: () => Promise<Topics>;
  /** Where several servers share the log: which of them publishes a shard. */
  readonly leases?: Pick<ViewStore, 'lease' | 'release'>;
  readonly onError: (name: string, error: unknown) => void;
}

const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 10_000;
/** Three times as long as a relay waits until it asks again. */
const LEASE = 15_000;

/** The log published to topics: one relay for each shard of each generation that is not retired. */
export class Publication {
  #stopped = false;
  #topics: Topics | undefined;
  #relays: readonly Relay[] = [];
  #opening: Promise<void> = Promise.resolve();
  #failure: unknown;
  readonly #startedAt = Date.now();
  #wake = () => {};
  readonly #holder = holderName();
  readonly #leases = new Map<string, Lease>();

  constructor(private readonly options: PublicationOptions) {}

  start(): void {
    this.#opening = this.#open();
  }

  /**
   * How far each relay is, and why it does not get on; none of a shard that another server publishes. A single one without position while the
   * topics are not open.
   */
  readers(): readonly {
    readonly name: string;
    readonly position: string | undefined;
    readonly movedAt: number;
    readonly failure: unknown;
  }[] {
    if (this.#topics === undefined)
      return [{ name: 'relay', position: undefined, movedAt: this.#startedAt, failure: this.#failure }];
    return this.#relays
      .filter(({ standsBy }) => !standsBy)
      .map(({ name, position, movedAt, failure }) => ({ name, position, movedAt, failure }));
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#wake();
    await this.#opening;
    await Promise.all(this.#relays.map((relay) => relay.stop()));
    await this.#topics?.close();
    for (const lease of this.#leases.values()) await this.options.leases?.release(lease).catch(() => {});
  }

  async #open(): Promise<void> {
    const { log, open, onError } = this.options;
    for (let pause = FIRST_PAUSE; !this.#stopped; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
      try {
        const topics = await open();
        this.#topics = topics;
        this.#relays = topics.generations
          .filter(({ retired }) => !retired)
          .flatMap((generation) =>
            Array.from({ length: generation.shards }, (_, shard) => {
              const name = relayName(generation.generation, shard);
              return new Relay({ log, topics, generation, shard, onError, mayPublish: () => this.#holds(name) });
            }),
          );
        for (const relay of this.#relays) relay.start();
        return;
      } catch (error) {
        this.#failure = error;
        onError('relay', error);
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, this.#stopped ? 0 : pause);
          this.#wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
    }
  }

  async #holds(name: string): Promise<boolean> {
    const { leases } = this.options;
    if (!leases) return true;
    const lease = await leases.lease(name, this.#holder, LEASE);
    if (lease) this.#leases.set(name, lease);
    else this.#leases.delete(name);
    return lease !== undefined;
  }
}
