import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openSqliteLog } from '#adapters/sqlite';
import { streamName } from '#kernel';
import { temporaryFolder } from '../../../test/support/house.js';
import { type Log, LogUnavailable, type NewFact, type Notes, StaleWriter, type StoredFact } from '../ports.js';
import { BLOCK, HistoryTree } from './history-tree.js';
import { leafOfStored } from './leaf.js';
import { GrowingTree, includes, leafHash } from './merkle.js';

const FACTS = 3 * BLOCK + 100;
const at = '2026-01-05T09:00:00.000Z';
const metadata = JSON.stringify({ actor: { kind: 'user', id: 'tester' }, commandId: randomUUID() });
const newFact = (number: number): NewFact => {
  const times = { occurredAt: at, recordedAt: at };
  return { id: randomUUID(), type: 'Tried', schemaVersion: 1, ...times, data: JSON.stringify({ number }), metadata };
};

/** Notes in memory, changed by compare-and-set as those of stores are. */
function notesInMemory(): Notes {
  const notes = new Map<string, { readonly value: string; readonly version: number }>();
  return {
    read: async (name) => notes.get(name),
    write: async (name, value, version) => {
      if ((notes.get(name)?.version ?? 0) !== version) throw new StaleWriter(name);
      notes.set(name, { value, version: version + 1 });
    },
  };
}

describe('the tree over the facts of a tenant', () => {
  const folder = temporaryFolder();
  let log: Log;
  let facts: readonly StoredFact[];
  const ending = new AbortController().signal;
  beforeAll(async () => {
    log = await openSqliteLog({ folder });
    for (let number = 0; number < FACTS; number += 4) {
      await log.append(
        streamName('trial', 'main', randomUUID()),
        -1,
        [0, 1, 2, 3].map((next) => newFact(number + next)),
      );
      await log.append(streamName('trial', 'north', randomUUID()), -1, [newFact(number)]);
    }
    ({ facts } = await log.readAll(log.start, { limit: 2 * FACTS, tenant: 'main' }));
  }, 60_000);
  afterAll(async () => {
    await log.close();
    rmSync(folder, { recursive: true });
  });

  const rootOf = (number: number) => {
    const tree = new GrowingTree();
    for (const fact of facts.slice(0, number)) tree.add(leafHash(leafOfStored(fact)));
    return tree.root;
  };
  /** The log as it was when it had so many facts of the tenant. */
  const upTo = (number: number): Log => {
    const head = facts[number - 1]?.position ?? log.start;
    return { ...log, id: log.id, start: log.start, head: async () => head, readAll: log.readAll.bind(log) };
  };

  it('finds each fact and proves it, whatever block it lies in', async () => {
    const tree = new HistoryTree({ log, notes: notesInMemory(), ending }, 'main');
    await tree.readOn();
    expect(tree.size).toBe(facts.length);
    const root = await tree.root();
    for (const [index, fact] of facts.entries()) {
      expect(await tree.indexOf(fact)).toBe(index);
      if (index % 50 !== 0) continue;
      const path = await tree.inclusion(index, tree.size);
      expect(includes(root, tree.size, index, leafHash(leafOfStored(fact)), path)).toBe(true);
    }
  });

  it('is the same whenever it was read, by servers that start and stop and note in turns', async () => {
    const notes = notesInMemory();
    let servers = [1, 2].map(() => new HistoryTree({ log: upTo(0), notes, ending }, 'main'));
    for (const number of [1, 3, BLOCK - 1, BLOCK, BLOCK + 7, 2 * BLOCK, 2 * BLOCK + 1, 3 * BLOCK + 5, FACTS]) {
      servers = servers.map((_, which) => new HistoryTree({ log: upTo(Math.max(1, number - which)), notes, ending }, 'main'));
      for (const tree of servers) await tree.readOn();
      const [first, second] = servers as [HistoryTree, HistoryTree];
      expect(await first.root()).toEqual(rootOf(number));
      expect(await second.root(Math.max(1, number - 1))).toEqual(rootOf(Math.max(1, number - 1)));
    }
  });

  it('begins again where an older copy of the log took its place', async () => {
    const notes = notesInMemory();
    await new HistoryTree({ log, notes, ending }, 'main').readOn();
    const older = new HistoryTree({ log: upTo(BLOCK + 3), notes, ending }, 'main');
    await older.readOn();
    expect(older.size).toBe(BLOCK + 3);
    expect(await older.root()).toEqual(rootOf(BLOCK + 3));
  });

  it('stops with the server, and goes on with the next one', async () => {
    const stopping = new AbortController();
    const notes = notesInMemory();
    const tree = new HistoryTree({ log, notes, ending: stopping.signal }, 'main');
    const reading = tree.readOn({ gently: true });
    stopping.abort();
    await expect(reading).rejects.toBeInstanceOf(LogUnavailable);
    const next = new HistoryTree({ log, notes, ending }, 'main');
    await next.readOn();
    expect(await next.root()).toEqual(rootOf(FACTS));
  });

  it('hurries when somebody comes who waits', async () => {
    const tree = new HistoryTree({ log, notes: notesInMemory(), ending }, 'main');
    const gently = tree.readOn({ gently: true });
    await tree.readOn();
    await gently;
    expect(tree.size).toBe(FACTS);
  });
});
