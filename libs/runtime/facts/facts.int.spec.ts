import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openSqliteLog } from '#adapters/sqlite';
import { temporaryFolder } from '../../../test/support/house.js';
import type { Log, NewFact } from '../ports.js';
import { factService } from './facts.js';

const LONG = 9_000;
const long = 'deal-main.00000000-0000-4000-8000-000000000001';
const short = 'deal-main.00000000-0000-4000-8000-000000000002';
const at = '2026-01-05T09:00:00.000Z';
const facts = (count: number, type: string): NewFact[] =>
  Array.from({ length: count }, () => ({
    id: randomUUID(),
    type,
    schemaVersion: 1,
    occurredAt: at,
    recordedAt: at,
    data: '{}',
    metadata: '{"actor":{"kind":"user","id":"u1"},"commandId":"c1","$correlationId":"c1","$causationId":"c1"}',
  }));

let log: Log;
beforeAll(async () => {
  log = await openSqliteLog({ folder: temporaryFolder() });
  for (let written = 0; written < LONG; written += 1_000) await log.append(long, written - 1, facts(1_000, 'Noted'));
  await log.append(short, -1, facts(3, 'Signed'));
});
afterAll(() => log.close());

describe('a page of a stream', () => {
  it('goes on behind any position, and reads little of what lies before it', async () => {
    const all = await log.readStream(long, 0);
    for (const revision of [0, 1, 1_998, 1_999, 2_000, 2_001, 4_095, 7_777, LONG - 2, LONG - 1]) {
      const { position: after } = all[revision] as { position: string };
      let read = 0;
      const counted: Log = {
        ...log,
        id: log.id,
        start: log.start,
        readStream: async (...given) => {
          const found = await log.readStream(...given);
          read += found.length;
          return found;
        },
      };
      const page = await factService(counted).page({ tenant: 'main', stream: long, after, limit: 2 });
      expect(page.facts.map((fact) => fact.revision)).toEqual([revision + 1, revision + 2].filter((next) => next < LONG));
      expect(read).toBeLessThan(4_100);
    }
  });
});

describe('a page of a rare type', () => {
  it('lets others have their turn between its reads, and answers with how far it got', async () => {
    let turns = 0;
    const turn = () => {
      turns += 1;
      if (turns < 1_000) setImmediate(turn);
    };
    const slow: Log = {
      ...log,
      id: log.id,
      start: log.start,
      // as on a log of millions, where each read looks at many facts and finds none
      readAll: async (after) => ({ facts: [], position: after, atHead: false }),
    };
    setImmediate(turn);
    const page = await factService(slow).page({ tenant: 'main', types: ['Signed'], limit: 10 });
    expect(turns).toBeGreaterThan(5);
    expect(page).toMatchObject({ facts: [], atHead: false });
  });
});
