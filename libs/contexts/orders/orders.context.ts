import { context } from '#kernel';
import { invoices } from './invoices/invoices.view.js';
import { order } from './order/order.js';
import { orderToCash } from './order-to-cash/order-to-cash.view.js';
import { paymentReminders } from './unpaid-invoice/payment-reminders.process.js';

export const orders = context({
  name: 'orders',
  description: 'From a customer order to the last payment: ordering, shipping, invoicing and collecting.',
  aggregates: [order],
  views: [orderToCash, invoices],
  processes: [paymentReminders],
});
