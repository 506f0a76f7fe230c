import { addDays, at, process, send } from '#kernel';
import { AgeInvoice, MarkInvoiceOverdue, RemindPayment } from '../order/billing-commands.js';
import { OrderInvoiced } from '../order/events.js';
import { ageingDays } from '../order/receivables.js';

/** The commands look for themselves whether something is still open when their moment has come. */
export const paymentReminders = process({
  name: 'payment-reminders',
  description:
    'Notes that an invoice is overdue at its due moment, reminds the customer of it, and notes its age, as long as it is open.',
  capabilities: ['ORD-04', 'ORD-06'],
  startsFrom: 'zero',
  facts: { OrderInvoiced },
  react: {
    OrderInvoiced: ({ data: { orderId, invoiceId, dueAt, reminderAts } }) => [
      at(dueAt, send(MarkInvoiceOverdue, { orderId, invoiceId })),
      ...reminderAts.map((due, index) => at(due, send(RemindPayment, { orderId, invoiceId, level: index + 1 }))),
      ...ageingDays.map((days) => at(addDays(dueAt, days), send(AgeInvoice, { orderId, invoiceId, days }))),
    ],
  },
});
