import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { type FileLock, lockFolder, logFileIn } from '#adapters/sqlite';
import { refusalOf, type WebhookSenderOptions, webhookSender } from '#adapters/webhooks';
import { type Clock, createRuntime, type Runtime, registryOf, systemClock, type WebhookOptions } from '#runtime';
import type { OnStep } from '#runtime/starting';
import { type Tracing, tracedLog, tracedTopics, ViewSpans } from '#runtime/tracing/index';
import { backUp, isBackedUpHere } from './backup.js';
import {
  confirmPending,
  defaultSecretsFolder,
  keepPending,
  makeFolder,
  prepareDataFolder,
  prepareSecrets,
} from './data-folder.js';
import { type Engines, embedded, openLog, openState, topicsOf } from './engines.js';
import { openKnownKeys } from './known-keys.js';
import { refuseMissingLog, refuseMissingState } from './known-log.js';
import { allContexts } from './layout.js';
import { noteBackup, surroundingsOf } from './surroundings.js';
import { viewThreads } from './view-threads.js';

export interface HouseOptions {
  readonly data: string;
  readonly secrets?: string;
  /** The embedded ones if left out. */
  readonly engines?: Engines;
  readonly backdateDays: number;
  readonly runsProcesses?: boolean;
  readonly writesViews?: boolean;
  readonly relays?: boolean;
  readonly clock?: Clock;
  /** How webhooks are delivered; they are where processes run. */
  readonly webhooks?: Partial<WebhookSenderOptions> & Omit<WebhookOptions, 'send'>;
  /** Minutes between two published heads of the history; none are published by themselves if left out or 0. */
  readonly headsMinutes?: number;
  /** Closed with the house. */
  readonly tracing?: Tracing | undefined;
  /** A reader failed and will try again. */
  readonly onError?: (name: string, error: unknown) => void;
  /** What the start is at, each time it gets on. */
  readonly onStep?: OnStep;
}

/** An installation that is open: the runtime, and where its folder and its secrets are. */
export interface House extends Runtime {
  readonly folder: string;
  readonly masterKeyFile: string;
  /** Holds the token of the first start, unless somebody moved it. */
  readonly adminTokenFile: string;
}

/** Opens everything on the engines that are asked for. Throws FolderRefused, LockedError or StorageError with what to do about it. */
export async function openAnnals(options: HouseOptions): Promise<House> {
  const folder = resolve(options.data);
  makeFolder(folder);
  const lock = lockFolder(folder);
  try {
    return await open(folder, options, lock);
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function open(folder: string, options: HouseOptions, lock: FileLock): Promise<House> {
  const secrets = options.secrets ?? defaultSecretsFolder(folder, process.env);
  const engines = options.engines ?? embedded(folder);
  if (engines.log.engine === 'sqlite' && !existsSync(logFileIn(folder))) refuseMissingLog(folder, secrets);
  if (engines.views.engine === 'sqlite') refuseMissingState(folder);
  const data = prepareDataFolder(folder);
  const { masterKey, masterKeyFile, adminTokenFile } = prepareSecrets(secrets, data);
  const registry = registryOf(allContexts);
  /** To be closed where a later step of the opening fails; the last one first. */
  const opened: { close(): Promise<void> }[] = [];
  const keep = async <T extends { close(): Promise<void> }>(opening: Promise<T>): Promise<T> => {
    const thing = await opening;
    opened.unshift(thing);
    return thing;
  };
  let house: Runtime | undefined;
  try {
    const { tracing, onError = () => {}, onStep = () => {} } = options;
    let viewSpans: ViewSpans | undefined;
    onStep({ waitsFor: 'log' });
    const opening = openLog(engines);
    const log = await keep(
      tracing ? opening.then((plain) => tracedLog(plain, tracing, (traced) => viewSpans?.appended(traced))) : opening,
    );
    onStep({ waitsFor: 'keys' });
    const keys = await keep(openKnownKeys(engines, masterKey, log, registry));
    onStep({ waitsFor: 'state' });
    const store = await keep(openState(engines));
    onStep({ waitsFor: 'views' });
    const views = await keep(viewThreads(engines, { registry, log, writes: options.writesViews ?? true, onError }));
    viewSpans = tracing && new ViewSpans(registry, views, tracing);
    const topics = options.relays === false ? undefined : topicsOf(engines);
    const runtime = await createRuntime({
      registry,
      log,
      store,
      keys,
      clock: options.clock ?? systemClock,
      backdateDays: options.backdateDays,
      runsProcesses: options.runsProcesses ?? true,
      headsEvery: options.runsProcesses === false || !options.headsMinutes ? undefined : options.headsMinutes * 60_000,
      onError,
      onStep,
      webhooks:
        options.runsProcesses === false
          ? undefined
          : { ...options.webhooks, send: webhookSender({ toPrivate: false, ...options.webhooks }) },
      ...(options.webhooks?.toPrivate !== true && { refusedAddress: refusalOf }),
      backup: async (target) => {
        const report = await backUp(engines, target, () => log.head());
        noteBackup(folder, new Date());
        return report;
      },
      surroundings: async () => ({ ...(await surroundingsOf(folder)), backsUp: isBackedUpHere(engines) }),
      topics: topics && tracing ? async () => tracedTopics(await topics(), tracing) : topics,
      views,
    });
    house = runtime;
    await runtime.firstToken((token) => keepPending(adminTokenFile, token));
    confirmPending(adminTokenFile);
    return {
      ...runtime,
      folder,
      masterKeyFile,
      adminTokenFile,
      async close(milliseconds) {
        viewSpans?.stop();
        await runtime.close(milliseconds);
        await tracing?.close();
        lock.release();
      },
    };
  } catch (error) {
    await house?.close().catch(() => {});
    if (!house) for (const thing of opened) await thing.close().catch(() => {});
    throw error;
  }
}
