import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { AnyView } from '#kernel';
import { document, givenCompany, list } from './testing/company-system.js';
import {
  CustomerNoted,
  CustomerRegistered,
  CustomersMerged,
  CustomersUnmerged,
  customers,
  DealMoved,
  DealPriced,
  deals,
  opened,
  poison,
} from './testing/deals.js';

const given = givenCompany();

const id = () => randomUUID();

describe('merged customers', () => {
  it('are one, and exactly two again', async () => {
    const views = await given.system.start();
    const [one, other, deal] = [id(), id(), id()];
    const { record } = { record: given.system.recorder.record.bind(given.system.recorder) };
    await record(CustomerRegistered({ customerId: one, segment: 'A' }));
    await record([CustomerRegistered({ customerId: other, segment: 'B' }), CustomerNoted({ customerId: other, note: 'n' })]);
    const apart = (await record(opened(deal, other))).position;
    const before = await document(views, 'customers', other, { minPosition: apart });

    const merged = (await record(CustomersMerged({ customerId: other, survivorId: one }))).position;
    const together = await document(views, 'customers', other, { minPosition: merged });
    expect(together).toMatchObject({ key: one, document: { customerId: one, segment: 'A', deals: 1, notes: ['merged', 'n'] } });
    expect((await list(views, 'customers')).items.map(({ key }) => key)).toEqual([one]);
    expect((await list(views, 'deals', { customerId: one, minPosition: merged })).items.map(({ key }) => key)).toEqual([deal]);

    const parted = (await record(CustomersUnmerged({ customerId: other, survivorId: one }))).position;
    const after = await document(views, 'customers', other, { minPosition: parted });
    expect(after).toMatchObject({ key: other, document: before.document });
    expect((await list(views, 'deals', { customerId: one, minPosition: parted })).items).toEqual([]);
  });
});

describe('a fact that cannot be folded', () => {
  it('stops its own key only, and is released in order', async () => {
    const views = await given.system.start();
    const [sick, well] = [id(), id()];
    const note = (customerId: string, text: string) => given.system.recorder.record(CustomerNoted({ customerId, note: text }));
    await note(sick, 'one');
    await note(sick, 'poison');
    await note(sick, 'three');
    const { position } = await note(well, 'fine');
    expect((await document(views, 'customers', well, { minPosition: position })).document).toMatchObject({ notes: ['fine'] });
    expect((await document(views, 'customers', sick)).document).toMatchObject({ notes: ['one'] });
    expect(await views.parked('customers')).toMatchObject([
      { view: 'customers', tenant: 'main', key: sick, type: 'CustomerNoted', error: 'Error: This note cannot be folded.' },
      { view: 'customers', tenant: 'main', key: sick, type: 'CustomerNoted' },
    ]);
    expect(await views.release('customers', 'main', sick)).toEqual({ released: 0, error: 'Error: This note cannot be folded.' });
    expect((await views.progress()).find(({ view }) => view === 'customers')?.parked).toBe(2);

    poison.cured = true;
    expect(await views.release('customers', 'main', sick)).toEqual({ released: 2 });
    expect((await document(views, 'customers', sick)).document).toMatchObject({ notes: ['one', 'poison', 'three'] });
    const last = (await note(sick, 'four')).position;
    expect((await document(views, 'customers', sick, { minPosition: last })).document).toMatchObject({
      notes: ['one', 'poison', 'three', 'four'],
    });
    expect(await views.parked()).toEqual([]);
  });

  it('that the server does not know is parked with what follows in its stream', async () => {
    const views = await given.system.start();
    const customerId = id();
    const stream = `customer-main.${customerId}`;
    const unknown = {
      id: id(),
      type: 'CustomerNoted',
      schemaVersion: 9,
      occurredAt: '2026-01-05T09:00:00.000Z',
      recordedAt: '2026-01-05T09:00:00.000Z',
      data: '{}',
      metadata: '{}',
    };
    const known = { ...unknown, id: id(), schemaVersion: 1, data: JSON.stringify({ customerId, note: 'later' }) };
    const { position } = await given.system.log.append(stream, -1, [unknown, known]);
    expect((await document(views, 'customers', customerId, { minPosition: position })).document).toBeUndefined();
    expect(await views.parked('customers')).toMatchObject([
      { key: stream, error: expect.stringContaining('UnknownFact') },
      { key: stream, position },
    ]);
  });

  it('in a merged document hides that one only, until it can be made', async () => {
    const views = await given.system.start([
      {
        ...customers,
        merge: (documents: never, survivor: string) => (poison.cured ? customers.merge?.(documents, survivor) : noMerge()),
      } as unknown as AnyView,
    ]);
    const [one, other] = [id(), id()];
    await given.system.recorder.record(CustomerNoted({ customerId: one, note: 'one' }));
    await given.system.recorder.record(CustomerNoted({ customerId: other, note: 'two' }));
    const { position } = await given.system.recorder.record(CustomersMerged({ customerId: other, survivorId: one }));
    expect((await document(views, 'customers', one, { minPosition: position })).document).toBeUndefined();
    expect(await views.parked('customers')).toMatchObject([{ key: `merge ${one}`, error: 'TypeError: These cannot be one.' }]);
    const parted = await given.system.recorder.record(CustomersUnmerged({ customerId: other, survivorId: one }));
    expect((await document(views, 'customers', other, { minPosition: parted.position })).document).toMatchObject({
      notes: ['two'],
    });
    expect(await views.parked('customers')).toEqual([]);
    const again = await given.system.recorder.record(CustomersMerged({ customerId: other, survivorId: one }));
    await list(views, 'customers', { minPosition: again.position });
    poison.cured = true;
    expect(await views.release('customers', 'main', `merge ${one}`)).toEqual({ released: 1 });
    expect((await document(views, 'customers', other)).document).toMatchObject({ notes: ['one', 'merged', 'merged', 'two'] });

    function noMerge(): never {
      throw new TypeError('These cannot be one.');
    }
  });

  it('keeps a rebuild from being switched to if it would park more', async () => {
    poison.cured = true;
    const views = await given.system.start();
    const { position } = await given.system.recorder.record(CustomerNoted({ customerId: id(), note: 'poison' }));
    await list(views, 'customers', { minPosition: position });
    poison.cured = false;
    const states: string[] = [];
    for await (const { state } of views.rebuild('customers')) if (state !== 'reading') states.push(state);
    expect(states).toEqual(['comparing', 'differs', 'refused']);
    expect((await list(views, 'customers')).items).toHaveLength(1);
    expect((await given.system.store.generations()).filter(({ spec }) => spec.view === 'customers')).toHaveLength(1);
  });

  it('makes a document that cannot be written: found, and only that key stops', async () => {
    const heavy = {
      ...deals,
      version: 7,
      apply: { ...deals.apply, DealPriced: (deal: object) => ({ ...deal, amount: 1n as never }) },
    } as unknown as typeof deals;
    const views = await given.system.start([heavy]);
    const [bad, good] = [id(), id()];
    await given.system.recorder.record([
      opened(bad, id()),
      DealPriced({ dealId: bad, amount: 3 }),
      DealMoved({ dealId: bad, phase: 'WON' }),
    ]);
    const { position } = await given.system.recorder.record(opened(good, id()));
    expect((await list(views, 'deals', { minPosition: position })).items).toMatchObject([
      { document: { phase: 'OPEN' } },
      { document: { phase: 'OPEN' } },
    ]);
    expect(await views.parked('deals')).toHaveLength(2);
  });
});
