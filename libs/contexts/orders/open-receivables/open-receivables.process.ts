import { process, type Recorded, send } from '#kernel';
import { NoteCommitment, NoteReceivable } from '../credit-account/credit-account.js';
import {
  OrderAmended,
  OrderCancelled,
  OrderClosed,
  OrderConfirmed,
  OrderCredited,
  OrderInvoiced,
  OrderReturned,
  PaymentReceived,
  PaymentRefunded,
  PaymentReversed,
} from '../order/events.js';

/**
 * A customer's credit account does not see the invoices of its orders: it is told, of imported ones too, whose payments come in here.
 * What is confirmed and not invoiced it reads from the order itself.
 */
export const openReceivables = process({
  name: 'open-receivables',
  description: 'Tells the credit account of a customer what it owes us, and what it will owe us for confirmed orders.',
  capabilities: ['ORD-01', 'ORD-04', 'ORD-05'],
  startsFrom: 'zero',
  facts: {
    OrderConfirmed,
    OrderAmended,
    OrderCancelled,
    OrderClosed,
    OrderInvoiced,
    PaymentReceived,
    PaymentReversed,
    OrderCredited,
    OrderReturned,
    PaymentRefunded,
  },
  react: {
    OrderConfirmed: (recorded) => committed(recorded),
    OrderAmended: (recorded) => committed(recorded),
    OrderCancelled: (recorded) => committed(recorded),
    OrderClosed: (recorded) => committed(recorded),
    OrderInvoiced: (recorded) => noted(recorded, 1, recorded.data.orderId),
    PaymentReceived: (recorded) => noted(recorded, -1),
    PaymentReversed: (recorded) => noted(recorded, 1),
    OrderCredited: (recorded) => noted(recorded, -1, recorded.data.reopened && recorded.data.orderId),
    OrderReturned: (recorded) => (recorded.data.notInvoicedAgain ? committed(recorded) : []),
    PaymentRefunded: (recorded) => noted(recorded, 1),
  },
});

const noted = (
  { data: { amount, currency }, refs: { customer: customerId } }: Recorded<{ amount: number; currency: string }>,
  sign: 1 | -1,
  orderId?: string,
) =>
  customerId === undefined
    ? []
    : [
        send(
          NoteReceivable,
          { customerId, currency, change: sign * amount, ...(orderId !== undefined && { orderId }) },
          { alsoImported: true },
        ),
      ];

const committed = ({ data: { orderId }, refs: { customer: customerId } }: Recorded<{ orderId: string }>) =>
  customerId === undefined ? [] : [send(NoteCommitment, { customerId, orderId }, { alsoImported: true })];
