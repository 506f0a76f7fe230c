import {
  type Condition,
  type DocumentKey,
  type Generation,
  type GenerationSpec,
  type Group,
  type GroupQuery,
  type ListQuery,
  type ParkedFact,
  type Space,
  StaleWriter,
  type StoredDocument,
  type ViewChange,
} from '#runtime/ports';
import { orderedText, originalText } from '#runtime/views/ordered-text';
import type { Database } from '../database.js';
import { FieldIndexes } from './field-indexes.js';
import { listQuestion, type Scope } from './query.js';
import { shapeOf, totalsQuestion } from './totals.js';
import { TotalsIndexes } from './totals-indexes.js';

const SPACES: Readonly<Record<Space, number>> = { shown: 0, part: 1, link: 2 };

export class SqliteGeneration implements Generation {
  readonly #table: string;
  readonly #indexes: FieldIndexes;
  readonly #totals: TotalsIndexes;

  constructor(
    readonly spec: GenerationSpec,
    private readonly number: number,
    private readonly database: Database,
    private readonly readonly: boolean,
  ) {
    this.#indexes = new FieldIndexes(spec, number, database);
    this.#totals = new TotalsIndexes(number, database);
    this.#table = `documents_${number}`;
  }

  async checkpoint(): Promise<string | undefined> {
    return this.#checkpoint();
  }

  async load(keys: readonly DocumentKey[]): Promise<readonly StoredDocument[]> {
    const find = this.database.sql<[string, string]>(
      `SELECT json, position FROM ${this.#table} WHERE tenant = ? AND space = ? AND key = ?`,
    );
    return keys.flatMap(({ tenant, space, key }) => {
      const row = find.get(tenant, SPACES[space], orderedText(key));
      return row ? [{ tenant, space, key, json: row[0], position: row[1] }] : [];
    });
  }

  async commit(change: ViewChange): Promise<void> {
    this.database.transaction(() => {
      if (this.#checkpoint() !== change.from)
        throw new StaleWriter(`The checkpoint of ${this.spec.view} is not at ${change.from}.`);
      if (this.database.value('SELECT 1 FROM leases WHERE token = ?', change.token) === undefined) {
        throw new StaleWriter(`A newer token than ${change.token} was handed out.`);
      }
      this.#write(change);
      this.database.sql('UPDATE generations SET checkpoint = ? WHERE number = ?').run(change.to, this.number);
    });
  }

  async get(tenant: string, key: string): Promise<StoredDocument | undefined> {
    return (await this.load([{ tenant, space: 'shown', key }]))[0];
  }

  async list(tenant: string, query: ListQuery): Promise<readonly StoredDocument[]> {
    const { sql, values } = listQuestion(this.spec, this.#table, this.#scope(tenant, query.where, query.sort), query);
    const started = performance.now();
    const rows = this.database.sql<[string, string, string]>(sql).all(...values);
    const took = performance.now() - started;
    if (this.readonly) this.#indexes.refresh();
    else this.#indexes.learn(took, query);
    return rows.map(([key, json, position]) => ({ tenant, space: 'shown', key: originalText(key), json, position }));
  }

  async groups(tenant: string, query: GroupQuery): Promise<readonly Group[]> {
    // what a zone's clock shows is in no index: its rules change with the platform
    if (query.by.some(({ zone }) => zone !== undefined)) return this.#groups(tenant, query, undefined);
    const shape = shapeOf(this.spec, query);
    if (this.readonly) this.#totals.refresh();
    const index = this.#totals.find(shape);
    const started = performance.now();
    const groups = this.#groups(tenant, query, index);
    if (!this.readonly) this.#totals.learn(performance.now() - started, shape);
    return groups;
  }

  #groups(tenant: string, query: GroupQuery, index: string | undefined): readonly Group[] {
    const { sql, values, row } = totalsQuestion(this.spec, this.#table, this.#scope(tenant, query.where), query, index);
    try {
      return this.database
        .sql(sql, { bigints: true })
        .all(...values)
        .map(row);
    } catch (error) {
      if (index === undefined || !this.readonly) throw error;
      // The writer may have dropped the index meanwhile.
      return this.#groups(tenant, query, undefined);
    }
  }

  async changedAt(tenant: string): Promise<string | undefined> {
    return this.database
      .sql<[string]>('SELECT position FROM changed WHERE generation = ? AND tenant = ?')
      .get(this.number, tenant)?.[0];
  }

  async scan(
    space: Space,
    after: { tenant: string; key: string } | undefined,
    limit: number,
  ): Promise<readonly StoredDocument[]> {
    const documents: StoredDocument[] = [];
    let tenant = after?.tenant ?? this.#tenantAfter('');
    for (let key = after && orderedText(after.key); tenant !== undefined; key = undefined) {
      documents.push(...this.#scanTenant(tenant, space, key, limit - documents.length));
      if (documents.length >= limit) break;
      tenant = this.#tenantAfter(tenant);
    }
    return documents;
  }

  /** One tenant at a time, so that the primary key finds the place: the space stands between tenant and key in it. */
  #scanTenant(tenant: string, space: Space, after: string | undefined, limit: number): readonly StoredDocument[] {
    return this.database
      .sql<[string, string, string]>(
        `SELECT key, json, position FROM ${this.#table} WHERE tenant = ? AND space = ? AND key ${after === undefined ? '>=' : '>'} ? ORDER BY key LIMIT ?`,
      )
      .all(tenant, SPACES[space], after ?? '', limit)
      .map(([key, json, position]) => ({ tenant, space, key: originalText(key), json, position }));
  }

  #tenantAfter(tenant: string): string | undefined {
    const found = this.database.value(`SELECT min(tenant) FROM ${this.#table} WHERE tenant > ?`, tenant);
    return typeof found === 'string' ? found : undefined;
  }

  async parked(): Promise<readonly ParkedFact[]> {
    const rows = this.database
      .sql<[string, string, string, string, string, string | null]>(
        'SELECT tenant, key, position, stream, type, error FROM parked WHERE generation = ? ORDER BY tenant, key, position',
      )
      .all(this.number);
    return rows.map(([tenant, key, position, stream, type, error]) => ({
      tenant,
      key: originalText(key),
      position,
      stream,
      type,
      ...(error === null ? {} : { error }),
    }));
  }

  async count(tenant?: string): Promise<number> {
    return Number(
      tenant === undefined
        ? this.database.value(`SELECT count(*) FROM ${this.#table} WHERE space = 0`)
        : this.database.value(`SELECT count(*) FROM ${this.#table} WHERE tenant = ? AND space = 0`, tenant),
    );
  }

  /**
   * A question that no index serves and that concerns the only tenant goes through the table in its own order, three times as
   * fast as through its primary key.
   */
  #scope(tenant: string, where: readonly Condition[], sort?: ListQuery['sort']): Scope {
    if (this.#indexes.serve(where, sort)) return { tenant, through: 'index' };
    const others = this.database.value('SELECT 1 FROM changed WHERE generation = ? AND tenant <> ?', this.number, tenant);
    return { tenant, through: others === undefined ? 'table' : 'index' };
  }

  #checkpoint(): string | undefined {
    const row = this.database.sql<[string | null]>('SELECT checkpoint FROM generations WHERE number = ?').get(this.number);
    if (!row) throw new StaleWriter(`This generation of ${this.spec.view} was dropped.`);
    return row[0] ?? undefined;
  }

  #write({ put, remove, park, release, to }: ViewChange): void {
    const changed = new Map<string, string>();
    const note = (tenant: string, position: string) => {
      if (position > (changed.get(tenant) ?? '')) changed.set(tenant, position);
    };
    const write = this.database.sql(
      `INSERT INTO ${this.#table} VALUES (?, ?, ?, ?, ?)
        ON CONFLICT (tenant, space, key) DO UPDATE SET json = excluded.json, position = excluded.position`,
    );
    for (const { tenant, space, key, json, position } of put) {
      write.run(tenant, SPACES[space], orderedText(key), json, position);
      if (space === 'shown') note(tenant, position);
    }
    const erase = this.database.sql(`DELETE FROM ${this.#table} WHERE tenant = ? AND space = ? AND key = ?`);
    for (const { tenant, space, key } of remove) {
      if (erase.run(tenant, SPACES[space], orderedText(key)) > 0 && space === 'shown') note(tenant, to);
    }
    const unpark = this.database.sql('DELETE FROM parked WHERE generation = ? AND tenant = ? AND key = ?');
    for (const { tenant, key } of release) unpark.run(this.number, tenant, orderedText(key));
    const addParked = this.database.sql('INSERT OR REPLACE INTO parked VALUES (?, ?, ?, ?, ?, ?, ?)');
    for (const { tenant, key, position, stream, type, error } of park) {
      addParked.run(this.number, tenant, orderedText(key), position, stream, type, error ?? null);
    }
    const noteChanged = this.database.sql(
      `INSERT INTO changed VALUES (?, ?, ?)
        ON CONFLICT (generation, tenant) DO UPDATE SET position = max(position, excluded.position)`,
    );
    for (const [tenant, position] of changed) noteChanged.run(this.number, tenant, position);
  }
}
