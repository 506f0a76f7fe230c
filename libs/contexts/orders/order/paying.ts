import { refuse } from '#kernel';
import { shownAs } from '../../customers/contract.js';
import { AllocationDeclined, PaymentReceived, PaymentRefunded, PaymentReversed } from './events.js';
import {
  type DecisionsOf,
  type Invoice,
  invoiceOf,
  type Payment,
  type PlacedOrder,
  placed,
  recorded,
  type Settlement,
} from './order-state.js';
import type { References } from './ordering.js';
import { ReceivePayment, RefundPayment, ReversePayment, SettleInvoice, WithdrawAllocation } from './paying-commands.js';
import { openAmount, refundableAmount } from './receivables.js';

export const payingCommands = { ReceivePayment, SettleInvoice, RefundPayment, ReversePayment, WithdrawAllocation };

/** Decisions on what comes in for the invoices of an order, and on what is paid back. */
export const paying = {
  ReceivePayment: ({ orderId, invoiceId, paymentId, amount, currency, method }, order, { newId, now }) => {
    const known = placed(order);
    const payment = { id: paymentId ?? newId('payment'), invoiceId, amount };
    mustBeInItsCurrency(known, currency);
    if (wasPaidBefore(known, payment)) return [];
    const invoice = invoiceOf(known, invoiceId);
    if (now < invoice.invoicedAt)
      refuse('payment-before-invoice', `The invoice was issued at ${invoice.invoicedAt}; record a payment of then or later.`);
    const left = openAmount(invoice) - amount;
    if (left < 0) refuseAboveOpen(invoice, amount, known.currency);
    return PaymentReceived({ orderId, invoiceId, paymentId: payment.id, amount, currency: known.currency, open: left, method });
  },

  /** Takes of an allocation what is open of an invoice of the customer who paid; the rest goes back to the payment, so that no money is lost between the two. */
  SettleInvoice: (
    { orderId, invoiceId, allocationId, customerPaymentId, amount, currency, method, ...of },
    order,
    { customer, payer },
  ) => {
    const invoice = order.exists ? order.invoices.find((one) => one.invoiceId === invoiceId) : undefined;
    // Those who were merged are one customer.
    const payers =
      of.customerId === undefined ||
      of.ofAnotherCustomer ||
      (order.exists && shownAs(order.customerId, customer) === shownAs(of.customerId, payer));
    // An allocation is for one invoice: the same one again brings nothing, and another invoice takes nothing of it.
    const before = order.exists ? order.payments.find(({ id }) => id === allocationId) : undefined;
    if (before?.invoiceId === invoiceId) return [];
    const takes = invoice && order.exists && order.currency === currency && payers && !before;
    const open = takes ? openAmount(invoice) : 0;
    const taken = Math.min(open, amount);
    const about = { orderId, invoiceId, customerPaymentId, currency };
    const received = { ...about, paymentId: allocationId, amount: taken, open: open - taken, method };
    return [
      ...(taken > 0 ? [PaymentReceived(received)] : []),
      ...(taken < amount ? [AllocationDeclined({ ...about, allocationId, amount: amount - taken })] : []),
    ];
  },

  RefundPayment: ({ orderId, invoiceId, refundId, amount: wanted, method }, order, { newId }) => {
    const known = placed(order);
    const { currency } = known;
    const refundable = refundableAmount(invoiceOf(known, invoiceId));
    const refund = { id: refundId ?? newId('refund'), invoiceId, amount: wanted ?? refundable };
    const before = recorded(known.refunds, wanted === undefined ? { ...refund, ...amountBefore(known, refund.id) } : refund);
    if (before === 'OTHER')
      refuse('refund-exists', 'A refund of this id has other data; another one needs another refundId.', 'refundId');
    if (before === 'SAME') return [];
    const { amount } = refund;
    if (refundable === 0) refuse('nothing-to-refund', 'Nothing was paid beyond what the invoice asks for; credit it first.');
    if (amount > refundable)
      refuse(
        'refund-above-paid',
        `${amount} is more than the ${refundable} ${currency} (minor units) to pay back; lower amount, or credit more first.`,
        'amount',
      );
    return PaymentRefunded({
      orderId,
      invoiceId,
      refundId: refund.id,
      amount,
      currency,
      refundable: refundable - amount,
      method,
    });
  },

  ReversePayment: ({ orderId, paymentId, reason }, order, { now }) => {
    const known = placed(order);
    const payment = known.payments.find(({ id }) => id === paymentId);
    if (!payment) refuse('payment-unknown', 'The order has no such payment; check orderId and paymentId.', 'paymentId');
    if (payment.reversed) return [];
    if (payment.customerPaymentId !== undefined)
      refuse('payment-allocated', `It is a part of the payment ${payment.customerPaymentId}; cancel that one.`);
    if (now < payment.receivedAt)
      refuse('reversal-before-payment', `The payment came in at ${payment.receivedAt}; take it back then or later.`);
    return PaymentReversed({ orderId, reason, ...reversalOf(known, payment) });
  },

  /** An invoice that did not need the allocation has nothing to give back. */
  WithdrawAllocation: ({ orderId, allocationId, reason }, order) => {
    const payment = order.exists ? order.payments.find(({ id }) => id === allocationId) : undefined;
    return order.exists && payment && !payment.reversed
      ? PaymentReversed({ orderId, reason, ...reversalOf(order, payment) })
      : [];
  },
} satisfies DecisionsOf<typeof payingCommands, References>;

function reversalOf(order: PlacedOrder, { id: paymentId, invoiceId, amount, customerPaymentId }: Payment) {
  const { customerId, currency } = order;
  const invoice = invoiceOf(order, invoiceId);
  const { amount: invoiced, invoicedAt, dueAt, overdue, aged } = invoice;
  return {
    customerId,
    invoiceId,
    paymentId,
    amount,
    currency,
    ...(customerPaymentId !== undefined && { customerPaymentId }),
    open: openAmount({ ...invoice, paid: invoice.paid - amount }),
    invoice: { amount: invoiced, invoicedAt, dueAt, overdue, aged },
  };
}

function mustBeInItsCurrency(order: PlacedOrder, currency = order.currency): void {
  if (currency !== order.currency)
    refuse(
      'other-currency',
      `The order is in ${order.currency}, not in ${currency}; give what was paid in its currency.`,
      'currency',
    );
}

/** Whether the very same payment was recorded before, and stands. */
function wasPaidBefore({ payments }: PlacedOrder, payment: Settlement): boolean {
  const before = recorded(payments, payment);
  if (before === 'OTHER')
    refuse('payment-exists', 'A payment of this id has other data; another one needs another paymentId.', 'paymentId');
  if (before === 'SAME' && payments.some(({ id, reversed }) => id === payment.id && reversed))
    refuse('payment-reversed', 'This payment was taken back; another one needs another paymentId.', 'paymentId');
  return before === 'SAME';
}

const refuseAboveOpen = (invoice: Invoice, amount: number, currency: string): never =>
  refuse(
    'payment-above-open',
    `${amount} is more than the ${openAmount(invoice)} ${currency} (minor units) that are open; lower amount, or record all with RecordPayment.`,
    'amount',
  );

/** A refund of "all that there is" that is sent again means the amount that it had the first time. */
const amountBefore = ({ refunds }: PlacedOrder, id: string) => {
  const before = refunds.find((refund) => refund.id === id);
  return before && { amount: before.amount };
};
