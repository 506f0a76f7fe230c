import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, closeSync, cpSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { isWithin, makeFolders } from './folders.js';

/** Raised when what lies in the folder changes so that an older server would misread it. */
export const FORMAT = 1;
/** In the format of a backup: its state is not in it, but in another engine. */
export const STATE_ELSEWHERE = 'elsewhere';

/** What turns a folder of version n into one of n + 1, in place; run on a folder that was copied before. */
const upgrades: Readonly<Record<number, (folder: string) => void>> = {};

/** The start is refused, with what to do about it. */
export class FolderRefused extends Error {}

export interface DataFolder {
  readonly folder: string;
  readonly isNew: boolean;
}

/** Marks a new folder with the format version, or checks it: an older one is upgraded after a copy, a newer one refused. */
export function prepareDataFolder(folder: string): DataFolder {
  const file = join(folder, 'format.json');
  if (!existsSync(file)) {
    if (existsSync(join(folder, 'log.db')))
      throw new FolderRefused(`${folder} holds a log but no format.json; restore it from a backup.`);
    write(file, `${JSON.stringify({ format: FORMAT })}\n`);
    return { folder, isNew: true };
  }
  const format = formatIn(file);
  if (format > FORMAT)
    throw new FolderRefused(`${folder} has format ${format}; this server knows up to ${FORMAT}. Start a newer one.`);
  if (format < FORMAT) upgrade(folder, file, format);
  return { folder, isNew: false };
}

export function makeFolder(folder: string): void {
  try {
    makeFolders(folder);
  } catch (error) {
    throw new FolderRefused(`The data folder ${folder} cannot be made (${codeOf(error)}). Name another in ANNALS_DATA.`);
  }
}

export interface Secrets {
  readonly masterKeyFile: string;
  readonly adminTokenFile: string;
  /** 32 bytes. */
  readonly masterKey: Uint8Array;
}

/** Key and token files, mode 0600, outside the data folder: a copy of the folder opens nothing. */
export function prepareSecrets(secrets: string, { folder, isNew }: DataFolder): Secrets {
  const place = resolve(secrets);
  if (isWithin(place, folder))
    throw new FolderRefused(`The secrets folder ${place} lies inside the data folder; name another in ANNALS_SECRETS.`);
  try {
    makeFolders(place);
  } catch (error) {
    throw new FolderRefused(`The secrets folder ${place} cannot be made (${codeOf(error)}). Name another in ANNALS_SECRETS.`);
  }
  const masterKeyFile = join(place, 'master.key');
  if (!existsSync(masterKeyFile)) {
    if (!isNew && needsMasterKey(folder)) {
      throw new FolderRefused(
        `${masterKeyFile} is missing, and without it no personal field of ${folder} can be opened. Put it back, or name its folder in ANNALS_SECRETS.`,
      );
    }
    writeSecret(masterKeyFile, randomBytes(32).toString('hex'));
  }
  return { masterKeyFile, adminTokenFile: adminTokenFileIn(place), masterKey: masterKeyIn(masterKeyFile) };
}

/** Whichever of these files is there was made under a master key, and needs it. */
export const needsMasterKey = (folder: string): boolean => ['keys.db', 'log.db'].some((name) => existsSync(join(folder, name)));

/** The 32 bytes that a file of a master key holds. Throws FolderRefused. */
export function masterKeyIn(file: string): Uint8Array {
  let text: string;
  try {
    text = readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new FolderRefused(`${file} cannot be read (${codeOf(error)}); name the file of the master key.`);
  }
  if (!/^[0-9a-f]{64}$/i.test(text))
    throw new FolderRefused(
      `${file} does not hold 64 hexadecimal digits, so it is no master key. Put back the copy that you keep apart.`,
    );
  return Buffer.from(text, 'hex');
}

/** Where secrets lie unless configured: one folder a data folder, in the user's configuration. */
export function defaultSecretsFolder(dataFolder: string, env: NodeJS.ProcessEnv): string {
  const home = env.XDG_CONFIG_HOME || join(env.HOME || env.USERPROFILE || homedir(), '.config');
  const name = createHash('sha256').update(resolve(dataFolder)).digest('hex').slice(0, 12);
  return join(home, 'annals', name);
}

/**
 * A token of another installation must not be lost by the start of a new one: an embedded log that is not there yet gets its first
 * token only where no other lies. Throws FolderRefused before anything is made.
 */
export function refuseForeignToken(adminTokenFile: string): void {
  if (!existsSync(adminTokenFile)) return;
  throw new FolderRefused(
    `${adminTokenFile} is the token of another installation: the log of this one is new and would overwrite it. Name another folder in ANNALS_SECRETS, or move the file away.`,
  );
}

/** Where a first token is kept until it is valid. */
const pendingOf = (adminTokenFile: string) => `${adminTokenFile}.pending`;

/** Keeps a first token that is about to be recorded. Throws FolderRefused where that of another installation lies. */
export function keepPending(adminTokenFile: string, token: string): void {
  refuseForeignToken(adminTokenFile);
  writeSecret(pendingOf(adminTokenFile), token);
}

/** The token is recorded, by this start or by one that was killed right after it. */
export function confirmPending(adminTokenFile: string): void {
  const pending = pendingOf(adminTokenFile);
  if (existsSync(pending) && !existsSync(adminTokenFile)) renameSync(pending, adminTokenFile);
}

export function adminTokenFileIn(secrets: string): string {
  return join(resolve(secrets), 'admin.token');
}

export function writeSecret(file: string, content: string): void {
  write(file, `${content}\n`);
  chmodSync(file, 0o600);
}

function write(file: string, content: string): void {
  try {
    // On disk before anything is sealed under it: a key that a power failure takes away opens nothing any more.
    writeFileSync(`${file}.new`, content, { mode: 0o600, flush: true });
    renameSync(`${file}.new`, file);
    const folder = openSync(dirname(file), 'r');
    fsyncSync(folder);
    closeSync(folder);
  } catch (error) {
    throw new FolderRefused(`${file} cannot be written (${codeOf(error)}). Make its folder writable, or name another.`);
  }
}

/** Whether a backup says that its state is in another engine. */
export function isWithoutState(format: string): boolean {
  try {
    return (JSON.parse(readFileSync(format, 'utf8')) as { state?: unknown }).state === STATE_ELSEWHERE;
  } catch {
    return false;
  }
}

function formatIn(file: string): number {
  try {
    const { format } = JSON.parse(readFileSync(file, 'utf8')) as { format?: unknown };
    if (typeof format === 'number' && Number.isInteger(format)) return format;
  } catch {
    // Said below.
  }
  throw new FolderRefused(`${file} is damaged: it must read {"format":${FORMAT}}. Restore the folder from a backup.`);
}

function upgrade(folder: string, file: string, from: number): void {
  const steps = Array.from({ length: FORMAT - from }, (_, number) => upgrades[from + number]);
  if (steps.some((step) => step === undefined))
    throw new FolderRefused(
      `${folder} has format ${from}, which this server cannot upgrade. Start a version that can first, or restore a backup.`,
    );
  const copy = `${folder}.format-${from}`;
  if (existsSync(copy))
    throw new FolderRefused(`${copy} is in the way: the folder is copied there before it is upgraded. Move it first.`);
  cpSync(folder, copy, { recursive: true });
  for (const step of steps) step?.(folder);
  write(file, `${JSON.stringify({ format: FORMAT })}\n`);
}

const codeOf = (error: unknown) => (error as NodeJS.ErrnoException).code ?? 'unknown error';
