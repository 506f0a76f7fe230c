import { Database, type DatabaseOptions, StorageError } from './database.js';

/** What kind of file it is and how it came to its present form. */
export interface Format {
  readonly kind: 'log' | 'views' | 'keys';
  /** SQL that leads from each version to the next; the first makes an empty file. Steps are never changed, only added. */
  readonly steps: readonly string[];
  /** Rows of a new file. */
  readonly fill?: (database: Database) => void;
}

/** SQLite's application_id: says what a file is even when it was renamed. */
const APPLICATION: Readonly<Record<Format['kind'], number>> = { log: 0x414e4c47, views: 0x414e5657, keys: 0x414e4b59 };

/**
 * Opens a file, makes it when it is new, upgrades an older form.
 * Throws StorageError for a file of another kind or one that a newer server wrote.
 */
export function openFormat(file: string, format: Format, options: DatabaseOptions): Database {
  const database = new Database(file, options);
  try {
    checkFormat(database, format.kind, format.steps.length);
    if (!options.readonly && versionOf(database) < format.steps.length) upgrade(database, format);
    if (versionOf(database) < format.steps.length) {
      throw new StorageError('other', `${file} is empty or has an older format; open it once with write access.`);
    }
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** What kind a file is, undefined for an empty or foreign one. */
export function kindOf(database: Database): Format['kind'] | undefined {
  const id = database.value('PRAGMA application_id');
  return (Object.keys(APPLICATION) as Format['kind'][]).find((kind) => APPLICATION[kind] === id);
}

const versionOf = (database: Database) => Number(database.value('PRAGMA user_version'));

function checkFormat(database: Database, kind: Format['kind'], newest: number): void {
  const version = versionOf(database);
  if (version === 0) {
    if (Number(database.value('SELECT count(*) FROM sqlite_schema')) > 0) {
      throw new StorageError('other', `${database.file} is a database, but not one of Annals.`);
    }
    return;
  }
  const found = kindOf(database);
  if (found !== kind) throw new StorageError('other', `${database.file} holds ${found ?? 'something else'}, not ${kind}.`);
  if (version > newest) {
    throw new StorageError(
      'other',
      `${database.file} has format ${version}; this server knows up to ${newest}. Upgrade the server.`,
    );
  }
}

function upgrade(database: Database, format: Format): void {
  database.transaction(() => {
    // Another thread may have done it while this one waited for the lock.
    const from = versionOf(database);
    for (const step of format.steps.slice(from)) database.exec(step);
    if (from === 0) {
      database.exec(`PRAGMA application_id = ${APPLICATION[format.kind]}`);
      format.fill?.(database);
    }
    database.exec(`PRAGMA user_version = ${format.steps.length}`);
  });
}
