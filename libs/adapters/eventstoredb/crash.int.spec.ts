import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Appended, type Log, LogUnavailable, OutcomeUnknown, type StoredFact } from '#runtime/ports';
import { eventually, facts, newStream, readEverything } from '../../../test/contract/log.contract.js';
import { type StandIn, startStandIn } from '../../../test/stand-ins/eventstoredb/start.js';
import { openEventStoreLog } from './index.js';

const WRITERS = 30;
const FACTS = 3;

/**
 * Shows that the adapter loses and doubles nothing when the server is killed. That the server itself keeps what it
 * acknowledged is shown for the stand-in only; for EventStoreDB see E46 and E47.
 */
describe('an EventStoreDB log whose server is killed under load', () => {
  let folder: string;
  let server: StandIn;
  let log: Log;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'annals-eventstoredb-'));
    server = await startStandIn({ folder, warmUp: 100 });
    log = await openEventStoreLog({ connection: server.connection });
  });
  afterEach(async () => {
    await log.close();
    await server.kill();
    rmSync(folder, { recursive: true, force: true });
  });

  it('has every append once, whole, at the revision and position that were answered; listeners hear of all of it', async () => {
    const acknowledged: { stream: string; ids: readonly string[]; at: Appended }[] = [];
    let stopped = false;
    let written = false;
    let unknown = 0;

    const writer = async () => {
      const stream = newStream();
      for (let revision = -1; !stopped; revision += FACTS) {
        const batch = facts(FACTS);
        for (;;) {
          try {
            const at = await log.append(stream, revision, batch);
            acknowledged.push({ stream, ids: batch.map(({ id }) => id), at });
            break;
          } catch (error) {
            // The same ids at the original revision (E5–E7): a conflict here would be a lost or doubled append.
            if (!(error instanceof OutcomeUnknown) && !(error instanceof LogUnavailable)) throw error;
            unknown += 1;
            await new Promise((resolve) => setTimeout(resolve, 50));
          }
        }
      }
    };

    const followed: StoredFact[] = [];
    let wanted = 0;
    log.onAppend(() => {
      wanted += 1;
    });
    const follower = (async () => {
      for (let position = log.start, done = 0; ; ) {
        await eventually(() => wanted > done || written);
        const last = written;
        done = wanted;
        try {
          for (let atHead = false; !atHead; ) {
            const page = await log.readAll(position, { limit: 500 });
            followed.push(...page.facts);
            ({ position, atHead } = page);
          }
          if (last) return;
        } catch (error) {
          if (!(error instanceof LogUnavailable)) throw error;
          wanted += 1;
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
      }
    })();

    const writers = Promise.all(Array.from({ length: WRITERS }, writer));
    try {
      for (let round = 0; round < 3; round++) {
        const before = acknowledged.length;
        await eventually(() => acknowledged.length > before + WRITERS * 3);
        await server.kill();
        server = await startStandIn({ folder, port: server.port, warmUp: 100 });
      }
      const before = acknowledged.length;
      await eventually(() => acknowledged.length > before + WRITERS);
    } finally {
      stopped = true;
    }
    await writers;
    written = true;
    await follower;

    const all = await readEverything(log);
    const places = new Map(all.map((fact) => [`${fact.stream} ${fact.revision}`, fact]));
    for (const { stream, ids, at } of acknowledged) {
      const found = ids.map((_, index) => places.get(`${stream} ${at.revision - ids.length + 1 + index}`));
      expect(found.map((fact) => fact?.id)).toEqual(ids);
      expect(found.at(-1)?.position).toBe(at.position);
    }
    expect(all).toHaveLength(acknowledged.length * FACTS);
    const missed = all.findIndex(({ position }, index) => followed[index]?.position !== position);
    expect([missed, followed.length]).toEqual([-1, all.length]);
    expect(unknown).toBeGreaterThan(0);
  });
});
