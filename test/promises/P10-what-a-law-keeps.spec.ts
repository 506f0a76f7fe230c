import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually, openHouse, SetClock, type TestHouse, temporaryFolder } from '../support/house.js';

const billed = { billingName: 'Canary Zebedee', billingAddress: '1 Canary Lane' };
const shippingAddress = '2 Canary Yard';
const until = '2037-01-01T00:00:00.000Z';

describe('P10: what a law keeps is listed with its date', () => {
  const folder = temporaryFolder();
  const clock = new SetClock('2026-06-01T09:00:00.000Z');
  let house: TestHouse;
  let customerId: string;
  let orderId: string;
  let invoiceId: string;
  let hastyInvoiceId: string;
  let notInvoiced: string;

  const placed = async (customer: string) => {
    const lines = [{ description: 'Chair', quantity: 2, unitPrice: 100_00 }];
    const { id } = await house.send('PlaceOrder', { customerId: customer, currency: 'EUR', lines, shippingAddress });
    await house.send('ConfirmOrder', { orderId: id });
    return id;
  };
  const typesOf = async (stream: string) =>
    (await house.facts.page({ tenant: 'main', stream, limit: 100 })).facts.map(({ type }) => type);
  const shown = async (view: string, key: string) =>
    (await house.access.present(house.admin, await house.document(view, key), 'test')) as Record<string, unknown>;

  beforeAll(async () => {
    house = await openHouse({ folder, clock });
    ({ id: customerId } = await house.send('RegisterCustomer', { kind: 'PERSON', name: billed.billingName }));
    orderId = await placed(customerId);
    notInvoiced = await placed(customerId);
    await house.send('InvoiceOrder', { orderId, ...billed });
    const [invoice] = await house.list<{ invoiceId: string }>('invoices', { orderId });
    invoiceId = invoice?.document.invoiceId ?? '';
    await eventually(async () => (await typesOf(`customer-main.${customerId}`)).includes('RetentionNoted') || undefined);
    await house.send('EraseCustomer', { customerId });
  });
  afterAll(() => house.close());

  it('says with the erasure what is kept, and until when', async () => {
    const { facts } = await house.facts.page({ tenant: 'main', types: ['CustomerErased'], limit: 10 });
    expect(facts.map(({ data }) => data)).toEqual([
      expect.objectContaining({ persons: [customerId], kept: [{ retention: 'billing', until }] }),
    ]);
    expect(await shown('customer360', customerId)).toMatchObject({
      status: 'ERASED',
      kept: [{ retention: 'billing', until }],
      name: { erased: true },
    });
  });

  it('keeps the name and the address of an invoice, and nothing else', async () => {
    expect(await shown('invoices', invoiceId)).toMatchObject(billed);
    expect(await shown('order-to-cash', orderId)).toMatchObject({ shippingAddress: { erased: true } });
  });

  it('keeps nothing for those who have no invoice, and records nothing new of an erased person', async () => {
    const { id: other } = await house.send('RegisterCustomer', { kind: 'PERSON', name: 'Somebody Else' });
    const before = await placed(other);
    await house.send('EraseCustomer', { customerId: other });
    expect(await shown('customer360', other)).not.toHaveProperty('kept');
    for (const orderId of [before, notInvoiced])
      await expect(house.send('InvoiceOrder', { orderId, ...billed })).rejects.toMatchObject({ status: 410, code: 'erased' });
    expect((await house.send('InvoiceOrder', { orderId: before })).outcome).toBe('done');
    for (const erased of [other, customerId])
      await expect(
        house.send('PlaceOrder', {
          customerId: erased,
          currency: 'EUR',
          lines: [{ description: 'Chair', quantity: 1, unitPrice: 1 }],
        }),
      ).rejects.toMatchObject({ code: 'customer-erased' });
  });

  it('keeps it where the erasure comes right after the invoice, before anybody was told of it', async () => {
    const { id: hasty } = await house.send('RegisterCustomer', { kind: 'PERSON', name: 'Canary Hasty' });
    const id = await placed(hasty);
    await house.send('InvoiceOrder', { orderId: id, ...billed });
    await house.send('EraseCustomer', { customerId: hasty });
    await eventually(async () => (await typesOf(`customer-main.${hasty}`)).includes('RetentionNoted') || undefined);
    const [invoice] = await house.list<{ invoiceId: string }>('invoices', { orderId: id });
    hastyInvoiceId = invoice?.document.invoiceId ?? '';
    expect(await shown('invoices', hastyInvoiceId)).toMatchObject(billed);
    expect(await shown('order-to-cash', id)).toMatchObject({ shippingAddress: { erased: true } });
    expect(await shown('customer360', hasty)).toMatchObject({ status: 'ERASED', kept: [{ retention: 'billing', until }] });
  });

  it('keeps it over a restart, and destroys its key at that date', async () => {
    await house.close();
    clock.set('2036-12-31T23:59:59.999Z');
    house = await openHouse({ folder, clock });
    expect(await shown('invoices', invoiceId)).toMatchObject(billed);
    await house.close();
    clock.set(until);
    house = await openHouse({ folder, clock });
    await eventually(async () => (await typesOf(`customer-main.${customerId}`)).includes('RetentionEnded') || undefined);
    // The fact is in the log a moment before what follows from it is done.
    for (const id of [invoiceId, hastyInvoiceId]) {
      const invoice = await eventually(async () => {
        const document = await shown('invoices', id);
        return typeof document.billingName === 'string' ? undefined : document;
      });
      expect(invoice).toMatchObject({ amount: 200_00, billingName: { erased: true }, billingAddress: { erased: true } });
    }
    expect(await shown('customer360', customerId)).not.toHaveProperty('kept');
  });
});
