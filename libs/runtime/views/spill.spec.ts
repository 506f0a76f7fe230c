import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { StoredFact } from '../ports.js';
import { Spill } from './spill.js';

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
  const back = (part: number) => [...spill.read(part)].flat();
  const folders = () => readdirSync(tmpdir()).filter((name) => name.startsWith('annals-build-'));

  it('come back as they were, part by part and in order, few of them without a file', () => {
    const before = folders();
    const facts = Array.from({ length: 10 }, (_, number) => fact(number, 'ü\u001e\u0000'));
    for (const one of facts) spill.add(one.revision % 2, one);
    expect(back(0)).toEqual(facts.filter(({ revision }) => revision % 2 === 0));
    expect(back(1)).toEqual(facts.filter(({ revision }) => revision % 2 === 1));
    expect(back(2)).toEqual([]);
    expect(folders()).toEqual(before);
  });

  it('come back from a file when they are many or large', () => {
    const facts = Array.from({ length: 40 }, (_, number) => fact(number, '👩‍🚀'.repeat(number === 20 ? 100_000 : 2_000)));
    for (const one of facts) spill.add(5, one);
    expect(back(5)).toEqual(facts);
    spill.add(5, fact(40, 'last'));
    expect(back(5)).toEqual([...facts, fact(40, 'last')]);
  });

  it('of one key are in one part', () => {
    const parts = new Set(Array.from({ length: 2_000 }, (_, number) => spill.partOf(`key ${number}`)));
    expect(parts.size).toBe(spill.parts);
    expect(spill.partOf('key 7')).toBe(spill.partOf(['key', '7'].join(' ')));
  });
});
