import { randomInt } from 'node:crypto';
import type { Database } from '../database.js';
import type { Format } from '../format.js';

/**
 * Streams and types are interned: their names are long and repeat in every row and index.
 * There is no index on types: it made appends slower and reading one type of five no quicker, since facts of other types are
 * skipped by the million a second.
 */
const FIRST = `
  CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE types (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
  CREATE TABLE streams (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
  CREATE TABLE facts (
    position INTEGER PRIMARY KEY,
    stream_id INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    type_id INTEGER NOT NULL,
    schema_version INTEGER NOT NULL,
    id TEXT NOT NULL,
    occurred_at TEXT NOT NULL,
    recorded_at TEXT NOT NULL,
    data TEXT NOT NULL,
    metadata TEXT NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX facts_by_stream ON facts (stream_id, revision);
`;

export const logFormat: Format = {
  kind: 'log',
  steps: [FIRST],
  fill: (database) => database.sql("INSERT INTO meta VALUES ('log', ?)").run(newLogId()),
};

export const logIdOf = (database: Database): string => String(database.value("SELECT value FROM meta WHERE name = 'log'"));

const LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789';

export const newLogId = (): string => Array.from({ length: 8 }, () => LETTERS[randomInt(LETTERS.length)]).join('');
