import { process, send } from '#kernel';
import { SettleInvoice } from '../order/billing-commands.js';
import { AllocationDeclined } from '../order/events.js';
import { ReturnAllocation } from '../payment/commands.js';
import { PaymentAllocated } from '../payment/events.js';

/** An invoice takes at most what is open of it; what it does not need comes back to the payment. */
export const paymentAllocation = process({
  name: 'payment-allocation',
  description: 'Brings the parts of a payment to their invoices, and what these do not need back to the payment.',
  capabilities: ['ORD-05'],
  startsFrom: 'zero',
  facts: { PaymentAllocated, AllocationDeclined },
  react: {
    PaymentAllocated: ({ data: { paymentId: customerPaymentId, currency, allocations, method } }) =>
      allocations.map((allocation) =>
        send(SettleInvoice, { ...allocation, customerPaymentId, currency, method }, { alsoImported: true }),
      ),
    AllocationDeclined: ({ data: { customerPaymentId: paymentId, allocationId, amount } }) => [
      send(ReturnAllocation, { paymentId, allocationId, amount }, { alsoImported: true }),
    ],
  },
});
