import { process, type Recorded, send } from '#kernel';
import { NoteReceivable } from '../credit-account/credit-account.js';
import { OrderCredited, OrderInvoiced, PaymentReceived, PaymentRefunded, PaymentReversed } from '../order/events.js';

/** A customer's credit account does not see the invoices of its orders: it is told, of imported ones too, whose payments come in here. */
export const openReceivables = process({
  name: 'open-receivables',
  description: 'Tells the credit account of a customer what it owes us.',
  capabilities: ['ORD-01', 'ORD-04', 'ORD-05'],
  startsFrom: 'zero',
  facts: { OrderInvoiced, PaymentReceived, PaymentReversed, OrderCredited, PaymentRefunded },
  react: {
    OrderInvoiced: (recorded) => noted(recorded, 1),
    PaymentReceived: (recorded) => noted(recorded, -1),
    PaymentReversed: (recorded) => noted(recorded, 1),
    OrderCredited: (recorded) => noted(recorded, -1),
    PaymentRefunded: (recorded) => noted(recorded, 1),
  },
});

const noted = ({ data: { amount, currency }, refs }: Recorded<{ amount: number; currency: string }>, sign: 1 | -1) =>
  refs.customer === undefined
    ? []
    : [send(NoteReceivable, { customerId: refs.customer, currency, change: sign * amount }, { alsoImported: true })];
