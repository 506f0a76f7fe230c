import { describe, expect, it } from '@jest/globals';
import { derivedId, type Fact, send } from '#kernel';
import { given, givenProcess, givenView, recorded } from '#kernel/testing';
import { invoiceNumbers } from '../invoice-numbers/invoice-numbers.process.js';
import { invoices } from '../invoices/invoices.view.js';
import { OrderCredited, OrderInvoiced } from '../order/events.js';
import { confirmed, credited, creditId, invoiced, invoiceId, now, orderId, placed } from '../order/order.samples.js';
import { orderToCash } from '../order-to-cash/order-to-cash.view.js';
import { returns } from '../returns/returns.view.js';
import { numberOf, seriesNumberIn } from './numbers.js';
import { CreditNoteNumbered, GiveNumber, InvoiceNumbered, SeriesContinued, series, seriesIdOf } from './series.js';

const returnId = derivedId('sample', 'return');
const seriesId = seriesIdOf('INV', 2026);
const about = { seriesId, series: 'INV', year: 2026, orderId, invoiceId };
const first = InvoiceNumbered({ ...about, count: 1, invoiceNumber: 'INV-2026-000001' });

describe('a series of numbers (ORD-04)', () => {
  it('begins at 1 and goes on without a gap', () => {
    given(series, {})
      .when('GiveNumber', { ...about, kind: 'INVOICE' })
      .then(first);
    given(series, {}, first)
      .when('GiveNumber', { ...about, kind: 'CREDIT_NOTE', creditId })
      .then(CreditNoteNumbered({ ...about, creditId, count: 2, creditNumber: 'INV-2026-000002' }));
  });
  it('goes on behind what was given elsewhere, which is said before it gives one', () => {
    const which = { seriesId, series: 'INV', year: 2026 };
    const continued = SeriesContinued({ ...which, elsewhere: 417 });
    given(series, {})
      .when('ContinueSeries', { ...which, elsewhere: 417 })
      .then(continued);
    given(series, {}, continued)
      .when('GiveNumber', { ...about, kind: 'INVOICE' })
      .then(InvoiceNumbered({ ...about, count: 418, invoiceNumber: 'INV-2026-000418' }));
    given(series, {}, continued)
      .when('ContinueSeries', { ...which, elsewhere: 420 })
      .then(SeriesContinued({ ...which, elsewhere: 420 }));
    given(series, {}, continued)
      .when('ContinueSeries', { ...which, elsewhere: 417 })
      .changesNothing();
    given(series, {}, continued)
      .when('ContinueSeries', { ...which, elsewhere: 416 })
      .isRefused('series-goes-back', 'elsewhere');
    for (const history of [[first], [continued, InvoiceNumbered({ ...about, count: 418, invoiceNumber: 'INV-2026-000418' })]])
      given(series, {}, ...history)
        .when('ContinueSeries', { ...which, elsewhere: 500 })
        .isRefused('series-begun');
    given(series, {})
      .when('ContinueSeries', { ...which, year: 2027, elsewhere: 417 })
      .isRefused('series-unknown', 'seriesId');
  });
  it('gives numbers of a form that it knows again, and no others', () => {
    for (const count of [1, 999_999, 1_000_000, 12_345_678])
      expect(seriesNumberIn(numberOf('INV', 2026, count))).toEqual({ series: 'INV', year: 2026, count });
    for (const other of ['INV-2026-0001', 'INV-2026-0000001', 'INV-26-000001', 'A'.repeat(11)])
      expect(seriesNumberIn(other)).toBeUndefined();
  });
  it('is another one in another year, and of another name', () =>
    expect(new Set([seriesId, seriesIdOf('INV', 2027), seriesIdOf('CN', 2026)]).size).toBe(3));
});

describe('the numbers of invoices (ORD-04)', () => {
  it('are given to invoices and credit notes that were issued', () => {
    givenProcess(invoiceNumbers)
      .when(recorded(invoiced()))
      .sends(send(GiveNumber, { ...about, kind: 'INVOICE' }));
    givenProcess(invoiceNumbers)
      .when(recorded(credited(1_00, 0)))
      .sends(send(GiveNumber, { ...about, seriesId: seriesIdOf('CN', 2026), series: 'CN', kind: 'CREDIT_NOTE', creditId }));
  });
  it('are given to the credit note of a return, which shows them', () => {
    const ofReturn = OrderCredited({ ...credited(1_00, 0).data, returnId });
    const note = { ...about, seriesId: seriesIdOf('CN', 2026), series: 'CN', creditId, returnId };
    givenProcess(invoiceNumbers)
      .when(recorded(ofReturn))
      .sends(send(GiveNumber, { ...note, kind: 'CREDIT_NOTE' }));
    const numbered = CreditNoteNumbered({ ...note, count: 1, creditNumber: 'CN-2026-000001' });
    given(series, {})
      .when('GiveNumber', { ...note, kind: 'CREDIT_NOTE' })
      .then(numbered);
    givenView(returns)
      .facts(recorded(ofReturn), recorded(numbered))
      .then(returnId, { credited: 1_00, creditNumbers: ['CN-2026-000001'] });
  });
  it('of credit notes are shown with the invoice and with the order', () => {
    const note = { ...about, seriesId: seriesIdOf('CN', 2026), series: 'CN', creditId, count: 1, creditNumber: 'CN-2026-000001' };
    const history = [placed, confirmed, invoiced(), credited(1_00, 349_00), CreditNoteNumbered(note)].map((fact: Fact) =>
      recorded(fact),
    );
    const movements = [{ kind: 'CREDIT', id: creditId, amount: 1_00, at: now, number: 'CN-2026-000001' }];
    expect(
      givenView(invoices)
        .facts(...history.slice(2))
        .document(invoiceId),
    ).toMatchObject({ movements });
    expect(
      givenView(orderToCash)
        .facts(...history)
        .document(orderId),
    ).toMatchObject({ invoices: [{ invoiceId, movements }] });
  });
  it('are not given to an invoice that has one', () => {
    const { series: _none, ...data } = invoiced().data;
    givenProcess(invoiceNumbers)
      .when(recorded(OrderInvoiced({ ...data, invoiceNumber: 'A-1' })))
      .sendsNothing();
  });
  it('are shown with the invoice', () =>
    givenView(invoices).facts(recorded(invoiced()), recorded(first)).then(invoiceId, { invoiceNumber: 'INV-2026-000001' }));
});
