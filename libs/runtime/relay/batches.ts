import type { Log, StoredFact, TopicGeneration, TopicMessage } from '../ports.js';
import { shardOf, topicMessage } from './messages.js';

/** What one transaction publishes. */
export interface Batch {
  readonly messages: readonly TopicMessage[];
  /** Everything up to here is in it, or does not leave the system. */
  readonly to: string;
  /** Nothing lies behind it yet. */
  readonly atHead: boolean;
}

/** One transaction at most; a single fact may be larger. */
const BATCH_FACTS = 1_000;
const BATCH_BYTES = 1_048_576;
/** Pages in which nothing is to publish, before a batch says so. */
const PAGES = 20;

/** The public facts of a shard behind a position, in the order of the log, in batches of bounded size. One call at a time. */
export class Batches {
  /** Facts that were read and did not fit into the batch before. */
  #left: readonly StoredFact[] = [];
  /** Bytes of a fact, of late: the next page is asked for by it. */
  #factBytes = BATCH_BYTES / 100;

  constructor(
    private readonly log: Log,
    private readonly generation: TopicGeneration,
    private readonly shard: number,
    private position: string,
  ) {}

  async next(): Promise<Batch> {
    const messages: TopicMessage[] = [];
    let bytes = 0;
    for (let page = 0; page < PAGES; page++) {
      const { facts, position, atHead } = await this.#page();
      this.#left = [];
      for (const [index, fact] of facts.entries()) {
        const message = this.#isMine(fact) ? topicMessage(fact) : undefined;
        if (message) {
          const size = Buffer.byteLength(message.value);
          if (messages.length > 0 && (bytes + size > BATCH_BYTES || messages.length === BATCH_FACTS)) {
            this.#left = facts.slice(index);
            return { messages, to: this.position, atHead: false };
          }
          messages.push(message);
          bytes += size;
        }
        this.position = fact.position;
      }
      this.position = position;
      if (atHead) return { messages, to: this.position, atHead: true };
    }
    return { messages, to: this.position, atHead: false };
  }

  async #page(): Promise<{ readonly facts: readonly StoredFact[]; readonly position: string; readonly atHead: boolean }> {
    const last = this.#left.at(-1);
    if (last) return { facts: this.#left, position: last.position, atHead: false };
    const limit = Math.max(8, Math.min(BATCH_FACTS, Math.round(BATCH_BYTES / this.#factBytes)));
    const page = await this.log.readAll(this.position, { limit });
    if (page.facts.length > 0) {
      const bytes = page.facts.reduce((sum, { data, metadata }) => sum + data.length + metadata.length, 0);
      this.#factBytes = (this.#factBytes + bytes / page.facts.length) / 2;
    }
    return page;
  }

  #isMine({ stream }: StoredFact): boolean {
    return shardOf(stream, this.generation.shards) === this.shard;
  }
}
