import { resolve } from 'node:path';
import {
  type Generation,
  type GenerationInfo,
  type GenerationSpec,
  type Lease,
  type Notes,
  type Snapshot,
  StaleWriter,
  type Timer,
  type Timers,
  type ViewStore,
} from '#runtime/ports';
import { type Database, type DatabaseOptions, StorageError } from '../database.js';
import { openFormat } from '../format.js';
import { FieldIndexes, fieldsIndexed } from './field-indexes.js';
import { createDocuments, viewsFormat } from './format.js';
import { SqliteGeneration } from './generation.js';
import { defineFunctions } from './query.js';
import { canBeAsked, shapesIndexed, TotalsIndexes } from './totals-indexes.js';

export type SqliteViewsPlace = { readonly file: string } | { readonly memory: true };

/** Milliseconds since 1970, of the store. */
const NOW = "CAST(unixepoch('subsec') * 1000 AS INTEGER)";

/** A batch of documents scattered over a large view touches most of its pages, and writes them anew each time they do not fit. */
const FOR_BATCHES = { cacheBytes: 25_165_824, checkpointBytes: 67_108_864 };

/**
 * Opens or makes the store. Several threads may have the same file open, each with a store of its own.
 * Commits are not synced one by one: after a power cut the newest may be missing, each as a whole with its checkpoint,
 * and the readers do them again from the log.
 */
export async function openSqliteViews(
  place: SqliteViewsPlace,
  options: Pick<DatabaseOptions, 'readonly' | 'ifDamaged'> = {},
): Promise<ViewStore> {
  const file = 'memory' in place ? ':memory:' : resolve(place.file);
  const readonly = options.readonly ?? false;
  const database = openFormat(file, viewsFormat, { durability: 'normal', ...options, ...(readonly ? {} : FOR_BATCHES) });
  defineFunctions(database);
  return new SqliteViews(database, readonly);
}

class SqliteViews implements ViewStore {
  readonly notes: Notes;
  readonly timers: Timers;

  constructor(
    private readonly database: Database,
    private readonly readonly: boolean,
  ) {
    this.notes = notesIn(database);
    this.timers = timersIn(database);
  }

  async generation(spec: GenerationSpec): Promise<Generation> {
    const number = this.#number(spec.view, spec.hash) ?? this.#create(spec);
    return new SqliteGeneration(spec, number, this.database, this.readonly);
  }

  async generations(): Promise<readonly GenerationInfo[]> {
    const rows = this.database
      .sql<[string, GenerationInfo['state'], string | null, number]>(
        `SELECT spec, state, checkpoint, (SELECT count(*) FROM parked WHERE generation = number)
          FROM generations ORDER BY view, number`,
      )
      .all();
    return rows.map(([spec, state, checkpoint, parked]) => ({
      spec: JSON.parse(spec) as GenerationSpec,
      state,
      checkpoint: checkpoint ?? undefined,
      parked,
    }));
  }

  async promote(view: string, hash: string): Promise<void> {
    this.database.transaction(() => {
      const number = this.#number(view, hash);
      if (number === undefined) throw new RangeError(`${view} has no generation ${hash}.`);
      this.#indexAsBefore(view, number);
      this.database.sql("UPDATE generations SET state = 'old' WHERE view = ? AND state = 'live'").run(view);
      this.database.sql("UPDATE generations SET state = 'live' WHERE view = ? AND hash = ?").run(view, hash);
    });
  }

  async drop(view: string, hash: string): Promise<void> {
    this.database.transaction(() => {
      const number = this.#number(view, hash);
      if (number === undefined) return;
      this.database.exec(`DROP TABLE documents_${number}`);
      for (const table of ['parked', 'changed', 'field_indexes', 'totals_indexes'])
        this.database.sql(`DELETE FROM ${table} WHERE generation = ?`).run(number);
      this.database.sql('DELETE FROM generations WHERE number = ?').run(number);
    });
  }

  async lease(name: string, holder: string, milliseconds: number): Promise<Lease | undefined> {
    return this.database.transaction(() => {
      const [held, token, lapsed] = this.database
        .sql<[string, number, number]>(`SELECT holder, token, expires <= ${NOW} FROM leases WHERE name = ?`)
        .get(name) ?? [undefined, 0, 1];
      if (held !== holder && !lapsed) return undefined;
      // Tokens are unique in the store, so that a token alone says whether its lease has passed on since.
      const next = held === holder ? token : Number(this.database.value('SELECT coalesce(max(token), 0) + 1 FROM leases'));
      this.database
        .sql(
          `INSERT INTO leases VALUES (?, ?, ?, ${NOW} + ?) ON CONFLICT (name)
            DO UPDATE SET holder = excluded.holder, token = excluded.token, expires = excluded.expires`,
        )
        .run(name, holder, next, milliseconds);
      return { name, holder, token: next };
    });
  }

  async release({ name, token }: Lease): Promise<void> {
    this.database.sql('UPDATE leases SET expires = 0 WHERE name = ? AND token = ?').run(name, token);
  }

  async holder(name: string): Promise<string | undefined> {
    return this.database.sql<[string]>(`SELECT holder FROM leases WHERE name = ? AND expires > ${NOW}`).get(name)?.[0];
  }

  async loadSnapshot(stream: string, stateVersion: number): Promise<Snapshot | undefined> {
    const row = this.database
      .sql<[number, string]>('SELECT revision, json FROM snapshots WHERE stream = ? AND state_version = ?')
      .get(stream, stateVersion);
    return row && { stream, stateVersion, revision: row[0], json: row[1] };
  }

  async saveSnapshot({ stream, stateVersion, revision, json }: Snapshot): Promise<void> {
    this.database
      .sql(
        `INSERT INTO snapshots VALUES (?, ?, ?, ?) ON CONFLICT (stream, state_version)
          DO UPDATE SET revision = excluded.revision, json = excluded.json WHERE excluded.revision > revision`,
      )
      .run(stream, stateVersion, revision, json);
  }

  async close(): Promise<void> {
    this.database.close();
  }

  /** What questions made the live generation index, the next one has from the start. */
  #indexAsBefore(view: string, number: number): void {
    const [before] =
      this.database.sql<[number]>("SELECT number FROM generations WHERE view = ? AND state = 'live'").get(view) ?? [];
    const [spec] = this.database.sql<[string]>('SELECT spec FROM generations WHERE number = ?').get(number) ?? [];
    if (before === undefined || before === number || spec === undefined) return;
    const definition = JSON.parse(spec) as GenerationSpec;
    const indexes = new FieldIndexes(definition, number, this.database);
    for (const field of fieldsIndexed(this.database, before)) indexes.make(field);
    const totals = new TotalsIndexes(number, this.database);
    for (const shape of shapesIndexed(this.database, before).values()) if (canBeAsked(definition, shape)) totals.make(shape);
  }

  #number(view: string, hash: string): number | undefined {
    return this.database.sql<[number]>('SELECT number FROM generations WHERE view = ? AND hash = ?').get(view, hash)?.[0];
  }

  #create(spec: GenerationSpec): number {
    if (this.readonly)
      throw new StorageError(
        'other',
        `The view ${spec.view} was not built in this data folder yet, and this server does not write views. Start one with the role views on it first.`,
      );
    return this.database.transaction(() => {
      // Another thread may have made it meanwhile.
      const known = this.#number(spec.view, spec.hash);
      if (known !== undefined) return known;
      const isFirst = this.database.value('SELECT 1 FROM generations WHERE view = ?', spec.view) === undefined;
      const number = Number(
        this.database.value(
          'INSERT INTO generations (view, hash, state, spec) VALUES (?, ?, ?, ?) RETURNING number',
          spec.view,
          spec.hash,
          isFirst ? 'live' : 'building',
          JSON.stringify(spec),
        ),
      );
      createDocuments(this.database, `documents_${number}`);
      return number;
    });
  }
}

function notesIn(database: Database): Notes {
  return {
    read: async (name) => {
      const row = database.sql<[string, number]>('SELECT value, version FROM notes WHERE name = ?').get(name);
      return row && { value: row[0], version: row[1] };
    },
    write: async (name, value, version) => writeNote(database, name, value, version),
  };
}

function writeNote(database: Database, name: string, value: string, version: number): void {
  const changed =
    version === 0
      ? database.sql('INSERT INTO notes VALUES (?, ?, 1) ON CONFLICT (name) DO NOTHING').run(name, value)
      : database
          .sql('UPDATE notes SET value = ?, version = version + 1 WHERE name = ? AND version = ?')
          .run(value, name, version);
  if (changed === 0) throw new StaleWriter(`The note ${name} is no longer at version ${version}.`);
}

/** The clock of the servers, in the column of clocks. */
const SERVERS = '';

/** One look into the index a clock: there may be very many timers, and are few clocks. */
const OTHER_CLOCKS = `
  WITH RECURSIVE clocks (clock) AS (
    SELECT min(clock) FROM timers WHERE clock > '${SERVERS}'
    UNION ALL
    SELECT (SELECT min(clock) FROM timers WHERE timers.clock > clocks.clock) FROM clocks WHERE clocks.clock IS NOT NULL
  )
  SELECT clock FROM clocks WHERE clock IS NOT NULL`;

function timersIn(database: Database): Timers {
  return {
    change: async ({ add, done }) =>
      database.transaction(() => {
        const insert = database.sql('INSERT INTO timers VALUES (?, ?, ?, ?) ON CONFLICT (clock, due, id) DO NOTHING');
        for (const { id, due, json, clock } of add) insert.run(clock ?? SERVERS, due, id, json);
        const remove = database.sql('DELETE FROM timers WHERE clock = ? AND due = ? AND id = ?');
        for (const { id, due, clock } of done) remove.run(clock ?? SERVERS, due, id);
      }),
    due: async (now, limit, clock) =>
      database
        .sql<[string, string, string, string]>(
          'SELECT id, due, json, clock FROM timers WHERE clock = ? AND due <= ? ORDER BY due, id LIMIT ?',
        )
        .all(clock ?? SERVERS, now, limit)
        .map(([id, due, json, its]): Timer => ({ id, due, json, ...(its !== SERVERS && { clock: its }) })),
    next: async (clock) =>
      database.sql<[string | null]>('SELECT min(due) FROM timers WHERE clock = ?').all(clock ?? SERVERS)[0]?.[0] ?? undefined,
    clocks: async () =>
      database
        .sql<[string]>(OTHER_CLOCKS)
        .all()
        .map(([clock]) => clock),
    count: async () => Number(database.value('SELECT count(*) FROM timers')),
  };
}
