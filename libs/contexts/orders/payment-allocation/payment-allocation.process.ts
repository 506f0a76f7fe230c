import { process, send } from '#kernel';

import { AllocationDeclined } from '../order/events.js';
import { SettleInvoice, WithdrawAllocation } from '../order/paying-commands.js';
import { ReturnAllocation } from '../payment/commands.js';
import { PaymentAllocated, PaymentCancelled } from '../payment/events.js';

/** An invoice takes at most what is open of it; what it does not need comes back to the payment. */
export const paymentAllocation = process({
  name: 'payment-allocation',
  description:
    'Brings the parts of a payment to their invoices, and what these do not need back to the payment; takes them back when it is cancelled.',
  capabilities: ['ORD-05'],
  startsFrom: 'zero',
  facts: { PaymentAllocated, PaymentCancelled, AllocationDeclined },
  react: {
    PaymentAllocated: ({ data: { paymentId: customerPaymentId, customerId, currency, allocations, method } }) =>
      allocations.map((allocation) =>
        send(SettleInvoice, { ...allocation, customerPaymentId, customerId, currency, method }, { alsoImported: true }),
      ),
    PaymentCancelled: ({ data: { allocations, reason } }) =>
      allocations.map(({ orderId, allocationId }) =>
        send(WithdrawAllocation, { orderId, allocationId, reason }, { alsoImported: true }),
      ),
    AllocationDeclined: ({ data: { customerPaymentId: paymentId, allocationId, amount } }) => [
      send(ReturnAllocation, { paymentId, allocationId, amount }, { alsoImported: true }),
    ],
  },
});
