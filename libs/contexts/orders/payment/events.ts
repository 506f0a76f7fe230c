import { Type } from 'typebox';
import { Choice, Currency, fact, Id, MinorUnits, Text } from '#kernel';
import { paymentMethods } from '../order/events.js';

const paymentId = Id('the payment');
const customerId = Id('who paid');
const unallocated = MinorUnits('what of the payment is not allocated to invoices now');
const closed = { additionalProperties: false } as const;
const method = Type.Optional(Choice(paymentMethods, 'how it was paid; data of a card or an account is never kept'));

export const PaymentRecorded = fact('PaymentRecorded', 'A customer paid us, for invoices that are named then or later.', {
  paymentId,
  customerId,
  amount: MinorUnits('what was paid'),
  currency: Currency(),
  method,
});

export const PaymentAllocated = fact('PaymentAllocated', 'Parts of a payment were allocated to invoices.', {
  paymentId,
  customerId,
  currency: Currency(),
  allocations: Type.Array(
    Type.Object(
      {
        allocationId: Id('the allocation'),
        orderId: Id('the order'),
        invoiceId: Id('the invoice'),
        amount: MinorUnits('what is allocated'),
        ofAnotherCustomer: Type.Optional(Type.Boolean({ description: 'the invoice may be one of another customer' })),
      },
      closed,
    ),
    { minItems: 1, description: 'which invoices, and how much of the payment each gets' },
  ),
  unallocated,
  method,
});

export const AllocationReturned = fact('AllocationReturned', 'An invoice did not need all that was allocated to it.', {
  paymentId,
  customerId,
  allocationId: Id('the allocation'),
  amount: MinorUnits('what came back to the payment'),
  currency: Currency(),
  unallocated,
});

export const RemainderRefunded = fact('RemainderRefunded', 'We paid back what of a payment was not allocated.', {
  paymentId,
  customerId,
  amount: MinorUnits('what was paid back'),
  currency: Currency(),
  unallocated,
});

export const PaymentCancelled = fact(
  'PaymentCancelled',
  'A payment is none: it was recorded by mistake, or the money did not stay with us. What invoices got of it is taken back.',
  {
    paymentId,
    customerId,
    amount: MinorUnits('what was recorded as paid'),
    currency: Currency(),
    allocations: Type.Array(
      Type.Object({ allocationId: Id('the allocation'), orderId: Id('the order'), invoiceId: Id('the invoice') }, closed),
      { description: 'which invoices it was allocated to' },
    ),
    reason: Text('why, in a word or a short phrase; nothing about a person', 200),
  },
);
