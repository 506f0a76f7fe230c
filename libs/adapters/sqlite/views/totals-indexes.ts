import { createHash } from 'node:crypto';
import type { GenerationSpec } from '#runtime/ports';
import type { Database } from '../database.js';
import { SHOWN } from './query.js';
import { expressionsOf, type TotalsShape } from './totals.js';

/** Totals that took longer than this twice get an index: all who ask and the views themselves wait for it. */
const SLOW_MILLISECONDS = 5;
/** Each is written with each document. */
const MOST = 4;
/** One that was not used for so long makes way for another. */
const UNUSED_MILLISECONDS = 600_000;
const SLOW_ONES_REMEMBERED = 100;

/**
 * Indexes that hold all that totals read, in the order in which they are grouped: the documents themselves, most of whose time is
 * that of their JSON, are not looked at. One index for each way to group that is asked for; whatever is filtered and summed
 * on the way is in it.
 */
export class TotalsIndexes {
  #known: ReadonlyMap<string, TotalsShape>;
  readonly #usedAt = new Map<string, number>();
  readonly #slow = new Set<string>();

  constructor(
    private readonly generation: number,
    private readonly database: Database,
  ) {
    this.#known = shapesIndexed(database, generation);
  }

  /** The name of an index that holds everything of this shape. */
  find(shape: TotalsShape): string | undefined {
    for (const [name, known] of this.#known) {
      if (!isSame(known.leading, shape.leading) || !shape.others.every((one) => known.others.includes(one))) continue;
      this.#usedAt.set(name, performance.now());
      return name;
    }
    return undefined;
  }

  /** Looks again at what other connections made. */
  refresh(): void {
    this.#known = shapesIndexed(this.database, this.generation);
  }

  /** Makes an index for totals that took so long a second time, if there is none and room for it. */
  learn(milliseconds: number, shape: TotalsShape): void {
    if (milliseconds < SLOW_MILLISECONDS || !this.#isSecond(shape)) return;
    this.refresh();
    if (this.find(shape) !== undefined) return;
    const narrower = [...this.#known].filter(([, known]) => isSame(known.leading, shape.leading));
    const replaced = narrower.length > 0 ? narrower.map(([name]) => name) : this.#inTheWay();
    if (replaced === undefined) return;
    const others = new Set([...shape.others, ...narrower.flatMap(([, known]) => known.others)]);
    this.database.transaction(() => {
      for (const name of replaced) this.#drop(name);
      this.#usedAt.set(this.make({ leading: shape.leading, others: [...others] }), performance.now());
    });
    this.refresh();
  }

  /** In the caller's transaction. Gives its name. */
  make(shape: TotalsShape): string {
    const table = `documents_${this.generation}`;
    const json = JSON.stringify(shape);
    const name = `${table}_totals_${createHash('sha256').update(json).digest('hex').slice(0, 12)}`;
    this.database.exec(
      `CREATE INDEX IF NOT EXISTS ${name} ON ${table} (${['tenant', ...shape.leading, ...shape.others].join(', ')}) WHERE ${SHOWN}`,
    );
    this.database.sql('INSERT OR IGNORE INTO totals_indexes VALUES (?, ?, ?)').run(this.generation, name, json);
    return name;
  }

  #drop(name: string): void {
    this.database.exec(`DROP INDEX IF EXISTS ${name}`);
    this.database.sql('DELETE FROM totals_indexes WHERE generation = ? AND name = ?').run(this.generation, name);
    this.#usedAt.delete(name);
  }

  #isSecond(shape: TotalsShape): boolean {
    const key = JSON.stringify(shape);
    if (this.#slow.delete(key)) return true;
    if (this.#slow.size >= SLOW_ONES_REMEMBERED) this.#slow.clear();
    this.#slow.add(key);
    return false;
  }

  /** What has to go for one more: nothing while there is room; undefined while all are used. */
  #inTheWay(): readonly string[] | undefined {
    if (this.#known.size < MOST) return [];
    const usedAt = (name: string) => this.#usedAt.get(name) ?? 0;
    const [longestUnused = ''] = [...this.#known.keys()].sort((one, other) => usedAt(one) - usedAt(other));
    return performance.now() - usedAt(longestUnused) < UNUSED_MILLISECONDS ? undefined : [longestUnused];
  }
}

export const shapesIndexed = (database: Database, generation: number): ReadonlyMap<string, TotalsShape> =>
  new Map(
    database
      .sql<[string, string]>('SELECT name, shape FROM totals_indexes WHERE generation = ? ORDER BY name')
      .all(generation)
      .map(([name, shape]) => [name, JSON.parse(shape) as TotalsShape]),
  );

/** True if a view of this definition can still be asked for what the index holds. */
export function canBeAsked(spec: GenerationSpec, { leading, others }: TotalsShape): boolean {
  const expressions = expressionsOf(spec);
  return [...leading, ...others].every((expression) => expressions.has(expression));
}

const isSame = (one: readonly string[], other: readonly string[]) =>
  one.length === other.length && one.every((each, index) => each === other[index]);
