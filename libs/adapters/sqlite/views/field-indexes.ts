import type { Condition, GenerationSpec, ListQuery } from '#runtime/ports';
import type { Database } from '../database.js';
import { fieldExpression } from './query.js';

/** A list that took longer than this gets an index for what it asked: all who ask and the views themselves wait for it. */
const SLOW_MILLISECONDS = 5;

/**
 * Indexes on the filter fields of a generation, made when a question needs them: three of them
 * halved the rate at which scattered documents are written, and most filters of most views are never asked while there are many documents.
 */
export class FieldIndexes {
  #fields: ReadonlySet<string>;

  constructor(
    private readonly spec: GenerationSpec,
    private readonly generation: number,
    private readonly database: Database,
  ) {
    this.#fields = fieldsIndexed(database, generation);
  }

  /** True when an index narrows or orders this question. */
  serve(where: readonly Condition[], sort?: ListQuery['sort']): boolean {
    return fieldsThatMatter(where, sort).some((field) => this.#fields.has(field));
  }

  /** Looks again at what other connections made. */
  refresh(): void {
    this.#fields = fieldsIndexed(this.database, this.generation);
  }

  /** Makes one index for a question that took so long, if one is missing. */
  learn(milliseconds: number, { where, sort }: ListQuery): void {
    if (milliseconds < SLOW_MILLISECONDS) return;
    this.refresh();
    const missing = fieldsThatMatter(where, sort).find((field) => !this.#fields.has(field) && this.#kind(field) !== 'flag');
    if (missing !== undefined) this.database.transaction(() => this.make(missing));
  }

  /** In the caller's transaction. A field that the view no longer filters by is passed over. */
  make(field: string): void {
    const kind = this.#kind(field);
    if (kind === undefined || this.#fields.has(field)) return;
    const table = `documents_${this.generation}`;
    const name = `${table}_by_${this.spec.filters.findIndex((filter) => filter.field === field)}`;
    this.database.exec(
      `CREATE INDEX IF NOT EXISTS ${name} ON ${table} (tenant, ${fieldExpression(field, kind)}, key) WHERE space = 0`,
    );
    this.database.sql('INSERT OR IGNORE INTO field_indexes VALUES (?, ?)').run(this.generation, field);
    this.#fields = new Set([...this.#fields, field]);
  }

  #kind(field: string) {
    return this.spec.filters.find((filter) => filter.field === field)?.kind;
  }
}

export const fieldsIndexed = (database: Database, generation: number): ReadonlySet<string> =>
  new Set(
    database
      .sql<[string]>('SELECT field FROM field_indexes WHERE generation = ?')
      .all(generation)
      .map(([field]) => field),
  );

/**
 * Those an index can narrow or order by. The order comes first: with it a page of what many documents have in common is read from
 * one end, and where few have it the list stays slow and gets the index that finds these.
 */
function fieldsThatMatter(where: readonly Condition[], sort?: ListQuery['sort']): readonly string[] {
  const by = (...operators: Condition['operator'][]) =>
    where.filter(({ operator }) => operators.includes(operator)).map(({ field }) => field);
  return [...(sort ? [sort.field] : []), ...by('eq', 'in'), ...by('lt', 'lte', 'gt', 'gte')];
}
