import { describe, expect, it } from '@jest/globals';
import { addDays, derivedId, type Fact } from '#kernel';
import { given, givenView, recorded } from '#kernel/testing';
import { orderToCash } from '../order-to-cash/order-to-cash.view.js';
import { OrderAmended, OrderCredited, OrderInvoiced, OrderPlaced, OrderReturned, PaymentReceived } from './events.js';
import { order } from './order.js';
import {
  both,
  chair,
  chairs,
  confirmed,
  credited,
  creditId,
  customerId,
  delivered,
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
  tables,
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
    ready
      .when('InvoiceOrder', { orderId, lines: [{ lineId: chair, quantity: 3 }] })
      .isRefused('invoiced-beyond-ordered', 'lines[0].quantity'));
  it('invoices nothing where nothing is left', () => open.when('InvoiceOrder', { orderId }).isRefused('nothing-to-invoice'));
  it('invoices no draft', () => given(order, noLimit, placed).when('InvoiceOrder', { orderId }).isRefused('order-not-confirmed'));
  it('issues an invoice once', () => open.when('InvoiceOrder', { orderId, invoiceId }).isRefused('invoice-exists', 'invoiceId'));
  it('has no number of its own that a series gives, now or later', () => {
    for (const invoiceNumber of ['INV-2026-000001', ' inv-2026-000001 ', 'X-2031-1234567'])
      ready.when('InvoiceOrder', { orderId, invoiceId, invoiceNumber }).isRefused('number-of-a-series', 'invoiceNumber');
    const { series: _none, ...data } = invoiced().data;
    for (const invoiceNumber of ['INV-2026-0001', 'INV-2026-0000001', '2026-000001', 'RE-7'])
      ready.when('InvoiceOrder', { orderId, invoiceId, invoiceNumber }).then(OrderInvoiced({ ...data, invoiceNumber }));
  });
  it('has a number that the series had given elsewhere before it came here', () => {
    const { series: _none, ...data } = invoiced().data;
    const continued = given(order, { ...noLimit, series: { last: 420, elsewhere: 417 } }, placed, confirmed);
    continued
      .when('InvoiceOrder', { orderId, invoiceId, invoiceNumber: 'INV-2026-000417' })
      .then(OrderInvoiced({ ...data, invoiceNumber: 'INV-2026-000417' }));
    for (const invoiceNumber of ['INV-2026-000418', 'INV-2026-000421'])
      continued.when('InvoiceOrder', { orderId, invoiceId, invoiceNumber }).isRefused('number-of-a-series', 'invoiceNumber');
  });
  it('has a number of its own or one of a series', () =>
    ready.when('InvoiceOrder', { orderId, invoiceId, invoiceNumber: 'RE-7', series: 'INV' }).isRefused('number-and-series'));
  it('claims the number of the invoice', () =>
    expect(order.reserve?.InvoiceOrder?.({ orderId, invoiceNumber: 'inv-1' })).toEqual([
      { scope: 'invoice.number', value: 'INV-1', label: 'this invoice number', field: 'invoiceNumber' },
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
    open.when('ReceivePayment', { ...pay, amount: 350_01 }).isRefused('payment-above-open', 'amount'));
  it('are never more than earlier ones and credits left open', () =>
    given(order, noLimit, placed, confirmed, invoiced(), paid(100_00, 250_00, unknownId), credited(100_00, 150_00))
      .when('ReceivePayment', { ...pay, amount: 150_01 })
      .isRefused('payment-above-open', 'amount'));
  it('are in the currency of the order', () =>
    open.when('ReceivePayment', { ...pay, amount: 1, currency: 'USD' }).isRefused('other-currency', 'currency'));
  it('are for an invoice of the order', () =>
    open.when('ReceivePayment', { ...pay, amount: 1, invoiceId: unknownId }).isRefused('invoice-unknown', 'invoiceId'));
  it('count once', () =>
    given(order, noLimit, placed, confirmed, invoiced(), paid(50_00, 300_00))
      .when('ReceivePayment', { ...pay, amount: 50_00 })
      .changesNothing());
  it('do not change afterwards', () =>
    given(order, noLimit, placed, confirmed, invoiced(), paid(50_00, 300_00))
      .when('ReceivePayment', { ...pay, amount: 60_00 })
      .isRefused('payment-exists', 'paymentId'));
  it('come in while the order is on hold', () =>
    given(order, noLimit, placed, confirmed, invoiced(), held)
      .when('ReceivePayment', { ...pay, amount: 350_00 })
      .then(paid(350_00, 0)));
});

describe('credits (ORD-04)', () => {
  const credit = { orderId, invoiceId, creditId, reason };

  it('settle what is open', () =>
    open.when('CreditOrder', { ...credit, amount: 350_00, forGood: true }).then(credited(350_00, 0)));
  it('settle a part', () => open.when('CreditOrder', { ...credit, amount: 100_00 }).then(credited(100_00, 250_00)));
  it('are never more than is open', () =>
    given(order, noLimit, placed, confirmed, invoiced(), paid(350_00, 0))
      .when('CreditOrder', { ...credit, amount: 1 })
      .isRefused('credit-above-open', 'amount'));
  it('count once', () =>
    given(order, noLimit, placed, confirmed, invoiced(), credited(100_00, 250_00))
      .when('CreditOrder', { ...credit, amount: 100_00 })
      .changesNothing());
  it('do not change afterwards', () =>
    given(order, noLimit, placed, confirmed, invoiced(), credited(100_00, 250_00))
      .when('CreditOrder', { ...credit, amount: 90_00 })
      .isRefused('credit-exists', 'creditId'));
});

describe('an invoice that was credited in full (ORD-04)', () => {
  const credit = { orderId, invoiceId, creditId, reason };
  const reopening = (lines = both) => ({ ...credited(350_00, 0), data: { ...credited(350_00, 0).data, reopened: lines } });
  const again = given(order, noLimit, placed, confirmed, shipped(), delivered(), invoiced(), reopening());

  it('leaves its units to be invoiced again', () => {
    open.when('CreditOrder', { ...credit, amount: 350_00 }).then(reopening());
    given(order, noLimit, placed, confirmed, invoiced(), credited(100_00, 250_00))
      .when('CreditOrder', { ...credit, creditId: unknownId, amount: 250_00 })
      .then({ ...reopening(), data: { ...reopening().data, creditId: unknownId, amount: 250_00 } });
    again.when('InvoiceOrder', { orderId, invoiceId: secondInvoice }).then(invoiced(both, secondInvoice));
  });
  it('leaves them at another price, if the order is amended first', () =>
    again.when('AmendOrder', { orderId, lines: [{ ...chairs, unitPrice: 90_00 }] }).then(
      OrderAmended({
        orderId,
        customerId,
        currency: 'EUR',
        amount: 330_00,
        previousAmount: 350_00,
        lines: [
          { ...chairs, unitPrice: 90_00, amount: 180_00 },
          { ...tables, amount: 150_00 },
        ],
      }),
    ));
  it('is the end of it where it was credited for good, or only in part, or the order is cancelled', () => {
    open.when('CreditOrder', { ...credit, amount: 350_00, forGood: true }).then(credited(350_00, 0));
    open.when('CreditOrder', { ...credit, amount: 349_99 }).then(credited(349_99, 1));
  });
  it('leaves out goods that came back and were credited', () => {
    const returnId = derivedId('sample', 'return');
    const returned = [
      OrderReturned({ orderId, returnId, lines: oneChair }),
      OrderCredited({ ...credited(100_00, 250_00).data, returnId }),
    ];
    given(order, noLimit, placed, confirmed, shipped(), delivered(), invoiced(), ...returned)
      .when('CreditOrder', { ...credit, creditId: unknownId, amount: 250_00 })
      .then(
        OrderCredited({
          ...credited(250_00, 0).data,
          creditId: unknownId,
          reopened: [...oneChair, { lineId: table, quantity: 3 }],
        }),
      );
  });
  it('leaves its units to be invoiced again where others of their line came back whose credit note was before', () => {
    const [third, one, two] = ['third', 'one', 'two'].map((name) => derivedId('sample', name)) as [string, string, string];
    const oneTable = [{ lineId: table, quantity: 1 }];
    const creditedFor = (returnId: string, invoiceId: string) =>
      OrderCredited({ ...credited(50_00, 50_00).data, creditId: returnId, invoiceId, returnId });
    const twoChairs = [{ lineId: chair, quantity: 2 }];
    given(
      order,
      noLimit,
      ...[placed, confirmed, shipped(), delivered(), invoiced(twoChairs)],
      OrderCredited({ ...credited(200_00, 0).data, reopened: twoChairs }),
      invoiced([{ lineId: table, quantity: 3 }], secondInvoice),
      OrderReturned({ orderId, returnId: one, lines: [...oneChair, ...oneTable], notInvoicedAgain: oneChair }),
      creditedFor(one, secondInvoice),
      invoiced(oneChair, third),
      OrderReturned({ orderId, returnId: two, lines: oneTable }),
      creditedFor(two, third),
    )
      .when('CreditOrder', { ...credit, invoiceId: third, creditId: unknownId, amount: 50_00 })
      .then(OrderCredited({ ...credited(50_00, 0).data, invoiceId: third, creditId: unknownId, reopened: oneChair }));
  });
  it('makes the order one to be invoiced, in the view too', () =>
    givenView(orderToCash)
      .facts(...[placed, confirmed, shipped(), delivered(), invoiced(), reopening()].map((fact: Fact) => recorded(fact)))
      .then(orderId, { status: 'TO_BILL', nextStep: 'INVOICE', fullyInvoicedAt: undefined, invoicedAmount: 350_00 }));
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
