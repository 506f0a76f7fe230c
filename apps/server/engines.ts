import type { KafkaTopicsOptions } from '#adapters/kafka';
import {
  logFileIn,
  openSqliteCopyReader,
  openSqliteKeys,
  openSqliteLog,
  openSqliteLogCopy,
  openSqliteLogReader,
  openSqliteViews,
} from '#adapters/sqlite';
import type { KeyStore, Log, Topics, ViewStore } from '#runtime';
import { logWith } from '#runtime/log-with';
import { textIn } from './config-refused.js';
import { keysFileIn, mirrorFileIn, stateFileIn, viewsFileIn } from './layout.js';
import type { Config, SaslMechanism } from './settings.js';

type KafkaSetting = 'brokers' | 'partitions' | 'shards' | 'replicas' | 'prefix' | 'oldestGeneration' | 'timeoutMilliseconds';

/** Which engine is behind each port. Nothing else knows; threads get it by message, so it is plain data. */
export interface Engines {
  readonly folder: string;
  readonly log:
    | { readonly engine: 'sqlite' }
    | {
        readonly engine: 'eventstoredb';
        readonly connection: string;
        readonly namespace?: string;
        /** Milliseconds. */
        readonly deadline?: number;
      };
  readonly views: { readonly engine: 'sqlite' } | MongoEngine;
  readonly keys: { readonly engine: 'sqlite' } | (MongoEngine & { readonly startMilliseconds?: number });
  readonly topics: { readonly engine: 'embedded' } | ({ readonly engine: 'kafka' } & KafkaPlace);
}

interface MongoEngine {
  readonly engine: 'mongodb';
  readonly uri: string;
  readonly database: string;
  readonly timeoutMilliseconds?: number;
}

/** With the files of its secrets, which are read when it is opened. */
interface KafkaPlace extends Pick<KafkaTopicsOptions, KafkaSetting> {
  readonly tls?: { readonly ca?: string; readonly cert?: string; readonly key?: string };
  readonly sasl?: { readonly mechanism: SaslMechanism; readonly username: string; readonly passwordFile: string };
}

export interface ViewsThreadData {
  readonly engines: Engines;
  /** True for the thread that follows the log; false for the one that answers about the past. */
  readonly writes: boolean;
  /** Where that thread publishes how far the views are. */
  readonly standings?: SharedArrayBuffer;
}

export const embedded = (folder: string): Engines => ({
  folder,
  log: { engine: 'sqlite' },
  views: { engine: 'sqlite' },
  keys: { engine: 'sqlite' },
  topics: { engine: 'embedded' },
});

/** The engines of a configuration; loadConfig has seen to it that each has its address. */
export function enginesOf(config: Config, folder: string): Engines {
  const { eventstoredbUri = '', mongodbUri = '', mongodbDatabase, mongodbTimeoutMilliseconds: timeoutMilliseconds } = config;
  return {
    folder,
    log:
      config.logEngine === 'eventstoredb'
        ? {
            engine: 'eventstoredb',
            connection: eventstoredbUri,
            namespace: config.eventstoredbNamespace,
            deadline: config.eventstoredbDeadlineMilliseconds,
          }
        : { engine: 'sqlite' },
    views:
      config.viewsEngine === 'mongodb'
        ? { engine: 'mongodb', uri: mongodbUri, database: mongodbDatabase, timeoutMilliseconds }
        : { engine: 'sqlite' },
    keys:
      config.keysEngine === 'mongodb'
        ? {
            engine: 'mongodb',
            uri: mongodbUri,
            database: `${mongodbDatabase}-keys`,
            timeoutMilliseconds: Math.min(timeoutMilliseconds, COMMANDS_WAIT),
            startMilliseconds: timeoutMilliseconds,
          }
        : { engine: 'sqlite' },
    topics: config.topicsEngine === 'kafka' ? { engine: 'kafka', ...kafkaPlace(config) } : { engine: 'embedded' },
  };
}

/** Milliseconds that a command waits for keys. */
const COMMANDS_WAIT = 5_000;

function kafkaPlace(config: Config): KafkaPlace {
  const { kafkaTlsCa: ca, kafkaTlsCert: cert, kafkaTlsKey: key } = config;
  const { kafkaSaslMechanism: mechanism, kafkaSaslUsername: username, kafkaSaslPasswordFile: passwordFile } = config;
  return {
    brokers: (config.kafkaBrokers ?? '').split(',').map((broker) => broker.trim()),
    partitions: config.kafkaPartitions,
    shards: config.kafkaShards,
    replicas: config.kafkaReplicas,
    prefix: config.kafkaPrefix,
    oldestGeneration: config.kafkaOldestGeneration,
    timeoutMilliseconds: config.kafkaTimeoutMilliseconds,
    ...(config.kafkaTls && { tls: { ca, cert, key } }),
    ...(mechanism && username && passwordFile && { sasl: { mechanism, username, passwordFile } }),
  };
}

/** Throws ConfigRefused for a file of secrets that cannot be read. */
export function kafkaOptions({ tls, sasl, ...place }: KafkaPlace): KafkaTopicsOptions {
  const pem = (name: 'kafkaTlsCa' | 'kafkaTlsCert' | 'kafkaTlsKey', file: string | undefined) => file && textIn(name, file);
  return {
    ...place,
    ...(tls && {
      ssl: {
        ...(tls.ca && { ca: pem('kafkaTlsCa', tls.ca) }),
        ...(tls.cert && { cert: pem('kafkaTlsCert', tls.cert), key: pem('kafkaTlsKey', tls.key) }),
      },
    }),
    ...(sasl && {
      sasl: {
        mechanism: sasl.mechanism as 'plain',
        username: sasl.username,
        password: textIn('kafkaSaslPasswordFile', sasl.passwordFile),
      },
    }),
  };
}

// The clients of the distributed engines are loaded only where they are used: the embedded server starts without them.

/** The log that takes appends. What is read of a remote one from far behind comes from the copy that the thread of the past follows. */
export async function openLog({ folder, log }: Engines): Promise<Log> {
  if (log.engine === 'sqlite') return openSqliteLog({ folder });
  const { openEventStoreLog } = await import('#adapters/eventstoredb');
  const remote = await openEventStoreLog(log);
  const through = (await throughCopy(folder))(remote);
  return logWith(through, {
    close: async () => {
      await through.close();
      await remote.close();
    },
  });
}

/**
 * The same log for another thread of this process, which only reads. With `mirror`, a remote one is followed into a local copy, so
 * that folding it again for a day of the past is as fast as on the embedded log; `report` hears why that copy does not get on.
 */
export async function openLogReader(
  { folder, log }: Engines,
  { mirror = false, report }: { readonly mirror?: boolean; readonly report?: (error: unknown) => void } = {},
): Promise<Log> {
  if (log.engine === 'sqlite') return openSqliteLogReader(logFileIn(folder));
  const { mirrorLog, openEventStoreLog } = await import('#adapters/eventstoredb');
  const remote = await openEventStoreLog(log);
  return mirror ? mirrorLog(remote, (id) => openSqliteLogCopy(mirrorFileIn(folder), id), report) : remote;
}

/** The log of `openLogReader` for a rebuild; undefined where the log is as fast itself as a copy. */
export async function logForRebuilds({ folder, log }: Engines): Promise<((log: Log) => Log) | undefined> {
  return log.engine === 'sqlite' ? undefined : throughCopy(folder);
}

async function throughCopy(folder: string): Promise<(log: Log) => Log> {
  const { readThroughCopy } = await import('#adapters/eventstoredb');
  return (remote) => readThroughCopy(remote, () => openSqliteCopyReader(mirrorFileIn(folder)));
}

/** Snapshots, process positions and timers. */
export async function openState({ folder, views }: Engines): Promise<ViewStore> {
  return views.engine === 'sqlite' ? openSqliteViews({ file: stateFileIn(folder) }) : openRemoteViews(views);
}

const BUILT_ANEW =
  'Stop the server and remove the file and those whose names go on with -wal and -shm: views are built anew from the log.';

export async function openViews({ folder, views }: Engines, { writes }: { readonly writes: boolean }): Promise<ViewStore> {
  return views.engine === 'sqlite'
    ? openSqliteViews({ file: viewsFileIn(folder) }, { readonly: !writes, ifDamaged: BUILT_ANEW })
    : openRemoteViews(views);
}

async function openRemoteViews(place: MongoEngine): Promise<ViewStore> {
  const { openMongoViews } = await import('#adapters/mongodb');
  return openMongoViews(place);
}

export async function openKeys({ folder, keys }: Engines, masterKey: Uint8Array): Promise<KeyStore> {
  if (keys.engine === 'sqlite') return openSqliteKeys({ file: keysFileIn(folder), masterKey });
  const { openMongoKeys } = await import('#adapters/mongodb');
  return openMongoKeys({ ...keys, masterKey });
}

/** Undefined where topics are filtered reads of the log. Throws ConfigRefused for a file of secrets that cannot be read. */
export function topicsOf({ topics }: Engines): (() => Promise<Topics>) | undefined {
  if (topics.engine === 'embedded') return undefined;
  kafkaOptions(topics);
  return async () => {
    const { openKafkaTopics } = await import('#adapters/kafka');
    return openKafkaTopics(kafkaOptions(topics));
  };
}
