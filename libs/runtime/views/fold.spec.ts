import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type AnyView, derivedId, type Fact, streamName } from '#kernel';
import type { DocumentKey, Generation, StoredDocument, StoredFact } from '../ports.js';
import { registryOf } from '../registry.js';
import { Folding } from './fold.js';
import { loadTouched } from './load.js';
import { planOf } from './plan.js';
import { TenantMap } from './tenant-map.js';
import {
  CustomerForgotten,
  CustomerNoted,
  CustomerRegistered,
  CustomersMerged,
  CustomersUnmerged,
  company,
  customers,
  DealDropped,
  DealMoved,
  DealOpened,
  deals,
  identity,
  openDeals,
} from './testing/deals.js';
import { Naive } from './testing/naive.js';
import { touchesOf } from './touch.js';

const registry = registryOf([company()]);
const customer = fc.integer({ min: 0, max: 3 }).map((number) => derivedId('customer', `${number}`));
const pair = fc.record({ customerId: customer, survivorId: customer });
const anyFact: fc.Arbitrary<Fact> = fc.oneof(
  { weight: 1, arbitrary: fc.record({ customerId: customer, segment: fc.constantFrom('A', 'B') }).map(CustomerRegistered) },
  { weight: 2, arbitrary: fc.record({ customerId: customer, note: fc.constantFrom('x', 'y') }).map(CustomerNoted) },
  { weight: 1, arbitrary: fc.record({ customerId: customer }).map(CustomerForgotten) },
  {
    weight: 1,
    arbitrary: customer.map((customerId) =>
      DealOpened({ dealId: derivedId('deal', customerId), customerId, amount: 5, currency: 'EUR' }),
    ),
  },
  {
    weight: 2,
    arbitrary: fc
      .record({ customerId: customer, phase: fc.constantFrom('OFFER' as const, 'WON' as const, 'LOST' as const) })
      .map(({ customerId, phase }) => DealMoved({ dealId: derivedId('deal', customerId), phase })),
  },
  { weight: 4, arbitrary: pair.map(CustomersMerged) },
  { weight: 3, arbitrary: pair.map(CustomersUnmerged) },
);

const stored = ({ type, data }: Fact, index: number): StoredFact => ({
  id: derivedId(`${index}`),
  type,
  schemaVersion: 1,
  stream: streamName('customer', 'main', derivedId('stream')),
  revision: index,
  position: `testtest.${`${index + 1}`.padStart(16, '0')}`,
  occurredAt: '2026-01-05T09:00:00.000Z',
  recordedAt: '2026-01-05T09:00:00.000Z',
  data: JSON.stringify(data),
  metadata: '{}',
});

/** Leaves what a deal was behind whenever it is opened again. */
const remembering: AnyView = {
  ...(deals as AnyView),
  leaves: (deal, { revision }, key) => (deal.openedAt === null ? {} : { [`${key}.${revision}`]: deal }),
};

const placeOf = ({ tenant, space, key }: DocumentKey) => `${tenant} ${space} ${key}`;

/** Folds a batch as the worker does, on documents kept in a map. */
async function foldBatch(view: AnyView, documents: Map<string, StoredDocument>, batch: readonly StoredFact[]) {
  const load = async (keys: readonly DocumentKey[]) => keys.flatMap((key) => documents.get(placeOf(key)) ?? []);
  const plan = planOf(view, registry, identity);
  const folding = new Folding(plan, new TenantMap());
  const touches = touchesOf(plan, batch);
  await loadTouched({ load } as unknown as Generation, folding, touches);
  folding.fold(touches);
  const changes = folding.take();
  for (const document of changes.put) documents.set(placeOf(document), document);
  for (const key of changes.remove) documents.delete(placeOf(key));
  return changes;
}

const shownIn = (documents: ReadonlyMap<string, StoredDocument>) =>
  new Map([...documents.values()].filter(({ space }) => space === 'shown').map(({ key, json }) => [key, json]));

describe('folding in batches', () => {
  it('shows after each batch what a plain fold of the log shows, merges and unmerges included', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyFact, { maxLength: 25, size: 'max' }),
        fc.infiniteStream(fc.integer({ min: 1, max: 4 })),
        async (facts, sizes) => {
          const log = facts.map(stored);
          for (const view of [customers, deals, remembering, openDeals] as readonly AnyView[]) {
            const documents = new Map<string, StoredDocument>();
            for (let from = 0; from < log.length; ) {
              const batch = log.slice(from, from + (sizes.next().value as number));
              const before = new Map(documents);
              await foldBatch(view, documents, batch);
              from += batch.length;
              const position = batch.at(-1)?.position ?? '';
              expect(shownIn(documents)).toEqual(new Map(new Naive(view, registry, log, { tenant: 'main', position }).json()));
              for (const [place, { json, position: at }] of documents) {
                if (before.get(place)?.json !== json) expect(at >= (batch[0]?.position ?? '')).toBe(true);
              }
            }
          }
        },
      ),
      { numRuns: 400 },
    );
  });

  it('gives the same positions whatever the batches', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyFact, { maxLength: 25, size: 'max' }), async (facts) => {
        const log = facts.map(stored);
        const [single, whole] = [new Map<string, StoredDocument>(), new Map<string, StoredDocument>()];
        for (const one of log) await foldBatch(customers, single, [one]);
        await foldBatch(customers, whole, log);
        expect(new Map([...single].sort())).toEqual(new Map([...whole].sort()));
      }),
      { numRuns: 300 },
    );
  });

  it('leaves documents behind that nothing changes any more', async () => {
    const documents = new Map<string, StoredDocument>();
    const dealId = derivedId('deal');
    const opened = (amount: number) => DealOpened({ dealId, customerId: derivedId('one'), amount, currency: 'EUR' });
    const log = [opened(1), opened(2), opened(3)].map(stored);
    await foldBatch(remembering, documents, log.slice(0, 2));
    await foldBatch(remembering, documents, log.slice(2));
    expect([...shownIn(documents)].sort().map(([key, json]) => [key, JSON.parse(json).amount])).toEqual([
      [dealId, 3],
      [`${dealId}.1`, 1],
      [`${dealId}.2`, 2],
    ]);
  });

  it('keeps a document that is not shown, until it is shown again or removed', async () => {
    const dealId = derivedId('deal');
    const documents = new Map<string, StoredDocument>();
    const spacesAfter = async (fact: Fact, index: number) => {
      await foldBatch(openDeals, documents, [stored(fact, index)]);
      return [...documents.values()].map(({ space }) => space);
    };
    const opened = DealOpened({ dealId, customerId: derivedId('one'), amount: 5, currency: 'EUR' });
    expect(await spacesAfter(opened, 0)).toEqual(['shown']);
    expect(await spacesAfter(DealMoved({ dealId, phase: 'WON' }), 1)).toEqual(['part']);
    expect(await spacesAfter(DealMoved({ dealId, phase: 'OFFER' }), 2)).toEqual(['shown']);
    expect(JSON.parse([...documents.values()][0]?.json ?? '')).toMatchObject({ moves: 2, amount: 5 });
    expect(await spacesAfter(DealMoved({ dealId, phase: 'LOST' }), 3)).toEqual(['part']);
    expect(await spacesAfter(DealDropped({ dealId }), 4)).toEqual([]);
  });

  it('keeps no copies of customers that are not merged', async () => {
    const [one, other] = [derivedId('one'), derivedId('other')];
    const documents = new Map<string, StoredDocument>();
    const log = [
      CustomerRegistered({ customerId: one, segment: 'A' }),
      CustomerRegistered({ customerId: other, segment: 'B' }),
      CustomersMerged({ customerId: one, survivorId: other }),
      CustomersUnmerged({ customerId: one, survivorId: other }),
    ].map(stored);
    for (const one of log) await foldBatch(customers, documents, [one]);
    expect([...documents.values()].map(({ space }) => space).sort()).toEqual(['link', 'link', 'shown', 'shown']);
  });
});
