import { describe, expect, it } from '@jest/globals';
import { addDays } from '#kernel';
import { givenView, recorded } from '#kernel/testing';
import { OrderInvoiced } from '../order/events.js';
import {
  credited,
  customerId,
  dueAt,
  invoiced,
  invoiceId,
  now,
  orderId,
  overdue,
  ownerId,
  paid,
  placed,
  reminded,
  reversed,
} from '../order/order.samples.js';
import { invoices } from './invoices.view.js';

const issue = recorded(invoiced(), { occurredAt: now, refs: { owner: ownerId } });

describe('the invoices (ORD-04, ORD-05)', () => {
  it('show what is open, whose it is and when it is due', () =>
    givenView(invoices).facts(issue).then(invoiceId, {
      invoiceId,
      orderId,
      customerId,
      ownerId,
      currency: 'EUR',
      status: 'UNPAID',
      amount: 350_00,
      open: 350_00,
      paid: 0,
      credited: 0,
      invoicedAt: now,
      dueAt,
      reminders: 0,
    }));

  it('take off what is paid and credited', () =>
    givenView(invoices)
      .facts(issue, recorded(paid(100_00, 250_00)), recorded(credited(50_00, 200_00)))
      .then(invoiceId, { status: 'PARTLY_PAID', paid: 100_00, credited: 50_00, open: 200_00 }));

  it('owe again what was paid and taken back', () =>
    givenView(invoices)
      .facts(issue, recorded(paid(350_00, 0)), recorded(reversed(350_00, 350_00)))
      .then(invoiceId, { status: 'UNPAID', paid: 0, open: 350_00 }));

  it('show when and after how many days an invoice was settled', () =>
    givenView(invoices)
      .facts(issue, recorded(paid(350_00, 0), { occurredAt: addDays(now, 12.5) }))
      .then(invoiceId, { status: 'PAID', open: 0, settledAt: addDays(now, 12.5), daysToSettle: 12.5 }));

  it('show one that asks for nothing as settled since it was issued', () =>
    givenView(invoices)
      .facts(recorded(OrderInvoiced({ ...invoiced().data, lines: [], amount: 0 }), { occurredAt: now }))
      .then(invoiceId, { status: 'PAID', open: 0, settledAt: now, daysToSettle: 0 }));

  it('show one as overdue when the clock has said so', () =>
    givenView(invoices)
      .facts(issue, recorded(overdue(350_00), { occurredAt: dueAt }))
      .then(invoiceId, { status: 'OVERDUE', overdueSince: dueAt, open: 350_00 }));

  it('show a late payment as paid, and that it was late', () =>
    givenView(invoices)
      .facts(
        issue,
        recorded(overdue(350_00), { occurredAt: dueAt }),
        recorded(paid(350_00, 0), { occurredAt: addDays(dueAt, 3) }),
      )
      .then(invoiceId, { status: 'PAID', overdueSince: dueAt, daysToSettle: 33 }));

  it('count reminders by the moment they were due', () =>
    givenView(invoices)
      .facts(issue, recorded(reminded(1, 350_00)), recorded(reminded(2, 350_00), { occurredAt: addDays(dueAt, 30) }))
      .then(invoiceId, { reminders: 2, lastReminderAt: addDays(dueAt, 21) }));

  it('keep one document for each invoice and none for an order without', () =>
    expect([...givenView(invoices).facts(recorded(placed), issue).documents.keys()]).toEqual([invoiceId]));
});
