import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { derivedId, streamName, tenantOf } from '#kernel';
import type { ReadOptions, StoredFact } from '#runtime/ports';
import type { AppendAnswer, AppendRequest } from './messages.js';
import { positionText } from './position.js';
import { RecentFacts } from './recent.js';

const LOG = 'abcdefgh';
const at = (position: number) => positionText(LOG, position);
const types = ['LeadCreated', 'LeadQualified', 'OrderPlaced'];
const streams = ['lead', 'order'].flatMap((aggregate) =>
  ['main', 'north'].map((tenant) => streamName(aggregate, tenant, derivedId(aggregate, tenant))),
);

/** A batch as the log's thread answers it, and the facts that are in the file then. */
function written(batch: readonly { readonly stream: number; readonly facts: readonly number[] }[], file: StoredFact[]) {
  const requests: AppendRequest[] = [];
  const answers: AppendAnswer[] = [];
  for (const { stream, facts } of batch) {
    const name = streams[stream % streams.length] as string;
    const revisions = file.filter((fact) => fact.stream === name).length;
    const flat = facts.flatMap((type, index) => [
      derivedId('fact', String(file.length + index)),
      types[type % types.length] as string,
      1,
      '2026-01-05T09:00:00.000Z',
      '2026-01-05T09:00:00.000Z',
      `{"number":${file.length + index}}`,
      '{}',
    ]);
    requests.push([name, revisions - 1, flat]);
    if (facts.length === 0) {
      answers.push(['conflict', revisions]);
      continue;
    }
    for (const [index, type] of facts.entries())
      file.push({
        stream: name,
        revision: revisions + index,
        position: at(file.length + 1),
        id: derivedId('fact', String(file.length)),
        type: types[type % types.length] as string,
        schemaVersion: 1,
        occurredAt: '2026-01-05T09:00:00.000Z',
        recordedAt: '2026-01-05T09:00:00.000Z',
        data: `{"number":${file.length}}`,
        metadata: '{}',
      });
    answers.push(['appended', revisions + facts.length - 1, file.length]);
  }
  return { requests, answers };
}

describe('the newest facts in memory', () => {
  const batches = fc.array(
    fc.array(fc.record({ stream: fc.nat(3), facts: fc.array(fc.nat(2), { maxLength: 3 }) }), { minLength: 1, maxLength: 5 }),
    { minLength: 1, maxLength: 8 },
  );
  const options = fc.record(
    {
      limit: fc.integer({ min: 1, max: 12 }),
      types: fc.subarray(types, { minLength: 1 }),
      aggregates: fc.subarray(['lead', 'order'], { minLength: 1 }),
      tenant: fc.constantFrom('main', 'north'),
    },
    { requiredKeys: ['limit'] },
  ) as fc.Arbitrary<ReadOptions>;

  it('are page for page what the file has', () => {
    fc.assert(
      fc.property(batches, options, (given, reading) => {
        const file: StoredFact[] = [];
        const recent = new RecentFacts(LOG);
        for (const batch of given) {
          const { requests, answers } = written(batch, file);
          recent.take(requests, answers);
        }
        const wanted = file.filter(
          ({ type, stream }) =>
            (reading.types?.includes(type) ?? true) &&
            (reading.aggregates?.includes(stream.slice(0, stream.indexOf('-'))) ?? true) &&
            (reading.tenant === undefined || tenantOf(stream) === reading.tenant),
        );
        const read: StoredFact[] = [];
        let position = at(0);
        for (let page = recent.readAll(position, reading); page; page = recent.readAll(position, reading)) {
          expect(page.facts.length).toBeLessThanOrEqual(reading.limit);
          expect(page.position > position).toBe(true);
          expect(page.atHead).toBe(page.position === at(file.length));
          read.push(...page.facts);
          position = page.position;
        }
        expect(read).toEqual(wanted);
        expect(position).toBe(at(file.length));
      }),
    );
  });

  it('leave to the file what they do not have: older facts, whether there is a newer one, a read with an end', () => {
    const file: StoredFact[] = [];
    const recent = new RecentFacts(LOG);
    expect(recent.readAll(at(0), { limit: 10 })).toBeUndefined();
    const lost = written([{ stream: 0, facts: [0, 1] }], file);
    const { requests, answers } = written([{ stream: 0, facts: [2] }], file);
    recent.take(requests, answers);
    expect(recent.readAll(at(1), { limit: 10 })).toBeUndefined();
    expect(recent.readAll(at(3), { limit: 10 })).toBeUndefined();
    expect(recent.readAll(at(2), { limit: 10, upTo: at(3) })).toBeUndefined();
    expect(recent.readAll(at(2), { limit: 10 })?.facts.map(({ revision }) => revision)).toEqual([2]);
    expect(lost.answers).toHaveLength(1);
  });

  it('forget what came before a gap, and the oldest of many', () => {
    const file: StoredFact[] = [];
    const recent = new RecentFacts(LOG);
    const take = (batch: Parameters<typeof written>[0]) => {
      const { requests, answers } = written(batch, file);
      recent.take(requests, answers);
    };
    take([{ stream: 0, facts: [0] }]);
    written([{ stream: 0, facts: [0] }], file);
    take([{ stream: 0, facts: [0] }]);
    expect(recent.readAll(at(0), { limit: 10 })).toBeUndefined();
    for (let number = 0; number < 1_000; number++) take([{ stream: 1, facts: [1] }]);
    expect(recent.readAll(at(3), { limit: 10 })).toBeUndefined();
    expect(recent.readAll(at(file.length - 100), { limit: 1_000 })?.facts).toHaveLength(100);
  });

  it('wake who follows, with the new head, after they can be read', () => {
    const file: StoredFact[] = [];
    const recent = new RecentFacts(LOG);
    const heard: (number | undefined)[] = [];
    const stop = recent.onAppend((head) => heard.push(recent.readAll(at(0), { limit: 10 })?.facts.length, Number(head.slice(9))));
    const first = written([{ stream: 0, facts: [0, 1] }], file);
    recent.take(first.requests, first.answers);
    recent.take([[streams[0] as string, 5, []]], [['conflict', 1]]);
    // an attempt whose answer was lost had written these
    recent.take([[streams[0] as string, 5, []]], [['known', 7, 9]]);
    stop();
    const second = written([{ stream: 0, facts: [0] }], file);
    recent.take(second.requests, second.answers);
    expect(heard).toEqual([2, 2, 2, 9]);
  });
});
