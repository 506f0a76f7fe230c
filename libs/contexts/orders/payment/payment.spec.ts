import { describe, it } from '@jest/globals';
import { derivedId, send } from '#kernel';
import { given, givenProcess, recorded } from '#kernel/testing';
import { SettleInvoice } from '../order/billing-commands.js';
import { AllocationDeclined } from '../order/events.js';
import { customerId, invoiceId, orderId, paymentId, unknownId } from '../order/order.samples.js';
import { paymentAllocation } from '../payment-allocation/payment-allocation.process.js';
import { ReturnAllocation } from './commands.js';
import * as facts from './events.js';
import { payment } from './payment.js';

const currency = 'EUR';
const about = { paymentId, customerId, currency };
const allocationId = derivedId('specification', 'allocation 0');
const second = derivedId('specification', 'allocation 1');
const paid = facts.PaymentRecorded({ ...about, amount: 500_00, method: 'CHEQUE' });
const allocations = [
  { allocationId, orderId, invoiceId, amount: 350_00 },
  { allocationId: second, orderId: unknownId, invoiceId: unknownId, amount: 50_00 },
];
const allocated = facts.PaymentAllocated({ ...about, allocations, unallocated: 100_00, method: 'CHEQUE' });
const returned = facts.AllocationReturned({ ...about, allocationId, amount: 20_00, unallocated: 120_00 });

describe('a payment (ORD-05)', () => {
  it('is allocated to several invoices; the rest stays', () =>
    given(payment, {}, paid)
      .when('AllocatePayment', { paymentId, allocations: allocations.map(({ allocationId: _id, ...one }) => one) })
      .then(allocated));
  it('is never allocated beyond what was paid', () =>
    given(payment, {}, paid, allocated)
      .when('AllocatePayment', { paymentId, allocations: [{ orderId, invoiceId, amount: 100_01 }] })
      .isRefused('allocated-beyond-paid'));
  it('has again what an invoice did not need', () => {
    given(payment, {}, paid, allocated).when('ReturnAllocation', { paymentId, allocationId, amount: 20_00 }).then(returned);
    given(payment, {}, paid, allocated, returned)
      .when('RefundRemainder', { paymentId })
      .then(facts.RemainderRefunded({ ...about, amount: 120_00, unallocated: 0 }));
  });
  it('is paid back as far as it is not allocated', () => {
    given(payment, {}, paid, allocated)
      .when('RefundRemainder', { paymentId, amount: 100_01 })
      .isRefused('refund-above-remainder');
    given(payment, {}, paid, facts.RemainderRefunded({ ...about, amount: 500_00, unallocated: 0 }))
      .when('RefundRemainder', { paymentId })
      .isRefused('nothing-to-refund');
  });
  it('is recorded once', () =>
    given(payment, {}, paid)
      .when('RecordPayment', { ...about, amount: 1 })
      .isRefused('payment-exists'));
});

describe('the allocation of payments (ORD-05)', () => {
  it('brings each part to its invoice', () =>
    givenProcess(paymentAllocation)
      .when(recorded(allocated))
      .sends(
        ...allocations.map((one) =>
          send(SettleInvoice, { ...one, customerPaymentId: paymentId, currency, method: 'CHEQUE' }, { alsoImported: true }),
        ),
      ));
  it('brings back what an invoice did not need', () =>
    givenProcess(paymentAllocation)
      .when(
        recorded(AllocationDeclined({ orderId, invoiceId, allocationId, customerPaymentId: paymentId, amount: 20_00, currency })),
      )
      .sends(send(ReturnAllocation, { paymentId, allocationId, amount: 20_00 }, { alsoImported: true })));
});
