import { at, process, send } from '#kernel';
import { MarkInvoiceOverdue, RemindPayment } from '../order/billing-commands.js';
import { OrderInvoiced } from '../order/events.js';

/** The commands look for themselves whether something is still open when their moment has come. */
export const paymentReminders = process({
  name: 'payment-reminders',
  description: 'Notes that an invoice is overdue at its due moment, and reminds the customer of it as long as it is open.',
  capabilities: ['ORD-04', 'ORD-06'],
  startsFrom: 'zero',
  facts: { OrderInvoiced },
  react: {
    OrderInvoiced: ({ data: { orderId, invoiceId, dueAt, reminderAts } }) => [
      at(dueAt, send(MarkInvoiceOverdue, { orderId, invoiceId })),
      ...reminderAts.map((due, index) => at(due, send(RemindPayment, { orderId, invoiceId, level: index + 1 }))),
    ],
  },
});
