import type { Database } from '../database.js';

/** Numbers of type names. Those added by a transaction that came to nothing are forgotten with it. */
export class TypeIds {
  #ids = new Map<string, number>();
  #added = false;

  constructor(private readonly database: Database) {}

  begin(): void {
    if (!this.#added) return;
    this.#added = false;
    this.#ids = new Map(this.database.sql<[string, number]>('SELECT name, id FROM types').all());
  }

  of(name: string): number {
    const known = this.#ids.get(name);
    if (known !== undefined) return known;
    const found = this.database.sql<[number]>('SELECT id FROM types WHERE name = ?').get(name)?.[0];
    const id =
      found ?? (this.database.sql<[number]>('INSERT INTO types (name) VALUES (?) RETURNING id').get(name)?.[0] as number);
    this.#added ||= found === undefined;
    this.#ids.set(name, id);
    return id;
  }
}
