import { type Static, Type } from 'typebox';
import { Choice, Currency, Id, MinorUnits, MomentField, Text, view } from '#kernel';
import {
  InvoiceAged,
  InvoiceBecameOverdue,
  OrderCredited,
  OrderInvoiced,
  PaymentReceived,
  PaymentReversed,
} from '../order/events.js';
import { InvoiceNumbered } from '../series/series.js';

export const buckets = ['NOT_DUE', 'UP_TO_30', 'UP_TO_60', 'UP_TO_90', 'OVER_90'] as const;

const Receivable = Type.Object({
  invoiceId: Id('the invoice'),
  invoiceNumber: Type.Optional(
    Text(
      'number that people use for it; left out after a payment that had settled it was taken back: see the view of invoices',
      64,
    ),
  ),
  orderId: Id('the order'),
  customerId: Id('who owes it'),
  ownerId: Type.Optional(Id('the sales agent whose order it is')),
  currency: Currency(),
  amount: MinorUnits('what was invoiced'),
  open: MinorUnits('what is left to pay'),
  bucket: Choice(buckets, 'days since the due moment: NOT_DUE before it, UP_TO_30 less than 30 days after it, and so on'),
  invoicedAt: MomentField('when it was issued'),
  dueAt: MomentField('when it is to be paid at the latest'),
});
type Receivable = Static<typeof Receivable>;

/** Invoices move from bucket to bucket by facts of the clock; so the ageing of a day in the past is what it was on that day. */
export const receivables = view({
  name: 'receivables',
  description: 'What customers owe us, by age: each invoice that is open, and how long it has been due.',
  version: 2,
  capabilities: ['ORD-04', 'ORD-05'],
  roles: ['orders', 'sales', 'analyst', 'auditor'],
  document: Receivable,
  facts: { OrderInvoiced, InvoiceNumbered, PaymentReceived, PaymentReversed, OrderCredited, InvoiceBecameOverdue, InvoiceAged },
  key: ({ data }) => data.invoiceId,
  initial: (invoiceId): Receivable => ({
    invoiceId,
    orderId: '',
    customerId: '',
    currency: '',
    amount: 0,
    open: 0,
    bucket: 'NOT_DUE',
    invoicedAt: '',
    dueAt: '',
  }),
  apply: {
    OrderInvoiced: (known, { data: { orderId, customerId, invoiceNumber, amount, currency, dueAt }, occurredAt, refs }) => ({
      ...{ ...known, orderId, customerId, ownerId: refs.owner, invoiceNumber, currency, amount, open: amount, dueAt },
      invoicedAt: occurredAt,
    }),
    InvoiceNumbered: (known, { data: { invoiceNumber } }) => (known.orderId === '' ? null : { ...known, invoiceNumber }),
    PaymentReceived: (known, { data: { open } }) => stillOpen(known, open),
    PaymentReversed: (known, { data: { orderId, customerId, currency, open, invoice }, refs }) =>
      known.orderId === '' && open > 0
        ? {
            ...{ ...known, orderId, customerId, ownerId: refs.owner, currency, amount: invoice.amount, open },
            ...{
              invoicedAt: invoice.invoicedAt,
              dueAt: invoice.dueAt,
              bucket: invoice.overdue ? bucketOf(invoice.aged) : 'NOT_DUE',
            },
          }
        : stillOpen(known, open),
    OrderCredited: (known, { data: { open } }) => stillOpen(known, open),
    InvoiceBecameOverdue: (known): Receivable => ({ ...known, bucket: bucketOf(0) }),
    InvoiceAged: (known, { data: { days } }): Receivable => ({ ...known, bucket: bucketOf(days) }),
  },
  filters: [
    'invoiceId',
    'invoiceNumber',
    'orderId',
    'customerId',
    'ownerId',
    'currency',
    'amount',
    'open',
    'bucket',
    'invoicedAt',
    'dueAt',
  ],
  sums: { amount: 'currency', open: 'currency' },
  sort: 'dueAt',
  customer: 'customerId',
});

/** Days since the due moment at which it was found to be open. */
const bucketOf = (days: number): Receivable['bucket'] =>
  days >= 90 ? 'OVER_90' : days >= 60 ? 'UP_TO_90' : days >= 30 ? 'UP_TO_60' : 'UP_TO_30';

/** An invoice of which nothing is open is no receivable. */
const stillOpen = (known: Receivable, open: number) => (open === 0 ? null : { ...known, open });
