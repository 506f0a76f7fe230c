/**
 * What is used of a client of kafkajs, in types of this kit: who reads over HTTP has no kafkajs, and its types are not asked for.
 * `new Kafka(…)` of kafkajs 2 is one.
 */
export interface KafkaClient {
  admin(): {
    connect(): Promise<void>;
    listTopics(): Promise<readonly string[]>;
    disconnect(): Promise<void>;
  };
  consumer(config: {
    readonly groupId: string;
    readonly readUncommitted: boolean;
    readonly sessionTimeout: number;
  }): KafkaConsumer;
}

export interface KafkaConsumer {
  readonly events: { readonly CRASH: 'consumer.crash' };
  on(event: 'consumer.crash', listener: (crash: { readonly payload: KafkaCrash }) => void): unknown;
  connect(): Promise<void>;
  subscribe(subscription: { topics: string[]; fromBeginning: boolean }): Promise<void>;
  run(config: {
    autoCommit: boolean;
    eachBatchAutoResolve: boolean;
    partitionsConsumedConcurrently: number;
    eachBatch: (payload: KafkaBatch) => Promise<void>;
  }): Promise<void>;
  commitOffsets(offsets: { topic: string; partition: number; offset: string }[]): Promise<void>;
  disconnect(): Promise<void>;
}

export interface KafkaCrash {
  readonly error: Error;
  /** Whether the client tries again by itself. */
  readonly restart: boolean;
}

export interface KafkaMessage {
  readonly offset: string;
  readonly value: { toString(encoding: 'utf8'): string } | null;
}

export interface KafkaBatch {
  readonly batch: { readonly topic: string; readonly partition: number; readonly messages: readonly KafkaMessage[] };
  heartbeat(): Promise<void>;
  resolveOffset(offset: string): void;
  isRunning(): boolean;
  isStale(): boolean;
}
