import { copyFileSync, existsSync, statSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { backupSqlite, type FileLock, lockFolder, logFileIn, StorageError } from '#adapters/sqlite';
import { refusalOf, type WebhookSenderOptions, webhookSender } from '#adapters/webhooks';
import {
  type BackupReport,
  type Clock,
  createRuntime,
  Problem,
  type Runtime,
  registryOf,
  systemClock,
  type WebhookOptions,
} from '#runtime';
import type { OnStep } from '#runtime/starting';
import { type Tracing, tracedLog, tracedTopics, ViewSpans } from '#runtime/tracing/index';
import {
  confirmPending,
  defaultSecretsFolder,
  FORMAT,
  keepPending,
  makeFolder,
  prepareDataFolder,
  prepareSecrets,
  STATE_ELSEWHERE,
} from './data-folder.js';
import { type Engines, embedded, openLog, openState, topicsOf } from './engines.js';
import { makeFolders } from './folders.js';
import { openKnownKeys } from './known-keys.js';
import { refuseMissingLog, refuseMissingState } from './known-log.js';
import { allContexts, keysFileIn, stateFileIn } from './layout.js';
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
        const report = await backup(engines, target, () => log.head());
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

const isBackedUpHere = ({ log, keys }: Engines): boolean => log.engine === 'sqlite' && keys.engine === 'sqlite';

/**
 * State first, the log last: whatever it holds is then in the log of the same backup. Views are built anew from the log. State that
 * is elsewhere is left to the tools of its engine, as docs/adr/0120-backups-beside-state-elsewhere.md says.
 */
async function backup(
  engines: Engines,
  target: { folder: string; keysFolder: string },
  head: () => Promise<string>,
): Promise<BackupReport> {
  const { folder } = engines;
  if (!isBackedUpHere(engines)) {
    throw new Problem(
      422,
      'backup-elsewhere',
      'This copies an embedded log with embedded keys. Back up EventStoreDB and MongoDB with their own tools, keys apart: docs/how-to/back-up-and-restore.md.',
    );
  }
  const to = resolve(target.folder);
  const keysTo = resolve(target.keysFolder);
  if (to === keysTo || keysTo.startsWith(`${to}/`) || to.startsWith(`${keysTo}/`)) {
    throw new Problem(
      422,
      'keys-beside-data',
      'Keys are backed up apart from the data: name two folders of which neither holds the other.',
    );
  }
  const data = resolve(folder);
  const within = [to, keysTo].find((place) => `${place}/`.startsWith(`${data}/`));
  if (within !== undefined) {
    throw new Problem(
      422,
      'backup-refused',
      `${within} lies inside the data folder, and would be lost or copied with it. Name another folder.`,
    );
  }
  for (const made of [to, keysTo]) {
    try {
      makeFolders(made);
    } catch (error) {
      throw backupRefused(`The folder ${made} cannot be made`, error);
    }
  }
  const files: { file: string; bytes: number }[] = [];
  const copy = async (from: string, into: string) => {
    const file = join(into, basename(from));
    await backupSqlite(from, file).catch((error: unknown) => {
      throw error instanceof StorageError
        ? new Problem(422, 'backup-refused', error.message)
        : backupRefused(`${file} cannot be written`, error);
    });
    files.push({ file, bytes: statSync(file).size });
  };
  const state = engines.views.engine === 'sqlite' ? undefined : STATE_ELSEWHERE;
  if (state === undefined) await copy(stateFileIn(folder), to);
  await copy(keysFileIn(folder), keysTo);
  const position = await head();
  await copy(logFileIn(folder), to);
  if (state === undefined) copyFileSync(join(folder, 'format.json'), join(to, 'format.json'));
  else writeFileSync(join(to, 'format.json'), `${JSON.stringify({ format: FORMAT, state })}\n`, { mode: 0o600 });
  return { files, position, ...(state !== undefined && { state }) };
}

/** What the system refuses is the caller's to mend; anything else is a fault of ours. */
function backupRefused(what: string, error: unknown): unknown {
  const { code, syscall } = error as NodeJS.ErrnoException;
  return syscall === undefined ? error : new Problem(422, 'backup-refused', `${what} (${code}). Name another folder.`);
}
