import { LogUnavailable } from '#runtime/ports';
import { AppendStream } from './append-stream.js';
import { connectEventStore } from './client.js';
import { readLogId } from './identity.js';
import type { StoreConnection } from './store.js';

/** A connection that was found to lead to the log it should. */
export interface Live {
  readonly connection: StoreConnection;
  readonly appends: AppendStream;
}

export interface LinkOptions {
  readonly connection: string;
  readonly prefix: string;
  readonly deadline: number;
}

/**
 * The connection, made again after each failure. Its append stream is open from the start, so that a server that goes away
 * is noticed at once, and no connection is used before the log behind it was found to be the same: while a server was away
 * its database may have been emptied or replaced.
 */
export class Link {
  #logId: string | undefined;
  #live: Promise<Live> | undefined;
  #closed = false;

  constructor(private readonly options: LinkOptions) {}

  /** From here on the log must have this id. */
  expect(logId: string): void {
    this.#logId = logId;
  }

  /** Throws LogUnavailable. */
  async live(): Promise<Live> {
    if (this.#closed) throw new LogUnavailable('The log was closed.');
    try {
      this.#live ??= this.#open();
      return await this.#live;
    } catch (error) {
      if (error instanceof LogUnavailable) throw error;
      throw new LogUnavailable((error as Error).message, { cause: error });
    }
  }

  /** Lets go of a connection that failed; the next use makes another. */
  async replace(live: Live): Promise<void> {
    const current = await this.#live?.catch(() => undefined);
    if (current === live) this.#live = undefined;
    await shut(live);
  }

  async close(): Promise<void> {
    this.#closed = true;
    const live = await this.#live?.catch(() => undefined);
    if (!live) return;
    live.appends.close();
    await shut(live);
  }

  #open(): Promise<Live> {
    const { deadline, prefix } = this.options;
    const opening = (async () => {
      const connection = await connectEventStore(this.options.connection, deadline);
      let died: Error | undefined;
      let checked = false;
      const appends = new AppendStream(connection, deadline, (failure) => {
        died = failure;
        if (checked) void this.replace(made);
      });
      const made: Live = { connection, appends };
      try {
        if (this.#logId !== undefined) this.#check(await readLogId(connection, prefix, deadline));
        if (died) throw died;
      } catch (error) {
        await shut(made);
        throw error;
      }
      checked = true;
      return made;
    })();
    opening.catch(() => {
      if (this.#live === opening) this.#live = undefined;
    });
    return opening;
  }

  #check(logId: string | undefined): void {
    if (logId === this.#logId) return;
    const found = logId === undefined ? 'no log' : `the log ${logId}`;
    throw new LogUnavailable(
      `EventStoreDB has ${found} where this server opened ${this.#logId}: its database was emptied or replaced. Start the server again.`,
    );
  }
}

async function shut({ appends, connection }: Live): Promise<void> {
  appends.cancel();
  await connection.close();
}
