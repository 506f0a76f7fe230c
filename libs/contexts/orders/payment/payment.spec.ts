import { describe, it } from '@jest/globals';
import { derivedId, send } from '#kernel';
import { given, givenProcess, recorded } from '#kernel/testing';
import { AllocationDeclined } from '../order/events.js';
import { buyer, customerId, erased, invoiceId, nobody, orderId, paymentId, unknownId } from '../order/order.samples.js';
import { SettleInvoice, WithdrawAllocation } from '../order/paying-commands.js';
import { paymentAllocation } from '../payment-allocation/payment-allocation.process.js';
import { ReturnAllocation } from './commands.js';
import * as facts from './events.js';
import { payment } from './payment.js';

const known = { customer: buyer };
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
    given(payment, known, paid)
      .when('AllocatePayment', { paymentId, allocations: allocations.map(({ allocationId: _id, ...one }) => one) })
      .then(allocated));
  it('is never allocated beyond what was paid', () =>
    given(payment, known, paid, allocated)
      .when('AllocatePayment', { paymentId, allocations: [{ orderId, invoiceId, amount: 100_01 }] })
      .isRefused('allocated-beyond-paid', 'allocations'));
  it('has again what an invoice did not need', () => {
    given(payment, known, paid, allocated).when('ReturnAllocation', { paymentId, allocationId, amount: 20_00 }).then(returned);
    given(payment, known, paid, allocated, returned)
      .when('RefundRemainder', { paymentId })
      .then(facts.RemainderRefunded({ ...about, amount: 120_00, unallocated: 0 }));
  });
  it('is paid back as far as it is not allocated', () => {
    given(payment, known, paid, allocated)
      .when('RefundRemainder', { paymentId, amount: 100_01 })
      .isRefused('refund-above-remainder', 'amount');
    given(payment, known, paid, facts.RemainderRefunded({ ...about, amount: 500_00, unallocated: 0 }))
      .when('RefundRemainder', { paymentId })
      .isRefused('nothing-to-refund');
  });
  it('is cancelled: what invoices got of it is taken back, and nothing more is done with it', () => {
    const cancelled = facts.PaymentCancelled({
      ...about,
      amount: 500_00,
      reason: 'cheque bounced',
      allocations: allocations.map(({ amount: _amount, ...one }) => one),
    });
    const cancel = { paymentId, reason: 'cheque bounced' };
    given(payment, known, paid, allocated).when('CancelPayment', cancel).then(cancelled);
    given(payment, known, paid)
      .when('CancelPayment', cancel)
      .then(facts.PaymentCancelled({ ...cancelled.data, allocations: [] }));
    const none = given(payment, known, paid, allocated, cancelled);
    none.when('CancelPayment', cancel).changesNothing();
    none.when('AllocatePayment', { paymentId, allocations: [{ orderId, invoiceId, amount: 1 }] }).isRefused('payment-cancelled');
    none.when('RefundRemainder', { paymentId }).isRefused('payment-cancelled');
    none.when('ReturnAllocation', { paymentId, allocationId, amount: 20_00 }).changesNothing();
    given(payment, known).when('CancelPayment', cancel).isRefused('payment-unknown', 'paymentId');
    givenProcess(paymentAllocation)
      .when(recorded(cancelled))
      .sends(
        ...allocations.map((one) =>
          send(
            WithdrawAllocation,
            { orderId: one.orderId, allocationId: one.allocationId, reason: 'cheque bounced' },
            { alsoImported: true },
          ),
        ),
      );
  });
  it('is not cancelled once something of it was paid back: nobody would owe that', () =>
    given(payment, known, paid, facts.RemainderRefunded({ ...about, amount: 1_00, unallocated: 499_00 }))
      .when('CancelPayment', { paymentId, reason: 'cheque bounced' })
      .isRefused('payment-paid-back'));
  it('is by a customer who is registered and not erased', () => {
    const record = { ...about, amount: 500_00, method: 'CHEQUE' } as const;
    given(payment, known).when('RecordPayment', record).then(paid);
    given(payment, { customer: nobody }).when('RecordPayment', record).isRefused('customer-unknown');
    given(payment, { customer: erased }).when('RecordPayment', record).isRefused('customer-erased');
  });
  it('is recorded once', () =>
    given(payment, known, paid)
      .when('RecordPayment', { ...about, amount: 1 })
      .isRefused('payment-exists', 'paymentId'));
});

describe('the allocation of payments (ORD-05)', () => {
  it('brings each part to its invoice', () =>
    givenProcess(paymentAllocation)
      .when(recorded(allocated))
      .sends(
        ...allocations.map((one) =>
          send(
            SettleInvoice,
            { ...one, customerPaymentId: paymentId, customerId, currency, method: 'CHEQUE' },
            { alsoImported: true },
          ),
        ),
      ));
  it('may be to an invoice of another customer, if that is said', () => {
    const [one] = allocations;
    if (!one) throw new Error('There is an allocation.');
    const { allocationId, ...wanted } = { ...one, ofAnotherCustomer: true };
    const others = { ...about, allocations: [{ ...wanted, allocationId }], unallocated: 150_00, method: 'CHEQUE' as const };
    given(payment, known, paid)
      .when('AllocatePayment', { paymentId, allocations: [wanted] })
      .then(facts.PaymentAllocated(others));
    givenProcess(paymentAllocation)
      .when(recorded(facts.PaymentAllocated(others)))
      .sends(
        send(
          SettleInvoice,
          { ...one, ofAnotherCustomer: true, customerPaymentId: paymentId, customerId, currency, method: 'CHEQUE' },
          { alsoImported: true },
        ),
      );
  });
  it('brings back what an invoice did not need', () =>
    givenProcess(paymentAllocation)
      .when(
        recorded(AllocationDeclined({ orderId, invoiceId, allocationId, customerPaymentId: paymentId, amount: 20_00, currency })),
      )
      .sends(send(ReturnAllocation, { paymentId, allocationId, amount: 20_00 }, { alsoImported: true })));
});
