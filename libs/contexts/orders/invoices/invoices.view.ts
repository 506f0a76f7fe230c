import { type Static, Type } from 'typebox';
import { Currency, Id, personal, Text, view } from '#kernel';
import {
  InvoiceBecameOverdue,
  OrderCredited,
  OrderInvoiced,
  PaymentReceived,
  PaymentRefunded,
  PaymentReminded,
  PaymentReversed,
} from '../order/events.js';
import { CreditNoteNumbered, InvoiceNumbered } from '../series/series.js';
import { afterFact, InvoiceFields, issued } from './invoice-entry.js';

const Invoice = Type.Object({
  ...InvoiceFields,
  orderId: Id('the order'),
  customerId: Id('who is invoiced'),
  ownerId: Type.Optional(Id('the sales agent whose order it is')),
  currency: Currency(),
  billingName: Type.Optional(personal('customerId', 'billing', Text('whom it names'))),
  billingAddress: Type.Optional(personal('customerId', 'billing', Text('where it goes'))),
});
type Invoice = Static<typeof Invoice>;

export const invoices = view({
  name: 'invoices',
  description: 'Every invoice: what is open of it, since when, and how often the customer was reminded.',
  version: 4,
  capabilities: ['ORD-04', 'ORD-05'],
  roles: ['orders', 'sales', 'care', 'analyst', 'auditor', 'customer'],
  document: Invoice,
  facts: {
    OrderInvoiced,
    InvoiceNumbered,
    CreditNoteNumbered,
    PaymentReceived,
    PaymentReversed,
    OrderCredited,
    PaymentRefunded,
    InvoiceBecameOverdue,
    PaymentReminded,
  },
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
    refunded: 0,
    refundable: 0,
    open: 0,
    invoicedAt: '',
    dueAt: '',
    movements: [],
    reminders: 0,
  }),
  apply: {
    OrderInvoiced: (_, recorded) => {
      const { orderId, customerId, currency, billingName, billingAddress } = recorded.data;
      const billed = { billingName, billingAddress };
      return { ...issued(recorded), orderId, customerId, ownerId: recorded.refs.owner, currency, ...billed };
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
    'refundable',
    'invoicedAt',
    'dueAt',
    'overdueSince',
    'settledAt',
    'reminders',
  ],
  sums: {
    amount: 'currency',
    paid: 'currency',
    credited: 'currency',
    open: 'currency',
    refunded: 'currency',
    refundable: 'currency',
  },
  sort: 'dueAt',
  customer: 'customerId',
});
