import { type Static, Type } from 'typebox';
import { Choice, Currency, Id, MinorUnits, MomentField, Text, view } from '#kernel';
import { InvoiceAged, InvoiceBecameOverdue, OrderCredited, OrderInvoiced, PaymentReceived } from '../order/events.js';
import { InvoiceNumbered } from '../series/series.js';

export const buckets = ['NOT_DUE', 'UP_TO_30', 'UP_TO_60', 'UP_TO_90', 'OVER_90'] as const;

const Receivable = Type.Object({
  invoiceId: Id('the invoice'),
  invoiceNumber: Type.Optional(Text('number that people use for it', 64)),
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
  version: 1,
  capabilities: ['ORD-04', 'ORD-05'],
  roles: ['orders', 'sales', 'analyst', 'auditor'],
  document: Receivable,
  facts: { OrderInvoiced, InvoiceNumbered, PaymentReceived, OrderCredited, InvoiceBecameOverdue, InvoiceAged },
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
    OrderCredited: (known, { data: { open } }) => stillOpen(known, open),
    InvoiceBecameOverdue: (known): Receivable => ({ ...known, bucket: 'UP_TO_30' }),
    InvoiceAged: (known, { data: { days } }): Receivable => ({
      ...known,
      bucket: days >= 90 ? 'OVER_90' : days >= 60 ? 'UP_TO_90' : 'UP_TO_60',
    }),
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

/** An invoice of which nothing is open is no receivable. */
const stillOpen = (known: Receivable, open: number) => (open === 0 ? null : { ...known, open });
