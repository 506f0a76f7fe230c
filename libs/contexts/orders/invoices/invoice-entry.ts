import { type Static, Type } from 'typebox';
import { Choice, Count, daysBetween, Id, MinorUnits, type Moment, MomentField, type RecordedAs, Text } from '#kernel';
import type {
  InvoiceBecameOverdue,
  OrderCredited,
  OrderInvoiced,
  PaymentReceived,
  PaymentRefunded,
  PaymentReminded,
  PaymentReversed,
} from '../order/events.js';
import { invoiceStatus, invoiceStatuses, openAmount, refundableAmount } from '../order/receivables.js';
import type { CreditNoteNumbered, InvoiceNumbered } from '../series/series.js';

const movementKinds = ['PAYMENT', 'REVERSAL', 'CREDIT', 'REFUND'] as const;

const Movement = Type.Object({
  kind: Choice(movementKinds, 'a payment, a payment that was taken back, a credit note, or what was paid back'),
  id: Id('the payment, the credit note or the refund'),
  number: Type.Optional(Text('of a credit note: the number that people use for it', 64)),
  amount: MinorUnits('how much'),
  at: MomentField('when it happened, however late it was entered'),
});
export type Movement = Static<typeof Movement>;

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
  settledAt: Type.Optional(MomentField('since when nothing is left to pay, in the order in which things happened')),
  daysToSettle: Type.Optional(Type.Number({ description: 'days of 24 hours from issue until nothing was left to pay' })),
  movements: Type.Array(Movement, { description: 'what changed what is left to pay, in the order in which it happened' }),
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
    movements: [],
    reminders: 0,
  };
  return reckoned({ ...entry, open: amount, status: 'UNPAID' });
};

/** The invoice after one more fact about it; works on any document that holds the fields of an entry. */
export const afterFact = {
  PaymentReceived: <E extends InvoiceEntry>(entry: E, { data, occurredAt }: RecordedAs<typeof PaymentReceived>): E =>
    moved(
      { ...entry, paid: entry.paid + data.amount },
      { kind: 'PAYMENT', id: data.paymentId, amount: data.amount, at: occurredAt },
    ),
  PaymentReversed: <E extends InvoiceEntry>(entry: E, { data, occurredAt }: RecordedAs<typeof PaymentReversed>): E =>
    moved(
      { ...entry, paid: entry.paid - data.amount },
      { kind: 'REVERSAL', id: data.paymentId, amount: data.amount, at: occurredAt },
    ),
  OrderCredited: <E extends InvoiceEntry>(entry: E, { data, occurredAt }: RecordedAs<typeof OrderCredited>): E =>
    moved(
      { ...entry, credited: entry.credited + data.amount },
      { kind: 'CREDIT', id: data.creditId, amount: data.amount, at: occurredAt },
    ),
  PaymentRefunded: <E extends InvoiceEntry>(entry: E, { data, occurredAt }: RecordedAs<typeof PaymentRefunded>): E =>
    moved(
      { ...entry, refunded: entry.refunded + data.amount },
      { kind: 'REFUND', id: data.refundId, amount: data.amount, at: occurredAt },
    ),
  InvoiceNumbered: <E extends InvoiceEntry>(entry: E, { data }: RecordedAs<typeof InvoiceNumbered>): E => ({
    ...entry,
    invoiceNumber: data.invoiceNumber,
  }),
  CreditNoteNumbered: <E extends InvoiceEntry>(entry: E, { data }: RecordedAs<typeof CreditNoteNumbered>): E => ({
    ...entry,
    movements: entry.movements.map((movement) =>
      movement.kind === 'CREDIT' && movement.id === data.creditId ? { ...movement, number: data.creditNumber } : movement,
    ),
  }),
  InvoiceBecameOverdue: <E extends InvoiceEntry>(entry: E, { data }: RecordedAs<typeof InvoiceBecameOverdue>): E =>
    reckoned({ ...entry, overdueSince: data.dueAt }),
  PaymentReminded: <E extends InvoiceEntry>(entry: E, { data }: RecordedAs<typeof PaymentReminded>): E => ({
    ...entry,
    reminders: entry.reminders + 1,
    lastReminderAt: data.reminderAt,
  }),
};

const moved = <E extends InvoiceEntry>(entry: E, movement: Movement): E =>
  reckoned({ ...entry, movements: inOrder([...entry.movements, movement]) });

/** A payment may be entered days after it came in. */
const inOrder = (movements: readonly Movement[]): Movement[] =>
  [...movements].sort((one, other) => (one.at < other.at ? -1 : one.at > other.at ? 1 : 0));

function reckoned<E extends InvoiceEntry>(entry: E): E {
  const open = openAmount(entry);
  const status = invoiceStatus({ ...entry, overdue: entry.overdueSince !== undefined });
  const settledAt = settledSince(entry);
  const refundable = refundableAmount(entry);
  return { ...entry, open, refundable, status, settledAt, daysToSettle: settledAt && daysBetween(entry.invoicedAt, settledAt) };
}

function settledSince({ amount, invoicedAt, movements }: InvoiceEntry): Moment | undefined {
  let left = amount;
  let since = left > 0 ? undefined : invoicedAt;
  for (const { kind, amount, at } of movements) {
    left += kind === 'PAYMENT' || kind === 'CREDIT' ? -amount : amount;
    since = left > 0 ? undefined : (since ?? at);
  }
  return since;
}
