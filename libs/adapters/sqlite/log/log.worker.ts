import { BroadcastChannel, workerData } from 'node:worker_threads';
import { serveCommits } from '../committer.js';
import type { Database } from '../database.js';
import { openFormat } from '../format.js';
import { logFormat } from './format.js';
import { type AppendAnswer, type AppendRequest, channelOf, FACT_FIELDS, type FlatFacts, type LogWorkerData } from './messages.js';
import { TypeIds } from './type-ids.js';

/** The thread that writes the log: every append of a batch is checked and written in one transaction. */
serveCommits<AppendRequest, AppendAnswer>(() => {
  const { file, maxBytes } = workerData as LogWorkerData;
  const database = openFormat(file, logFormat, { durability: 'full', ...(maxBytes ? { maxBytes } : {}) });
  const channel = new BroadcastChannel(channelOf(file));
  channel.unref();
  return {
    database,
    ...appender(database),
    committed: (answers) => {
      const head = answers.reduce((highest, [outcome, , position]) => (outcome === 'appended' ? position : highest), 0);
      if (head > 0) channel.postMessage(head);
    },
  };
});

function appender(database: Database) {
  const findStream = database.sql<[number]>('SELECT id FROM streams WHERE name = ?');
  const addStream = database.sql<[number]>('INSERT INTO streams (name) VALUES (?) RETURNING id');
  const tail = database.sql<[number]>('SELECT revision FROM facts WHERE stream_id = ? ORDER BY revision DESC LIMIT 1');
  const written = database.sql<[string, number]>(
    'SELECT id, position FROM facts WHERE stream_id = ? AND revision > ? ORDER BY revision LIMIT ?',
  );
  const addFact = database.sql('INSERT INTO facts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
  const head = database.sql<[number]>('SELECT coalesce(max(position), 0) FROM facts');
  const types = new TypeIds(database);
  let last = 0;

  const known = (streamId: number, expected: number, facts: FlatFacts): AppendAnswer | undefined => {
    const count = facts.length / FACT_FIELDS;
    const rows = written.all(streamId, expected, count);
    if (rows.length < count || rows.some(([id], index) => id !== facts[index * FACT_FIELDS])) return undefined;
    return ['known', expected + count, rows[count - 1]?.[1] ?? 0];
  };

  return {
    begin: () => {
      last = head.get()?.[0] ?? 0;
      types.begin();
    },
    answer: ([stream, expected, facts]: AppendRequest): AppendAnswer => {
      let streamId = findStream.get(stream)?.[0];
      const actual = streamId === undefined ? -1 : (tail.get(streamId)?.[0] ?? -1);
      if (expected !== actual) {
        const earlier = streamId !== undefined && expected < actual ? known(streamId, expected, facts) : undefined;
        return earlier ?? ['conflict', actual];
      }
      streamId ??= addStream.get(stream)?.[0] as number;
      let revision = expected;
      for (let at = 0; at < facts.length; at += FACT_FIELDS) {
        const [id, type, version, occurredAt, recordedAt, data, metadata] = facts.slice(at, at + FACT_FIELDS) as string[] as [
          ...Parts,
        ];
        revision += 1;
        last += 1;
        addFact.run(last, streamId, revision, types.of(type), version, id, occurredAt, recordedAt, data, metadata);
      }
      return ['appended', revision, last];
    },
  };
}

type Parts = [id: string, type: string, version: number, occurredAt: string, recordedAt: string, data: string, metadata: string];
