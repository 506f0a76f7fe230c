import { type Static, Type } from 'typebox';
import { Choice, Currency, Id, MinorUnits, MomentField, Text, view } from '#kernel';
import {
  InvoiceAged,
  InvoiceBecameOverdue,
  OrderCredited,
  OrderInvoiced,
  PaymentReceived,
  PaymentRefunded,
  PaymentReversed,
} from '../order/events.js';
import { openAmount } from '../order/receivables.js';
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
  paid: MinorUnits('what was paid'),
  credited: MinorUnits('what was credited'),
  refunded: MinorUnits('what was paid back'),
  open: MinorUnits('what is left to pay'),
  bucket: Choice(buckets, 'days since the due moment: NOT_DUE before it, UP_TO_30 less than 30 days after it, and so on'),
  invoicedAt: MomentField('when it was issued'),
  dueAt: MomentField('when it is to be paid at the latest'),
});
type Receivable = Static<typeof Receivable>;

/**
 * Invoices move from bucket to bucket by facts of the clock; so the ageing of a day in the past is what it was on that day. What a fact
 * says to be open is what was when it was entered: for any day it is counted here, from what had happened by then.
 */
export const receivables = view({
  name: 'receivables',
  description: 'What customers owe us, by age: each invoice that is open, and how long it has been due.',
  version: 3,
  capabilities: ['ORD-04', 'ORD-05'],
  roles: ['orders', 'sales', 'analyst', 'auditor'],
  document: Receivable,
  facts: {
    OrderInvoiced,
    InvoiceNumbered,
    PaymentReceived,
    PaymentReversed,
    OrderCredited,
    PaymentRefunded,
    InvoiceBecameOverdue,
    InvoiceAged,
  },
  key: ({ data }) => data.invoiceId,
  initial: (invoiceId): Receivable => ({
    invoiceId,
    orderId: '',
    customerId: '',
    currency: '',
    amount: 0,
    paid: 0,
    credited: 0,
    refunded: 0,
    open: 0,
    bucket: 'NOT_DUE',
    invoicedAt: '',
    dueAt: '',
  }),
  apply: {
    OrderInvoiced: (known, { data: { orderId, customerId, invoiceNumber, amount, currency, dueAt }, occurredAt, refs }) =>
      reckoned({
        ...{ ...known, orderId, customerId, ownerId: refs.owner, invoiceNumber, currency, amount, dueAt },
        invoicedAt: occurredAt,
      }),
    InvoiceNumbered: (known, { data: { invoiceNumber } }) => ({ ...known, invoiceNumber }),
    PaymentReceived: (known, { data: { amount } }) => reckoned({ ...known, paid: known.paid + amount }),
    PaymentReversed: (known, { data: { amount } }) => reckoned({ ...known, paid: known.paid - amount }),
    OrderCredited: (known, { data: { amount } }) => reckoned({ ...known, credited: known.credited + amount }),
    PaymentRefunded: (known, { data: { amount } }) => reckoned({ ...known, refunded: known.refunded + amount }),
    InvoiceBecameOverdue: (known): Receivable => ({ ...known, bucket: bucketOf(0) }),
    InvoiceAged: (known, { data: { days } }): Receivable => ({ ...known, bucket: bucketOf(days) }),
  },
  // An invoice of which nothing is open is no receivable, until a payment of it is taken back.
  shows: ({ open }) => open > 0,
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
  sums: { amount: 'currency', paid: 'currency', credited: 'currency', refunded: 'currency', open: 'currency' },
  sort: 'dueAt',
  customer: 'customerId',
});

/** Days since the due moment at which it was found to be open. */
const bucketOf = (days: number): Receivable['bucket'] =>
  days >= 90 ? 'OVER_90' : days >= 60 ? 'UP_TO_90' : days >= 30 ? 'UP_TO_60' : 'UP_TO_30';

const reckoned = (known: Receivable): Receivable => ({ ...known, open: openAmount(known) });
