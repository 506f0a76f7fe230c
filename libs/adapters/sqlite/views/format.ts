import type { Database } from '../database.js';
import type { Format } from '../format.js';

/** Documents of a generation are in a table of their own, `documents_<number>`, so that dropping one is one statement. */
export const viewsFormat: Format = {
  kind: 'views',
  steps: [
    `
    CREATE TABLE generations (
      number INTEGER PRIMARY KEY,
      view TEXT NOT NULL,
      hash TEXT NOT NULL,
      state TEXT NOT NULL,
      spec TEXT NOT NULL,
      checkpoint TEXT,
      UNIQUE (view, hash)
    ) STRICT;
    CREATE TABLE parked (
      generation INTEGER NOT NULL,
      tenant TEXT NOT NULL,
      key TEXT NOT NULL,
      position TEXT NOT NULL,
      stream TEXT NOT NULL,
      type TEXT NOT NULL,
      error TEXT,
      PRIMARY KEY (generation, tenant, key, position)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE changed (
      generation INTEGER NOT NULL,
      tenant TEXT NOT NULL,
      position TEXT NOT NULL,
      PRIMARY KEY (generation, tenant)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE field_indexes (generation INTEGER NOT NULL, field TEXT NOT NULL, PRIMARY KEY (generation, field)) STRICT, WITHOUT ROWID;
    CREATE TABLE leases (
      name TEXT PRIMARY KEY,
      holder TEXT NOT NULL,
      token INTEGER NOT NULL UNIQUE,
      expires INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE notes (name TEXT PRIMARY KEY, value TEXT NOT NULL, version INTEGER NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE timers (id TEXT PRIMARY KEY, due TEXT NOT NULL, json TEXT NOT NULL) STRICT;
    CREATE INDEX timers_by_due ON timers (due, id);
    CREATE TABLE snapshots (
      stream TEXT NOT NULL,
      state_version INTEGER NOT NULL,
      revision INTEGER NOT NULL,
      json TEXT NOT NULL,
      PRIMARY KEY (stream, state_version)
    ) STRICT;
    `,
    // Timers of sandboxes, which have clocks of their own. In one tree by their moment: three that random ids scatter cost a
    // command that sets a timer more than its append.
    `
    ALTER TABLE timers RENAME TO timers_before;
    CREATE TABLE timers (
      clock TEXT NOT NULL,
      due TEXT NOT NULL,
      id TEXT NOT NULL,
      json TEXT NOT NULL,
      PRIMARY KEY (clock, due, id)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO timers SELECT '', due, id, json FROM timers_before;
    DROP TABLE timers_before;
    `,
    `
    CREATE TABLE totals_indexes (
      generation INTEGER NOT NULL,
      name TEXT NOT NULL,
      shape TEXT NOT NULL,
      PRIMARY KEY (generation, name)
    ) STRICT, WITHOUT ROWID;
    `,
  ],
};

export function createDocuments(database: Database, table: string): void {
  database.exec(`CREATE TABLE ${table} (
    tenant TEXT NOT NULL,
    space INTEGER NOT NULL,
    key TEXT NOT NULL,
    json TEXT NOT NULL,
    position TEXT NOT NULL,
    PRIMARY KEY (tenant, space, key)
  ) STRICT`);
}
