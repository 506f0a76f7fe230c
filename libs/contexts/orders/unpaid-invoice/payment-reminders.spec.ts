import { describe, it } from '@jest/globals';
import { addDays, at, send } from '#kernel';
import { givenProcess, recorded } from '#kernel/testing';
import { AgeInvoice, MarkInvoiceOverdue, RemindPayment } from '../order/billing-commands.js';
import { OrderInvoiced } from '../order/events.js';
import { dueAt, invoiced, invoiceId, orderId, reversed } from '../order/order.samples.js';
import { paymentReminders } from './payment-reminders.process.js';

const atDue = at(dueAt, send(MarkInvoiceOverdue, { orderId, invoiceId }));
const ageing = [30, 60, 90].map((days) => at(addDays(dueAt, days), send(AgeInvoice, { orderId, invoiceId, days })));

describe('payment reminders (ORD-04, ORD-06)', () => {
  it('look at an invoice at its due moment, 7, 21 and 42 days after it, and for its age 30, 60 and 90 days after it', () =>
    givenProcess(paymentReminders)
      .when(recorded(invoiced()))
      .sends(
        at('2026-02-11T09:00:00.000Z', send(RemindPayment, { orderId, invoiceId, level: 1 })),
        at('2026-02-25T09:00:00.000Z', send(RemindPayment, { orderId, invoiceId, level: 2 })),
        at('2026-03-18T09:00:00.000Z', send(RemindPayment, { orderId, invoiceId, level: 3 })),
        atDue,
        ...ageing,
      ));

  it('look again, when a payment is taken back, at what was paid at its moment', () =>
    givenProcess(paymentReminders)
      .when(recorded(reversed(350_00, 350_00), { occurredAt: addDays(dueAt, 45) }))
      .sends(atDue, ...ageing));

  it('look again too when that is learnt of after the due moment, and happened before it: the clock had found it paid', () =>
    givenProcess(paymentReminders)
      .when(recorded(reversed(350_00, 350_00), { occurredAt: addDays(dueAt, -2), recordedAt: addDays(dueAt, 10) }))
      .sends(atDue, ...ageing));

  it('keep to the moments that the decision computed', () =>
    givenProcess(paymentReminders)
      .when(recorded(OrderInvoiced({ ...invoiced().data, reminderAts: [] })))
      .sends(atDue, ...ageing));
});
