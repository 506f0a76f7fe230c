import { randomBytes } from 'node:crypto';
import { type AnyBulkWriteOperation, type Collection, MongoClient } from 'mongodb';
import { openMongoViews } from '#adapters/mongodb';
import type { Generation, GenerationSpec, StoredDocument } from '#runtime/ports';
import { atLeast, type Bench, type Measure, median } from '../support/measure.js';

const BATCH = 2_000;
const FILTERS: GenerationSpec['filters'] = [
  { field: 'name', kind: 'text' },
  { field: 'phase', kind: 'text' },
  { field: 'amount', kind: 'integer' },
  { field: 'closedAt', kind: 'moment' },
];

/** What is stored of a document: see libs/adapters/mongodb/views/documents.ts. */
interface Stored {
  readonly _id: string;
  readonly json: string;
  readonly position: string;
  readonly tenant: string;
  readonly fields: object;
}

/**
 * Batches of view documents against the driver's bulkWrite of the same stored documents in transactions, on the server of
 * ANNALS_TEST_MONGODB: new ones while a view is built, and changed ones of a live view with an index for each filter.
 */
export const mongodb: Bench = async ({ short, say }) => {
  const uri = process.env.ANNALS_TEST_MONGODB;
  if (!uri) {
    say('ANNALS_TEST_MONGODB is not set: skipped');
    return [];
  }
  const database = `annals_bench_${randomBytes(6).toString('hex')}`;
  const client = new MongoClient(uri, { writeConcern: { w: 'majority', journal: true } });
  const store = await openMongoViews({ uri, database });
  try {
    const lease = await store.lease('views', 'bench', 3_600_000);
    const token = lease?.token ?? 0;
    const [rounds, batches] = short ? [4, 4] : [7, 10];
    const built: Pair[] = [];
    const changed: Pair[] = [];
    await store.generation(specOf('live', 0));
    // The first round warms up and does not count.
    for (let round = 0; round <= rounds; round++) {
      const generation = await store.generation(specOf('live', round + 1));
      const raw = client.db(database).collection<Stored>(`raw_${round}`);
      await client.db(database).createCollection(raw.collectionName);
      const pair = async (pass: number): Promise<Pair> => {
        const pair = { ours: 0, raw: 0 };
        for (let batch = 0; batch < batches; batch++) {
          const put = documents(pass, batch);
          pair.ours += await timeOf(commit(generation, token, await generation.checkpoint(), put));
          pair.raw += await timeOf(bulk(client, raw, pass, put));
        }
        const rate = (milliseconds: number) => (batches * BATCH * 1_000) / milliseconds;
        return { ours: rate(pair.ours), raw: rate(pair.raw) };
      };
      built.push(await pair(0));
      await store.promote('live', `round-${round + 1}`);
      await raw.createIndexes(
        FILTERS.map(({ field }) => ({
          key: { tenant: 1, [`fields.${field}`]: 1, _id: 1 },
          partialFilterExpression: { tenant: { $exists: true } },
        })),
      );
      changed.push(await pair(1));
      say(`documents/s, ours and raw: ${[built, changed].map((pairs) => said(pairs.at(-1))).join('; ')}`);
    }
    return [
      measure('view batches of new documents', built.slice(1), 'bulkWrite of inserts in transactions'),
      measure('view batches of changed documents, 4 indexes', changed.slice(1), 'bulkWrite of replacements in transactions'),
    ];
  } finally {
    await store.close();
    await client.db(database).dropDatabase();
    await client.close();
  }
};

interface Pair {
  readonly ours: number;
  readonly raw: number;
}

const said = (pair: Pair | undefined) => `${pair?.ours.toFixed(0)} and ${pair?.raw.toFixed(0)}`;

function measure(name: string, pairs: readonly Pair[], baseline: string): Measure {
  const ratio = median(pairs.map(({ ours, raw }) => ours / raw));
  return {
    bench: 'mongodb',
    measure: name,
    value: median(pairs.map(({ ours }) => ours)),
    unit: 'documents/s',
    baseline: { name: baseline, value: median(pairs.map(({ raw }) => raw)) },
    ratio,
    target: atLeast(ratio, 0.6),
    note: `batches of ${BATCH}`,
  };
}

async function timeOf(write: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await write();
  return performance.now() - began;
}

/** The documents are made before the clock starts. */
function commit(
  generation: Generation,
  token: number,
  from: string | undefined,
  put: readonly StoredDocument[],
): () => Promise<unknown> {
  const to = put[0]?.position ?? '';
  return () => generation.commit({ from, to, token, put, remove: [], park: [], release: [] });
}

function bulk(
  client: MongoClient,
  raw: Collection<Stored>,
  pass: number,
  put: readonly StoredDocument[],
): () => Promise<unknown> {
  const operations = put.map(({ key, json, position, tenant }): AnyBulkWriteOperation<Stored> => {
    const { name, phase, amount, closedAt } = JSON.parse(json);
    const stored = {
      _id: `0${tenant}\u0000${key}`,
      json,
      position,
      tenant,
      fields: { name, phase, amount: BigInt(amount), closedAt },
    };
    return pass === 0
      ? { insertOne: { document: stored } }
      : { replaceOne: { filter: { _id: stored._id }, replacement: stored, upsert: true } };
  });
  return () =>
    client.withSession((session) => session.withTransaction(() => raw.bulkWrite(operations, { session, ordered: false })));
}

/** Scattered over the collection, of some 700 bytes. */
const documents = (pass: number, batch: number): readonly StoredDocument[] =>
  Array.from({ length: BATCH }, (_, index) => {
    const number = ((batch * BATCH + index) * 7_919) % 1_000_003;
    const content = {
      amount: number * 13 + pass,
      closedAt: new Date(1_700_000_000_000 + number * 60_000).toISOString(),
      name: `Customer ${number % 500}`,
      note: 'x'.repeat(500),
      phase: ['prospecting', 'engaging', 'won', 'lost'][(number + pass) % 4],
    };
    return {
      tenant: 'acme',
      space: 'shown',
      key: `${String(number).padStart(8, '0')}-0000-7000-8000-000000000000`,
      json: JSON.stringify(content),
      position: positionOf(pass * 1_000 + batch),
    };
  });

const positionOf = (number: number) => `abcdefgh.${String(number).padStart(16, '0')}`;

const specOf = (view: string, round: number): GenerationSpec => ({
  view,
  version: 1,
  hash: `round-${round}`,
  filters: FILTERS,
  sums: {},
});
