import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { addDays } from '#kernel';
import { openHouse, SetClock, type TestHouse, temporaryFolder } from '../support/house.js';

const lines = [{ description: 'Chair', quantity: 2, unitPrice: 100_00 }];

describe('orders beside their expected way (ORD-06)', () => {
  const start = '2026-01-05T09:00:00.000Z';
  const day = (number: number) => addDays(start, number);
  const clock = new SetClock(start);
  let house: TestHouse;
  let customerId: string;
  beforeAll(async () => {
    house = await openHouse({ folder: temporaryFolder(), clock });
    ({ id: customerId } = await house.send('RegisterCustomer', { kind: 'ORGANISATION', name: 'Buyer' }));
    clock.set(day(20));
  });
  afterAll(() => house.close());

  const placed = async () =>
    (await house.send('PlaceOrder', { customerId, currency: 'EUR', lines }, { occurredAt: day(1) })).id as string;
  const on = (number: number, command: string, orderId: string, more: object = {}) =>
    house.send(command, { orderId, ...more }, { occurredAt: day(number) });
  const invoiceOf = async (orderId: string) => (await house.list('invoices', { orderId }))[0]?.key;

  it('deviate only where the order lets it happen, and are counted by deviation and by variant', async () => {
    const [straight, prepaid, early] = [await placed(), await placed(), await placed()];
    for (const [number, command] of ['ConfirmOrder', 'ShipOrder', 'DeliverOrder', 'InvoiceOrder'].entries())
      await on(number + 2, command, straight);
    await on(6, 'ReceivePayment', straight, { invoiceId: await invoiceOf(straight), amount: 200_00 });

    await on(2, 'ConfirmOrder', prepaid);
    await expect(on(1, 'InvoiceOrder', prepaid)).rejects.toMatchObject({ code: 'before-last-fact' });
    await on(3, 'InvoiceOrder', prepaid);
    const invoiceId = await invoiceOf(prepaid);
    await expect(on(2, 'ReceivePayment', prepaid, { invoiceId, amount: 1 })).rejects.toMatchObject({
      code: 'payment-before-invoice',
    });
    await on(4, 'ReceivePayment', prepaid, { invoiceId, amount: 200_00 });
    await on(5, 'ShipOrder', prepaid);
    await on(6, 'DeliverOrder', prepaid);

    await expect(on(2, 'ShipOrder', early)).rejects.toMatchObject({ code: 'order-not-confirmed' });
    await on(9, 'ConfirmOrder', early);
    await on(4, 'ShipOrder', early);
    await on(3, 'DeliverOrder', early);

    const none = { deliveredBeforeConfirmed: 0, deliveredBeforeShipped: 0, paidBeforeShipped: 0, paidBeforeDelivered: 0 };
    expect(await house.document('conformance', straight)).toMatchObject({ ...none, deviations: 0 });
    const sum = [...Object.keys(none), 'shippedBeforeConfirmed', 'invoicedBeforeShipped', 'invoicedBeforeDelivered'].join(',');
    expect(await house.groups('conformance', { group: 'channel', sum })).toEqual([
      {
        ...{ channel: 'DIRECT', count: 3, shippedBeforeConfirmed: 1, deliveredBeforeConfirmed: 1, deliveredBeforeShipped: 1 },
        ...{ invoicedBeforeShipped: 1, invoicedBeforeDelivered: 1, paidBeforeShipped: 1, paidBeforeDelivered: 1 },
      },
    ]);
    const variants = await house.groups('conformance', { group: 'variant' });
    expect(new Map(variants.map(({ variant, count }) => [variant, count]))).toEqual(
      new Map([
        ['PLACED-CONFIRMED-SHIPPED-DELIVERED-INVOICED-PAID', 1],
        ['PLACED-CONFIRMED-INVOICED-PAID-SHIPPED-DELIVERED', 1],
        ['PLACED-DELIVERED-SHIPPED-CONFIRMED', 1],
      ]),
    );
    const deviating = await house.list('conformance', { paidBeforeShipped: '1' });
    expect(deviating.map(({ key }) => key)).toEqual([prepaid]);
    // As of a day before the confirmation, the goods had left us without one, too.
    expect(await house.document('conformance', early, { asOf: day(5) })).toMatchObject({
      ...{ variant: 'PLACED-DELIVERED-SHIPPED', shippedBeforeConfirmed: 1 },
    });
  });
});
