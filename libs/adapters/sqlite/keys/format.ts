import type { Format } from '../format.js';

/**
 * A page that SQLite splits keeps stale bytes of the rows that moved away, where nothing overwrites them. So key material and
 * digests are only in rows that are appended, never move and never change their length: destroying overwrites them in
 * place. The index on digests holds sixteen bits of each, shared by many.
 */
export const keysFormat: Format = {
  kind: 'keys',
  steps: [
    `
    CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE keys (
      id INTEGER PRIMARY KEY,
      tenant TEXT NOT NULL,
      person TEXT NOT NULL,
      retention TEXT NOT NULL,
      wrapped BLOB NOT NULL
    ) STRICT;
    CREATE UNIQUE INDEX keys_by_subject ON keys (tenant, person, retention);
    CREATE TABLE destroyed (tenant TEXT NOT NULL, person TEXT NOT NULL, PRIMARY KEY (tenant, person)) STRICT, WITHOUT ROWID;
    CREATE TABLE reservations (
      id INTEGER PRIMARY KEY,
      tenant TEXT NOT NULL,
      person TEXT NOT NULL,
      bucket INTEGER NOT NULL,
      digest TEXT NOT NULL,
      reservation TEXT NOT NULL
    ) STRICT;
    CREATE INDEX reservations_by_bucket ON reservations (bucket);
    CREATE INDEX reservations_by_person ON reservations (tenant, person);
    CREATE TABLE secrets (purpose TEXT PRIMARY KEY, wrapped BLOB NOT NULL) STRICT;
    `,
  ],
};
