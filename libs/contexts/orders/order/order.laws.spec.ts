import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { addDays, type DataOf, derivedId, type Fact, type Recorded, Refused } from '#kernel';
import { givenView, recorded } from '#kernel/testing';
import { invoices } from '../invoices/invoices.view.js';
import { orderToCash } from '../order-to-cash/order-to-cash.view.js';
import type { OrderClaimSettled, OrderCredited, OrderInvoiced, OrderReturned } from './events.js';
import { order } from './order.js';
import { customerId, noLimit, orderId } from './order.samples.js';
import { lineOf } from './order-lines.js';
import type { Order, Payment, PlacedOrder } from './order-state.js';
import { quantityOf, worth } from './quantities.js';
import { invoiceStatus, openAmount, refundableAmount, total } from './receivables.js';
import { orderStatus } from './status.js';

const lineIds = ['a', 'b', 'c'].map((name) => derivedId('law', name));
const idOf = (kind: string) => fc.integer({ min: 0, max: 5 }).map((number) => derivedId('law', kind, String(number)));
const quantity = fc.integer({ min: 1, max: 3 });
const amount = fc.oneof(fc.integer({ min: 1, max: 400 }), fc.integer({ min: 400, max: 1500 }));
const small = fc.integer({ min: 1, max: 200 });
const named = fc.array(fc.record({ lineId: fc.constantFrom(...lineIds), quantity }), { minLength: 1, maxLength: 3 });
const moves = fc.option(named, { nil: undefined, freq: 2 });
const lines = fc.uniqueArray(
  fc.record({
    lineId: fc.constantFrom(...lineIds),
    description: fc.constant('thing'),
    quantity,
    unitPrice: fc.integer({ min: 0, max: 500 }),
    charge: fc.option(fc.constant(true), { nil: undefined, freq: 3 }),
  }),
  { selector: ({ lineId }) => lineId, minLength: 1, maxLength: 3 },
);

const sent = (name: keyof typeof order.decide, fields: Record<string, fc.Arbitrary<unknown>> = {}) =>
  fc.record({
    name: fc.constant(name),
    payload: fc.record({ orderId: fc.constant(orderId), ...fields }),
    days: fc.nat({ max: 20 }),
  });
const reason = fc.constant('law');
const invoiceId = fc.integer({ min: 0, max: 1 }).map((number) => derivedId('law', 'invoice', String(number)));
const claimed = {
  claimId: idOf('claim'),
  kind: fc.constantFrom('DAMAGED', 'LOST', 'SHORT'),
  reason,
  shipmentId: fc.option(idOf('shipment'), { nil: undefined }),
  lines: fc.oneof(named, fc.constant([])),
};
const command = fc.oneof(
  { weight: 3, arbitrary: sent('AmendOrder', { lines }) },
  { weight: 1, arbitrary: sent('AmendOrder', { remove: fc.subarray(lineIds, { maxLength: 1 }) }) },
  { weight: 16, arbitrary: sent('ConfirmOrder') },
  { weight: 2, arbitrary: sent('HoldOrder', { reason }) },
  { weight: 6, arbitrary: sent('ReleaseOrder', { reason }) },
  { weight: 1, arbitrary: sent('CancelOrder', { reason }) },
  { weight: 1, arbitrary: sent('CloseOrder', { reason }) },
  { weight: 12, arbitrary: sent('ShipOrder', { shipmentId: idOf('shipment'), lines: moves }) },
  {
    weight: 12,
    arbitrary: sent('DeliverOrder', { shipmentId: fc.option(idOf('shipment'), { nil: undefined, freq: 2 }), lines: moves }),
  },
  { weight: 2, arbitrary: sent('TakeBackShipment', { shipmentId: idOf('shipment'), reason }) },
  { weight: 8, arbitrary: sent('InspectDelivery', { shipmentId: idOf('shipment'), quality: fc.boolean() }) },
  { weight: 20, arbitrary: sent('InvoiceOrder', { invoiceId, lines: moves }) },
  { weight: 8, arbitrary: sent('ReceivePayment', { invoiceId, paymentId: idOf('payment'), amount }) },
  {
    weight: 8,
    arbitrary: sent('CreditOrder', { invoiceId, creditId: idOf('credit'), amount: small, reason, evenIfPaid: fc.boolean() }),
  },
  {
    weight: 10,
    arbitrary: sent('SettleInvoice', {
      invoiceId,
      allocationId: idOf('allocation'),
      customerPaymentId: fc.constant(derivedId('law', 'payment')),
      amount,
      currency: fc.constantFrom('EUR', 'EUR', 'USD'),
    }),
  },
  { weight: 3, arbitrary: sent('ReversePayment', { paymentId: idOf('payment'), reason }) },
  { weight: 2, arbitrary: sent('WithdrawAllocation', { allocationId: idOf('allocation'), reason }) },
  { weight: 16, arbitrary: sent('RefundPayment', { invoiceId, refundId: idOf('refund') }) },
  { weight: 3, arbitrary: sent('AgeInvoice', { invoiceId, days: fc.constantFrom(30, 60, 90) }) },
  { weight: 3, arbitrary: sent('AllocateStock', { lines: moves }) },
  { weight: 3, arbitrary: sent('PickGoods', { lines: moves }) },
  { weight: 3, arbitrary: sent('BackorderGoods', { lines: moves }) },
  { weight: 2, arbitrary: sent('EndBackorder', { lines: moves }) },
  {
    weight: 12,
    arbitrary: sent('SettleReturn', { returnId: idOf('return'), lines: named, credit: fc.boolean(), reason }),
  },
  {
    weight: 5,
    arbitrary: sent('SettleClaimedGoods', { ...claimed, invoiceId, creditId: idOf('credit of a claim'), amount: small }),
  },
  {
    weight: 2,
    arbitrary: sent('SettleClaimedGoods', { ...claimed, replacementId: fc.constant(derivedId('law', 'replacement')) }),
  },
  { weight: 3, arbitrary: sent('MarkInvoiceOverdue', { invoiceId }) },
  { weight: 3, arbitrary: sent('RemindPayment', { invoiceId, level: fc.integer({ min: 1, max: 3 }) }) },
);
const anything = fc.tuple(lines, fc.array(command, { maxLength: 60, size: 'max' }));
type Sequence = typeof anything extends fc.Arbitrary<infer S> ? S : never;

const step = (name: keyof typeof order.decide, payload: object = {}) => ({ name, payload: { orderId, ...payload }, days: 1 });
/** Goods that arrived are invoiced, credited, often in full, and sent back. */
const settling = fc
  .array(
    fc.oneof(
      sent('InvoiceOrder', { invoiceId: idOf('invoice'), lines: moves }),
      sent('CreditOrder', {
        invoiceId: idOf('invoice'),
        creditId: idOf('credit'),
        amount: fc.constantFrom(100, 200, 300, 600),
        reason,
      }),
      sent('SettleReturn', { returnId: idOf('return'), lines: named, credit: fc.boolean(), reason }),
    ),
    { maxLength: 20, size: 'max' },
  )
  .map(
    (commands): Sequence => [
      lineIds.map((lineId) => ({ lineId, description: 'thing', quantity: 2, unitPrice: 100, charge: undefined })),
      [step('ConfirmOrder'), step('ShipOrder', { shipmentId: derivedId('law', 'shipment') }), step('DeliverOrder'), ...commands],
    ],
  );
const sequence = fc.oneof({ weight: 3, arbitrary: anything }, { weight: 1, arbitrary: settling });

/** Sends the commands one after the other; what is refused leaves no fact. */
function play([lines, commands]: Sequence, seen: (order: PlacedOrder, facts: readonly Recorded[]) => void): void {
  let state: Order = order.initial;
  let now = '2026-01-05T09:00:00.000Z';
  const facts: Recorded[] = [];
  const first = { name: 'PlaceOrder' as const, payload: { orderId, customerId, currency: 'EUR', lines }, days: 0 };
  for (const { name, payload, days } of [first, ...commands]) {
    now = addDays(now, days);
    for (const fact of decided(name, payload, state, now, facts.length)) {
      state = order.evolve[fact.type as keyof typeof order.evolve](state, fact.data as never, { occurredAt: now });
      facts.push(recorded(fact, { occurredAt: now, revision: facts.length }));
      if (state.exists) seen(state, facts);
    }
  }
}

function decided(name: keyof typeof order.decide, payload: object, state: Order, now: string, count: number): Fact[] {
  const newId = (label: string) => derivedId('law', label, String(count));
  try {
    return [
      order.decide[name](payload as never, state, {
        now,
        newId,
        actor: { kind: 'user', id: 'law' },
        tenant: 'main',
        reservations: [],
        ...noLimit,
        credit: { limit: { amount: 3000, currency: 'EUR' }, open: { EUR: count * 20 } },
      }),
    ].flat();
  } catch (error) {
    if (error instanceof Refused) return [];
    throw error;
  }
}

const standing = (payments: readonly Payment[]) => payments.filter(({ reversed }) => !reversed);

type Law = (order: PlacedOrder, facts: readonly Recorded[]) => void;

const always = (law: Law) =>
  fc.assert(
    fc.property(sequence, (commands) => play(commands, law)),
    { numRuns: 200 },
  );

/** For laws that cost more: sequences end anywhere, so that their ends are states like any other. */
const atTheEnd = (law: Law) =>
  fc.assert(
    fc.property(sequence, (commands) => {
      let last = () => {};
      play(commands, (order, facts) => {
        last = () => law(order, facts);
      });
      last();
    }),
    { numRuns: 200 },
  );

describe('whatever is sent to an order', () => {
  it('delivers at most what was shipped, and ships and invoices at most what was ordered (ORD-03, ORD-04)', () =>
    always(({ lines, ended }) => {
      for (const line of lines) {
        expect(line.delivered).toBeLessThanOrEqual(line.shipped);
        expect(line.shipped).toBeLessThanOrEqual(line.quantity);
        expect(line.invoiced).toBeLessThanOrEqual(line.quantity);
        expect(line.returned).toBeLessThanOrEqual(line.delivered);
        expect(line.backordered).toBeLessThanOrEqual(line.quantity - Math.max(line.shipped, line.allocated));
        expect(line.picked).toBeLessThanOrEqual(line.allocated);
        expect(line.allocated).toBeLessThanOrEqual(line.quantity);
        expect(line.backordered).toBeGreaterThanOrEqual(0);
        if (ended) expect(line.backordered).toBe(0);
      }
    }));

  it('settles, credits and refunds at most what was invoiced and paid (ORD-04, ORD-05, ORD-08)', () =>
    always(({ invoices, payments, credits, refunds }) => {
      for (const invoice of invoices) {
        const { amount, paid, credited, refunded } = invoice;
        expect(paid).toBeLessThanOrEqual(amount);
        expect(credited).toBeLessThanOrEqual(amount);
        const received = payments.filter((payment) => payment.invoiceId === invoice.invoiceId);
        expect(refunded).toBeLessThanOrEqual(Math.min(credited, total(received, 'amount')));
        expect(paid).toBeGreaterThanOrEqual(0);
        expect(openAmount(invoice) - refundableAmount(invoice)).toBe(amount - credited - paid + refunded);
      }
      expect(total(invoices, 'refunded')).toBe(total(refunds, 'amount'));
      expect(total(invoices, 'paid')).toBe(total(standing(payments), 'amount'));
      expect(total(invoices, 'credited')).toBe(total(credits, 'amount'));
    }));

  it('counts what claims did for goods at most once when they come back (ORD-08)', () =>
    always(({ claims }, facts) => {
      for (const { claimId, goods, back, credited, replaced } of claims) {
        expect(credited).toBeGreaterThanOrEqual(0);
        for (const { lineId } of back) expect(quantityOf(back, lineId)).toBeLessThanOrEqual(quantityOf(goods, lineId));
        const said = facts.flatMap(({ type, data }) =>
          type === 'OrderReturned' ? ((data as DataOf<typeof OrderReturned>).settledBefore ?? []) : [],
        );
        const counted = total(
          said.filter((part) => part.claimId === claimId),
          'amount',
        );
        const settled = facts
          .filter(({ type }) => type === 'OrderClaimSettled')
          .map(({ data }) => data as DataOf<typeof OrderClaimSettled>)
          .find((claim) => claim.claimId === claimId);
        if (!replaced) expect(counted + credited).toBe(settled?.credited);
      }
    }));

  it('invoices each unit at its price (ORD-04)', () =>
    always(({ lines }, facts) => {
      let asked = 0;
      const prices = new Map<string, number>();
      for (const { type, data } of facts as readonly Recorded<never>[]) {
        if (type === 'OrderInvoiced')
          for (const line of (data as DataOf<typeof OrderInvoiced>).lines) {
            prices.set(line.lineId, line.amount / line.quantity);
            asked += line.amount;
          }
        if (type === 'OrderCredited')
          for (const { lineId, quantity } of (data as DataOf<typeof OrderCredited>).reopened ?? [])
            asked -= quantity * (prices.get(lineId) ?? Number.NaN);
        // What came back counts as invoiced at the price that its line has by then.
        if (type === 'OrderReturned')
          for (const { lineId, quantity } of (data as DataOf<typeof OrderReturned>).notInvoicedAgain ?? [])
            asked += quantity * lineOf(lines, lineId).unitPrice;
      }
      expect(asked).toBe(worth(lines, 'invoiced'));
    }));

  it('has under way what was shipped and not delivered (ORD-03)', () =>
    always(({ lines, shipments }) => {
      for (const { lineId, shipped, delivered } of lines) {
        const underWay = shipments.flatMap((shipment) => shipment.underWay).filter((move) => move.lineId === lineId);
        expect(total(underWay, 'quantity')).toBe(shipped - delivered);
      }
    }));

  it('has the status that its quantities give it (ORD-01)', () =>
    always((order) => {
      const delivered = order.lines.every((line) => line.charge || line.delivered === line.quantity);
      const billed = order.lines.every((line) => line.unitPrice === 0 || line.invoiced === line.quantity);
      const byQuantities = delivered ? (billed ? 'COMPLETED' : 'TO_BILL') : billed ? 'TO_DELIVER' : 'TO_DELIVER_AND_BILL';
      expect(orderStatus(order)).toBe(order.ended ?? (order.held ? 'ON_HOLD' : order.confirmed ? byQuantities : 'DRAFT'));
    }));

  it('is never cancelled with goods under way or money asked for (ORD-01)', () =>
    always(({ ended, lines, invoices }) => {
      if (ended !== 'CANCELLED') return;
      expect(
        worth(lines, 'shipped') +
          total(
            invoices.map((invoice) => ({ open: openAmount(invoice) })),
            'open',
          ),
      ).toBe(0);
    }));

  it('shows in order-to-cash the numbers of the aggregate (ORD-06)', () =>
    atTheEnd((order, facts) =>
      expect(
        givenView(orderToCash)
          .facts(...facts)
          .document(orderId),
      ).toMatchObject({
        status: orderStatus(order),
        lines: order.lines,
        orderedAmount: worth(order.lines, 'quantity'),
        shippedAmount: worth(order.lines, 'shipped'),
        deliveredAmount: worth(order.lines, 'delivered'),
        invoicedAmount: total(order.invoices, 'amount'),
        paidAmount: total(standing(order.payments), 'amount'),
        creditedAmount: total(order.credits, 'amount'),
        refundedAmount: total(order.refunds, 'amount'),
        openAmount: order.invoices.reduce((sum, invoice) => sum + openAmount(invoice), 0),
        refundableAmount: order.invoices.reduce((sum, invoice) => sum + refundableAmount(invoice), 0),
        backorderedUnits: total(order.lines, 'backordered'),
        returnedUnits: total(order.lines, 'returned'),
      }),
    ));

  it('shows in invoices each invoice of the aggregate (ORD-04)', () =>
    atTheEnd((order, facts) => {
      const { documents } = givenView(invoices).facts(...facts);
      expect([...documents.keys()]).toEqual(order.invoices.map((invoice) => invoice.invoiceId));
      for (const invoice of order.invoices) {
        const { amount, paid, credited, dueAt } = invoice;
        const status = invoiceStatus(invoice);
        expect(documents.get(invoice.invoiceId)).toMatchObject({
          amount,
          paid,
          credited,
          dueAt,
          status,
          open: openAmount(invoice),
        });
      }
    }));

  it('comes to every status and every fact, or these laws would say little', () => {
    const statuses = new Set<string>();
    const types = new Set<string>();
    for (const commands of fc.sample(sequence, { numRuns: 500, seed: 1 }))
      play(commands, (order, facts) => {
        statuses.add(orderStatus(order));
        types.add(facts.at(-1)?.type ?? '');
      });
    expect(statuses.size).toBe(8);
    expect([...types].sort()).toEqual(Object.keys(order.facts).sort());
  });
});
