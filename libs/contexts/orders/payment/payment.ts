import { aggregate, refuse } from '#kernel';
import { total } from '../order/receivables.js';
import { AllocatePayment, RecordPayment, RefundRemainder, ReturnAllocation } from './commands.js';
import { AllocationReturned, PaymentAllocated, PaymentRecorded, RemainderRefunded } from './events.js';

export type Payment =
  | { readonly exists: false }
  | {
      readonly exists: true;
      readonly customerId: string;
      readonly currency: string;
      readonly method?: 'BANK_TRANSFER' | 'DIRECT_DEBIT' | 'CARD' | 'CASH' | 'CHEQUE' | 'OTHER';
      readonly unallocated: number;
    };

/** One payment of a customer, and which invoices get how much of it: allocated, paid back and unallocated are what was paid. */
export const payment = aggregate<Payment>()({
  name: 'payment',
  description: 'A payment of a customer, allocated to one or more invoices.',
  id: 'paymentId',
  commands: { RecordPayment, AllocatePayment, ReturnAllocation, RefundRemainder },
  facts: { PaymentRecorded, PaymentAllocated, AllocationReturned, RemainderRefunded },
  initial: { exists: false },
  refs: (payment) => (payment.exists ? { customer: payment.customerId } : {}),

  decide: {
    RecordPayment: ({ paymentId, ...command }, payment, { newId }) => {
      if (payment.exists) refuse('payment-exists', 'This payment was recorded before.');
      return PaymentRecorded({ ...command, paymentId: paymentId ?? newId('payment') });
    },

    AllocatePayment: ({ paymentId, allocations: wanted }, payment, { newId }) => {
      const { customerId, currency, method, unallocated } = recorded(payment);
      const amount = total(wanted, 'amount');
      if (amount > unallocated)
        refuse('allocated-beyond-paid', `${amount} is more than the ${unallocated} ${currency} (minor units) that are left.`);
      const allocations = wanted.map(({ orderId, invoiceId, amount }, index) => ({
        ...{ allocationId: newId(`allocation ${index}`), orderId, invoiceId, amount },
      }));
      return PaymentAllocated({ paymentId, customerId, currency, allocations, unallocated: unallocated - amount, method });
    },

    ReturnAllocation: ({ paymentId, allocationId, amount }, payment) => {
      const { customerId, currency, unallocated } = recorded(payment);
      return AllocationReturned({ paymentId, customerId, allocationId, amount, currency, unallocated: unallocated + amount });
    },

    RefundRemainder: ({ paymentId, amount: wanted }, payment) => {
      const { customerId, currency, unallocated } = recorded(payment);
      const amount = wanted ?? unallocated;
      if (amount === 0) refuse('nothing-to-refund', 'All of the payment is allocated or was paid back.');
      if (amount > unallocated)
        refuse('refund-above-remainder', `${amount} is more than the ${unallocated} ${currency} (minor units) that are left.`);
      return RemainderRefunded({ paymentId, customerId, amount, currency, unallocated: unallocated - amount });
    },
  },

  evolve: {
    PaymentRecorded: (_, { customerId, currency, amount, method }) => ({
      ...{ exists: true, customerId, currency, unallocated: amount },
      ...(method !== undefined && { method }),
    }),
    PaymentAllocated: (payment, { unallocated }) => ({ ...recorded(payment), unallocated }),
    AllocationReturned: (payment, { unallocated }) => ({ ...recorded(payment), unallocated }),
    RemainderRefunded: (payment, { unallocated }) => ({ ...recorded(payment), unallocated }),
  },
});

const recorded = (payment: Payment) => (payment.exists ? payment : refuse('payment-unknown', 'There is no such payment.'));
