import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { PackedFact } from '../packed-fact.js';
import type { StoredFact } from '../ports.js';
import { Spill } from './spill.js';
import { spilledFacts } from './spilled.js';

const fact = (number: number, text: string): StoredFact => ({
  position: `abcdefgh.${String(number).padStart(16, '0')}`,
  revision: number,
  type: 'LeadCreated',
  schemaVersion: 1,
  stream: `lead-main.${number}`,
  id: `${number}`,
  occurredAt: '2026-01-05T09:00:00.000Z',
  recordedAt: '2026-01-05T09:00:00.001Z',
  data: JSON.stringify({ text }, undefined, 2),
  metadata: '{\n  "actor": { "id": "Zoë 👩‍🚀" }\n}',
});

describe('facts set aside', () => {
  let spill = new Spill();
  afterEach(() => {
    spill.close();
    spill = new Spill();
  });
  const lots = (part: number, atOnce?: number) =>
    [...spilledFacts(spill.part(part), atOnce)].map(({ facts, complete }) => ({
      facts: facts.map(({ document, stored }) => ({ ...document, stored: (stored as PackedFact).unpacked() })),
      complete,
    }));
  const back = (part: number) => lots(part).flatMap(({ facts }) => facts);
  const folders = () => readdirSync(tmpdir()).filter((name) => name.startsWith('annals-build-'));
  const keysOf = function* (part: number): Generator<string, never> {
    for (let number = 0; ; number++) if (spill.partOf(`key ${number}`) === part) yield `key ${number}`;
  };
  const keyOf = (part: number): string => keysOf(part).next().value;
  const set = (key: string, stored: StoredFact, tenant = 'main') => ({ tenant, key, stored });

  it('come back as they were, part by part and in order, few of them without a file', () => {
    const before = folders();
    const facts = Array.from({ length: 10 }, (_, number) => fact(number, 'ü\u001e\u0000'));
    const expected = (part: number) =>
      facts.filter(({ revision }) => revision % 2 === part).map((stored) => set(keyOf(part), stored));
    for (const one of facts) spill.add('main', [keyOf(one.revision % 2)], one);
    expect(back(0)).toEqual(expected(0));
    expect(back(1)).toEqual(expected(1));
    expect(back(2)).toEqual([]);
    expect(folders()).toEqual(before);
  });

  it('come back from a file when they are many or large', () => {
    const key = keyOf(5);
    const facts = Array.from({ length: 40 }, (_, number) => fact(number, '👩‍🚀'.repeat(number === 20 ? 100_000 : 2_000)));
    for (const one of facts) spill.add('main', [key], one);
    expect(back(5)).toEqual(facts.map((one) => set(key, one)));
    spill.add('main', [key], fact(40, 'last'));
    expect(back(5)).toEqual([...facts, fact(40, 'last')].map((one) => set(key, one)));
  });

  it('come back document by document, each complete before the next', () => {
    const keys = keysOf(3);
    const documents = Array.from({ length: 50 }, () => keys.next().value);
    const tenantOf = (index: number) => (index % 3 === 0 ? 'main' : 'other');
    const added = Array.from({ length: 1_000 }, (_, number) =>
      set(documents[(number * 7) % 50] as string, fact(number, 'x'), tenantOf((number * 7) % 50)),
    );
    for (const { tenant, key, stored } of added) spill.add(tenant, [key], stored);
    const read = lots(3);
    expect(read.length).toBeGreaterThan(5);
    const seen = new Set<string>();
    for (const { facts, complete } of read) {
      expect(complete).toBe(true);
      const here = new Set(facts.map(({ key }) => key));
      for (const key of here) {
        expect(seen.has(key)).toBe(false);
        seen.add(key);
        expect(facts.filter((one) => one.key === key)).toEqual(added.filter((one) => one.key === key));
      }
    }
    expect(seen.size).toBe(50);
  });

  it('are not complete before the end where a part does not fit in memory, or a document not in a lot', () => {
    const keys = keysOf(4);
    const [one, other] = [keys.next().value, keys.next().value];
    const added = Array.from({ length: 300 }, (_, number) => set(number % 2 ? one : other, fact(number, 'x')));
    for (const { key, stored } of added) spill.add('main', [key], stored);
    for (const atOnce of [1_000, 20_000, undefined]) {
      const read = lots(4, atOnce);
      expect(read.at(-1)?.complete).toBe(true);
      for (const key of [one, other]) {
        const its = read.map(({ facts, complete }) => ({ facts: facts.filter((fact) => fact.key === key), complete }));
        expect(its.flatMap(({ facts }) => facts)).toEqual(added.filter((fact) => fact.key === key));
        const last = its.findLastIndex(({ facts }) => facts.length > 0);
        const first = its.findIndex(({ facts }) => facts.length > 0);
        expect(its.slice(first, last).some(({ complete }) => complete)).toBe(false);
      }
    }
  });

  it('of one key are in one part', () => {
    const parts = new Set(Array.from({ length: 4_000 }, (_, number) => spill.partOf(`key ${number}`)));
    expect(parts.size).toBe(spill.parts);
    expect(spill.partOf('key 7')).toBe(spill.partOf(['key', '7'].join(' ')));
  });

  it('come back once for each document, whatever its key holds', () => {
    const keys = ['', ' ', '"', '"a"', '[', 'ü', '\u001d', '\u001f', '\n', '\ud800', 'a\u0000b', 'plain', 'Plain key'];
    const both = [fact(1, 'text'), fact(2, 'text')];
    for (const one of both) spill.add('main', keys, one);
    const found = Array.from({ length: spill.parts }, (_, part) => back(part)).flat();
    expect(found).toHaveLength(2 * keys.length);
    for (const key of keys) expect(found.filter((one) => one.key === key)).toEqual(both.map((one) => set(key, one)));
  });
});
