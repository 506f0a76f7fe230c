import { logFileIn } from '#adapters/sqlite';
import { contexts } from '#contexts';
import { Database } from '../../libs/adapters/sqlite/database.js';
import { answerParent } from '../support/child.js';

export interface ReadOrder {
  readonly data: string;
  readonly view: string;
}
export interface ReadReport {
  readonly facts: number;
  readonly seconds: number;
}

const PAGE = 5_000;

/** The least that any reader has to do: take the facts of the view's types from the file in pages and parse their data. */
await answerParent(async ({ data, view }: ReadOrder): Promise<ReadReport> => {
  const types = Object.keys(contexts.flatMap(({ views = [] }) => views).find(({ name }) => name === view)?.facts ?? {});
  const database = new Database(logFileIn(data), { readonly: true, durability: 'full' });
  const known = database.sql<[string, number]>('SELECT name, id FROM types').all();
  const ids = known.filter(([name]) => types.includes(name)).map(([, id]) => id);
  const page = database.sql<[number, string]>(
    `SELECT position, data FROM facts WHERE position > ? AND type_id IN (${ids.join()}) ORDER BY position LIMIT ${PAGE}`,
  );
  const began = performance.now();
  let facts = 0;
  let sum = 0;
  for (let after = 0, rows = page.all(after); rows.length > 0; rows = page.all(after)) {
    for (const [, text] of rows) sum += Object.keys(JSON.parse(text) as object).length;
    facts += rows.length;
    after = rows.at(-1)?.[0] ?? after;
  }
  const seconds = (performance.now() - began) / 1_000;
  database.close();
  if (sum === 0) throw new Error('Nothing was read.');
  return { facts, seconds };
});
