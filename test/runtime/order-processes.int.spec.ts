import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { derivedId, type Recorded } from '#kernel';
import { type Fault, openCore } from '../support/faulty-log.js';
import { eventually, openHouse, SetClock, type TestHouse, temporaryFolder } from '../support/house.js';

const lineId = derivedId('order processes', 'line');
const lines = [{ lineId, description: 'Chair', quantity: 2, unitPrice: 100_00 }];

describe('numbers of invoices have no gap (ORD-04)', () => {
  it.each<{ when: string; aggregate: string; fault: Fault }>([
    { when: 'between the invoice and the process that numbers it', aggregate: 'order', fault: 'dead' },
    { when: 'when the process has begun', aggregate: 'process', fault: 'dead' },
    { when: 'between the number and the note that it was given', aggregate: 'series', fault: 'dead' },
    { when: 'never, but the answer to the number is lost', aggregate: 'series', fault: 'unheard' },
    { when: 'never, but the log refuses the number once', aggregate: 'series', fault: 'unavailable' },
  ])('when the server is killed $when', async ({ aggregate, fault }) => {
    const folder = temporaryFolder();
    const invoicedOrders = 4;
    let core = await openCore(folder, { runsProcesses: true });
    const customerId = derivedId('order processes', 'customer');
    await core.send('RegisterCustomer', { customerId, kind: 'ORGANISATION', name: 'Buyer' });
    const orders = await Promise.all(
      Array.from({ length: invoicedOrders + 1 }, async () => {
        const { id: orderId } = await core.send('PlaceOrder', {
          customerId,
          currency: 'EUR',
          lines,
        });
        await core.send('ConfirmOrder', { orderId });
        return orderId;
      }),
    );
    // One order is on hold: an invoice that is refused takes no number.
    await core.send('HoldOrder', { orderId: orders[0], reason: 'as asked' });
    let appends = 0;
    core.log.plan = (stream) => (stream.startsWith(`${aggregate}-`) && ++appends === 2 ? fault : undefined);
    const invoice = (orderId: string) => core.send('InvoiceOrder', { orderId }, { idempotencyKey: `invoice ${orderId}` });
    await Promise.allSettled(orders.map(invoice));
    await core.close();

    core = await openCore(folder, { runsProcesses: true });
    const outcomes = await Promise.allSettled(orders.map(invoice));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(invoicedOrders);
    const numbers = await eventually(async () => {
      const { facts } = await core.facts.page({ tenant: 'main', types: ['InvoiceNumbered'], limit: 100 });
      return facts.length >= invoicedOrders ? (facts as Recorded<{ count: number; invoiceId: string }>[]) : undefined;
    });
    expect(numbers.map(({ data }) => data.count)).toEqual([1, 2, 3, 4]);
    expect(new Set(numbers.map(({ data }) => data.invoiceId)).size).toBe(invoicedOrders);
    await core.close();
  });
});

describe('orders with their packages, returns, payments and credit', () => {
  const clock = new SetClock('2026-01-05T09:00:00.000Z');
  let house: TestHouse;
  beforeAll(async () => {
    house = await openHouse({ folder: join(temporaryFolder()), clock });
    for (const name of [
      'one',
      'two',
      'held',
      'payer',
      'bouncer',
      'twice',
      'debtor',
      'returner',
      'late',
      'next',
      'promising',
      'claimant',
    ])
      await house.send('RegisterCustomer', { customerId: customer(name), kind: 'ORGANISATION', name });
  });
  afterAll(() => house.close());

  const customer = (name: string) => derivedId('order processes', name);
  async function confirmed(customerId: string, number = 1): Promise<string> {
    const line = derivedId('order processes', customerId, String(number));
    const { id } = await house.send('PlaceOrder', { customerId, currency: 'EUR', lines: [{ ...lines[0], lineId: line }] });
    await house.send('ConfirmOrder', { orderId: id });
    return id;
  }
  const lineOf = (customerId: string, number = 1) => derivedId('order processes', customerId, String(number));
  type Order = {
    status: string;
    openAmount: number;
    holdReason?: string;
    invoices: { invoiceId: string; invoiceNumber?: string }[];
    refundableAmount: number;
    returnedUnits: number;
  };
  const until = (orderId: string, reached: (order: Order) => boolean) =>
    eventually(async () => {
      const order = await house.document<Order>('order-to-cash', orderId);
      return order && reached(order) ? order : undefined;
    });

  it('deliver one package to two orders, after a failed delivery (ORD-03)', async () => {
    const orders = [await confirmed(customer('one')), await confirmed(customer('two'))] as const;
    const goods = [
      { orderId: orders[0], lineId: lineOf(customer('one')), quantity: 2 },
      { orderId: orders[1], lineId: lineOf(customer('two')), quantity: 2 },
    ];
    await expect(house.send('PackPackage', { goods })).rejects.toMatchObject({ code: 'goods-of-several-customers' });
    const { id: packageId } = await house.send('PackPackage', { goods, severalCustomers: true });
    await house.send('SendPackage', { packageId, carrier: 'DHL' });
    await house.send('FailDelivery', { packageId, reason: 'nobody there' });
    await house.send('DeliverPackage', { packageId });
    for (const orderId of orders)
      expect(await until(orderId, ({ status }) => status === 'TO_BILL')).toMatchObject({ failedDeliveries: 1 });
  });

  it('refuse to send what an order does not release, and send it when it was put right (ORD-03)', async () => {
    const orderId = await confirmed(customer('held'));
    await house.send('HoldOrder', { orderId, reason: 'as asked' });
    const { id: packageId } = await house.send('PackPackage', {
      goods: [{ orderId, lineId: lineOf(customer('held')), quantity: 2 }],
    });
    await expect(house.send('SendPackage', { packageId })).rejects.toMatchObject({ code: 'order-on-hold' });
    await house.send('ReleaseOrder', { orderId });
    await house.send('SendPackage', { packageId });
    await eventually(async () => {
      const order = await house.document<{ shippedAmount: number }>('order-to-cash', orderId);
      return order?.shippedAmount === 200_00 || undefined;
    });
  });

  it('stop visibly where an order is held when its goods have left, and go on when it was put right (ORD-03)', async () => {
    const folder = temporaryFolder();
    const still = await openHouse({ folder, clock, runsProcesses: false });
    const { id: customerId } = await still.send('RegisterCustomer', { kind: 'ORGANISATION', name: 'Acme' });
    const { id: orderId } = await still.send('PlaceOrder', { customerId, currency: 'EUR', lines });
    await still.send('ConfirmOrder', { orderId });
    const { id: packageId } = await still.send('PackPackage', { goods: [{ orderId, lineId, quantity: 2 }] });
    await still.send('SendPackage', { packageId });
    await still.send('HoldOrder', { orderId, reason: 'as asked' });
    await still.close();

    const going = await openHouse({ folder, clock });
    const [stopped] = await eventually(async () => {
      const found = await going.list<{ process: string }>('processes', { status: 'STOPPED' });
      return found.length > 0 ? found : undefined;
    });
    expect(stopped?.document.process).toBe('package-goods');
    await going.send('ReleaseOrder', { orderId });
    await going.send('ResumeProcess', { processId: stopped?.key });
    await eventually(async () => {
      const order = await going.document<{ shippedAmount: number }>('order-to-cash', orderId);
      return order?.shippedAmount === 200_00 || undefined;
    });
    await going.close();
  });

  it('settle several invoices with one payment, and keep what is too much (ORD-05)', async () => {
    const customerId = customer('payer');
    const orders = [await confirmed(customerId, 1), await confirmed(customerId, 2)];
    for (const orderId of orders) await house.send('InvoiceOrder', { orderId });
    const invoices = await Promise.all(orders.map((orderId) => until(orderId, ({ invoices }) => invoices.length === 1)));
    const { id: paymentId } = await house.send('RecordPayment', { customerId, amount: 500_00, currency: 'EUR' });
    await house.send('AllocatePayment', {
      paymentId,
      allocations: orders.map((orderId, index) => ({
        orderId,
        invoiceId: invoices[index]?.invoices[0]?.invoiceId,
        amount: 250_00,
      })),
    });
    for (const orderId of orders) await until(orderId, ({ openAmount }) => openAmount === 0);
    await eventually(async () => {
      const { facts } = await house.facts.page({ tenant: 'main', types: ['AllocationReturned'], limit: 10 });
      return facts.length === 2 || undefined;
    });
    await house.send('RefundRemainder', { paymentId, amount: 100_00 });
    await expect(house.send('RefundRemainder', { paymentId })).rejects.toMatchObject({ code: 'nothing-to-refund' });
  });

  it('are open again when a payment is cancelled, and owe what they owed (ORD-01, ORD-05)', async () => {
    const customerId = customer('bouncer');
    const orderId = await confirmed(customerId);
    await house.send('InvoiceOrder', { orderId });
    const { invoices } = await until(orderId, ({ invoices }) => invoices.length === 1);
    const { id: paymentId } = await house.send('RecordPayment', {
      customerId,
      amount: 200_00,
      currency: 'EUR',
      method: 'CHEQUE',
    });
    const allocations = [{ orderId, invoiceId: invoices[0]?.invoiceId, amount: 200_00 }];
    await house.send('AllocatePayment', { paymentId, allocations });
    await until(orderId, ({ openAmount }) => openAmount === 0);
    await house.send('CancelPayment', { paymentId, reason: 'cheque bounced' });
    await until(orderId, ({ openAmount }) => openAmount === 200_00);
    expect(await house.list('receivables', { customerId })).toMatchObject([{ document: { open: 200_00, bucket: 'NOT_DUE' } }]);
    const account = await eventually(async () => {
      const stream = `creditAccount-main.${customerId}`;
      const { facts } = await house.facts.page({ tenant: 'main', stream, limit: 10 });
      return facts.length === 3 ? (facts as Recorded<{ open: number }>[]) : undefined;
    });
    expect(account.map(({ data }) => data.open)).toEqual([200_00, 0, 200_00]);
  });

  it('settle goods that two returns claim once (ORD-08)', async () => {
    const customerId = customer('twice');
    const orderId = await confirmed(customerId);
    for (const command of ['ShipOrder', 'DeliverOrder', 'InvoiceOrder']) await house.send(command, { orderId });
    const both = [{ lineId: lineOf(customerId), quantity: 2 }];
    const returns = await Promise.all(
      [1, 2].map(async () => {
        const { id: returnId } = await house.send('RequestReturn', { orderId, lines: both, reason: 'damaged' });
        await house.send('ApproveReturn', { returnId });
        await house.send('ReceiveReturn', { returnId });
        return returnId;
      }),
    );
    // The second may be refused at once, or be recorded and opened again: it is never refunded.
    await Promise.allSettled(returns.map((returnId) => house.send('RefundReturn', { returnId })));
    await until(orderId, ({ returnedUnits }) => returnedUnits === 2);
    const statuses = await eventually(async () => {
      const documents = await Promise.all(returns.map((id) => house.document<{ status: string }>('returns', id)));
      const found = documents.map((document) => document?.status).sort();
      return found[0] === 'RECEIVED' ? found : undefined;
    });
    expect(statuses).toEqual(['RECEIVED', 'REFUNDED']);
    expect(await house.document('order-to-cash', orderId)).toMatchObject({ creditedAmount: 200_00 });
  });

  it('settle goods that two claims are about once (ORD-08)', async () => {
    const customerId = customer('claimant');
    const orderId = await confirmed(customerId);
    for (const command of ['ShipOrder', 'DeliverOrder', 'InvoiceOrder']) await house.send(command, { orderId });
    const lines = [{ lineId: lineOf(customerId), quantity: 2 }];
    const file = () => house.send('FileClaim', { orderId, kind: 'DAMAGED', lines });
    // The second may be filed at the same moment: then it is refused when it is decided upon.
    const filed = await Promise.allSettled([file(), file()]);
    const noted = filed.filter(({ status }) => status === 'fulfilled').length;
    await eventually(async () => {
      const { facts } = await house.facts.page({ tenant: 'main', types: ['ClaimNoted'], limit: 10 });
      return facts.length === noted || undefined;
    });
    await expect(file()).rejects.toMatchObject({ code: 'goods-claimed-before' });
    const settled = await Promise.allSettled(
      filed.flatMap((claim) =>
        claim.status === 'fulfilled'
          ? [house.send('SettleClaim', { claimId: claim.value.id, settlement: 'CREDIT', reason: 'damaged' })]
          : [],
      ),
    );
    expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await until(orderId, ({ status }) => status === 'COMPLETED');
    await expect(file()).rejects.toMatchObject({ code: 'goods-claimed-before' });
  });

  it("go where the customer prefers, and forget the address with the customer's (ORD-12)", async () => {
    const { id: customerId } = await house.send('RegisterCustomer', { kind: 'PERSON', name: 'Ada Lovelace' });
    const address = '1 Long Lane';
    await house.send('SetShipmentPreference', { customerId, carrier: 'DHL', address });
    const { id: orderId } = await house.send('PlaceOrder', { customerId, currency: 'EUR', lines });
    const shown = async () => house.access.present(house.admin, await house.document('order-to-cash', orderId), 'test');
    expect(await shown()).toMatchObject({ carrier: 'DHL', shippingAddress: address, asPreferred: ['carrier', 'address'] });
    await expect(
      house.send('PlaceOrder', { customerId, currency: 'EUR', lines, shippingAddress: '2 Short Street' }),
    ).rejects.toMatchObject({ code: 'override-without-reason' });
    await house.send('EraseCustomer', { customerId });
    expect(await shown()).toMatchObject({ carrier: 'DHL', shippingAddress: { erased: true } });
  });

  it('hold an order above the credit limit, until somebody decides (ORD-01)', async () => {
    const customerId = customer('debtor');
    await house.send('SetCreditLimit', { customerId, limit: 300_00, currency: 'EUR' });
    const first = await confirmed(customerId, 1);
    await house.send('InvoiceOrder', { orderId: first });
    await eventually(async () => {
      const { facts } = await house.facts.page({ tenant: 'main', stream: `creditAccount-main.${customerId}`, limit: 10 });
      return facts.some(({ type }) => type === 'ReceivableNoted') || undefined;
    });
    const second = await confirmed(customerId, 2);
    expect(await until(second, ({ status }) => status === 'ON_HOLD')).toMatchObject({ holdReason: 'credit limit' });
    await expect(house.send('ReleaseOrder', { orderId: second })).rejects.toMatchObject({ code: 'waiver-without-reason' });
    await house.send('ReleaseOrder', { orderId: second, reason: 'paid in advance' });
    await until(second, ({ status }) => status === 'TO_DELIVER_AND_BILL');
  });

  it('count confirmed orders against the credit limit before they are invoiced (ORD-01)', async () => {
    const customerId = customer('promising');
    await house.send('SetCreditLimit', { customerId, limit: 300_00, currency: 'EUR' });
    await confirmed(customerId, 1);
    await eventually(async () => {
      const { facts } = await house.facts.page({ tenant: 'main', stream: `creditAccount-main.${customerId}`, limit: 10 });
      return facts.some(({ type }) => type === 'CommitmentNoted') || undefined;
    });
    const second = await confirmed(customerId, 2);
    expect(await until(second, ({ status }) => status === 'ON_HOLD')).toMatchObject({ holdReason: 'credit limit' });
  });

  it('credit what came back, and say what is to be refunded (ORD-08)', async () => {
    const customerId = customer('returner');
    const orderId = await confirmed(customerId);
    await house.send('ShipOrder', { orderId });
    await house.send('DeliverOrder', { orderId });
    await house.send('InvoiceOrder', { orderId });
    const { invoices } = await until(orderId, (order) => order.invoices[0]?.invoiceNumber !== undefined);
    const invoiceId = invoices[0]?.invoiceId;
    expect(invoices[0]?.invoiceNumber).toMatch(/^INV-2026-\d{6}$/);
    await house.send('ReceivePayment', { orderId, invoiceId, amount: 200_00 });
    const { id: returnId } = await house.send('RequestReturn', {
      orderId,
      lines: [{ lineId: lineOf(customerId), quantity: 1 }],
      reason: 'damaged',
    });
    await house.send('ApproveReturn', { returnId });
    await house.send('ReceiveReturn', { returnId });
    await house.send('RefundReturn', { returnId });
    expect(await until(orderId, ({ refundableAmount }) => refundableAmount === 100_00)).toMatchObject({ returnedUnits: 1 });
    await house.send('RefundPayment', { orderId, invoiceId });
    await until(orderId, ({ refundableAmount }) => refundableAmount === 0);
    expect(await house.document('returns', returnId)).toMatchObject({ status: 'REFUNDED', credited: 100_00 });
  });

  it('age receivables by the clock, for any day (ORD-04)', async () => {
    const customerId = customer('late');
    const orderId = await confirmed(customerId);
    await house.send('InvoiceOrder', { orderId });
    const bucket = async (asOf?: string) => {
      const [group, none] = await house.groups('receivables', {
        ...{ customerId, group: 'customerId,bucket', sum: 'open' },
        ...(asOf !== undefined && { asOf }),
      });
      expect(none).toBeUndefined();
      return group;
    };
    clock.set('2026-03-20T09:00:00.000Z');
    // A new timer makes the house look at the clock.
    await house.send('InvoiceOrder', { orderId: await confirmed(customer('next')) });
    await eventually(async () => (await bucket())?.bucket === 'UP_TO_60' || undefined);
    expect(await bucket('2026-02-03')).toMatchObject({ bucket: 'NOT_DUE', open: 200_00, currency: 'EUR' });
    expect(await bucket('2026-02-05')).toMatchObject({ bucket: 'UP_TO_30' });
    expect(await bucket('2026-03-10')).toMatchObject({ bucket: 'UP_TO_60' });
  });

  it('call an invoice overdue whose payment was taken back before the due moment, and that was entered after it (ORD-05)', async () => {
    const customerId = customer('late');
    const orderId = await confirmed(customerId, 2);
    await house.send('InvoiceOrder', { orderId });
    const { invoices } = await until(orderId, (order) => order.invoices[0]?.invoiceNumber !== undefined);
    const invoiceId = invoices[0]?.invoiceId;
    const paymentId = derivedId('order processes', 'called back');
    await house.send('ReceivePayment', { orderId, invoiceId, paymentId, amount: 200_00 });
    clock.set('2026-04-29T09:00:00.000Z');
    await house.fireDue();
    expect(await house.document('invoices', invoiceId ?? '')).toMatchObject({
      status: 'PAID',
      dueAt: '2026-04-19T09:00:00.000Z',
    });
    await house.send('ReversePayment', { orderId, paymentId, reason: 'called back' }, { occurredAt: '2026-04-17T09:00:00.000Z' });
    await eventually(async () => {
      const invoice = await house.document<{ status: string }>('invoices', invoiceId ?? '');
      return invoice?.status === 'OVERDUE' || undefined;
    });
    expect(await house.document('receivables', invoiceId ?? '')).toMatchObject({ open: 200_00, bucket: 'UP_TO_30' });
  });
});
