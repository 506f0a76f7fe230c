import { Socket } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import { connect as connectTls } from 'node:tls';
import kafkajs, { type Admin, type Consumer, type Kafka, type KafkaConfig, type Producer, type SASLOptions } from 'kafkajs';
import { within } from './errors.js';

export interface KafkaConnection {
  /** `host:port` of some brokers; they name the others. */
  readonly brokers: readonly string[];
  readonly ssl?: boolean | ConnectionOptions;
  readonly sasl?: SASLOptions;
  /**
   * Milliseconds that a request may stay without an answer; 15,000 if left out. What takes several requests is given up after
   * twice that, and begun anew. At most 20,000: after 30,000 a broker ends a transaction by itself.
   */
  readonly timeoutMilliseconds?: number;
  /** Opens the way to a broker, for networks where that is not simply its address. */
  readonly socket?: (address: { readonly host: string; readonly port: number }) => Socket;
}

/** Milliseconds. */
const CONNECT_WITHIN = 3_000;
const ANSWER_WITHIN = 15_000;
const DISCONNECT_WITHIN = 2_000;

/** Milliseconds at most. */
export interface Limits {
  readonly connect: number;
  /** For one request. */
  readonly answer: number;
  /** For a question or a part of a transaction, which are a few requests. */
  readonly work: number;
  /** For reading what a writer before left. */
  readonly read: number;
}

export const limitsOf = ({ timeoutMilliseconds: answer = ANSWER_WITHIN }: KafkaConnection): Limits => ({
  connect: Math.min(CONNECT_WITHIN, answer),
  answer,
  work: Math.ceil((answer * 4) / 3),
  read: 2 * answer,
});

/**
 * Kept short: whoever calls has a deadline, and begins anew with another client. The first pause matters most: the first
 * request of a transaction is refused (CONCURRENT_TRANSACTIONS) until the markers of the one before are written, and the client
 * would wait 300 ms (its issue 304).
 */
const RETRY = { retries: 10, initialRetryTime: 5, maxRetryTime: 1_000, factor: 0.2, multiplier: 2 };

export interface Client<T> {
  readonly of: T;
  readonly limits: Limits;
  /** Bounded, never throws, leaves no socket behind. */
  close(): Promise<void>;
}

export const producerOf = (connection: KafkaConnection, transactionalId: string): Promise<Client<Producer>> =>
  client(connection, transactionalId, (kafka) =>
    kafka.producer({
      transactionalId,
      // issue 598 of kafkajs: with more than one request in flight, sequence numbers get out of order
      maxInFlightRequests: 1,
      idempotent: true,
      transactionTimeout: TRANSACTION_TIMEOUT,
      allowAutoTopicCreation: false,
      // named, although every message comes with its partition: the default changed once
      createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
      retry: RETRY,
    }),
  );

/** Milliseconds after which the coordinator aborts what a dead writer left open; readers of committed messages wait so long. */
export const TRANSACTION_TIMEOUT = 30_000;

export const adminOf = (connection: KafkaConnection): Promise<Client<Admin>> =>
  client(connection, 'admin', (kafka) => kafka.admin({ retry: RETRY }));

export const consumerOf = (connection: KafkaConnection, groupId: string): Promise<Client<Consumer>> =>
  client(connection, groupId, (kafka) =>
    kafka.consumer({
      groupId,
      readUncommitted: false,
      maxWaitTimeInMs: 100,
      sessionTimeout: 10_000,
      heartbeatInterval: 1_000,
      allowAutoTopicCreation: false,
      retry: { ...RETRY, restartOnFailure: async () => false },
    }),
  );

async function client<T extends Admin | Consumer | Producer>(
  connection: KafkaConnection,
  clientId: string,
  make: (kafka: Kafka) => T,
): Promise<Client<T>> {
  const sockets = new Sockets(connection);
  const { ssl, sasl } = connection;
  const limits = limitsOf(connection);
  const config: KafkaConfig = {
    clientId: `annals.${clientId}`,
    brokers: [...connection.brokers],
    connectionTimeout: limits.connect,
    authenticationTimeout: limits.connect,
    requestTimeout: limits.answer,
    retry: RETRY,
    // what goes wrong is thrown; what it logs beside that are retries
    logLevel: kafkajs.logLevel.NOTHING,
    socketFactory: sockets.open,
    ...(ssl !== undefined && { ssl }),
    ...(sasl !== undefined && { sasl }),
  };
  const made = make(new kafkajs.Kafka(config));
  const close = async () => {
    // issues 18, 571 and 1017 of kafkajs: disconnect waits for answers that may never come
    await within(DISCONNECT_WITHIN, 'disconnect', made.disconnect()).catch(() => {});
    sockets.close();
  };
  try {
    await within(limits.answer, 'connect', made.connect());
  } catch (error) {
    await close();
    throw error;
  }
  return { of: made, limits, close };
}

/** The sockets of one client: after its end there are none, whatever the client thinks. */
class Sockets {
  readonly #open = new Set<Socket>();
  #closed = false;

  constructor(private readonly connection: KafkaConnection) {}

  readonly open: NonNullable<KafkaConfig['socketFactory']> = ({ host, port, ssl, onConnect }) => {
    if (this.#closed) return new Socket().destroy(new Error('This client was closed.'));
    const plain = this.connection.socket?.({ host, port });
    let socket: Socket;
    if (ssl) {
      const name = /^[\d.]+$|:/.test(host) ? {} : { servername: host };
      socket = connectTls({ host, port, ...name, ...ssl, ...(plain && { socket: plain }) }, onConnect);
    } else if (plain) {
      socket = plain.once('connect', onConnect);
    } else {
      socket = new Socket().once('connect', onConnect).connect(port, host);
    }
    socket.setKeepAlive(true, 60_000).setNoDelay(true);
    this.#open.add(socket);
    socket.once('close', () => this.#open.delete(socket));
    return socket;
  };

  close(): void {
    this.#closed = true;
    for (const socket of this.#open) socket.destroy();
  }
}
