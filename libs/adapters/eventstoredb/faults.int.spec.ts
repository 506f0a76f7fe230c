import { randomUUID } from 'node:crypto';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ForeignPosition, type Log, LogUnavailable, type NewFact, OutcomeUnknown, TooLarge } from '#runtime/ports';
import { eventually, fact, facts, newStream, readEverything } from '../../../test/contract/log.contract.js';
import { type StandIn, type StandInArguments, startStandIn } from '../../../test/stand-ins/eventstoredb/start.js';
import { connectEventStore } from './client.js';
import { openEventStoreLog, renewEventStoreLogId } from './index.js';
import type { AppendOutcome } from './store.js';

/** Faults that a test has to cause: always on the stand-in, whose process it can stop, freeze and start again. */
describe('an EventStoreDB log', () => {
  const folders: string[] = [];
  const logs: Log[] = [];
  const servers: StandIn[] = [];
  let folder: string;

  const newFolder = () => {
    const made = mkdtempSync(join(tmpdir(), 'annals-eventstoredb-'));
    folders.push(made);
    return made;
  };
  const start = async (options: Partial<StandInArguments> = {}) => {
    const server = await startStandIn({ folder, ...options });
    servers.push(server);
    return server;
  };
  const open = async (server: StandIn, deadline = 3_000) => {
    const log = await openEventStoreLog({ connection: server.connection, deadline });
    logs.push(log);
    return log;
  };

  beforeEach(() => {
    folder = newFolder();
  });
  afterEach(async () => {
    for (const server of servers) server.signal('SIGCONT');
    for (const log of logs.splice(0)) await log.close();
    for (const server of servers.splice(0)) await server.kill();
    for (const each of folders.splice(0)) rmSync(each, { recursive: true, force: true });
  });

  describe('appends', () => {
    it('are refused before the call where the server or its client would hang, and go on (E15, E56, E58)', async () => {
      const log = await open(await start());
      const wrong: Partial<NewFact>[] = [
        { id: 'no-uuid' },
        { id: '00000000-0000-0000-0000-000000000000' },
        { id: randomUUID().toUpperCase() },
        { type: '' },
        { type: '$metadata' },
        { data: '{"amount":' },
        { data: '' },
        { data: '"\ud800"' },
        { metadata: '[]' },
        { occurredAt: '"' },
      ];
      for (const each of wrong) {
        const refused = log.append(newStream(), -1, [fact(), fact(each)]);
        await expect(refused).rejects.toBeInstanceOf(RangeError);
      }
      await expect(log.append('no stream', -1, facts(1))).rejects.toBeInstanceOf(RangeError);
      await expect(log.append(newStream(), -1, [])).rejects.toBeInstanceOf(RangeError);
      await log.append(newStream(), -1, facts(1));
      expect(await readEverything(log)).toHaveLength(1);
    });

    it('survives the second answer to a bad request that the guards keep out (E56)', async () => {
      const connection = await connectEventStore((await start()).connection, 3_000);
      const heard: [string, AppendOutcome][] = [];
      const appends = connection.appends({
        answered: (id, outcome) => heard.push([id, outcome]),
        drained: () => {},
        ended: () => {},
      });
      const request = (id: string) => ({
        correlationId: randomUUID(),
        stream: newStream(),
        expected: -1,
        events: [{ id, type: 'OrderPlaced', data: Buffer.from('1'), metadata: Buffer.from('{}') }],
        deadline: 3_000,
      });
      appends.write(request('no-uuid'));
      await eventually(() => heard.length === 2);
      expect(heard.map(([, { kind }]) => kind)).toEqual(['refused', 'unknown']);
      appends.write(request(randomUUID()));
      await eventually(() => heard.length === 3);
      expect(heard[2]?.[1].kind).toBe('written');
      appends.cancel();
      await connection.close();
    });

    it('refuses what would end the stream that all appends share, and those beside it succeed (E55)', async () => {
      const log = await open(await start());
      const beside = Array.from({ length: 20 }, () => log.append(newStream(), -1, facts(1)));
      const metadata = JSON.stringify({ note: 'x'.repeat(17 * 1_048_576) });
      await expect(log.append(newStream(), -1, [fact({ metadata })])).rejects.toBeInstanceOf(TooLarge);
      await Promise.all(beside);
    });

    it('has an unknown outcome in its own time when the server stands still, and a retry settles it (E52, E72)', async () => {
      const server = await start();
      const log = await open(server, 800);
      server.signal('SIGSTOP');
      const [stream, batch] = [newStream(), facts(2)];
      const began = Date.now();
      await expect(log.append(stream, -1, batch)).rejects.toBeInstanceOf(OutcomeUnknown);
      // The first append of another connection, which the client would let wait for the server's features.
      await expect(log.append(newStream(), -1, facts(1))).rejects.toBeInstanceOf(LogUnavailable);
      await expect(log.readStream(stream, 0)).rejects.toBeInstanceOf(LogUnavailable);
      expect(Date.now() - began).toBeLessThan(8_000);
      server.signal('SIGCONT');
      const { revision } = await persistently(() => log.append(stream, -1, batch));
      expect(revision).toBe(1);
      expect((await log.readStream(stream, 0)).map(({ id }) => id)).toEqual(batch.map(({ id }) => id));
    });

    it('has an unknown outcome when the same append is still on its way; a later retry is answered as the first (E11)', async () => {
      const log = await open(await start());
      const [stream, batch] = [newStream(), facts(1)];
      const outcomes = await Promise.allSettled([log.append(stream, -1, batch), log.append(stream, -1, batch)]);
      const [written] = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
      for (const outcome of outcomes) if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(OutcomeUnknown);
      expect(await log.append(stream, -1, batch)).toEqual(written);
      expect(await log.readStream(stream, 0)).toHaveLength(1);
    });

    it('of one server do not fail when another server of the same process is killed (E70)', async () => {
      const away = await start({ folder: newFolder() });
      const [gone, here] = [await open(away), await open(await start())];
      const writing = Array.from({ length: 200 }, () => here.append(newStream(), -1, facts(1)));
      const failing = Array.from({ length: 50 }, () => gone.append(newStream(), -1, facts(50)));
      await Promise.all([away.kill(), Promise.allSettled(failing)]);
      await Promise.all(writing);
      await here.append(newStream(), -1, facts(1));
      expect(await readEverything(here)).toHaveLength(201);
    });

    it('fail at once and by name while the server is away, and work again when it is back (E48, E49)', async () => {
      const server = await start();
      const log = await open(server);
      await log.append(newStream(), -1, facts(1));
      await server.kill();
      const began = Date.now();
      // This one may still leave on a connection whose end was not noticed yet: then nobody knows its outcome.
      await expect(log.append(newStream(), -1, facts(1))).rejects.toThrow();
      for (let round = 0; round < 5; round++) {
        await expect(log.append(newStream(), -1, facts(1))).rejects.toBeInstanceOf(LogUnavailable);
        await expect(log.readAll(log.start, { limit: 1 })).rejects.toBeInstanceOf(LogUnavailable);
      }
      expect(Date.now() - began).toBeLessThan(2_000);
      await start({ port: server.port });
      await persistently(() => log.append(newStream(), -1, facts(1)));
      expect(await readEverything(log)).toHaveLength(2);
    });

    it('wait for a server that starts: it is opened when it is ready, and asks for patience after a restart (E50)', async () => {
      const server = await start({ warmUp: 700 });
      const log = await open(server);
      await log.append(newStream(), -1, facts(1));
      await server.kill();
      await start({ port: server.port, warmUp: 700 });
      await expect(log.append(newStream(), -1, facts(1))).rejects.toBeInstanceOf(LogUnavailable);
      await persistently(() => log.append(newStream(), -1, facts(1)));
      expect(await readEverything(log)).toHaveLength(2);
    });
  });

  describe('listeners', () => {
    it('hear of what others append, also after the server was killed and started again (E39, E41, E42)', async () => {
      const server = await start();
      const [reader, writer] = [await open(server), await open(server)];
      let heard = '';
      reader.onAppend((head) => {
        heard = head;
      });
      const first = await writer.append(newStream(), -1, facts(1));
      await eventually(() => heard >= first.position);
      await server.kill();
      await start({ port: server.port });
      const second = await persistently(() => writer.append(newStream(), -1, facts(1)));
      await eventually(() => heard >= second.position);
      const third = await writer.append(newStream(), -1, facts(1));
      await eventually(() => heard >= third.position);
    });

    it('hear on after the server dropped the subscription as too slow (E38)', async () => {
      const server = await start({ liveBuffer: 16 });
      const [reader, writer] = [await open(server), await open(server)];
      let heard = '';
      reader.onAppend((head) => {
        heard = head;
      });
      for (let round = 0; round < 5; round++) {
        const { position } = await writer.append(newStream(), -1, facts(400));
        await eventually(() => heard >= position);
      }
      expect(await readEverything(reader)).toHaveLength(2_000);
    });

    it('that throw do not stop the others, nor what comes later (E43)', async () => {
      const broken = new Error('A listener is broken.');
      const reported: unknown[] = [];
      const report = (error: unknown) => void reported.push(error);
      const log = await openEventStoreLog({ connection: (await start()).connection, report });
      logs.push(log);
      const heard: string[] = [];
      log.onAppend(() => {
        throw broken;
      });
      log.onAppend((head) => heard.push(head));
      for (let round = 0; round < 3; round++) {
        const { position } = await log.append(newStream(), -1, facts(1));
        await eventually(() => heard.some((head) => head >= position));
      }
      expect(reported).toContain(broken);
    });

    it('are as many as one likes: they share one subscription (E45)', async () => {
      const log = await open(await start());
      let heard = 0;
      for (let count = 0; count < 150; count++) {
        log.onAppend(() => {
          heard += 1;
        });
      }
      await log.append(newStream(), -1, facts(1));
      await eventually(() => heard >= 150);
      await Promise.all(Array.from({ length: 50 }, () => log.append(newStream(), -1, facts(1))));
    });

    it('are called with a head that reading finds, though a subscriber may see a fact before its writer does (E44)', async () => {
      const server = await start();
      const [reader, writer] = [await open(server), await open(server)];
      const found: Promise<boolean>[] = [];
      reader.onAppend((head) =>
        found.push(reader.readAll(reader.start, { limit: 500 }).then(({ position }) => position >= head)),
      );
      await Promise.all(Array.from({ length: 100 }, () => writer.append(newStream(), -1, facts(1))));
      await eventually(() => found.length > 0);
      expect(await Promise.all(found)).not.toContain(false);
    });
  });

  describe('positions', () => {
    it('of a database that was emptied are refused, and nothing is appended to it by a server that knew the old one (E22)', async () => {
      const server = await start();
      const log = await open(server);
      const { position } = await log.append(newStream(), -1, facts(1));
      await server.kill();
      folder = newFolder();
      const emptied = await start({ port: server.port });
      await expect(log.append(newStream(), -1, facts(1))).rejects.toThrow(/emptied or replaced/);
      const next = await open(emptied);
      await expect(next.readAll(position, { limit: 1 })).rejects.toBeInstanceOf(ForeignPosition);
      expect(await readEverything(next)).toEqual([]);
    });

    it('of facts that a restored backup does not have are refused, also where other facts lie now (E21, E22)', async () => {
      const server = await start();
      const log = await open(server);
      const kept = await log.append(newStream(), -1, facts(1));
      await server.kill();
      const backup = newFolder();
      cpSync(folder, backup, { recursive: true });
      await start({ port: server.port });
      const stream = newStream();
      const lost = await persistently(() => log.append(stream, -1, [fact({ id: `${randomUUID().slice(0, -6)}000001` })]));
      const later = await log.append(stream, 0, facts(3));
      await log.close();
      await servers[1]?.kill();

      folder = backup;
      const restored = await start({ port: server.port });
      const again = await open(restored);
      expect(again.id).toBe(log.id);
      const other = await again.append(newStream(), -1, [fact({ id: `${randomUUID().slice(0, -6)}000002` })]);
      expect(Number(other.position.slice(9, -3))).toBe(Number(lost.position.slice(9, -3)));
      for (const position of [lost.position, later.position]) {
        await expect(again.readAll(position, { limit: 1 })).rejects.toBeInstanceOf(ForeignPosition);
      }
      expect((await again.readAll(kept.position, { limit: 5 })).facts).toHaveLength(1);
    });

    it('of before are refused when an operator gave the log a new id', async () => {
      const server = await start();
      const log = await open(server);
      const { position } = await log.append(newStream(), -1, facts(2));
      const id = await renewEventStoreLogId({ connection: server.connection });
      const again = await open(server);
      expect([again.id, again.id === log.id]).toEqual([id, false]);
      await expect(again.readAll(position, { limit: 1 })).rejects.toBeInstanceOf(ForeignPosition);
      expect(await readEverything(again)).toHaveLength(2);
    });

    it('that lie between two records are refused (E21)', async () => {
      const log = await open(await start());
      const { position } = await log.append(newStream(), -1, facts(3));
      const between = position.replace(/\d{16}$/, (digits) => String(Number(digits) - 7_000).padStart(16, '0'));
      await expect(log.readAll(between, { limit: 1 })).rejects.toBeInstanceOf(ForeignPosition);
    });
  });

  it('sees only its own streams, in order, in a database that others write to as well (E24)', async () => {
    const server = await start();
    const log = await open(server);
    const client = EventStoreDBClient.connectionString(server.connection);
    const mine: string[] = [];
    for (let round = 0; round < 10; round++) {
      const foreign = Array.from({ length: 30 }, () => jsonEvent({ type: 'SomethingElse', data: { round } }));
      await client.appendToStream(`other-program.${round}`, foreign);
      await client.appendToStream('$ours', foreign);
      const { position } = await log.append(newStream(), -1, facts(1));
      mine.push(position);
      expect(await log.head()).toBe(position);
    }
    await client.appendToStream('other-program.11', jsonEvent({ type: 'SomethingElse', data: {} }));
    expect((await readEverything(log, { limit: 3 })).map(({ position }) => position)).toEqual(mine);
    expect(await log.head()).toBe(mine.at(-1));
    await client.dispose();
  });

  it('shows a fact that another program wrote into a stream of ours as one that no server knows', async () => {
    const server = await start();
    const log = await open(server);
    const client = EventStoreDBClient.connectionString(server.connection);
    const stream = newStream();
    await client.appendToStream(stream, jsonEvent({ type: 'OrderPlaced', data: { amount: 1 } }));
    expect(await log.readStream(stream, 0)).toMatchObject([
      { type: 'OrderPlaced', schemaVersion: Number.MAX_SAFE_INTEGER, data: '{"amount":1}' },
    ]);
    await client.dispose();
  });

  it('is readable in EventStoreDB: JSON, with the correlation that its own projections follow', async () => {
    const server = await start();
    const log = await open(server);
    const stream = newStream();
    await log.append(stream, -1, [
      fact({ metadata: '{"commandId":"one"}' }),
      fact({ metadata: '{ "$correlationId": "first", "$causationId": "cause", "commandId": "two" }' }),
      fact({ metadata: '{}' }),
    ]);
    const client = EventStoreDBClient.connectionString(server.connection);
    const read: unknown[] = [];
    for await (const { event } of client.readStream(stream)) read.push([event?.isJson, event?.data, event?.metadata]);
    const annals = { schemaVersion: 1, occurredAt: '2026-01-05T09:00:00.000Z', recordedAt: '2026-01-05T09:00:00.000Z' };
    expect(read).toEqual([
      [true, { amount: 1200 }, { $correlationId: 'one', $causationId: 'one', annals, commandId: 'one' }],
      [true, { amount: 1200 }, { annals, $correlationId: 'first', $causationId: 'cause', commandId: 'two' }],
      [true, { amount: 1200 }, { annals }],
    ]);
    expect((await log.readStream(stream, 0)).map(({ metadata }) => metadata)).toEqual([
      '{"commandId":"one"}',
      '{ "$correlationId": "first", "$causationId": "cause", "commandId": "two" }',
      '{}',
    ]);
    await client.dispose();
  });

  it('closes in bounded time while the server stands still, and takes nothing afterwards', async () => {
    const server = await start();
    const log = await open(server, 800);
    log.onAppend(() => {});
    await log.append(newStream(), -1, facts(1));
    server.signal('SIGSTOP');
    const append = log.append(newStream(), -1, facts(1));
    const began = Date.now();
    await Promise.all([expect(append).rejects.toBeInstanceOf(OutcomeUnknown), log.close()]);
    expect(Date.now() - began).toBeLessThan(4_000);
    await expect(log.append(newStream(), -1, facts(1))).rejects.toBeInstanceOf(LogUnavailable);
  });

  it('names the address and the fault when nobody is there', async () => {
    const server = await start();
    await server.kill();
    await expect(openEventStoreLog({ connection: server.connection, deadline: 300 })).rejects.toBeInstanceOf(LogUnavailable);
  });
});

/** What the command pipeline does: the same ids at the same revision until the outcome is known; at most ten seconds. */
async function persistently<T>(work: () => Promise<T>): Promise<T> {
  for (const late = Date.now() + 10_000; ; ) {
    try {
      return await work();
    } catch (error) {
      const again = error instanceof OutcomeUnknown || error instanceof LogUnavailable;
      if (!again || Date.now() > late) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}
