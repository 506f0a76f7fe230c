import { describe, expect, it } from '@jest/globals';
import { addDays, derivedId, type Fact, send } from '#kernel';
import { given, givenProcess, givenView, recorded } from '#kernel/testing';
import type { Customer } from '../../customers/contract.js';
import {
  CommitmentNoted,
  CreditLimitSet,
  creditAccount,
  NoteCommitment,
  NoteReceivable,
  ReceivableNoted,
} from '../credit-account/credit-account.js';
import { openReceivables } from '../open-receivables/open-receivables.process.js';
import { InvoiceAged, OrderCredited, OrderReturned, PaymentRefunded, PaymentReversed } from '../order/events.js';
import { order } from '../order/order.js';
import {
  buyer,
  cancelled,
  closed,
  confirmed,
  credited,
  customerId,
  dueAt,
  erased,
  invoiced,
  invoiceId,
  nobody,
  noLimit,
  now,
  oneChair,
  orderId,
  overdue,
  ownerId,
  paid,
  placed,
  reversed,
  shipped,
} from '../order/order.samples.js';
import type { Order } from '../order/order-state.js';
import { InvoiceNumbered, seriesIdOf } from '../series/series.js';
import { receivables } from './receivables.view.js';

const aged = (days: number) =>
  recorded(InvoiceAged({ orderId, invoiceId, days, dueAt, open: 350_00, currency: 'EUR' }), { occurredAt: addDays(dueAt, days) });
const numbered = InvoiceNumbered({
  seriesId: seriesIdOf('INV', 2026),
  series: 'INV',
  year: 2026,
  count: 7,
  orderId,
  invoiceId,
  invoiceNumber: 'INV-2026-000007',
});

describe('the receivables (ORD-04, ORD-05)', () => {
  it('are the invoices that are open, with what is open of them', () =>
    givenView(receivables)
      .facts(recorded(invoiced()), recorded(numbered), recorded(paid(50_00, 300_00)))
      .then(invoiceId, {
        customerId,
        currency: 'EUR',
        amount: 350_00,
        open: 300_00,
        bucket: 'NOT_DUE',
        invoiceNumber: 'INV-2026-000007',
      }));
  it('grow older by facts of the clock', () => {
    const history = [recorded(invoiced()), recorded(overdue(350_00), { occurredAt: dueAt }), aged(30), aged(60), aged(90)];
    const buckets = ['NOT_DUE', 'UP_TO_30', 'UP_TO_60', 'UP_TO_90', 'OVER_90'] as const;
    for (const [index, bucket] of buckets.entries())
      givenView(receivables)
        .facts(...history.slice(0, index + 1))
        .then(invoiceId, { bucket });
  });
  it('are there again when a payment is taken back, as old as they were', () => {
    const back = { customerId, ownerId, currency: 'EUR', amount: 350_00, open: 350_00, invoicedAt: now, dueAt };
    const refs = { owner: ownerId };
    const known = givenView(receivables);
    known
      .facts(recorded(invoiced(), { refs }), recorded(paid(350_00, 0)), recorded(reversed(350_00, 350_00), { refs }))
      .then(invoiceId, { ...back, bucket: 'NOT_DUE' });
    const late = reversed(350_00, 350_00);
    const invoice = { ...late.data.invoice, overdue: true, aged: 30 };
    known
      .facts(
        recorded(invoiced(), { refs }),
        recorded(overdue(350_00), { occurredAt: dueAt }),
        aged(30),
        recorded(paid(350_00, 0)),
        recorded(PaymentReversed({ ...late.data, invoice }), { refs }),
      )
      .then(invoiceId, { ...back, bucket: 'UP_TO_60' });
    known
      .facts(recorded(invoiced()), recorded(paid(50_00, 300_00)), recorded(reversed(50_00, 350_00)))
      .then(invoiceId, { open: 350_00, bucket: 'NOT_DUE' });
  });
  it('are what was open on the day, whatever was entered later with an earlier day', () => {
    const [later, earlier, second] = [addDays(now, 5), addDays(now, 2), derivedId('sample', 'payment', 'second')];
    const history = [
      recorded(invoiced(), { occurredAt: now }),
      recorded(paid(200_00, 150_00), { occurredAt: later }),
      recorded(paid(150_00, 0, second), { occurredAt: earlier }),
      recorded(reversed(150_00, 150_00, second), { occurredAt: addDays(now, 3) }),
      recorded(credited(150_00, 0), { occurredAt: addDays(now, 6) }),
      recorded(reversed(200_00, 200_00), { occurredAt: addDays(now, 6) }),
    ];
    const asOf = (day: string, entered: number) =>
      givenView(receivables).facts(...history.slice(0, entered).filter(({ occurredAt }) => occurredAt <= day));
    asOf(earlier, 3).then(invoiceId, { open: 200_00, paid: 150_00 });
    asOf(later, 3).isGone(invoiceId);
    asOf(addDays(now, 3), 4).then(invoiceId, { open: 350_00, paid: 0 });
    asOf(later, 4).then(invoiceId, { open: 150_00, paid: 200_00 });
    asOf(addDays(now, 6), 5).isGone(invoiceId);
    asOf(addDays(now, 6), 6).then(invoiceId, { open: 200_00, paid: 0, credited: 150_00 });
  });
  it('are none where the clock found one open that was paid on the day, as is learnt later', () => {
    const history = [recorded(invoiced()), recorded(paid(350_00, 0)), recorded(overdue(350_00), { occurredAt: dueAt }), aged(30)];
    givenView(receivables)
      .facts(...history)
      .isGone(invoiceId);
    givenView(receivables)
      .facts(...history, recorded(reversed(350_00, 350_00), { occurredAt: addDays(dueAt, 31) }))
      .then(invoiceId, { open: 350_00, bucket: 'UP_TO_60', customerId });
  });
  it('say what was paid back and is open again, where a payment goes that had been paid back in part', () => {
    const refund = { orderId, invoiceId, refundId: derivedId('sample', 'refund'), amount: 50_00, currency: 'EUR', refundable: 0 };
    const history = [
      recorded(invoiced()),
      recorded(paid(350_00, 0)),
      recorded(credited(50_00, 0)),
      recorded(PaymentRefunded(refund)),
    ];
    givenView(receivables)
      .facts(...history)
      .isGone(invoiceId);
    givenView(receivables)
      .facts(...history, recorded(reversed(350_00, 350_00)))
      .then(invoiceId, { open: 350_00, paid: 0, credited: 50_00, refunded: 50_00 });
  });
  it('are no more once settled', () => {
    givenView(receivables)
      .facts(recorded(invoiced()), recorded(paid(350_00, 0)))
      .isGone(invoiceId);
    givenView(receivables)
      .facts(recorded(invoiced()), recorded(credited(350_00, 0)), recorded(numbered))
      .isGone(invoiceId);
  });
});

const known: { readonly customer: Customer; readonly order: Order } = { customer: buyer, order: { exists: false } };

describe('what a customer owes us (ORD-01)', () => {
  const noted = (change: number, ofOrder?: string) =>
    send(
      NoteReceivable,
      { customerId, currency: 'EUR', change, ...(ofOrder !== undefined && { orderId: ofOrder }) },
      { alsoImported: true },
    );
  const refunded = PaymentRefunded({
    orderId,
    invoiceId,
    refundId: derivedId('sample', 'refund'),
    amount: 10_00,
    currency: 'EUR',
    refundable: 0,
  });

  it('counts imported invoices as it counts their payments', () => {
    const by = { refs: { customer: customerId }, imported: { cutOver: addDays(dueAt, 1), clock: false } };
    givenProcess(openReceivables).when(recorded(invoiced(), by)).sends(noted(350_00, orderId));
  });
  it('grows by invoices and refunds, and shrinks by payments and credit notes', () => {
    const by = { refs: { customer: customerId } };
    givenProcess(openReceivables).when(recorded(invoiced(), by)).sends(noted(350_00, orderId));
    givenProcess(openReceivables)
      .when(recorded(paid(50_00, 0), by))
      .sends(noted(-50_00));
    givenProcess(openReceivables)
      .when(recorded(credited(20_00, 0), by))
      .sends(noted(-20_00));
    givenProcess(openReceivables).when(recorded(refunded, by)).sends(noted(10_00));
    givenProcess(openReceivables)
      .when(recorded(reversed(50_00, 50_00), by))
      .sends(noted(50_00));
  });
  it('has a limit only for a customer who is registered and not erased', () => {
    const limit = { customerId, limit: 500_00, currency: 'EUR' };
    given(creditAccount, known).when('SetCreditLimit', limit).then(CreditLimitSet(limit));
    given(creditAccount, { ...known, customer: nobody })
      .when('SetCreditLimit', limit)
      .isRefused('customer-unknown');
    given(creditAccount, { ...known, customer: erased })
      .when('SetCreditLimit', limit)
      .isRefused('customer-erased');
  });
  it('is counted by currency', () => {
    const owing = given(
      creditAccount,
      known,
      CreditLimitSet({ customerId, limit: 500_00, currency: 'EUR' }),
      ReceivableNoted({ customerId, currency: 'EUR', change: 350_00, open: 350_00 }),
    );
    owing
      .when('NoteReceivable', { customerId, currency: 'USD', change: 5_00 })
      .then(ReceivableNoted({ customerId, currency: 'USD', change: 5_00, open: 5_00 }));
    owing
      .when('NoteReceivable', { customerId, currency: 'EUR', change: -50_00 })
      .then(ReceivableNoted({ customerId, currency: 'EUR', change: -50_00, open: 300_00 }));
    owing.when('SetCreditLimit', { customerId, limit: 500_00, currency: 'EUR' }).changesNothing();
    expect(owing.state).toEqual({ customerId, limit: { amount: 500_00, currency: 'EUR' }, open: { EUR: 350_00 } });
  });
});

describe('what a customer will owe us for confirmed orders (ORD-01)', () => {
  const noted = (toInvoice: number) => CommitmentNoted({ customerId, orderId, currency: 'EUR', toInvoice });
  const stateOf = (...history: Fact[]) => given(order, noLimit, ...history).state;
  const note = { customerId, orderId };

  it('is what is confirmed and not invoiced', () => {
    const noting = (...history: Fact[]) =>
      given(creditAccount, { ...known, order: stateOf(...history) }).when('NoteCommitment', note);
    noting(placed).changesNothing();
    noting(placed, confirmed).then(noted(350_00));
    noting(placed, confirmed, invoiced(oneChair)).then(noted(250_00));
    noting(placed, confirmed, shipped(oneChair), closed).then(noted(100_00));
    noting(placed, confirmed, invoiced()).changesNothing();
    given(creditAccount, known).when('NoteCommitment', note).changesNothing();
  });
  it('is no more once it is invoiced or cancelled', () => {
    const promised = given(creditAccount, known, noted(350_00)).state;
    expect(promised).toEqual({ customerId, open: {}, committed: { [orderId]: { currency: 'EUR', toInvoice: 350_00 } } });
    given(creditAccount, { ...known, order: stateOf(placed, confirmed, invoiced()) }, noted(350_00))
      .when('NoteReceivable', { ...note, currency: 'EUR', change: 350_00 })
      .then(ReceivableNoted({ customerId, currency: 'EUR', change: 350_00, open: 350_00 }), noted(0));
    given(creditAccount, { ...known, order: stateOf(placed, confirmed, cancelled) }, noted(350_00))
      .when('NoteCommitment', note)
      .then(noted(0));
    expect(given(creditAccount, known, noted(350_00), noted(0)).state).toEqual({ customerId, open: {}, committed: {} });
  });
  it('is noted when an order is confirmed, amended, cancelled or closed, or can be invoiced again, or no more', () => {
    const by = { refs: { customer: customerId } };
    const returned = { orderId, returnId: derivedId('sample', 'return'), lines: oneChair };
    givenProcess(openReceivables)
      .when(recorded(OrderReturned(returned), by))
      .sends();
    for (const fact of [confirmed, cancelled, closed, OrderReturned({ ...returned, notInvoicedAgain: oneChair })])
      givenProcess(openReceivables)
        .when(recorded(fact, by))
        .sends(send(NoteCommitment, note, { alsoImported: true }));
    const again = OrderCredited({ ...credited(350_00, 0).data, reopened: oneChair });
    givenProcess(openReceivables)
      .when(recorded(again, by))
      .sends(send(NoteReceivable, { ...note, currency: 'EUR', change: -350_00 }, { alsoImported: true }));
  });
});
