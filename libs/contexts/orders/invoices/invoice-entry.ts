import { type Static, Type } from 'typebox';
import { Choice, Count, daysBetween, Id, MinorUnits, type Moment, MomentField, type RecordedAs, Text } from '#kernel';
import type {
  InvoiceBecameOverdue,
  OrderCredited,
  OrderInvoiced,
  PaymentReceived,
  PaymentRefunded,
  PaymentReminded,
} from '../order/events.js';
import { invoiceStatus, invoiceStatuses, openAmount, refundableAmount } from '../order/receivables.js';
import type { InvoiceNumbered } from '../series/series.js';

/** What the views say about one invoice. Amounts are in the currency of the order. */
export const InvoiceFields = {
  invoiceId: Id('the invoice'),
  invoiceNumber: Type.Optional(Text('number that people use for it')),
  status: Choice(invoiceStatuses, 'follows from what was paid and credited; OVERDUE from its due moment on while it is open'),
  amount: MinorUnits('what was invoiced'),
  paid: MinorUnits('what was paid'),
  credited: MinorUnits('what was credited'),
  refunded: MinorUnits('what was paid back'),
  refundable: MinorUnits('what was paid beyond what it asks for since it was credited, and is to be paid back'),
  open: MinorUnits('what is left to pay'),
  invoicedAt: MomentField('when it was issued'),
  dueAt: MomentField('when it is to be paid at the latest'),
  overdueSince: Type.Optional(MomentField('its due moment, if it was still open then')),
  settledAt: Type.Optional(MomentField('when nothing was left to pay')),
  daysToSettle: Type.Optional(Type.Number({ description: 'days of 24 hours from issue until nothing was left to pay' })),
  reminders: Count('how many reminders went out'),
  lastReminderAt: Type.Optional(MomentField('when the last reminder was due')),
};

const InvoiceEntry = Type.Object(InvoiceFields);
export type InvoiceEntry = Static<typeof InvoiceEntry>;

export const issued = ({ data, occurredAt }: RecordedAs<typeof OrderInvoiced>): InvoiceEntry => {
  const { invoiceId, invoiceNumber, amount, dueAt } = data;
  const entry = {
    invoiceId,
    invoiceNumber,
    amount,
    dueAt,
    paid: 0,
    credited: 0,
    refunded: 0,
    refundable: 0,
    invoicedAt: occurredAt,
    reminders: 0,
  };
  return reckoned({ ...entry, open: amount, status: 'UNPAID' }, occurredAt);
};

/** The invoice after one more fact about it; works on any document that holds the fields of an entry. */
export const afterFact = {
  PaymentReceived: <E extends InvoiceEntry>(entry: E, { data, occurredAt }: RecordedAs<typeof PaymentReceived>): E =>
    reckoned({ ...entry, paid: entry.paid + data.amount }, occurredAt),
  OrderCredited: <E extends InvoiceEntry>(entry: E, { data, occurredAt }: RecordedAs<typeof OrderCredited>): E =>
    reckoned({ ...entry, credited: entry.credited + data.amount }, occurredAt),
  PaymentRefunded: <E extends InvoiceEntry>(entry: E, { data, occurredAt }: RecordedAs<typeof PaymentRefunded>): E =>
    reckoned({ ...entry, refunded: entry.refunded + data.amount }, occurredAt),
  InvoiceNumbered: <E extends InvoiceEntry>(entry: E, { data }: RecordedAs<typeof InvoiceNumbered>): E => ({
    ...entry,
    invoiceNumber: data.invoiceNumber,
  }),
  InvoiceBecameOverdue: <E extends InvoiceEntry>(entry: E, { data, occurredAt }: RecordedAs<typeof InvoiceBecameOverdue>): E =>
    reckoned({ ...entry, overdueSince: data.dueAt }, occurredAt),
  PaymentReminded: <E extends InvoiceEntry>(entry: E, { data }: RecordedAs<typeof PaymentReminded>): E => ({
    ...entry,
    reminders: entry.reminders + 1,
    lastReminderAt: data.reminderAt,
  }),
};

function reckoned<E extends InvoiceEntry>(entry: E, at: Moment): E {
  const open = openAmount(entry);
  const status = invoiceStatus({ ...entry, overdue: entry.overdueSince !== undefined });
  const settledAt = open === 0 ? (entry.settledAt ?? at) : undefined;
  const refundable = refundableAmount(entry);
  return { ...entry, open, refundable, status, settledAt, daysToSettle: settledAt && daysBetween(entry.invoicedAt, settledAt) };
}
