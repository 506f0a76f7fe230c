import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Document, MongoClient } from 'mongodb';
import { openSqliteViews } from '#adapters/sqlite';
import {
  type Condition,
  type Generation,
  type GenerationSpec,
  type StoredDocument,
  TooMuchAtOnce,
  type ViewStore,
} from '#runtime/ports';
import { openMongoViews } from './index.js';
import { findMongo, HOW_TO_RUN } from './testing/engine.js';

const mongo = await findMongo();
const describeOnMongo = mongo ? describe : describe.skip;

const SPEC: GenerationSpec = {
  view: 'deals',
  version: 1,
  hash: 'hash-1',
  filters: [
    { field: 'name', kind: 'text' },
    { field: 'size', kind: 'integer' },
    { field: 'won', kind: 'flag' },
    { field: 'closedAt', kind: 'moment' },
  ],
  sums: { amount: 'currency' },
};
const FIELDS = SPEC.filters.map(({ field }) => field);

describeOnMongo(`documents in MongoDB${mongo ? '' : ` (to run it, ${HOW_TO_RUN})`}`, () => {
  const uri = mongo?.uri ?? '';
  const client = mongo ? new MongoClient(uri) : undefined;
  let database: string;
  let store: ViewStore;
  let generation: Generation;
  let token: number;

  beforeEach(async () => {
    database = `annals_documents_${randomBytes(6).toString('hex')}`;
    store = await openMongoViews({ uri, database });
    generation = await store.generation(SPEC);
    token = (await store.lease('views', 'me', 600_000))?.token ?? 0;
  });
  afterEach(async () => {
    await store.close();
    await client?.db(database).dropDatabase();
  });
  afterAll(async () => {
    await client?.close();
    await mongo?.stop();
  });

  const put = async (into: Generation, documents: readonly StoredDocument[], by: number) => {
    const from = await into.checkpoint();
    const to = at(Number(from?.split('.')[1] ?? 0) + 1);
    await into.commit({ from, to, token: by, put: documents, remove: [], park: [], release: [] });
  };

  it('are the same bytes, and questions give the same answers, as in SQLite', async () => {
    const embedded = await openSqliteViews({ memory: true });
    const theirs = await embedded.generation(SPEC);
    const theirToken = (await embedded.lease('views', 'me', 600_000))?.token ?? 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(document, { maxLength: 40 }),
        fc.array(condition, { maxLength: 2 }),
        sorting,
        async (all, where, sort) => {
          await put(generation, all, token);
          await put(theirs, all, theirToken);
          expect(await generation.scan('shown', undefined, 10_000)).toEqual(await theirs.scan('shown', undefined, 10_000));
          const query = { where, limit: 10_000, ...sort };
          const listed = await generation.list('acme', query);
          expect(listed).toEqual(await theirs.list('acme', query));
          const middle = listed[Math.floor(listed.length / 2)];
          if (middle) {
            const value = sort.sort ? (JSON.parse(middle.json)[sort.sort.field] ?? null) : null;
            const further = { ...query, limit: 5, after: { value, key: middle.key } };
            expect(await generation.list('acme', further)).toEqual(await theirs.list('acme', further));
          }
          const by = sort.sort ? [{ field: sort.sort.field }] : [];
          const grouped = { where, by, sums: ['amount'] };
          expect(await generation.groups('acme', grouped)).toEqual(await theirs.groups('acme', grouped));
        },
      ),
      { numRuns: 40 },
    );
    await embedded.close();
  });

  it('are written 8 MB at a time: what is served takes no more, what is built is written in pieces', async () => {
    const note = 'x'.repeat(2_000);
    const many = Array.from({ length: 5_000 }, (_, size) => dealOf(`k${size}`, { size, note }));
    await expect(put(generation, many, token)).rejects.toBeInstanceOf(TooMuchAtOnce);
    expect([await generation.checkpoint(), await generation.count()]).toEqual([undefined, 0]);
    await put(generation, many.slice(0, 3_000), token);
    await put(
      generation,
      many.slice(1_000, 4_000).map((deal) => ({ ...deal, position: at(2) })),
      token,
    );
    expect([await generation.count('acme'), await generation.changedAt('acme')]).toEqual([4_000, at(2)]);

    const built = await store.generation({ ...SPEC, hash: 'hash-2' });
    await put(built, many, token);
    expect([await built.checkpoint(), await built.count('acme')]).toEqual([at(1), 5_000]);
    await store.promote('deals', 'hash-2');
    await expect(put(built, many, token)).rejects.toBeInstanceOf(TooMuchAtOnce);
  });

  it('are refused by name when one is too large, and nothing is written', async () => {
    const large = dealOf('large', { note: 'x'.repeat(6_000_000) });
    await expect(put(generation, [dealOf('small', {}), large], token)).rejects.toMatchObject({ fault: 'too-large' });
    expect([await generation.checkpoint(), await generation.count()]).toEqual([undefined, 0]);
    await put(generation, [dealOf('small', {})], token);
    expect(await generation.count()).toBe(1);
  });

  it('have an index for each filter before the view serves, and none while it is built', async () => {
    const names = async (number: number) => {
      const indexes: Document[] = (await client?.db(database).collection(`documents_${number}`).indexes()) ?? [];
      return indexes.map(({ name }) => String(name)).sort();
    };
    const wanted = ['_id_', ...FIELDS.map((field) => `by_${field}`)].sort();
    expect(await names(1)).toEqual(wanted);
    const next = { ...SPEC, hash: 'hash-2' };
    const built = await store.generation(next);
    await put(
      built,
      Array.from({ length: 3_000 }, (_, size) => dealOf(`k${size}`, { size, name: `n${size % 7}` })),
      token,
    );
    expect(await names(2)).toEqual(['_id_']);
    await store.promote('deals', 'hash-2');
    expect(await names(2)).toEqual(wanted);
    const looked = async (work: () => Promise<unknown>) => {
      const db = client?.db(database);
      await db?.command({ profile: 2 });
      await work();
      await db?.command({ profile: 0 });
      const [last] = (await db?.collection('system.profile').find({ op: 'query' }).sort({ ts: -1 }).limit(1).toArray()) ?? [];
      return last?.docsExamined as number;
    };
    const sort = { field: 'size', descending: true };
    expect(await looked(() => built.list('acme', { where: [], sort, limit: 10 }))).toBe(10);
    const after = { value: 1_500, key: 'k1500' };
    expect(await looked(() => built.list('acme', { where: [], sort, after, limit: 10 }))).toBeLessThan(25);
    const where: Condition[] = [{ field: 'name', operator: 'eq', values: ['n3'] }];
    expect(await looked(() => built.list('acme', { where, limit: 10 }))).toBe(10);
  });
});

const at = (number: number) => `abcdefgh.${String(number).padStart(16, '0')}`;

const dealOf = (key: string, content: object): StoredDocument => ({
  tenant: 'acme',
  space: 'shown',
  key,
  json: JSON.stringify(content),
  position: at(1),
});

/** Without NUL in values: the SQLite functions that read JSON cut text off there. */
const text = fc.string({
  unit: fc.constantFrom('\u0001', 'a', 'Z', 'é', '\ud7ff', '\ue000', '\uffff', '\u{10000}', '\u{10ffff}', ' ', "'", '$', '.'),
  maxLength: 5,
});
const moment = fc
  .date({ min: new Date('1990-01-01'), max: new Date('2040-01-01'), noInvalidDate: true })
  .map((date) => date.toISOString());
const size = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.maxSafeInteger());
const values = { name: text, size, won: fc.boolean(), closedAt: moment } as const;
const orNull = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { freq: 4 });

const document: fc.Arbitrary<StoredDocument> = fc
  .record(
    {
      name: orNull(values.name),
      size: orNull(values.size),
      won: orNull(values.won),
      closedAt: orNull(values.closedAt),
      amount: orNull(fc.integer({ min: -1_000_000_000_000, max: 1_000_000_000_000 })),
      currency: orNull(fc.constantFrom('EUR', 'USD')),
      other: fc.jsonValue({ depthSize: 'small' }),
    },
    { requiredKeys: [] },
  )
  .chain((content) => fc.tuple(fc.constant(content), fc.oneof(text, fc.constantFrom('a', 'b', 'a\u0000'))))
  .map(([content, key]) => dealOf(key, content));

const condition: fc.Arbitrary<Condition> = fc.constantFrom(...(Object.keys(values) as (keyof typeof values)[])).chain((field) =>
  fc.record({
    field: fc.constant(field),
    operator: fc.constantFrom('eq', 'ne', 'lt', 'lte', 'gt', 'gte', 'in', 'empty', 'set'),
    values: fc.array(values[field] as fc.Arbitrary<string | number | boolean>, { minLength: 1, maxLength: 3 }),
  }),
);

const sorting = fc.oneof(
  fc.constant({}),
  fc.record({ field: fc.constantFrom(...FIELDS), descending: fc.boolean() }).map((sort) => ({ sort })),
) as fc.Arbitrary<{ readonly sort?: { readonly field: string; readonly descending: boolean } }>;
