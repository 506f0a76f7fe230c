import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { addDays, derivedId } from '#kernel';
import { eventually, openHouse, SetClock, type TestHouse, temporaryFolder } from '../support/house.js';

const now = '2026-03-01T12:00:00.000Z';

describe('P12: a replay does nothing outside', () => {
  const folder = temporaryFolder();
  const clock = new SetClock(now);
  let house: TestHouse;
  beforeAll(async () => {
    house = await openHouse({ folder, clock });
  });
  afterAll(() => house.close());

  const types = async () => (await house.facts.page({ tenant: 'main', limit: 1_000 })).facts.map(({ type }) => type);
  const count = async (type: string) => (await types()).filter((one) => one === type).length;
  const imported = { cutOver: now, clock: false };

  it('sends no command from a rebuild, a view of the past or a restart', async () => {
    const { id: customerId } = await house.send('RegisterCustomer', { kind: 'ORGANISATION', name: 'Buyer' });
    const { id: opportunityId } = await house.send('OpenOpportunity', { customerId, amount: 100, currency: 'EUR' });
    await house.send('WinOpportunity', { opportunityId });
    await eventually(async () => ((await count('OrderPlaced')) === 1 ? true : undefined));
    await eventually(async () => ((await count('ProcessDone')) === 1 ? true : undefined));
    const before = await types();
    for (const view of ['pipeline', 'order-to-cash']) for await (const _ of house.views.rebuild(view));
    await house.groups('pipeline', { group: 'phase', asOf: '2020-01-01' });
    await house.close();
    house = await openHouse({ folder, clock });
    await house.fireDue();
    expect(await types()).toEqual(before);
  });

  it('lets nothing follow from imported history before the cut-over', async () => {
    const orders = await count('OrderPlaced');
    const stalled = await count('OpportunityStalled');
    const long = { occurredAt: addDays(now, -400), imported };
    const { id: customerId } = await house.send('RegisterCustomer', { kind: 'ORGANISATION', name: 'Old buyer' }, long);
    const { id: opportunityId } = await house.send('OpenOpportunity', { customerId, amount: 100, currency: 'EUR' }, long);
    await house.send('WinOpportunity', { opportunityId }, { occurredAt: addDays(now, -300), imported });
    await house.send('OpenOpportunity', { opportunityId: derivedId('quiet'), amount: 100, currency: 'EUR' }, long);
    const { id } = await house.send('OpenOpportunity', { customerId, amount: 1, currency: 'EUR' });
    const { position } = await house.send('WinOpportunity', { opportunityId: id });
    // Whatever a process makes of these facts it has made when it stands behind them.
    await eventually(async () => {
      const { readers } = await house.health();
      return readers.every((reader) => reader.kind === 'view' || (reader.position ?? '') >= position) ? true : undefined;
    });
    await house.fireDue();
    expect(await count('OrderPlaced')).toBe(orders + 1);
    expect(await count('OpportunityStalled')).toBe(stalled);
  });

  it('lets clock facts occur at their due time where the import asks for it', async () => {
    const opportunityId = derivedId('asked');
    await house.send(
      'OpenOpportunity',
      { opportunityId, amount: 100, currency: 'EUR' },
      { occurredAt: addDays(now, -400), imported: { ...imported, clock: true } },
    );
    const stalled = await eventually(async () =>
      (await house.facts.page({ tenant: 'main', stream: `opportunity-main.${opportunityId}`, limit: 10 })).facts.find(
        ({ type }) => type === 'OpportunityStalled',
      ),
    );
    expect(stalled.occurredAt).toBe(addDays(now, -370));
    // so it goes to nobody outside: topics and webhooks leave out what is marked so
    expect(stalled.imported).toEqual({ cutOver: now, clock: true });
  });

  it('lets nothing of imported history from before the cut-over into topics, whose pages go on behind it', async () => {
    const after = await house.facts.head();
    const opened = async (occurredAt: string, more: object = {}) =>
      (await house.send('OpenOpportunity', { amount: 100, currency: 'EUR' }, { occurredAt, ...more })).id;
    for (let days = 1; days <= 20; days++) await opened(addDays(now, -days), { imported });
    const news = [await opened(now, { imported }), await opened(now)];
    for (const limit of [1, 7, 100]) {
      const seen: string[] = [];
      for (let page = { position: after, atHead: false }; !page.atHead; ) {
        const query = { tenant: 'main', aggregates: ['opportunity'], leaving: {}, after: page.position, limit };
        const { facts, ...next } = await house.facts.page(query);
        expect(next.atHead || next.position > page.position).toBe(true);
        seen.push(...facts.map(({ refs }) => refs.opportunity as string));
        page = next;
      }
      expect(seen).toEqual(news);
    }
  });

  it('fires a timer once when its time has come, whatever restarts', async () => {
    const { id: opportunityId } = await house.send('OpenOpportunity', { amount: 100, currency: 'EUR' });
    const stalledHere = async () =>
      (await house.facts.page({ tenant: 'main', stream: `opportunity-main.${opportunityId}`, limit: 10 })).facts.filter(
        ({ type }) => type === 'OpportunityStalled',
      ).length;
    await house.fireDue();
    expect(await stalledHere()).toBe(0);
    await house.close();
    clock.set(addDays(now, 31));
    house = await openHouse({ folder, clock });
    await eventually(async () => ((await stalledHere()) === 1 ? true : undefined));
    await house.fireDue();
    expect(await stalledHere()).toBe(1);
  });
});
