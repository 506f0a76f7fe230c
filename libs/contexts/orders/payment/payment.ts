import { aggregate, type DataOf, refuse } from '#kernel';
import { type Customer, customer, registered } from '../../customers/contract.js';
import { total } from '../order/receivables.js';
import { AllocatePayment, CancelPayment, RecordPayment, RefundRemainder, ReturnAllocation } from './commands.js';
import { AllocationReturned, PaymentAllocated, PaymentCancelled, PaymentRecorded, RemainderRefunded } from './events.js';

export type Payment =
  | { readonly exists: false }
  | {
      readonly exists: true;
      readonly customerId: string;
      readonly currency: string;
      readonly method?: 'BANK_TRANSFER' | 'DIRECT_DEBIT' | 'CARD' | 'CASH' | 'CHEQUE' | 'OTHER';
      readonly amount: number;
      readonly unallocated: number;
      /** Of what was not allocated. */
      readonly paidBack: number;
      readonly allocations: DataOf<typeof PaymentCancelled>['allocations'];
      readonly cancelled: boolean;
    };

/** What its decisions read beside it: the customer who paid. */
interface References {
  readonly customer: Customer;
}

/** One payment of a customer, and which invoices get how much of it: allocated, paid back and unallocated are what was paid. */
export const payment = aggregate<Payment, References>()({
  name: 'payment',
  description: 'A payment of a customer, allocated to one or more invoices.',
  id: 'paymentId',
  commands: { RecordPayment, AllocatePayment, ReturnAllocation, RefundRemainder, CancelPayment },
  facts: { PaymentRecorded, PaymentAllocated, AllocationReturned, RemainderRefunded, PaymentCancelled },
  stateVersion: 2,
  initial: { exists: false },
  refs: (payment) => (payment.exists ? { customer: payment.customerId } : {}),
  references: {
    customer: {
      aggregate: customer,
      id: (command: object) => (command instanceof RecordPayment ? command.customerId : undefined),
    },
  },

  decide: {
    RecordPayment: ({ paymentId, ...command }, payment, { newId, customer }) => {
      if (payment.exists) refuseAgain();
      registered(customer);
      return PaymentRecorded({ ...command, paymentId: paymentId ?? newId('payment') });
    },

    AllocatePayment: ({ paymentId, allocations: wanted }, payment, { newId }) => {
      const { customerId, currency, method, unallocated } = standing(payment);
      const amount = total(wanted, 'amount');
      if (amount > unallocated)
        refuse(
          'allocated-beyond-paid',
          `${amount} is more than the ${unallocated} ${currency} (minor units) that are left of the payment; allocate no more.`,
          'allocations',
        );
      const allocations = wanted.map(({ orderId, invoiceId, amount, ofAnotherCustomer }, index) => ({
        allocationId: newId(`allocation ${index}`),
        orderId,
        invoiceId,
        amount,
        ...(ofAnotherCustomer && { ofAnotherCustomer }),
      }));
      return PaymentAllocated({ paymentId, customerId, currency, allocations, unallocated: unallocated - amount, method });
    },

    ReturnAllocation: ({ paymentId, allocationId, amount }, payment) => {
      const { customerId, currency, unallocated, cancelled } = recorded(payment);
      if (cancelled) return [];
      return AllocationReturned({ paymentId, customerId, allocationId, amount, currency, unallocated: unallocated + amount });
    },

    RefundRemainder: ({ paymentId, amount: wanted }, payment) => {
      const { customerId, currency, unallocated } = standing(payment);
      const amount = wanted ?? unallocated;
      if (amount === 0)
        refuse(
          'nothing-to-refund',
          'All of the payment is allocated or was paid back; to pay back more, credit an invoice and send RefundPayment.',
        );
      if (amount > unallocated)
        refuse(
          'refund-above-remainder',
          `${amount} is more than the ${unallocated} ${currency} (minor units) that are not allocated; pay back no more.`,
          'amount',
        );
      return RemainderRefunded({ paymentId, customerId, amount, currency, unallocated: unallocated - amount });
    },

    CancelPayment: ({ paymentId, reason }, payment) => {
      const { customerId, amount, currency, allocations, paidBack, cancelled } = recorded(payment);
      if (cancelled) return [];
      if (paidBack > 0)
        refuse(
          'payment-paid-back',
          `${paidBack} ${currency} (minor units) of it were paid back and would be owed by nobody; pay back the rest instead.`,
        );
      return PaymentCancelled({ paymentId, customerId, amount, currency, allocations: [...allocations], reason });
    },
  },

  evolve: {
    PaymentRecorded: (_, { customerId, currency, amount, method }) => ({
      exists: true,
      customerId,
      currency,
      amount,
      unallocated: amount,
      paidBack: 0,
      allocations: [],
      cancelled: false,
      ...(method !== undefined && { method }),
    }),
    PaymentAllocated: (payment, { unallocated, allocations }) => {
      const known = recorded(payment);
      const invoices = allocations.map(({ allocationId, orderId, invoiceId }) => ({ allocationId, orderId, invoiceId }));
      return { ...known, unallocated, allocations: [...known.allocations, ...invoices] };
    },
    AllocationReturned: (payment, { unallocated }) => ({ ...recorded(payment), unallocated }),
    RemainderRefunded: (payment, { unallocated, amount }) => {
      const known = recorded(payment);
      return { ...known, unallocated, paidBack: known.paidBack + amount };
    },
    PaymentCancelled: (payment) => ({ ...recorded(payment), unallocated: 0, allocations: [], cancelled: true }),
  },
});

const recorded = (payment: Payment) =>
  payment.exists
    ? payment
    : refuse('payment-unknown', 'There is no such payment; check paymentId, or record the payment first.', 'paymentId');

const refuseAgain = (): never =>
  refuse(
    'payment-exists',
    'This payment was recorded before; another one needs another paymentId, and a retry the same Idempotency-Key.',
    'paymentId',
  );

function standing(payment: Payment) {
  const known = recorded(payment);
  return known.cancelled ? refuse('payment-cancelled', 'This payment was cancelled; record another one.') : known;
}
