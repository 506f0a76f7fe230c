import { type Db, MongoClient, type MongoClientOptions, MongoServerSelectionError } from 'mongodb';
import { faultOf, MongoFault } from './faults.js';

export interface MongoPlace {
  /** `mongodb://` or `mongodb+srv://`; never logged with its password. */
  readonly uri: string;
  readonly database: string;
  /** How long any question may take, elections included. */
  readonly timeoutMilliseconds?: number;
}

/** An election takes up to 12 seconds with the server's defaults. */
const TIMEOUT = 30_000;
const FIND_PRIMARY_WITHIN = 15_000;
const ASK_ONE_WITHIN = 2_000;
/** Of MongoDB 6.0. */
const OLDEST_WIRE_VERSION = 17;

/** A database of a replica set: everything is written to a majority and its journals, and only what a majority has is read. */
export class Connection {
  private constructor(
    private readonly client: MongoClient,
    readonly db: Db,
    /** Hosts and database: what messages may say. */
    readonly place: string,
    private readonly timeout: number,
  ) {}

  /** Throws MongoFault, with the remedy: not a connection string, no server, a standalone one, too old. */
  static async open({ uri, database, timeoutMilliseconds = TIMEOUT }: MongoPlace): Promise<Connection> {
    const client = clientOf(uri, timeoutMilliseconds);
    const place = `MongoDB at ${client.options.hosts.map(String).join()}/${database}`;
    try {
      await checkServer(client, place);
      return new Connection(client, client.db(database), place, timeoutMilliseconds);
    } catch (error) {
      await client.close();
      if (error instanceof MongoServerSelectionError) await explain(client, uri, place);
      throw faultOf(error, place);
    }
  }

  /** Runs the work and names what the driver throws. */
  async ask<T>(work: () => Promise<T>): Promise<T> {
    return this.within(this.timeout, work);
  }

  /** The same with another limit of milliseconds; Infinity for none. */
  async within<T>(limit: number, work: () => Promise<T>): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      if (limit === Number.POSITIVE_INFINITY) return;
      const words = `${this.place} did not answer within ${limit / 1_000} s; what was asked may still happen.`;
      timer = setTimeout(() => reject(new MongoFault('unavailable', words)), limit);
    });
    try {
      return await Promise.race([work(), late]);
    } catch (error) {
      throw faultOf(error, this.place);
    } finally {
      clearTimeout(timer);
    }
  }

  startSession() {
    return this.client.startSession();
  }

  admin(): Db {
    return this.client.db('admin');
  }

  async close(): Promise<void> {
    await this.client.close();
  }
}

function clientOf(uri: string, timeout: number, more: MongoClientOptions = {}): MongoClient {
  try {
    return new MongoClient(uri, {
      appName: 'annals',
      // The driver's own limit for a whole operation, timeoutMS, has no effect since 7.9: see within() above.
      serverSelectionTimeoutMS: Math.min(FIND_PRIMARY_WITHIN, timeout),
      waitQueueTimeoutMS: timeout,
      socketTimeoutMS: 2 * timeout,
      // A frozen server is noticed after the sum of both.
      connectTimeoutMS: 5_000,
      heartbeatFrequencyMS: 2_000,
      retryReads: true,
      retryWrites: true,
      readPreference: 'primary',
      readConcern: { level: 'majority' },
      writeConcern: { w: 'majority', journal: true, wtimeoutMS: timeout },
      ...more,
    });
  } catch {
    // The driver's words quote the string, password and all.
    throw new MongoFault(
      'other',
      'The address of MongoDB is not a connection string such as mongodb://user:password@host:27017/?replicaSet=rs0.',
    );
  }
}

/** Gives the name of its replica set. */
async function checkServer(client: MongoClient, place: string): Promise<string> {
  const hello = await client.db('admin').command({ hello: 1 });
  if (hello.msg === 'isdbgrid')
    throw new MongoFault('other', `${place} is a router of a sharded cluster. Give the address of a replica set.`);
  if (hello.setName === undefined) {
    const remedy = hello.isreplicaset
      ? 'is a member of a replica set that was never initiated. Run rs.initiate() on it once.'
      : 'stands alone, and only a replica set has transactions. Start it with --replSet rs0 and run rs.initiate() once; one node is enough.';
    throw new MongoFault('other', `${place} ${remedy}`);
  }
  if (hello.maxWireVersion < OLDEST_WIRE_VERSION)
    throw new MongoFault('other', `${place} is older than MongoDB 6.0. Upgrade it.`);
  return hello.setName;
}

/**
 * The driver leaves out whoever is not in the replica set that the address names, and then finds nobody. Throws MongoFault with what the
 * first host says of itself, if that is it.
 */
async function explain({ options }: MongoClient, uri: string, place: string): Promise<void> {
  const direct = /^(mongodb:\/\/(?:[^@/?]*@)?[^,/?]+)[^/?]*(.*)$/.exec(uri);
  if (!direct || options.replicaSet === undefined) return;
  const [, first = '', rest = ''] = direct;
  const client = clientOf(`${first}${rest.replace(/replicaSet=[^&]*&?/i, '')}`, ASK_ONE_WITHIN, { directConnection: true });
  try {
    const setName = await checkServer(client, place);
    if (setName !== options.replicaSet)
      throw new MongoFault(
        'other',
        `${place} is a replica set named ${setName}, and its address says replicaSet=${options.replicaSet}.`,
      );
  } catch (error) {
    if (error instanceof MongoFault) throw error;
  } finally {
    await client.close();
  }
}
