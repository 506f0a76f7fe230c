import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type AllStreamResolvedEvent, EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../../contract/log.contract.js';
import { type GivenServer, givenEventStore } from './given.js';
import { compiled, startStandIn } from './start.js';

/** What was measured on EventStoreDB 23.10.8, row by row: holds for the stand-in, and for a real server given by address. */
describe('EventStoreDB, or what stands in for it', () => {
  let server: GivenServer;
  let client: EventStoreDBClient;
  beforeAll(async () => {
    server = await givenEventStore();
    client = EventStoreDBClient.connectionString(server.connection);
  });
  afterAll(async () => {
    // Not awaited: it waits for streams that ended with an error.
    void client.dispose();
    await server.end();
  });

  const stream = () => `rows-${randomUUID()}`;
  const event = (id: string = randomUUID()) => jsonEvent({ id, type: 'RowTried', data: { n: 1 } });
  const events = (count: number) => Array.from({ length: count }, () => event());
  const refusal = (work: Promise<unknown>) =>
    work.then(
      () => undefined,
      (error: unknown) => error,
    );
  const headOf = async (name: string) => {
    for await (const { event } of client.readStream(name, { direction: 'backwards', fromRevision: 'end', maxCount: 1 })) {
      return event?.revision;
    }
  };
  const all = async (options: Parameters<EventStoreDBClient['readAll']>[0]) => {
    const found: AllStreamResolvedEvent[] = [];
    for await (const each of client.readAll(options)) found.push(each);
    return found;
  };

  it('E1, E17: answers with the revision and position of the last event', async () => {
    const name = stream();
    const result = await client.appendToStream(name, events(3), { expectedRevision: 'no_stream' });
    expect(result).toMatchObject({ success: true, nextExpectedRevision: 2n });
    const [last] = await all({ direction: 'forwards', fromPosition: result.position ?? 'start', maxCount: 1 });
    expect([last?.event?.streamId, last?.event?.revision, last?.commitPosition]).toEqual([name, 2n, result.position?.commit]);
    expect(result.position?.prepare).toBe(result.position?.commit);
  });

  it('E2, E3: names both revisions of a conflict, also ahead of the head and without a stream', async () => {
    const name = stream();
    const wrong = (expectedRevision: bigint | 'stream_exists' | 'no_stream') =>
      refusal(client.appendToStream(name, event(), { expectedRevision }));
    expect(await wrong(5n)).toMatchObject({ type: 'wrong-expected-version', actualVersion: 'no_stream' });
    expect(await wrong('stream_exists')).toMatchObject({ actualVersion: 'no_stream' });
    await client.appendToStream(name, events(2));
    expect(await wrong('no_stream')).toMatchObject({ actualVersion: 1n });
    expect(await wrong(99n)).toMatchObject({ actualVersion: 1n });
  });

  it('E5, E7: answers a retry at the original revision as the first time, and no other', async () => {
    const name = stream();
    await client.appendToStream(name, event());
    const batch = events(3);
    const first = await client.appendToStream(name, batch, { expectedRevision: 0n });
    await client.appendToStream(name, events(2), { expectedRevision: 3n });
    expect(await client.appendToStream(name, batch, { expectedRevision: 0n })).toEqual(first);
    const half = [...batch.slice(0, 1), event()];
    for (const [tried, expectedRevision] of [
      [half, 0n],
      [batch, 1n],
      [batch, 99n],
    ] as const) {
      expect(await refusal(client.appendToStream(name, [...tried], { expectedRevision }))).toMatchObject({
        type: 'wrong-expected-version',
      });
    }
    expect(await headOf(name)).toBe(5n);
  });

  it('E6: does not look at ids at the head: the same id is written again', async () => {
    const name = stream();
    const twice = event();
    await client.appendToStream(name, twice, { expectedRevision: 'no_stream' });
    await client.appendToStream(name, twice, { expectedRevision: 0n });
    expect(await headOf(name)).toBe(1n);
  });

  it('E8, E10: with any, knows ids of the last while in any order, and writes all when the first is new', async () => {
    const name = stream();
    const [one, two] = [event(), event()];
    const first = await client.appendToStream(name, [one, two]);
    expect(await client.appendToStream(name, [one, two])).toEqual(first);
    expect(await client.appendToStream(name, [two, one])).toMatchObject({ nextExpectedRevision: 0n });
    expect(await refusal(client.appendToStream(name, [one, event()]))).toMatchObject({ type: 'wrong-expected-version' });
    expect(await client.appendToStream(name, [event(), one])).toMatchObject({ nextExpectedRevision: 3n });
    expect(await client.appendToStream(stream(), one)).toMatchObject({ nextExpectedRevision: 0n });
  });

  it('E18, E20–E22: positions grow, reading includes one forwards and excludes it backwards, between records it fails', async () => {
    const name = stream();
    const { position } = await client.appendToStream(name, events(3));
    await client.appendToStream(stream(), events(1));
    if (!position) throw new Error('There is no position.');
    const forwards = await all({ fromPosition: position });
    const backwards = await all({ fromPosition: position, direction: 'backwards', maxCount: 2 });
    expect(forwards[0]?.event?.position).toEqual(position);
    expect(backwards.map(({ event }) => event?.revision)).toEqual([1n, 0n]);
    const positions = [...[...backwards].reverse(), ...forwards].map(({ commitPosition }) => commitPosition ?? 0n);
    expect([...positions].sort((a, b) => Number(a - b))).toEqual(positions);
    const between = { commit: position.commit + 1n, prepare: position.prepare + 1n };
    expect(await refusal(all({ fromPosition: between, maxCount: 1 }))).toMatchObject({ type: 'unknown' });
    const beyond = { commit: position.commit + 1_000_000n, prepare: position.prepare + 1_000_000n };
    expect(await all({ fromPosition: beyond, maxCount: 1 })).toEqual([]);
  });

  it('E26, E27: a missing stream is an error; the head is the first backwards from the end', async () => {
    const name = stream();
    expect(await refusal(headOf(name))).toMatchObject({ type: 'stream-not-found', streamName: name });
    await client.appendToStream(name, events(4));
    expect(await headOf(name)).toBe(3n);
    const beyond: unknown[] = [];
    for await (const each of client.readStream(name, { fromRevision: 9n })) beyond.push(each);
    expect(beyond).toEqual([]);
  });

  it('E28, E29: a deleted stream goes on counting, a tombstone ends it', async () => {
    const name = stream();
    await client.appendToStream(name, events(2));
    await client.deleteStream(name);
    expect(await refusal(headOf(name))).toMatchObject({ type: 'stream-not-found' });
    expect(await client.appendToStream(name, event(), { expectedRevision: 'no_stream' })).toMatchObject({
      nextExpectedRevision: 2n,
    });
    await client.tombstoneStream(name);
    expect(await refusal(headOf(name))).toMatchObject({ type: 'stream-deleted' });
    expect(await refusal(client.appendToStream(name, event()))).toMatchObject({ type: 'stream-deleted' });
  });

  it('E34, E35: subscribes from behind a position, by prefix, with one caughtUp', async () => {
    const prefix = `prefix${randomUUID().slice(0, 8)}`;
    const { position } = await client.appendToStream(`${prefix}-a`, events(3));
    await client.appendToStream(`${prefix}-a`, events(2));
    await client.appendToStream(stream(), events(50));
    const heard: string[] = [];
    const subscription = client.subscribeToAll({
      fromPosition: position ?? 'start',
      filter: { filterOn: 'streamName', prefixes: [prefix], checkpointInterval: 1 } as never,
    });
    subscription.on('caughtUp' as never, () => heard.push('caughtUp'));
    subscription.on('data', ({ event }) => heard.push(`${event?.revision}`));
    await eventually(() => heard.includes('caughtUp'));
    await client.appendToStream(`${prefix}-a`, event());
    await eventually(() => heard.length === 4);
    expect(heard).toEqual(['3', '4', 'caughtUp', '5']);
    await subscription.unsubscribe();
  });

  it('E54: takes 1 MiB of data in one append and not a byte more; metadata does not count', async () => {
    const sized = (bytes: number) =>
      jsonEvent({ type: 'RowTried', data: 'x'.repeat(bytes - 2), metadata: { note: 'x'.repeat(9_000) } });
    await client.appendToStream(stream(), [sized(524_288), sized(524_288)] as never);
    const over = refusal(client.appendToStream(stream(), [sized(524_288), sized(524_289)] as never));
    expect(await over).toMatchObject({ type: 'maximum-append-size-exceeded', maxAppendSize: 1_048_576 });
    await client.appendToStream(stream(), event());
  });

  it('E58: gives ids back in lower case', async () => {
    const name = stream();
    const id = randomUUID();
    await client.appendToStream(name, event(id.toUpperCase()));
    for await (const { event } of client.readStream(name)) expect(event?.id).toBe(id);
  });

  it.each([
    ['E15', 'unserialisable', 'hangs'],
    ['E56', 'bad-id', 'hangs'],
    ['E43', 'throwing-listener', 'hangs'],
  ])('%s: the client itself, after %s, %s', async (_, fault, expected) => {
    const { stdout } = await promisify(execFile)(process.execPath, [compiled('client-fault'), fault, server.connection]);
    const { append, unhandled } = JSON.parse(stdout) as { append: string; unhandled: number };
    expect(append).toBe(expected);
    expect(unhandled).toBeGreaterThan(0);
  });
});

describe('the stand-in, when it is killed', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'annals-eventstoredb-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('E5, E9: keeps what it acknowledged, knows exact retries and no others', async () => {
    const server = await startStandIn({ folder });
    const client = EventStoreDBClient.connectionString(server.connection);
    const event = jsonEvent({ id: randomUUID(), type: 'RowTried', data: { n: 1 } });
    const first = await client.appendToStream('rows-1', event, { expectedRevision: 'no_stream' });
    await server.kill();
    const again = await startStandIn({ folder, port: server.port });
    const other = EventStoreDBClient.connectionString(again.connection);
    expect(await other.appendToStream('rows-1', event, { expectedRevision: 'no_stream' })).toEqual(first);
    expect(await other.appendToStream('rows-1', event)).toMatchObject({ nextExpectedRevision: 1n });
    await again.kill();
  });

  it('E70: fails appends of the client to another server of the same process', async () => {
    const [here, away] = [
      await startStandIn({ folder: join(folder, 'here') }),
      await startStandIn({ folder: join(folder, 'away') }),
    ];
    const { stdout } = await promisify(execFile)(process.execPath, [
      compiled('client-fault'),
      'two-servers',
      here.connection,
      away.connection,
      String(away.pid),
    ]);
    expect(JSON.parse(stdout)).toMatchObject({ append: 'failed' });
    await here.kill();
    await away.kill();
  });
});
