import type { Recorded } from '#kernel';
import { storedFormOf } from '../envelope.js';
import type { Log } from '../ports.js';
import type { Subscription } from '../system/webhook/webhook.js';
import { type Attempt, DELIVERED, GONE } from './attempt.js';
import { pauseAfter } from './outcomes.js';
import type { Aside, Progress } from './progress.js';
import { isFor } from './selection.js';

export interface StreamsAsideOptions {
  readonly log: Log;
  /** Attempts of one fact until its stream is parked. */
  readonly attempts: number;
  /** Milliseconds after the first attempt that failed. */
  readonly firstPause: number;
  readonly attempt: (fact: Recorded, webhook: Subscription) => Promise<Attempt>;
  /** Sends a command to the webhook's own stream. */
  readonly perform: (command: string, payload: object) => Promise<void>;
  /** Parks the whole webhook. */
  readonly park: (fact: Recorded, progress: Progress, reason: string) => Promise<void>;
  /** The server stops. */
  readonly stopped: () => boolean;
  /** The server stops, or the webhook changed: the lane has to look at it before anything else is sent. */
  readonly interrupted: () => boolean;
}

const PAGE = 100;

/** The streams of one webhook that were set aside: their facts wait in their order, while those of other streams are delivered. */
export class StreamsAside {
  constructor(private readonly options: StreamsAsideOptions) {}

  /** Sets the stream of a fact aside, or parks it after too many attempts; `position` is where deliveries of the others are. */
  async add(fact: Recorded, entry: Aside, progress: Progress, position?: string): Promise<void> {
    const parked = entry.failures >= this.options.attempts;
    if (parked) {
      const { failures: attempts, lastFailure: reason } = entry;
      await this.options.perform('ParkWebhookStream', { stream: fact.stream, factId: fact.id, attempts, reason });
    }
    await progress.setAside(fact.stream, parked ? { ...entry, parked } : entry, position);
  }

  /** Tries the streams again whose time has come, and those that somebody released; each up to where deliveries of the others are. */
  async retry(webhook: Subscription, progress: Progress, upTo: string): Promise<void> {
    for (const [stream, entry] of Object.entries(progress.aside)) {
      if (this.options.interrupted()) return;
      const { parked: _, ...going } = entry;
      const isParked = webhook.parkedStreams.some((parked) => parked.stream === stream);
      if (entry.parked && isParked) continue;
      if (!entry.parked && entry.retryAt > Date.now()) continue;
      const from = entry.parked ? { ...going, failures: 0 } : going;
      const hasCaughtUp = await this.#deliver(stream, from, webhook, progress, upTo);
      if (!hasCaughtUp) continue;
      await progress.setAside(stream, undefined);
      if (isParked) await this.options.perform('ReleaseWebhookStream', { stream });
    }
  }

  /** Delivers the facts of a stream up to a position; false where some of them are left. */
  async #deliver(stream: string, from: Aside, webhook: Subscription, progress: Progress, upTo: string): Promise<boolean> {
    let entry = from;
    for (;;) {
      const page = await this.options.log.readStream(stream, entry.revision, PAGE);
      for (const stored of page) {
        if (stored.position > upTo) return true;
        const fact = storedFormOf(stored);
        if (isFor(fact, webhook) && !(await this.#isDelivered(fact, entry, webhook, progress))) return false;
        entry = { ...entry, revision: fact.revision + 1, failures: 0 };
        await progress.setAside(stream, entry);
        if (this.options.interrupted()) return false;
      }
      if (page.length < PAGE) return true;
    }
  }

  async #isDelivered(fact: Recorded, entry: Aside, webhook: Subscription, progress: Progress): Promise<boolean> {
    const { attempt, firstPause, park, stopped } = this.options;
    const { outcome, retryAfter } = await attempt(fact, webhook);
    if (outcome === DELIVERED) return true;
    // Broken off by the stop, which says nothing about the receiver.
    if (stopped()) return false;
    if (outcome === GONE) {
      await park(fact, progress, outcome);
      return false;
    }
    const failures = entry.failures + 1;
    const retryAt = Date.now() + pauseAfter(failures, firstPause, retryAfter, Math.random());
    await this.add(fact, { ...entry, revision: fact.revision, failures, lastFailure: outcome, retryAt }, progress);
    return false;
  }
}
