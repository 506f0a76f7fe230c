import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { addDays, derivedId } from '#kernel';
import { atRest, eventually, openHouse, SetClock, type TestHouse, temporaryFolder } from '../support/house.js';

const start = '2026-01-05T09:00:00.000Z';
const day = (number: number) => addDays(start, number);
const items = [{ description: 'Chair', quantity: 2, unitPrice: 100_00 }];
const currency = 'EUR';

type Cart = { status: string; abandonments: number; orderId?: string; abandonedAt?: string; orderedAt?: string };

describe('carts and their orders (ORD-07)', () => {
  const clock = new SetClock(start);
  let house: TestHouse;
  let customerId: string;
  beforeAll(async () => {
    house = await openHouse({ folder: temporaryFolder(), clock });
    ({ id: customerId } = await house.send('RegisterCustomer', { kind: 'ORGANISATION', name: 'Buyer' }));
  });
  afterAll(() => house.close());

  const order = (cartId: string, idempotencyKey?: string, occurredAt?: string) =>
    house.send('PlaceOrder', { customerId, cartId, channel: 'ONLINE', currency, lines: items }, { idempotencyKey, occurredAt });
  const cartOf = (cartId: string, status: string) =>
    eventually(async () => {
      const cart = await house.document<Cart>('carts', cartId);
      return cart?.status === status ? cart : undefined;
    });
  const placedOf = async (cartId: string) => {
    const { facts } = await house.facts.page({ tenant: 'main', types: ['OrderPlaced'], limit: 100 });
    return facts.filter(({ data }) => (data as { cartId?: string }).cartId === cartId);
  };

  it('make one order of a cart, whatever the Idempotency-Key; the other is told which order has it', async () => {
    const cartId = derivedId('carts', 'once');
    const first = await order(cartId, 'first');
    expect(await order(cartId, 'first')).toMatchObject({ id: first.id, position: first.position });
    await expect(order(cartId, 'second')).rejects.toMatchObject({
      ...{ status: 409, code: 'identifier-taken' },
      options: { members: { existing: first.id } },
    });
    expect(await placedOf(cartId)).toHaveLength(1);
    expect(await cartOf(cartId, 'ORDERED')).toMatchObject({ orderId: first.id });
  });

  it('make one order of a cart that is sent many times at once', async () => {
    const cartId = derivedId('carts', 'at once');
    const outcomes = await Promise.allSettled(['a', 'b', 'c', 'd', 'e'].map((key) => order(cartId, key)));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const outcome of outcomes) if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ status: 409 });
    expect(await placedOf(cartId)).toHaveLength(1);
  });

  it('are abandoned by the clock, taken up again, and ordered in the end', async () => {
    const { id: cartId } = await house.send('ChangeCart', { customerId, currency, items });
    clock.set(day(0.9));
    await house.fireDue();
    expect(await cartOf(cartId, 'OPEN')).toMatchObject({ abandonments: 0 });
    clock.set(day(1.5));
    await house.fireDue();
    expect(await cartOf(cartId, 'ABANDONED')).toMatchObject({ abandonedAt: day(1), abandonments: 1 });
    const timeline = await house.list<{ type: string; occurredAt: string }>('timeline', { customerId, type: 'CartAbandoned' });
    expect(timeline.map(({ document }) => document.occurredAt)).toEqual([day(1)]);
    await house.send('ChangeCart', { cartId, currency, items });
    clock.set(day(2));
    const { id: orderId } = await order(cartId);
    expect(await cartOf(cartId, 'ORDERED')).toMatchObject({ orderId, orderedAt: day(2), abandonments: 1 });
    await expect(house.send('ChangeCart', { cartId, currency, items })).rejects.toMatchObject({ code: 'cart-ordered' });
    clock.set(day(9));
    await house.fireDue();
    await atRest(house);
    expect(await house.document('carts', cartId)).toMatchObject({ status: 'ORDERED', abandonments: 1 });
  });

  it('were not abandoned where the change or the order is told late, as of every day', async () => {
    clock.set(day(10));
    const [changed, ordered] = (await Promise.all(
      [1, 2].map(async () => (await house.send('ChangeCart', { customerId, currency, items })).id as string),
    )) as [string, string];
    clock.set(day(12));
    await house.fireDue();
    for (const cartId of [changed, ordered]) await cartOf(cartId, 'ABANDONED');
    await house.send('ChangeCart', { cartId: changed, currency, items, abandonAfterHours: 240 }, { occurredAt: day(10.5) });
    await order(ordered, undefined, day(10.5));
    expect(await cartOf(changed, 'OPEN')).toMatchObject({ abandonments: 0 });
    expect(await cartOf(ordered, 'ORDERED')).toMatchObject({ abandonments: 0, orderedAt: day(10.5) });
    for (const [cartId, status] of [
      [changed, 'OPEN'],
      [ordered, 'ORDERED'],
    ] as const)
      for (const asOf of [day(10.6), day(11.5), day(12)])
        expect([asOf, await house.document('carts', cartId, { asOf })]).toEqual([
          asOf,
          expect.objectContaining({ status, abandonments: 0 }),
        ]);
  });
});
