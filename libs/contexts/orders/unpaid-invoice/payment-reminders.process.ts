import { addDays, at, type Moment, process, send } from '#kernel';
import { AgeInvoice, MarkInvoiceOverdue, RemindPayment } from '../order/billing-commands.js';
import { OrderInvoiced, PaymentReversed } from '../order/events.js';
import { ageingDays } from '../order/receivables.js';

/** The commands look for themselves whether something is still open when their moment has come. */
export const paymentReminders = process({
  name: 'payment-reminders',
  description:
    'Notes that an invoice is overdue at its due moment, reminds the customer of it, and notes its age, as long as it is open.',
  capabilities: ['ORD-04', 'ORD-06'],
  startsFrom: 'zero',
  facts: { OrderInvoiced, PaymentReversed },
  react: {
    OrderInvoiced: ({ data: { orderId, invoiceId, dueAt, reminderAts } }) => [
      ...reminderAts.map((due, index) => at(due, send(RemindPayment, { orderId, invoiceId, level: index + 1 }))),
      ...ageing(orderId, invoiceId, dueAt),
    ],
    // What the clock found to be paid at its moment, before it was known that the money had gone: which moments those are, the
    // commands know. Reminders of days gone by are not made up for.
    PaymentReversed: ({ data: { orderId, invoiceId, invoice } }) => ageing(orderId, invoiceId, invoice.dueAt),
  },
});

const ageing = (orderId: string, invoiceId: string, dueAt: Moment) => [
  at(dueAt, send(MarkInvoiceOverdue, { orderId, invoiceId })),
  ...ageingDays.map((days) => at(addDays(dueAt, days), send(AgeInvoice, { orderId, invoiceId, days }))),
];
