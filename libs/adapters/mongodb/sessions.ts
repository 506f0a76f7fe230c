import { Binary, type ClientSession, type Collection } from 'mongodb';
import type { Connection } from './connection.js';
import { isInterrupted, MongoFault } from './faults.js';

interface SessionRecord {
  readonly _id: Binary;
  readonly opened: Date;
}

const DAYS_RECORDED = 30;
const RERUNS = 5;

/**
 * Transactions that leave no locks behind. The server keeps the open transaction of a process that was killed or stopped,
 * and what it wrote locked, for 60 seconds. So each session is on record before its first transaction, and whoever
 * opens the database or takes over a lease ends those of others. One that was alive runs its transaction again.
 */
export class Sessions {
  readonly #records: Collection<SessionRecord>;
  readonly #idle: ClientSession[] = [];
  readonly #mine = new Map<string, Binary>();

  private constructor(private readonly connection: Connection) {
    this.#records = connection.db.collection<SessionRecord>('sessions');
  }

  static async open(connection: Connection): Promise<Sessions> {
    const sessions = new Sessions(connection);
    await sessions.#records.createIndex({ opened: 1 }, { expireAfterSeconds: DAYS_RECORDED * 86_400 });
    await sessions.endOthers();
    return sessions;
  }

  /**
   * Runs the work in a transaction; several times where the server says that it may: on conflicts with others and on a change
   * of the primary. What the work throws ends it with nothing written.
   */
  async transaction<T>(work: (session: ClientSession) => Promise<T>): Promise<T> {
    for (let run = 1; ; run++) {
      const session = this.#idle.pop() ?? (await this.#start());
      try {
        const options = { readConcern: { level: 'snapshot' }, writeConcern: { w: 'majority', journal: true } } as const;
        const result = await this.connection.ask(() => session.withTransaction(() => work(session), options));
        this.#idle.push(session);
        return result;
      } catch (error) {
        if (error instanceof MongoFault && error.fault === 'unavailable') void this.#giveUp(session);
        else this.#idle.push(session);
        if (!isInterrupted(error) || run > RERUNS) throw error;
      }
    }
  }

  /** Ends what other stores of this database left open. */
  async endOthers(): Promise<void> {
    const all = await this.#records.find().toArray();
    await this.#end(all.map(({ _id }) => _id).filter((id) => !this.#mine.has(textOf(id))));
  }

  async close(): Promise<void> {
    const ids = [...this.#mine.values()];
    await Promise.all(this.#idle.map((session) => session.endSession()));
    await this.#records.deleteMany({ _id: { $in: ids } }).catch(() => undefined);
  }

  async #start(): Promise<ClientSession> {
    const session = this.connection.startSession();
    const id = idOf(session);
    await this.#records.insertOne({ _id: id, opened: new Date() });
    this.#mine.set(textOf(id), id);
    return session;
  }

  /** Its transaction may still be open on the server, and the driver gives its id to others once it is ended here. */
  async #giveUp(session: ClientSession): Promise<void> {
    const id = idOf(session);
    await this.#end([id]);
    await this.#records.deleteOne({ _id: id }).catch(() => undefined);
    this.#mine.delete(textOf(id));
    await session.endSession().catch(() => undefined);
  }

  async #end(ids: readonly Binary[]): Promise<void> {
    if (ids.length === 0) return;
    // Where this is not allowed or not possible the server ends them after a minute.
    await this.connection
      .admin()
      .command({ killSessions: ids.map((id) => ({ id })) })
      .catch(() => undefined);
  }
}

function idOf(session: ClientSession): Binary {
  const id = session.id?.id;
  if (!(id instanceof Binary)) throw new TypeError('A session without an id.');
  return id;
}

const textOf = (id: Binary): string => Buffer.from(id.buffer).toString('hex');
