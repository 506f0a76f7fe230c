import { DatabaseSync, type DatabaseSyncInstance, type StatementSyncInstance } from '@photostructure/sqlite';
import { StoreFault } from '#runtime/ports';

export type SqlValue = string | number | bigint | boolean | null | Uint8Array;

/** Rows come as arrays, in the order of the selected columns: quicker to make than objects. */
export interface Statement<Row extends readonly unknown[] = readonly unknown[]> {
  all(...values: readonly SqlValue[]): Row[];
  get(...values: readonly SqlValue[]): Row | undefined;
  /** How many rows changed. */
  run(...values: readonly SqlValue[]): number;
}

export interface DatabaseOptions {
  readonly readonly?: boolean;
  /**
   * `full`: a commit is on disk when it returns. `normal`: a power cut may lose the newest commits, never the consistency,
   * so it fits only what can be rebuilt.
   */
  readonly durability: 'full' | 'normal';
  /** Overwrite what is deleted with zeros. */
  readonly secureDelete?: boolean;
  /** The file does not grow beyond this; writes then fail as on a full disk. */
  readonly maxBytes?: number;
  /** Memory for pages, at most. */
  readonly cacheBytes?: number;
  /** The write-ahead file is moved into the database when it has grown by this much. */
  readonly checkpointBytes?: number;
  /** What to do about a damaged file; left out: to restore it. */
  readonly ifDamaged?: string;
}

export const PAGE_BYTES = 8192;
/** How long a connection waits for another writer. */
const BUSY_MILLISECONDS = 10_000;
const CACHED_STATEMENTS = 500;

/** One connection to one SQLite file. The only place that knows the driver. */
export class Database {
  readonly readonly: boolean;
  readonly #place: Place;
  readonly #driver: DatabaseSyncInstance;
  readonly #statements = new Map<string, Statement>();
  readonly #begin: Statement;
  readonly #commit: Statement;

  /** Throws StorageError: the folder is missing or read-only, the file is damaged or no database. */
  constructor(
    readonly file: string,
    options: DatabaseOptions,
  ) {
    this.readonly = options.readonly ?? false;
    this.#place = { file, ...(options.ifDamaged !== undefined && { ifDamaged: options.ifDamaged }) };
    try {
      this.#driver = new DatabaseSync(file, {
        readOnly: options.readonly ?? false,
        timeout: BUSY_MILLISECONDS,
        returnArrays: true,
      });
    } catch (error) {
      throw storageError(error, this.#place);
    }
    this.#guard(() => {
      if (!options.readonly) {
        const pages = Math.floor((options.checkpointBytes ?? 16_777_216) / PAGE_BYTES);
        this.#driver.exec(`PRAGMA page_size = ${PAGE_BYTES}; PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = ${pages}`);
        this.#driver.exec(`PRAGMA journal_size_limit = ${4 * pages * PAGE_BYTES}`);
        this.#driver.exec(
          `PRAGMA synchronous = ${options.durability}; PRAGMA secure_delete = ${options.secureDelete ? 'ON' : 'OFF'}`,
        );
        if (options.maxBytes) this.#driver.exec(`PRAGMA max_page_count = ${Math.floor(options.maxBytes / PAGE_BYTES)}`);
      }
      this.#driver.exec(`PRAGMA cache_size = -${(options.cacheBytes ?? 33_554_432) / 1024}; PRAGMA temp_store = MEMORY`);
    });
    this.#begin = this.sql('BEGIN IMMEDIATE');
    this.#commit = this.sql('COMMIT');
  }

  /** Several statements without values or results. */
  exec(script: string): void {
    this.#guard(() => this.#driver.exec(script));
  }

  /** The statement of this text, prepared once; with `bigints` all integers come as bigint. */
  sql<Row extends readonly unknown[] = readonly unknown[]>(text: string, { bigints = false } = {}): Statement<Row> {
    const key = bigints ? `${text} -- bigints` : text;
    const known = this.#statements.get(key);
    if (known) return known as Statement<Row>;
    const prepared = this.#guard(() => this.#driver.prepare(text));
    if (bigints) prepared.setReadBigInts(true);
    const statement = new DriverStatement<Row>(prepared, this.#place);
    if (this.#statements.size >= CACHED_STATEMENTS) this.#statements.clear();
    this.#statements.set(key, statement as Statement);
    return statement;
  }

  /** First column of the first row. */
  value(text: string, ...values: readonly SqlValue[]): unknown {
    return this.sql(text).get(...values)?.[0];
  }

  /** A function that SQL can call; the same values always give the same result. */
  define(name: string, body: (...values: unknown[]) => SqlValue): void {
    this.#driver.function(name, { deterministic: true }, body);
  }

  /** Runs the work in one write transaction; an exception leaves nothing of it. */
  transaction<T>(work: () => T): T {
    this.#begin.run();
    try {
      const result = work();
      this.#commit.run();
      return result;
    } catch (error) {
      this.rollback();
      throw error;
    }
  }

  begin(): void {
    this.#begin.run();
  }

  commit(): void {
    this.#commit.run();
  }

  /** Ends the open transaction, if any: some errors have ended it already. */
  rollback(): void {
    if (this.#driver.isTransaction) this.#guard(() => this.#driver.exec('ROLLBACK'));
  }

  /**
   * The driver keeps statements, and with them SQLite's own end of the connection, until they are collected: what SQLite does
   * when the last connection closes, moving the write-ahead file into the database, has to be asked for.
   */
  close(): void {
    if (!this.#driver.isOpen) return;
    if (!this.readonly) {
      try {
        this.#driver.exec('PRAGMA busy_timeout = 0; PRAGMA wal_checkpoint(TRUNCATE)');
      } catch {
        // Somebody reads or the disk is full: whoever opens the file next finds the write-ahead file.
      }
    }
    this.#statements.clear();
    this.#driver.close();
  }

  #guard<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      this.#closeIfUnusable();
      throw storageError(error, this.#place);
    }
  }

  #closeIfUnusable(): void {
    if (this.#commit === undefined && this.#driver.isOpen) this.#driver.close();
  }
}

/**
 * Holds SQLite's write lock on a file of its own until the returned function is called or the process ends.
 * Throws StorageError, `busy` when somebody else holds it.
 */
export function holdFile(file: string): () => void {
  try {
    const holder = new DatabaseSync(file, { timeout: 0 });
    try {
      holder.exec('PRAGMA journal_mode = DELETE; BEGIN IMMEDIATE');
    } catch (error) {
      holder.close();
      throw error;
    }
    return () => {
      if (holder.isOpen) holder.close();
    };
  } catch (error) {
    throw storageError(error, { file });
  }
}

class DriverStatement<Row extends readonly unknown[]> implements Statement<Row> {
  constructor(
    private readonly prepared: StatementSyncInstance,
    private readonly place: Place,
  ) {}

  all(...values: readonly SqlValue[]): Row[] {
    try {
      return this.prepared.all(...values) as Row[];
    } catch (error) {
      throw storageError(error, this.place);
    }
  }

  get(...values: readonly SqlValue[]): Row | undefined {
    try {
      return this.prepared.get(...values) as Row | undefined;
    } catch (error) {
      throw storageError(error, this.place);
    }
  }

  run(...values: readonly SqlValue[]): number {
    try {
      return Number(this.prepared.run(...values).changes);
    } catch (error) {
      throw storageError(error, this.place);
    }
  }
}

export type StorageFault = 'full' | 'damaged' | 'readonly' | 'busy' | 'missing' | 'io' | 'other';

/** What the file or disk did, in words for the operator. */
export class StorageError extends StoreFault {
  override readonly name = 'StorageError';

  constructor(
    readonly fault: StorageFault,
    message: string,
    options?: ErrorOptions,
  ) {
    super(PASSING.has(fault), message, options, causeIn(fault, 'a store'));
  }
}

/** What can be over when it is tried again, nothing of the file having changed. */
const PASSING: ReadonlySet<StorageFault> = new Set(['full', 'readonly', 'busy', 'io']);

/** A fault in words that name no file, for callers; undefined where they would say nothing. */
export function causeIn(fault: StorageFault, store: string): string | undefined {
  const causes: Readonly<Record<StorageFault, string | undefined>> = {
    full: `the disk that holds ${store} is full`,
    damaged: `the file of ${store} is damaged`,
    readonly: `${store} cannot be written: its file or folder is read-only`,
    busy: `${store} is locked by another process`,
    missing: `the file of ${store} cannot be opened`,
    io: `the disk that holds ${store} does not read or write`,
    other: undefined,
  };
  return causes[fault];
}

// Primary result codes of SQLite (sqlite.org/rescode.html).
const FAULTS: Readonly<Record<number, StorageFault>> = {
  5: 'busy',
  6: 'busy',
  8: 'readonly',
  10: 'io',
  11: 'damaged',
  13: 'full',
  14: 'missing',
  26: 'damaged',
};

// The driver leaves the code out where a row of several could not be read; the texts are those of sqlite3_errstr.
const TEXTS: Readonly<Record<string, number>> = {
  'database is locked': 5,
  'attempt to write a readonly database': 8,
  'disk I/O error': 10,
  'database disk image is malformed': 11,
  'database or disk is full': 13,
  'file is not a database': 26,
};

/** A file, and what to do if it is damaged. */
interface Place {
  readonly file: string;
  readonly ifDamaged?: string;
}

const WORDS: Readonly<Record<StorageFault, (file: string, detail: string, ifDamaged: string) => string>> = {
  full: (file) =>
    `The disk that holds ${file} is full, or the file reached its limit; nothing was written. Free space, then try again.`,
  damaged: (file, detail, ifDamaged) => `${file} is damaged or no database of Annals (${detail}). ${ifDamaged}`,
  readonly: (file) => `${file} cannot be written: the file or its folder is read-only.`,
  busy: (file) => `${file} is locked by another process.`,
  missing: (file) => `${file} cannot be opened: check that its folder exists and can be written.`,
  io: (file, detail) => `Reading or writing ${file} failed (${detail}).`,
  other: (file, detail) => `${file}: ${detail}`,
};

const RESTORE = 'Stop the server and restore the file from a backup.';

function storageError(error: unknown, { file, ifDamaged = RESTORE }: Place): Error {
  if (error instanceof StorageError) return error;
  const { errcode, code, message = String(error) } = error as { errcode?: unknown; code?: unknown; message?: string };
  const result = typeof errcode === 'number' ? errcode : code === 'ERR_SQLITE_ERROR' ? TEXTS[message] : undefined;
  if (result === undefined) return error as Error;
  const fault = FAULTS[result & 0xff] ?? 'other';
  return new StorageError(fault, WORDS[fault](file, message, ifDamaged), { cause: error });
}
