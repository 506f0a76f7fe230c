import { describe, expect, it } from '@jest/globals';
import { addDays, derivedId } from '#kernel';
import { given } from '#kernel/testing';
import { OrderPlaced, PaymentReceived } from './events.js';
import { order } from './order.js';
import {
  chair,
  confirmed,
  credited,
  creditId,
  dueAt,
  held,
  invoiced,
  invoiceId,
  noLimit,
  now,
  oneChair,
  orderId,
  overdue,
  paid,
  paymentId,
  placed,
  reminded,
  shipped,
  table,
  unknownId,
} from './order.samples.js';
import { invoiceStatus } from './receivables.js';

const reason = 'as asked';
const secondInvoice = derivedId('sample', 'second invoice');
const open = given(order, noLimit, placed, confirmed, shipped(), invoiced());

describe('invoicing an order (ORD-04)', () => {
  const ready = given(order, noLimit, placed, confirmed);

  it('invoices all that is open, due after the term of the order, with its reminders', () =>
    ready.when('InvoiceOrder', { orderId, invoiceId }, { now }).then(invoiced()));
  it('invoices a part', () => ready.when('InvoiceOrder', { orderId, invoiceId, lines: oneChair }).then(invoiced(oneChair)));
  it('invoices what is left', () =>
    given(order, noLimit, placed, confirmed, invoiced(oneChair))
      .when('InvoiceOrder', { orderId, invoiceId: secondInvoice })
      .then(invoiced([...oneChair, { lineId: table, quantity: 3 }], secondInvoice)));
  it('is due at once without a term', () =>
    given(order, noLimit, OrderPlaced({ ...placed.data, paymentTermDays: 0 }), confirmed)
      .when('InvoiceOrder', { orderId, invoiceId }, { now })
      .then({
        ...invoiced(),
        data: { ...invoiced().data, dueAt: now, reminderAts: [7, 21, 42].map((days) => addDays(now, days)) },
      }));
  it('invoices never more than was ordered', () =>
    ready.when('InvoiceOrder', { orderId, lines: [{ lineId: chair, quantity: 3 }] }).isRefused('invoiced-beyond-ordered'));
  it('invoices nothing where nothing is left', () => open.when('InvoiceOrder', { orderId }).isRefused('nothing-to-invoice'));
  it('invoices no draft', () => given(order, noLimit, placed).when('InvoiceOrder', { orderId }).isRefused('order-not-confirmed'));
  it('issues an invoice once', () => open.when('InvoiceOrder', { orderId, invoiceId }).isRefused('invoice-exists'));
  it('claims the number of the invoice', () =>
    expect(order.reserve?.InvoiceOrder?.({ orderId, invoiceNumber: 'inv-1' })).toEqual([
      { scope: 'invoice.number', value: 'INV-1', label: 'this invoice number' },
    ]));
});

describe('payments (ORD-05)', () => {
  const pay = { orderId, invoiceId, paymentId };

  it('come in full', () => open.when('ReceivePayment', { ...pay, amount: 350_00 }).then(paid(350_00, 0)));
  it('come in part', () => open.when('ReceivePayment', { ...pay, amount: 50_00 }).then(paid(50_00, 300_00)));
  it('say how they were made', () =>
    open
      .when('ReceivePayment', { ...pay, amount: 50_00, method: 'CARD' })
      .then(PaymentReceived({ ...paid(50_00, 300_00).data, method: 'CARD' })));
  it('are entered with their own day when they are learnt of late, but not before the invoice', () => {
    expect(PaymentReceived.correction).toBe(true);
    open.when('ReceivePayment', { ...pay, amount: 1 }, { now: '2000-01-01T00:00:00.000Z' }).isRefused('payment-before-invoice');
  });
  it('are never more than is open', () =>
    open.when('ReceivePayment', { ...pay, amount: 350_01 }).isRefused('payment-above-open'));
  it('are never more than earlier ones and credits left open', () =>
    given(order, noLimit, placed, confirmed, invoiced(), paid(100_00, 250_00, unknownId), credited(100_00, 150_00))
      .when('ReceivePayment', { ...pay, amount: 150_01 })
      .isRefused('payment-above-open'));
  it('are in the currency of the order', () =>
    open.when('ReceivePayment', { ...pay, amount: 1, currency: 'USD' }).isRefused('other-currency'));
  it('are for an invoice of the order', () =>
    open.when('ReceivePayment', { ...pay, amount: 1, invoiceId: unknownId }).isRefused('invoice-unknown'));
  it('count once', () =>
    given(order, noLimit, placed, confirmed, invoiced(), paid(50_00, 300_00))
      .when('ReceivePayment', { ...pay, amount: 50_00 })
      .changesNothing());
  it('do not change afterwards', () =>
    given(order, noLimit, placed, confirmed, invoiced(), paid(50_00, 300_00))
      .when('ReceivePayment', { ...pay, amount: 60_00 })
      .isRefused('payment-exists'));
  it('come in while the order is on hold', () =>
    given(order, noLimit, placed, confirmed, invoiced(), held)
      .when('ReceivePayment', { ...pay, amount: 350_00 })
      .then(paid(350_00, 0)));
});

describe('credits (ORD-04)', () => {
  const credit = { orderId, invoiceId, creditId, reason };

  it('settle what is open', () => open.when('CreditOrder', { ...credit, amount: 350_00 }).then(credited(350_00, 0)));
  it('settle a part', () => open.when('CreditOrder', { ...credit, amount: 100_00 }).then(credited(100_00, 250_00)));
  it('are never more than is open', () =>
    given(order, noLimit, placed, confirmed, invoiced(), paid(350_00, 0))
      .when('CreditOrder', { ...credit, amount: 1 })
      .isRefused('credit-above-open'));
  it('count once', () =>
    given(order, noLimit, placed, confirmed, invoiced(), credited(100_00, 250_00))
      .when('CreditOrder', { ...credit, amount: 100_00 })
      .changesNothing());
});

describe('an unpaid invoice (ORD-04, ORD-06)', () => {
  const about = { orderId, invoiceId };
  const settled = given(order, noLimit, placed, confirmed, invoiced(), paid(350_00, 0));
  const firstReminder = addDays(dueAt, 7);

  it('is overdue from its due moment on', () => open.when('MarkInvoiceOverdue', about, { now: dueAt }).then(overdue(350_00)));
  it('is not overdue before', () => open.when('MarkInvoiceOverdue', about, { now }).changesNothing());
  it('becomes overdue once', () =>
    given(order, noLimit, placed, confirmed, invoiced(), overdue(350_00))
      .when('MarkInvoiceOverdue', about, { now: dueAt })
      .changesNothing());
  it('is never overdue once settled', () => settled.when('MarkInvoiceOverdue', about, { now: dueAt }).changesNothing());

  it('is reminded of', () =>
    open.when('RemindPayment', { ...about, level: 1 }, { now: firstReminder }).then(reminded(1, 350_00)));
  it('is reminded of with what is still open', () =>
    given(order, noLimit, placed, confirmed, invoiced(), paid(50_00, 300_00), reminded(1, 300_00))
      .when('RemindPayment', { ...about, level: 2 }, { now: addDays(dueAt, 21) })
      .then(reminded(2, 300_00)));
  it('is not reminded of before the moment has come', () =>
    open.when('RemindPayment', { ...about, level: 2 }, { now: firstReminder }).changesNothing());
  it('is reminded of once at each level', () =>
    given(order, noLimit, placed, confirmed, invoiced(), reminded(1, 350_00))
      .when('RemindPayment', { ...about, level: 1 }, { now: firstReminder })
      .changesNothing());
  it('is not reminded of once paid', () =>
    settled.when('RemindPayment', { ...about, level: 1 }, { now: firstReminder }).changesNothing());
  it('is not reminded of once credited', () =>
    given(order, noLimit, placed, confirmed, invoiced(), credited(350_00, 0))
      .when('RemindPayment', { ...about, level: 1 }, { now: firstReminder })
      .changesNothing());
});

describe('the status of an invoice (ORD-04)', () => {
  it.each([
    ['UNPAID', { paid: 0, credited: 0, refunded: 0, overdue: false }],
    ['UNPAID', { paid: 0, credited: 40, refunded: 0, overdue: false }],
    ['PARTLY_PAID', { paid: 99, credited: 0, refunded: 0, overdue: false }],
    ['OVERDUE', { paid: 99, credited: 0, refunded: 0, overdue: true }],
    ['PAID', { paid: 100, credited: 0, refunded: 0, overdue: true }],
    ['CREDIT_NOTE_ISSUED', { paid: 0, credited: 100, refunded: 0, overdue: false }],
    ['CREDIT_NOTE_ISSUED', { paid: 60, credited: 40, refunded: 0, overdue: false }],
  ] as const)('is %s with %j of 100', (status, invoice) => expect(invoiceStatus({ amount: 100, ...invoice })).toBe(status));
});
