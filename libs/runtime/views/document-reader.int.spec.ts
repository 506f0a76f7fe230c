import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openSqliteViews } from '#adapters/sqlite';
import { type AnyView, derivedId } from '#kernel';
import type { Generation, ViewStore } from '../ports.js';
import { registryOf } from '../registry.js';
import type { ViewAnswer } from '../requests.js';
import { DocumentReader } from './document-reader.js';
import { Standings } from './standings.js';
import { CompanySystem, document, READER, until } from './testing/company-system.js';
import {
  CustomerNoted,
  CustomerRegistered,
  CustomersMerged,
  company,
  DealMoved,
  DealOpened,
  deals,
  identity,
} from './testing/deals.js';

describe('DocumentReader', () => {
  let system: CompanySystem;
  let theirs: ViewStore;
  let memory: SharedArrayBuffer;
  let count = 0;
  const id = () => derivedId('thing', `${count++}`);
  const opened = (dealId: string) => DealOpened({ dealId, customerId: id(), amount: 1_000, currency: 'EUR' });

  beforeEach(async () => {
    system = await CompanySystem.open();
    memory = Standings.memoryFor(10);
  });
  afterEach(async () => {
    await theirs?.close();
    await system.close();
  });

  /** Of another connection, as another thread has it. */
  async function readerOf(views?: readonly AnyView[], store?: (theirs: ViewStore) => ViewStore): Promise<DocumentReader> {
    theirs = await openSqliteViews({ file: join(system.folder, 'views.db') }, { readonly: true });
    const registry = registryOf([company(views)]);
    const standings = new Standings(memory, registry.views.keys(), system.log.id);
    return new DocumentReader({ registry, identity, log: system.log, store: store?.(theirs) ?? theirs, standings });
  }
  const ask = (reader: DocumentReader, key: string, parameters: Record<string, string> = {}, view = 'deals') =>
    reader.query({ caller: READER, view, key, parameters });
  const documentOf = (answer: ViewAnswer | undefined) =>
    answer?.kind === 'document' && answer.json !== undefined ? (JSON.parse(answer.json) as unknown) : undefined;

  it('gives what the thread of the views gives, to the byte and the position', async () => {
    const views = await system.start(undefined, { standings: memory });
    const reader = await readerOf();
    const deal = id();
    const { position } = await system.recorder.record(opened(deal));
    await document(views, 'deals', deal, { minPosition: position });
    // Facts of other views move the position, too, and leave no trace in the store.
    const quiet = await system.recorder.record(CustomerNoted({ customerId: id(), note: 'hello' }));
    const expected = await views.query({ caller: READER, view: 'deals', key: deal, parameters: { minPosition: quiet.position } });
    expect(expected.meta.position >= quiet.position).toBe(true);
    expect(await ask(reader, deal)).toEqual(expected);
    expect(await ask(reader, deal, { minPosition: quiet.position })).toEqual(expected);
    expect(documentOf(await ask(reader, id()))).toBeUndefined();
    expect((await ask(reader, id()))?.kind).toBe('document');
  });

  it('finds a customer who was merged away under the survivor', async () => {
    const views = await system.start(undefined, { standings: memory });
    const reader = await readerOf();
    const [one, other] = [id(), id()];
    await system.recorder.record([
      CustomerRegistered({ customerId: one, segment: 'A' }),
      CustomerRegistered({ customerId: other, segment: 'B' }),
    ]);
    const { position } = await system.recorder.record(CustomersMerged({ customerId: other, survivorId: one }));
    const expected = await views.query({ caller: READER, view: 'customers', key: other, parameters: { minPosition: position } });
    expect(await ask(reader, other, {}, 'customers')).toEqual(expected);
    expect(expected).toMatchObject({ key: one });
  });

  it('leaves to the thread what has to wait, what is past, and views of which it was told nothing', async () => {
    const reader = await (async () => {
      await system.start(undefined, { standings: memory });
      return readerOf();
    })();
    const deal = id();
    expect(await ask(reader, deal)).toBeUndefined();
    const { position } = await system.recorder.record(opened(deal));
    await until(async () => documentOf(await ask(reader, deal)) !== undefined);
    const beyond = position.replace(/\d{4}$/, '9999');
    expect(await ask(reader, deal, { minPosition: beyond })).toBeUndefined();
    expect(await ask(reader, deal, { asOf: '2026-01-01' })).toBeUndefined();
    expect(await ask(reader, deal, { position })).toBeUndefined();
    expect(await reader.query({ caller: READER, view: 'deals', parameters: {} })).toBeUndefined();
    expect(await ask(reader, deal, {}, 'unknown')).toBeUndefined();
  });

  it('refuses as the thread does', async () => {
    const reader = await (async () => {
      await system.start(undefined, { standings: memory });
      return readerOf();
    })();
    await expect(ask(reader, id(), { limit: '3' })).rejects.toMatchObject({ status: 400, code: 'invalid-query' });
    await expect(ask(reader, id(), { minPosition: 'zzzzzzzz.0000000000000001' })).rejects.toMatchObject({ status: 410 });
    const caller = { ...READER, roles: new Set<never>() };
    await expect(reader.query({ caller, view: 'deals', key: id(), parameters: {} })).rejects.toMatchObject({ status: 403 });
  });

  it('looks again when the documents changed meanwhile: document and position are of one moment', async () => {
    const views = await system.start([deals], { standings: memory });
    const deal = id();
    const first = await system.recorder.record(opened(deal));
    await document(views, 'deals', deal, { minPosition: first.position });
    let moves = 0;
    /** Another page is committed between the first look at the checkpoint and the document. */
    const disturbed = (generation: Generation): Generation => ({
      ...({} as Generation),
      spec: generation.spec,
      checkpoint: () => generation.checkpoint(),
      load: (keys) => generation.load(keys),
      get: async (tenant, key) => {
        if (moves++ < 2) {
          const { position } = await system.recorder.record(DealMoved({ dealId: deal, phase: 'OFFER' }));
          await document(views, 'deals', deal, { minPosition: position });
        }
        return generation.get(tenant, key);
      },
    });
    const reader = await readerOf([deals], (store) => ({
      ...({} as ViewStore),
      generations: () => store.generations(),
      generation: async (spec) => disturbed(await store.generation(spec)),
    }));
    const answer = await ask(reader, deal);
    expect(moves).toBe(3);
    expect(documentOf(answer)).toMatchObject({ moves: 2 });
    const again = await views.query({ caller: READER, view: 'deals', key: deal, parameters: {} });
    expect(answer).toEqual(again);
  });

  it('follows a switch to another generation', async () => {
    const views = await system.start([deals], { standings: memory });
    const reader = await readerOf([deals]);
    const deal = id();
    await system.recorder.record(opened(deal));
    await until(async () => documentOf(await ask(reader, deal)) !== undefined);
    for await (const _ of views.rebuild('deals', { switch: true }));
    const { position } = await system.recorder.record(DealMoved({ dealId: deal, phase: 'WON' }));
    const expected = await views.query({ caller: READER, view: 'deals', key: deal, parameters: { minPosition: position } });
    await until(async () => (await ask(reader, deal, { minPosition: position })) !== undefined);
    expect(await ask(reader, deal)).toEqual(expected);
  });

  it('says nothing of a view whose new definition is being built', async () => {
    const old = await system.start([deals]);
    const deal = id();
    const { position } = await system.recorder.record(opened(deal));
    await document(old, 'deals', deal, { minPosition: position });
    await old.stop();
    const changed = { ...deals, version: 2 } as unknown as AnyView;
    await system.start([changed], { standings: memory, writes: false });
    const reader = await readerOf([changed]);
    expect(await ask(reader, deal)).toBeUndefined();
  });
});

describe('Standings', () => {
  it('are read by others as they were published, position by position', () => {
    const memory = Standings.memoryFor(2);
    const [writer, reader] = [1, 2].map(() => new Standings(memory, ['deals', 'customers'], 'abcdefgh')) as [
      Standings,
      Standings,
    ];
    expect(reader.read('deals')).toBeUndefined();
    const at = (number: bigint) => `abcdefgh.${String(number).padStart(16, '0')}`;
    const standing = { definition: -5n, checkpoint: at(9_007_199_254_740_993n), position: at(9_999_999_999_999_999n), age: 0 };
    writer.publish('deals', standing);
    expect(reader.read('deals')).toEqual({ ...standing, age: expect.any(Number) });
    writer.publish('deals', { ...standing, age: 5_000 });
    expect(reader.read('deals')?.age).toBeGreaterThanOrEqual(5_000);
    expect(reader.read('customers')).toBeUndefined();
    expect(reader.read('unknown')).toBeUndefined();
  });
});
