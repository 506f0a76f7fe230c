import type { Admin } from 'kafkajs';
import { adminOf, type Client, type KafkaConnection, limitsOf } from './client.js';
import { isAnswer, within } from './errors.js';

/**
 * The administrative client of an installation. On a way that became half open the client asks on the same connection again and
 * again for minutes: one that gave no answer is closed, and the next question makes another.
 */
export class Administration {
  #client: Promise<Client<Admin>> | undefined;

  constructor(private readonly connection: KafkaConnection) {}

  async ask<T>(what: string, question: (admin: Admin) => Promise<T>): Promise<T> {
    const client = this.#connected();
    try {
      return await within(limitsOf(this.connection).work, what, question((await client).of));
    } catch (error) {
      // others may be asking on it, and a refusal is an answer
      if (!isAnswer(error)) {
        if (this.#client === client) this.#client = undefined;
        void client.then((failed) => failed.close()).catch(() => {});
      }
      throw error;
    }
  }

  /** Bounded; never throws. */
  async close(): Promise<void> {
    const client = await this.#client?.catch(() => undefined);
    await client?.close();
  }

  #connected(): Promise<Client<Admin>> {
    this.#client ??= adminOf(this.connection);
    return this.#client;
  }
}
