import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { openSqliteLogCopy, openSqliteLogReader, openSqliteViews } from '#adapters/sqlite';
import { logWith } from '../log-with.js';
import { ForeignPosition, type Log, type ParkedFact, type StoredDocument } from '../ports.js';
import { registryOf } from '../registry.js';
import { Build, type BuildOptions } from './build.js';
import type { Fellow } from './fellow.js';
import { planOf } from './plan.js';
import { distance, stretches } from './positions.js';
import { givenCompany } from './testing/company-system.js';
import {
  CustomerNoted,
  CustomerRegistered,
  CustomersMerged,
  CustomersUnmerged,
  company,
  customers,
  identity,
} from './testing/deals.js';
import { fellowHere } from './testing/fellow-here.js';

const given = givenCompany();
const contexts = [company([customers])];
const plan = planOf(customers, registryOf(contexts), identity);
const people = Array.from({ length: 30 }, () => randomUUID() as string);
const FACTS = 600;

/** Facts of all people in turns, the last of them in the second half alone, with merges and unmerges in both. */
beforeEach(async () => {
  const person = (number: number) => people[number % (number < FACTS / 2 ? 20 : 30)] ?? '';
  for (let number = 0; number < FACTS; number += 10) {
    const ten = Array.from({ length: 10 }, (_, index) => number + index);
    await given.system.recorder.record(
      ten.map((each) =>
        each % 50 === 7
          ? CustomersMerged({ customerId: person(each), survivorId: person(each * 3) })
          : each % 100 === 43
            ? CustomersUnmerged({ customerId: person(each - 36), survivorId: person((each - 36) * 3) })
            : each < 30
              ? CustomerRegistered({ customerId: person(each), segment: 'A' })
              : CustomerNoted({ customerId: person(each), note: `${each}` }),
      ),
    );
  }
});

const middle = async (log: Log): Promise<string> => stretches(log.start, await log.head(), 2)[0]?.upTo ?? '';

interface Built {
  readonly documents: readonly StoredDocument[];
  readonly parked: readonly ParkedFact[];
  readonly facts: number;
  readonly position: string;
  readonly lastFact: string;
}

async function built(options: Partial<BuildOptions> = {}, upTo?: string): Promise<Built> {
  const store = await openSqliteViews({ memory: true });
  const token = (await store.lease('views', 'test', 60_000))?.token ?? 0;
  const generation = await store.generation(plan.spec);
  const build = new Build({ plan, log: given.system.log, generation, token: () => token, pageSize: 20, alone: 100, ...options });
  for await (const _ of build.pages(upTo));
  await build.write();
  const documents: StoredDocument[] = [];
  for (const space of ['shown', 'part', 'link'] as const) documents.push(...(await generation.scan(space, undefined, 1_000)));
  const parked = await generation.parked();
  await store.close();
  const { facts, position, lastFact } = build;
  return { documents, parked, facts, position, lastFact };
}

/** What was asked of a fellow, and the same fellow with some of its answers replaced. */
function watched(own: (fellow: ReturnType<typeof fellowHere>) => Partial<Fellow> = () => ({}), openLog = openSqliteLogReader) {
  const asked: string[] = [];
  const startFellow = () => {
    const fellow = fellowHere(contexts, openLog);
    const answers: Fellow = { ...fellow, ...own(fellow) };
    return {
      setAside: (stretch) => {
        asked.push('stretch');
        return answers.setAside(stretch);
      },
      prepare: (other) => answers.prepare(other),
      fold: (part) => {
        asked.push('part');
        return answers.fold(part);
      },
      close: () => {
        asked.push('close');
        return answers.close();
      },
    } satisfies Fellow;
  };
  return { asked, startFellow };
}

describe('a part of a build', () => {
  it('is done by a fellow, with the same documents at the same positions', async () => {
    const alone = await built();
    const { asked, startFellow } = watched();
    expect(await built({ startFellow })).toEqual(alone);
    expect(asked.filter((what) => what === 'part').length).toBeGreaterThan(5);
    expect(asked.filter((what) => what === 'stretch').length).toBeGreaterThan(5);
    expect(asked.at(-1)).toBe('close');
  });

  it('goes up to a position, of one tenant, without what occurred later', async () => {
    const half = await middle(given.system.log);
    const late = { occurredAt: '2040-01-05T09:00:00.000Z' };
    const { position } = await given.system.recorder.record(CustomerNoted({ customerId: people[3] ?? '', note: 'late' }), late);
    await given.system.recorder.record(CustomerNoted({ customerId: people[3] ?? '', note: 'other' }), { tenant: 'other' });
    for (const upTo of [half, position]) {
      for (const options of [{ asOf: '2039-12-31T23:59:59.999Z' }, { tenant: 'main' }, { tenant: 'other' }]) {
        const { asked, startFellow } = watched();
        expect(await built({ ...options, startFellow }, upTo)).toEqual(await built(options, upTo));
        // A tenant's facts are counted, not the log's.
        expect(asked[0]).toBe(options.tenant === 'other' ? undefined : 'stretch');
      }
    }
  });

  it('is read on where facts lie, of a log that refuses all other positions', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'annals-parts-'));
    const { log } = given.system;
    const copy = await openSqliteLogCopy(join(folder, 'copy.db'), log.id);
    const { facts } = await log.readAll(log.start, { limit: 2 * FACTS });
    const apart = (position: string) => `${position.slice(0, -16)}${position.slice(-13)}347`;
    await copy.write(facts.map((fact) => ({ ...fact, position: apart(fact.position) })));
    const strict = logWith(copy.log, {
      readAll: async (after, options) => {
        if (after !== copy.log.start && !copy.has(after)) throw new ForeignPosition(`No fact lies at ${after}.`);
        return copy.log.readAll(after, options);
      },
    });
    const { asked, startFellow } = watched();
    expect(await built({ log: strict, startFellow })).toEqual(await built({ log: strict }));
    expect(asked[0]).toBe('stretch');
    await copy.close();
    rmSync(folder, { recursive: true });
  });

  it('is not given away of few facts, of a log without a file, or while nobody is free', async () => {
    const { asked, startFellow } = watched();
    await built({ startFellow, alone: FACTS + 1 });
    await built({ startFellow, log: logWith(given.system.log, { file: () => undefined }) });
    expect(await built({ startFellow: () => undefined })).toEqual(await built());
    expect(asked).toEqual([]);
  });

  it.each<[string, (fellow: ReturnType<typeof fellowHere>) => Partial<Fellow>]>([
    ['does not set it aside', () => ({ setAside: () => Promise.reject(new Error('No.')) })],
    [
      'sets nothing more aside',
      (fellow) => {
        let given = 0;
        return { setAside: (stretch) => (++given < 4 ? fellow.setAside(stretch) : Promise.reject(new Error('No.'))) };
      },
    ],
    [
      'dies before it has set it aside',
      (fellow) => ({
        setAside: (stretch) => {
          const answer = fellow.setAside(stretch);
          fellow.die();
          return answer;
        },
      }),
    ],
    ['does not take over the other half', () => ({ prepare: () => Promise.reject(new Error('No.')) })],
    ['folds nothing', () => ({ fold: () => Promise.reject(new Error('No.')) })],
    [
      'dies over the third part',
      (fellow) => {
        let parts = 0;
        return {
          fold: (part) => {
            const answer = fellow.fold(part);
            if (++parts === 3) fellow.die();
            return answer;
          },
        };
      },
    ],
  ])('that a fellow %s is done here', async (_, own) => {
    const { asked, startFellow } = watched(own);
    expect(await built({ startFellow })).toEqual(await built());
    expect(asked[0]).toBe('stretch');
  });

  it('that a copy of the log does not have yet is read here', async () => {
    const behind = async (file: string): Promise<Log> => {
      const log = await openSqliteLogReader(file);
      return logWith(log, { head: () => middle(log) });
    };
    const { asked, startFellow } = watched(undefined, behind);
    expect(await built({ startFellow })).toEqual(await built());
    expect(asked).toEqual(['stretch', 'close']);
  });

  it('parks what cannot be folded as it does alone', async () => {
    const notes = (from: number) => people.map((customerId, each) => CustomerNoted({ customerId, note: `${from + each}` }));
    const poisonous = people.slice(0, 12).map((customerId) => CustomerNoted({ customerId, note: 'poison' }));
    await given.system.recorder.record([...poisonous, ...notes(1_000)]);
    const { startFellow } = watched();
    const one = await built({ startFellow });
    const other = await built();
    const sorted = ({ parked }: Built) => [...parked].sort((a, b) => (a.position + a.key < b.position + b.key ? -1 : 1));
    expect({ ...one, parked: sorted(one) }).toEqual({ ...other, parked: sorted(other) });
    expect(one.parked.length).toBeGreaterThan(12);
  });

  it('that holds a fact which cannot be read is folded in log order', async () => {
    await given.system.recorder.record([
      CustomerNoted({ customerId: people[0] ?? '', note: 'of somebody' }),
      { type: 'CustomerNoted', data: { note: 'of nobody' } } as never,
    ]);
    const { asked, startFellow } = watched();
    const alone = await built();
    expect(await built({ startFellow })).toEqual(alone);
    expect(alone.parked).toHaveLength(1);
    expect(asked.at(-1)).toBe('close');
    expect(asked).not.toContain('part');
  });

  it('that nobody waits for ends, and leaves no file', async () => {
    const folders = () => readdirSync(tmpdir()).filter((name) => name.startsWith('annals-build-'));
    const before = folders();
    const store = await openSqliteViews({ memory: true });
    const generation = await store.generation(plan.spec);
    for (const until of [0.1, 0.3, 0.6]) {
      const { asked, startFellow } = watched();
      const build = new Build({ plan, log: given.system.log, generation, token: () => 0, pageSize: 20, alone: 100, startFellow });
      for await (const _ of build.pages()) if (asked.length > 0 && build.share(until) >= until / 2) break;
      expect(asked.at(-1)).toBe('close');
    }
    expect(folders()).toEqual(before);
    await store.close();
  });
});

describe('stretches between two positions', () => {
  it('meet, are as long as each other, and have positions as text of the same width', async () => {
    const { log } = given.system;
    const head = await log.head();
    const seven = stretches(log.start, head, 7);
    expect([seven[0]?.from, seven.at(-1)?.upTo]).toEqual([log.start, head]);
    expect(seven.slice(1).map(({ from }) => from)).toEqual(seven.slice(0, -1).map(({ upTo }) => upTo));
    for (const { from, upTo } of seven) {
      expect(upTo).toHaveLength(head.length);
      expect(Math.abs(distance(from, upTo) - FACTS / 7)).toBeLessThan(1);
    }
  });
});
