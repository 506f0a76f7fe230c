import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { derivedId } from '#kernel';
import { atRest, eventually, openHouse, SetClock, type TestHouse, temporaryFolder } from '../support/house.js';

const lineId = derivedId('claims', 'line');
const lines = [{ lineId, description: 'Chair', quantity: 2, unitPrice: 100_00 }];
const oneChair = [{ lineId, quantity: 1 }];
const notes = 'The canary sat on it';
const reason = 'broken on the way';

type Claim = { status: string; credited?: number; creditId?: string; replacementId?: string };
const claimOf = (house: TestHouse, claimId: string, reached: (claim: Claim) => boolean) =>
  eventually(async () => {
    const claim = await house.document<Claim>('claims', claimId);
    return claim && reached(claim) ? claim : undefined;
  });
const orderOf = (house: TestHouse, orderId: string, reached: (order: { creditedAmount: number }) => boolean) =>
  eventually(async () => {
    const order = await house.document<{ creditedAmount: number; refundableAmount: number }>('order-to-cash', orderId);
    return order && reached(order) ? order : undefined;
  });

/** An order of two chairs that arrived and is invoiced. */
async function arrived(house: TestHouse, kind = 'ORGANISATION') {
  const { id: customerId } = await house.send('RegisterCustomer', { kind, name: 'Buyer' });
  const { id: orderId } = await house.send('PlaceOrder', { customerId, currency: 'EUR', lines });
  for (const command of ['ConfirmOrder', 'ShipOrder', 'DeliverOrder', 'InvoiceOrder']) await house.send(command, { orderId });
  return { customerId, orderId };
}

describe('claims and their orders (ORD-08)', () => {
  const clock = new SetClock('2026-01-05T09:00:00.000Z');
  let house: TestHouse;
  beforeAll(async () => {
    house = await openHouse({ folder: temporaryFolder(), clock });
  });
  afterAll(() => house.close());

  it('credit the invoice once, whatever is sent again, and the customer owes less', async () => {
    const { customerId, orderId } = await arrived(house);
    const { id: claimId } = await house.send('FileClaim', { orderId, kind: 'DAMAGED', lines: oneChair, notes });
    const settle = { claimId, settlement: 'CREDIT', reason, amount: 60_00 };
    const first = await house.send('SettleClaim', settle, { idempotencyKey: 'settled' });
    expect(await house.send('SettleClaim', settle, { idempotencyKey: 'settled' })).toMatchObject({ position: first.position });
    await expect(house.send('SettleClaim', settle)).rejects.toMatchObject({ code: 'claim-not-open' });
    await orderOf(house, orderId, ({ creditedAmount }) => creditedAmount > 0);
    await atRest(house);
    expect(await house.document('order-to-cash', orderId)).toMatchObject({ creditedAmount: 60_00, openAmount: 140_00 });
    expect(await house.list('receivables', { customerId })).toMatchObject([{ document: { open: 140_00 } }]);
    expect(await house.document('claims', claimId)).toMatchObject({ status: 'CREDITED', claimed: 100_00, credited: 60_00 });
  });

  it('credit what was paid too, and it is to be paid back', async () => {
    const { orderId } = await arrived(house);
    const [invoice] = await house.list<{ invoiceId: string }>('invoices', { orderId });
    await house.send('ReceivePayment', { orderId, invoiceId: invoice?.key, amount: 200_00 });
    const { id: claimId } = await house.send('FileClaim', { orderId, kind: 'LOST', lines: oneChair });
    await house.send('SettleClaim', { claimId, settlement: 'CREDIT', reason });
    const order = await orderOf(house, orderId, ({ creditedAmount }) => creditedAmount > 0);
    expect(order).toMatchObject({ creditedAmount: 100_00, refundableAmount: 100_00 });
  });

  it('replace the goods in an order without a price, confirmed whatever the customer owes', async () => {
    const { customerId, orderId } = await arrived(house);
    await house.send('SetCreditLimit', { customerId, limit: 0, currency: 'EUR' });
    const { id: claimId } = await house.send('FileClaim', { orderId, kind: 'WRONG_GOODS', lines: oneChair });
    await house.send('SettleClaim', { claimId, settlement: 'REPLACE', reason: 'sent a table' });
    const { replacementId = '' } = await claimOf(house, claimId, ({ status }) => status === 'REPLACED');
    const replacement = await eventually(async () => {
      const found = await house.document<{ status: string }>('order-to-cash', replacementId);
      return found?.status === 'TO_DELIVER' ? found : undefined;
    });
    expect(replacement).toMatchObject({ customerId, orderedAmount: 0, lines: [{ description: 'Chair', quantity: 1 }] });
    expect(await house.document('order-to-cash', orderId)).toMatchObject({ creditedAmount: 0 });
  });

  it('are open again where their invoice was credited for another reason meanwhile, with no run that stands still', async () => {
    const folder = temporaryFolder();
    const still = await openHouse({ folder, clock, runsProcesses: false });
    const { orderId } = await arrived(still);
    const { id: claimId } = await still.send('FileClaim', { orderId, kind: 'DAMAGED', lines: oneChair });
    await still.send('SettleClaim', { claimId, settlement: 'CREDIT', reason });
    const [invoice] = await still.list('invoices', { orderId });
    await still.send('CreditOrder', { orderId, invoiceId: invoice?.key, amount: 150_00, reason: 'goodwill' });
    await still.close();

    const going = await openHouse({ folder, clock });
    const claim = await claimOf(going, claimId, ({ status }) => status === 'FILED');
    expect(claim).not.toHaveProperty('creditId');
    expect(await going.list('processes', { status: 'STOPPED' })).toEqual([]);
    await going.send('SettleClaim', { claimId, settlement: 'CREDIT', amount: 50_00, reason });
    await orderOf(going, orderId, ({ creditedAmount }) => creditedAmount === 200_00);
    expect(await going.document('claims', claimId)).toMatchObject({ status: 'CREDITED', credited: 50_00 });
    await going.close();
  });

  it('forget what was said in words with the customer, wherever it is shown (P10)', async () => {
    const { customerId, orderId } = await arrived(house, 'PERSON');
    const { id: claimId } = await house.send('FileClaim', { orderId, kind: 'OTHER', amount: 10_00, notes });
    const shown = async () => {
      const { facts } = await house.facts.page({ tenant: 'main', stream: `claim-main.${claimId}`, limit: 10 });
      const documents = [
        await house.document('claims', claimId),
        await house.list('timeline', { customerId, type: 'ClaimFiled' }),
      ];
      const opened = [facts, documents].map((stored) => house.access.present(house.admin, stored, 'test'));
      return JSON.stringify(await Promise.all(opened));
    };
    expect((await shown()).split(notes)).toHaveLength(4);
    await house.send('EraseCustomer', { customerId });
    expect(await shown()).not.toContain(notes);
    expect(await house.document('claims', claimId)).toMatchObject({ kind: 'OTHER', claimed: 10_00 });
  });
});
