import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  ForeignPosition,
  type Log,
  MAX_APPEND_BYTES,
  type NewFact,
  type ReadOptions,
  type StoredFact,
  TooLarge,
  WrongRevision,
} from '#runtime/ports';

/** A fresh, empty engine for one test. */
export interface LogEngine {
  /** The log; after it was closed, the same log again. */
  open(): Promise<Log>;
  /** A log with an id of its own. */
  openAnother(): Promise<Log>;
  /** Closes what is open and removes everything. */
  dispose(): Promise<void>;
}

export function logContract(name: string, start: () => Promise<LogEngine>): void {
  describe(`${name} keeps the log contract`, () => {
    let engine: LogEngine;
    let log: Log;

    beforeEach(async () => {
      engine = await start();
      log = await engine.open();
    });
    afterEach(() => engine.dispose());

    describe('append', () => {
      it('numbers the facts of a stream from 0 and answers with the last one', async () => {
        const stream = newStream();
        const first = await log.append(stream, -1, facts(2));
        const second = await log.append(stream, 1, facts(1));
        expect(first.revision).toBe(1);
        expect(second.revision).toBe(2);
        expect((await log.readStream(stream, 0)).map(({ revision }) => revision)).toEqual([0, 1, 2]);
        expect((await log.readStream(stream, 0)).at(-1)?.position).toBe(second.position);
      });

      it('gives back every field byte for byte', async () => {
        const stream = newStream('order', 'acme');
        const given: NewFact = {
          id: randomUUID(),
          type: 'OrderPlaced',
          schemaVersion: 3,
          occurredAt: '2025-12-31T23:59:59.999Z',
          recordedAt: '2026-01-05T09:00:00.001Z',
          data: '{"text":"Zoë 👩‍🚀 \\u0000 \\ud800 \\n ﬀ","number":1.50,  "spaced": true}',
          metadata: '{\n  "actor": { "id": "ü" }\n}',
        };
        const { position } = await log.append(stream, -1, [given]);
        const expected: StoredFact = { ...given, stream, revision: 0, position };
        expect(await log.readStream(stream, 0)).toEqual([expected]);
        expect((await readEverything(log)).at(-1)).toEqual(expected);
        const [packed] = (await readEverything(log, { packed: true })).slice(-1);
        for (const [member, value] of Object.entries(expected)) expect(packed?.[member as keyof StoredFact]).toBe(value);
      });

      it.each([
        ['a new stream that exists', -1, 1],
        ['an older revision', 0, 1],
        ['a revision ahead', 7, 1],
      ])('refuses %s and writes nothing', async (_, expected, actual) => {
        const stream = newStream();
        await log.append(stream, -1, facts(2));
        const refusal = await log.append(stream, expected, facts(1)).catch((error: unknown) => error);
        expect(refusal).toBeInstanceOf(WrongRevision);
        expect(refusal).toMatchObject({ stream, actual });
        expect(await log.readStream(stream, 0)).toHaveLength(2);
      });

      it('refuses a revision of a stream that does not exist', async () => {
        const stream = newStream();
        await expect(log.append(stream, 0, facts(1))).rejects.toMatchObject({ actual: -1 });
        expect(await log.readStream(stream, 0)).toEqual([]);
      });

      it('answers a retry with the same ids at the original revision as the first time', async () => {
        const stream = newStream();
        await log.append(stream, -1, facts(1));
        const batch = facts(3);
        const first = await log.append(stream, 0, batch);
        await log.append(stream, 3, facts(2));
        expect(await log.append(stream, 0, batch)).toEqual(first);
        expect(await log.readStream(stream, 0)).toHaveLength(6);
      });

      it('recognises a retry after the log was opened again', async () => {
        const stream = newStream();
        const batch = facts(2);
        const first = await log.append(stream, -1, batch);
        await log.close();
        log = await engine.open();
        expect(await log.append(stream, -1, batch)).toMatchObject(first);
      });

      it('refuses a retry at another revision, or with only some of the ids', async () => {
        const stream = newStream();
        await log.append(stream, -1, facts(2));
        const batch = facts(2);
        await log.append(stream, 1, batch);
        await expect(log.append(stream, 0, batch)).rejects.toBeInstanceOf(WrongRevision);
        await expect(log.append(stream, 1, [...batch.slice(0, 1), ...facts(1)])).rejects.toBeInstanceOf(WrongRevision);
        await expect(log.append(stream, 1, [...facts(1), ...batch.slice(1)])).rejects.toBeInstanceOf(WrongRevision);
        expect(await log.readStream(stream, 0)).toHaveLength(4);
      });

      it('lets one of many writers of a revision win', async () => {
        const stream = newStream();
        await log.append(stream, -1, facts(1));
        for (let revision = 0; revision < 5; revision++) {
          const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => log.append(stream, revision, facts(1))));
          const winners = outcomes.filter(({ status }) => status === 'fulfilled');
          expect(winners).toHaveLength(1);
          for (const outcome of outcomes) {
            if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ actual: revision + 1 });
          }
        }
        expect(await log.readStream(stream, 0)).toHaveLength(6);
      });

      it('fails only the append that conflicts, not those beside it', async () => {
        const taken = newStream();
        await log.append(taken, -1, facts(1));
        const streams = Array.from({ length: 30 }, () => newStream());
        const outcomes = await Promise.allSettled([
          ...streams.slice(0, 15).map((stream) => log.append(stream, -1, facts(1))),
          log.append(taken, -1, facts(1)),
          ...streams.slice(15).map((stream) => log.append(stream, -1, facts(1))),
        ]);
        expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(1);
        for (const stream of streams) expect(await log.readStream(stream, 0)).toHaveLength(1);
      });

      it('takes 1 MiB of data and not a byte more', async () => {
        const half = MAX_APPEND_BYTES / 2;
        const exactly = [fact({ data: text(half) }), fact({ data: text(half) })];
        const stream = newStream();
        await log.append(stream, -1, exactly);
        expect((await log.readStream(stream, 0)).map(({ data }) => data.length)).toEqual([half, half]);
        const over = [fact({ data: text(half) }), fact({ data: text(half + 1) })];
        await expect(log.append(newStream(), -1, over)).rejects.toBeInstanceOf(TooLarge);
        const inBytes = [fact({ data: `"${'ü'.repeat(half)}"` })];
        await expect(log.append(newStream(), -1, inBytes)).rejects.toBeInstanceOf(TooLarge);
      });
    });

    describe('reading a stream', () => {
      it('starts at the revision, inclusive, and stops at the limit', async () => {
        const stream = newStream();
        const batch = facts(10);
        await log.append(stream, -1, batch);
        const read = await log.readStream(stream, 4, 3);
        expect(read.map(({ revision, id }) => [revision, id])).toEqual(
          [4, 5, 6].map((revision) => [revision, batch[revision]?.id]),
        );
        expect(await log.readStream(stream, 10)).toEqual([]);
        expect(await log.readStream(newStream(), 0)).toEqual([]);
      });

      it('reads a stream of 3,000 facts whole and in order', async () => {
        const stream = newStream();
        const batch = facts(3000);
        for (let at = 0; at < batch.length; at += 500) await log.append(stream, at - 1, batch.slice(at, at + 500));
        expect((await log.readStream(stream, 0)).map(({ id }) => id)).toEqual(batch.map(({ id }) => id));
      });
    });

    describe('reading all', () => {
      it('gives every fact once, in byte order of positions, the facts of an append together', async () => {
        const appends = Array.from({ length: 60 }, () => ({ stream: newStream(), batch: facts(3) }));
        await Promise.all(appends.map(({ stream, batch }) => log.append(stream, -1, batch)));
        const all = await readEverything(log, { limit: 7 });
        expect(all).toHaveLength(180);
        expect(new Set(all.map(({ id }) => id)).size).toBe(180);
        const positions = all.map(({ position }) => position);
        expect([...positions].sort(byCodeUnits)).toEqual(positions);
        for (let at = 0; at < all.length; at += 3) {
          expect(new Set(all.slice(at, at + 3).map(({ stream }) => stream)).size).toBe(1);
        }
      });

      it('goes on after a position, exclusive, and says when it is at the head', async () => {
        const stream = newStream();
        await log.append(stream, -1, facts(5));
        const first = await log.readAll(log.start, { limit: 3 });
        expect([first.facts.length, first.atHead]).toEqual([3, false]);
        const second = await log.readAll(first.position, { limit: 3 });
        expect([second.facts.map(({ revision }) => revision), second.atHead]).toEqual([[3, 4], true]);
        expect(second.position).toBe(await log.head());
        expect(await log.readAll(second.position, { limit: 3 })).toEqual({ facts: [], position: second.position, atHead: true });
        const added = await log.append(stream, 4, facts(1));
        expect((await log.readAll(second.position, { limit: 3 })).facts.map(({ position }) => position)).toEqual([
          added.position,
        ]);
      });

      it('sees an append as soon as it is acknowledged', async () => {
        let position = log.start;
        for (let round = 0; round < 50; round++) {
          const appended = await log.append(newStream(), -1, facts(1));
          const page = await log.readAll(position, { limit: 10 });
          expect(page.facts.map((each) => each.position)).toEqual([appended.position]);
          position = page.position;
        }
      });

      it('filters by type, aggregate and tenant, and moves over what it leaves out', async () => {
        const streams = [
          newStream('order', 'acme'),
          newStream('order', 'globex'),
          newStream('lead', 'acme'),
          newStream('leads', 'acmes'),
        ];
        for (const stream of streams) {
          await log.append(stream, -1, [fact({ type: 'ThingMade' }), fact({ type: 'ThingMoved' }), fact({ type: 'ThingLeft' })]);
        }
        const read = async (options: Partial<ReadOptions>) =>
          (await readEverything(log, options)).map(({ stream, type }) => `${streams.indexOf(stream)} ${type}`);
        expect(await read({ types: ['ThingMoved'] })).toEqual(['0 ThingMoved', '1 ThingMoved', '2 ThingMoved', '3 ThingMoved']);
        expect(await read({ types: ['ThingMade', 'ThingLeft'], tenant: 'acme' })).toEqual([
          '0 ThingMade',
          '0 ThingLeft',
          '2 ThingMade',
          '2 ThingLeft',
        ]);
        expect(await read({ aggregates: ['lead'], types: ['ThingMade'] })).toEqual(['2 ThingMade']);
        expect(await read({ aggregates: ['order', 'lead'], tenant: 'globex', types: ['ThingMade'] })).toEqual(['1 ThingMade']);
        expect(await read({ types: ['NeverHappened'] })).toEqual([]);
        expect(await read({ types: [] })).toEqual([]);
        const nothing = await log.readAll(log.start, { limit: 5, types: ['NeverHappened'] });
        expect([nothing.position, nothing.atHead]).toEqual([await log.head(), true]);
      });

      it('stops at upTo, inclusive', async () => {
        await log.append(newStream(), -1, facts(3));
        const { position: upTo } = await log.append(newStream(), -1, facts(1));
        await log.append(newStream(), -1, facts(3));
        const read = await readEverything(log, { upTo, limit: 2 });
        expect(read).toHaveLength(4);
        expect(read.at(-1)?.position).toBe(upTo);
        expect(await log.readAll(upTo, { upTo, limit: 2 })).toEqual({ facts: [], position: upTo, atHead: true });
      });

      it('refuses positions of another log and texts that are none', async () => {
        const other = await engine.openAnother();
        expect(other.id).not.toBe(log.id);
        const { position } = await other.append(newStream(), -1, facts(1));
        for (const foreign of [position, other.start, 'nonsense', '']) {
          await expect(log.readAll(foreign, { limit: 1 })).rejects.toBeInstanceOf(ForeignPosition);
        }
        await expect(log.readAll(log.start, { limit: 1, upTo: position })).rejects.toBeInstanceOf(ForeignPosition);
      });
    });

    it('is the same log after it was opened again', async () => {
      const stream = newStream();
      const { position } = await log.append(stream, -1, facts(3));
      const before = await readEverything(log);
      const { id, start } = log;
      await log.close();
      log = await engine.open();
      expect([log.id, log.start]).toEqual([id, start]);
      expect(await log.head()).toBe(position);
      expect(await readEverything(log)).toEqual(before);
      expect((await log.append(stream, 2, facts(1))).position > position).toBe(true);
    });

    it('has an eight-character id that begins every position', async () => {
      const { position } = await log.append(newStream(), -1, facts(1));
      expect(log.id).toMatch(/^[a-z0-9]{8}$/);
      for (const each of [log.start, position, await log.head()]) {
        expect(each.slice(0, 9)).toBe(`${log.id}.`);
        expect(each).toHaveLength(log.start.length);
      }
      expect(position > log.start).toBe(true);
    });

    it('calls back after appends with a head that has them, until it is told to stop', async () => {
      const heard: string[] = [];
      const stop = log.onAppend((head) => heard.push(head));
      const first = await log.append(newStream(), -1, facts(1));
      await eventually(() => heard.some((head) => head >= first.position));
      stop();
      const before = heard.length;
      let woken = false;
      log.onAppend(() => {
        woken = true;
      });
      await log.append(newStream(), -1, facts(1));
      await eventually(() => woken);
      expect(heard).toHaveLength(before);
    });

    it('finishes the appends it was asked for before it closes', async () => {
      const streams = Array.from({ length: 50 }, () => newStream());
      const appends = Promise.all(streams.map((stream) => log.append(stream, -1, facts(1))));
      await Promise.all([appends, log.close()]);
      log = await engine.open();
      expect(await readEverything(log)).toHaveLength(50);
    });
  });
}

export const newStream = (aggregate = 'order', tenant = 'acme'): string => `${aggregate}-${tenant}.${randomUUID()}`;

export const fact = (over: Partial<NewFact> = {}): NewFact => ({
  id: randomUUID(),
  type: 'OrderPlaced',
  schemaVersion: 1,
  occurredAt: '2026-01-05T09:00:00.000Z',
  recordedAt: '2026-01-05T09:00:00.000Z',
  data: '{"amount":1200}',
  metadata: '{"commandId":"c"}',
  ...over,
});

export const facts = (count: number): NewFact[] => Array.from({ length: count }, () => fact());

/** A JSON text of so many bytes. */
const text = (bytes: number) => `"${'x'.repeat(bytes - 2)}"`;

const byCodeUnits = (one: string, other: string) => (one < other ? -1 : one > other ? 1 : 0);

export async function readEverything(log: Log, options: Partial<ReadOptions> = {}): Promise<StoredFact[]> {
  const all: StoredFact[] = [];
  for (let after = log.start; ; ) {
    const page = await log.readAll(after, { limit: 1000, ...options });
    all.push(...page.facts);
    if (page.atHead) return all;
    after = page.position;
  }
}

/** Waits for a state, at most ten seconds. */
export async function eventually(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error('It did not happen within ten seconds.');
    await new Promise((resolve) => setImmediate(resolve));
  }
}
