/** One fact on its way to its topic. Key and order are the stream's. */
export interface TopicMessage {
  readonly tenant: string;
  readonly aggregate: string;
  readonly stream: string;
  readonly value: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** A whole publication of the log. Its partitions and shards never change: another wish is the next generation. */
export interface TopicGeneration {
  readonly generation: number;
  /** Partitions of each of its topics. */
  readonly partitions: number;
  /** How many writers share it; a stream belongs to one of them for good. */
  readonly shards: number;
  /** Nobody reads it any more, so nothing is written. */
  readonly retired: boolean;
}

/** The one writer of a shard of a generation. After an error it may only be closed; another one goes on where this one stood. */
export interface TopicWriter {
  /** How far everything is published; undefined at the beginning. */
  readonly checkpoint: string | undefined;
  /** Makes the topics that are missing. Throws TopicsDisagree, TopicsUnavailable. */
  ensure(topics: readonly Pick<TopicMessage, 'tenant' | 'aggregate'>[]): Promise<void>;
  /**
   * Messages (of topics that were ensured, in order) and checkpoint in one transaction: readers of committed messages see
   * all or none. Throws WriterFenced and TopicsUnavailable (then nothing was published), OutcomeUnknown, MessageTooLarge.
   */
  publish(messages: readonly TopicMessage[], checkpoint: string): Promise<void>;
  /** Bounded; never throws. */
  close(): Promise<void>;
}

export interface Topics {
  /** All there ever were, oldest first; the last is the one that is wished for. */
  readonly generations: readonly TopicGeneration[];
  /** Fences whoever wrote this shard before. Throws TopicsReset, TopicsUnavailable. */
  writer(generation: number, shard: number): Promise<TopicWriter>;
  /** Stops a generation for good; never the last one. */
  retire(generation: number): Promise<void>;
  /** Bounded; never throws. */
  close(): Promise<void>;
}

/** Another writer of the same shard came after this one. */
export class WriterFenced extends Error {}
/** Not reachable, too slow, or refusing; it will be tried again. */
export class TopicsUnavailable extends Error {}
/** Topics and stored checkpoints do not belong together: the engine lost one of them. Somebody has to decide. */
export class TopicsReset extends Error {}
/** A topic exists with properties under which the promise cannot hold. */
export class TopicsDisagree extends Error {}
/** The engine refuses a message for its size. */
export class MessageTooLarge extends Error {}
