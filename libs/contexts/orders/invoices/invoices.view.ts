import { type Static, Type } from 'typebox';
import { Currency, Id, view } from '#kernel';
import { InvoiceBecameOverdue, OrderCredited, OrderInvoiced, PaymentReceived, PaymentReminded } from '../order/events.js';
import { afterFact, InvoiceFields, issued } from './invoice-entry.js';

const Invoice = Type.Object({
  ...InvoiceFields,
  orderId: Id('the order'),
  customerId: Id('who is invoiced'),
  ownerId: Type.Optional(Id('the sales agent whose order it is')),
  currency: Currency(),
});
type Invoice = Static<typeof Invoice>;

export const invoices = view({
  name: 'invoices',
  description: 'Every invoice: what is open of it, since when, and how often the customer was reminded.',
  version: 1,
  capabilities: ['ORD-04', 'ORD-05'],
  roles: ['orders', 'sales', 'care', 'analyst', 'auditor'],
  document: Invoice,
  facts: { OrderInvoiced, PaymentReceived, OrderCredited, InvoiceBecameOverdue, PaymentReminded },
  key: ({ data }) => data.invoiceId,
  initial: (invoiceId): Invoice => ({
    invoiceId,
    orderId: '',
    customerId: '',
    currency: '',
    status: 'UNPAID',
    amount: 0,
    paid: 0,
    credited: 0,
    open: 0,
    invoicedAt: '',
    dueAt: '',
    reminders: 0,
  }),
  apply: {
    OrderInvoiced: (_, recorded) => {
      const { orderId, customerId, currency } = recorded.data;
      return { ...issued(recorded), orderId, customerId, ownerId: recorded.refs.owner, currency };
    },
    ...afterFact,
  },
  filters: [
    'invoiceId',
    'invoiceNumber',
    'orderId',
    'customerId',
    'ownerId',
    'status',
    'currency',
    'amount',
    'open',
    'invoicedAt',
    'dueAt',
    'overdueSince',
    'settledAt',
    'reminders',
  ],
  sums: { amount: 'currency', paid: 'currency', credited: 'currency', open: 'currency' },
  sort: 'dueAt',
  customer: 'customerId',
});
