import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { PackedFact } from '../packed-fact.js';
import type { StoredFact } from '../ports.js';
import { PARTS, partOf, Spill } from './spill.js';
import { SpillFile } from './spill-file.js';

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
  let file = new SpillFile();
  let spill = new Spill(file);
  afterEach(() => {
    file.close();
    file = new SpillFile();
    spill = new Spill(file);
  });
  const back = (part: number) =>
    [...spill.read(part)].flat().map(({ keys, stored }) => ({ keys, stored: (stored as PackedFact).unpacked() }));
  const folders = () => readdirSync(tmpdir()).filter((name) => name.startsWith('annals-build-'));
  const keyOf = (part: number): string => {
    for (let number = 0; ; number++) if (partOf(`key ${number}`) === part) return `key ${number}`;
  };

  it('come back as they were, part by part and in order, few of them without a file', () => {
    const before = folders();
    const facts = Array.from({ length: 10 }, (_, number) => fact(number, 'ü\u001e\u0000'));
    const expected = (part: number) =>
      facts.filter(({ revision }) => revision % 2 === part).map((stored) => ({ keys: [keyOf(part)], stored }));
    for (const one of facts) spill.add([keyOf(one.revision % 2)], one);
    expect(back(0)).toEqual(expected(0));
    expect(back(1)).toEqual(expected(1));
    expect(back(2)).toEqual([]);
    expect(folders()).toEqual(before);
  });

  it('come back from a file when they are many or large', () => {
    const keys = [keyOf(5)];
    const facts = Array.from({ length: 40 }, (_, number) => fact(number, '👩‍🚀'.repeat(number === 20 ? 100_000 : 2_000)));
    const set = (stored: StoredFact) => ({ keys, stored });
    for (const one of facts) spill.add(keys, one);
    expect(back(5)).toEqual(facts.map(set));
    spill.add(keys, fact(40, 'last'));
    expect(back(5)).toEqual([...facts, fact(40, 'last')].map(set));
  });

  it('of one key are in one part', () => {
    const parts = new Set(Array.from({ length: 2_000 }, (_, number) => partOf(`key ${number}`)));
    expect(parts.size).toBe(PARTS);
    expect(partOf('key 7')).toBe(partOf(['key', '7'].join(' ')));
  });

  it('come back in each part with the keys that belong to it, whatever these hold', () => {
    const keys = ['', ' ', '[', '["a"]', 'ü', '\u001d', '\u001f', '\n', '\ud800', 'a\u0000b', 'plain', 'Plain key'];
    const one = fact(1, 'text');
    spill.add(keys, one);
    for (const key of keys) spill.add([key], one);
    for (let part = 0; part < PARTS; part++) {
      const its = keys.filter((key) => partOf(key) === part);
      const together = its.length > 0 ? [{ keys: its, stored: one }] : [];
      expect(back(part)).toEqual([...together, ...its.map((key) => ({ keys: [key], stored: one }))]);
    }
  });
});
