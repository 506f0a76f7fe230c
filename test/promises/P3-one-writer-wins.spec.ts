import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { CommandAnswer } from '#runtime';
import { openHouse, type TestHouse } from '../support/house.js';

describe('P3: one writer wins', () => {
  let house: TestHouse;
  beforeAll(async () => {
    house = await openHouse();
  });
  afterAll(() => house.close());

  const place = (quantity: number) =>
    house
      .send('RegisterCustomer', { kind: 'ORGANISATION', name: 'Buyer' })
      .then(({ id: customerId }) =>
        house.send('PlaceOrder', { customerId, currency: 'EUR', lines: [{ description: 'Thing', quantity, unitPrice: 100 }] }),
      );

  it('gives 412 to all but one of those who name the same revision', async () => {
    const { id, revision } = await house.send('OpenOpportunity', { amount: 1, currency: 'EUR' });
    const tries = await Promise.allSettled(
      Array.from({ length: 50 }, (_, index) =>
        house.send('CorrectOpportunity', { opportunityId: id, amount: 100 + index }, { ifRevision: revision }),
      ),
    );
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const one of tries)
      if (one.status === 'rejected') expect(one.reason).toMatchObject({ status: 412, code: 'stale-revision' });
  });

  it('lets nobody lose to a command that changed nothing', async () => {
    const { id: opportunityId, revision } = await house.send('OpenOpportunity', { amount: 1, currency: 'EUR' });
    const correct = (amount: number, more: object) => house.send('CorrectOpportunity', { opportunityId, amount }, more);
    await correct(1, { idempotencyKey: `nothing about ${opportunityId}` });
    expect(await correct(2, { ifRevision: revision })).toMatchObject({ outcome: 'done' });
    await expect(correct(3, { ifRevision: revision })).rejects.toMatchObject({ status: 412, code: 'stale-revision' });
  });

  it('decides the others again on the new state: never a lost update', async () => {
    const { id } = await house.send('OpenOpportunity', { amount: 1, currency: 'EUR' });
    const done = await Promise.all(
      Array.from({ length: 50 }, (_, index) => house.send('CorrectOpportunity', { opportunityId: id, amount: 100 + index })),
    );
    expect(new Set(done.map(({ revision }) => revision)).size).toBe(50);
  });

  it('lets no two commands spend the same thing: any interleaving is some serial order', async () => {
    const { id: orderId } = await place(10);
    await house.send('ConfirmOrder', { orderId });
    const line = (await house.facts.page({ tenant: 'main', stream: `order-main.${orderId}`, limit: 1 })).facts[0]?.data as {
      lines: { lineId: string }[];
    };
    const lines = [{ lineId: line.lines[0]?.lineId, quantity: 3 }];
    const tries = await Promise.allSettled(Array.from({ length: 8 }, () => house.send('ShipOrder', { orderId, lines })));
    const shipped = tries.filter((one): one is PromiseFulfilledResult<CommandAnswer> => one.status === 'fulfilled');
    expect(shipped).toHaveLength(3);
    const document = await house.document('order-to-cash', orderId);
    expect(document).toMatchObject({ shippedAmount: 900 });
  });
});
