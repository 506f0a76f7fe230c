import { describe, expect, it } from '@jest/globals';
import { addDays, derivedId, type Fact } from '#kernel';
import { given, givenView, recorded } from '#kernel/testing';
import type { Customer } from '../../customers/contract.js';
import { orderToCash } from '../order-to-cash/order-to-cash.view.js';
import * as facts from './events.js';
import { order } from './order.js';
import {
  both,
  cancelled,
  chair,
  chairs,
  closed,
  confirmed,
  creditId,
  customerId,
  delivered,
  dueAt,
  invoiced,
  invoiceId,
  noLimit,
  now,
  oneChair,
  orderId,
  paid,
  paymentId,
  placed,
  reversed,
  shipped,
  table,
  tables,
  unknownId,
} from './order.samples.js';

const reason = 'as asked';
const refundId = derivedId('sample', 'refund');
const returnId = derivedId('sample', 'return');
const allocationId = derivedId('sample', 'allocation');
const series = 'CN';
const about = { orderId, invoiceId, currency: 'EUR' };
const settled = [placed, confirmed, shipped(), delivered(), invoiced(), paid(350_00, 0)];
const registered: Customer = { status: 'REGISTERED', customerId, contacts: [], identifiers: {}, merged: [] };
const givenOrder = (...history: Fact[]) => given(order, noLimit, ...history);

describe('a credit note on what was paid (ORD-04, ORD-08)', () => {
  const credit = { orderId, invoiceId, creditId, amount: 100_00, reason };
  const credited = facts.OrderCredited({ ...about, creditId, amount: 100_00, open: 0, refundable: 100_00, series, reason });

  it('is issued only where it is asked for', () => {
    givenOrder(...settled)
      .when('CreditOrder', credit)
      .isRefused('credit-above-open', 'amount');
    givenOrder(...settled)
      .when('CreditOrder', { ...credit, evenIfPaid: true })
      .then(credited);
  });
  it('is never more than the invoice', () =>
    givenOrder(...settled, credited)
      .when('CreditOrder', { ...credit, creditId: refundId, amount: 250_01, evenIfPaid: true })
      .isRefused('credit-above-open', 'amount'));
  it('is paid back, once and no more', () => {
    const refunded = facts.PaymentRefunded({ ...about, refundId, amount: 100_00, refundable: 0 });
    const owing = givenOrder(...settled, credited);
    owing.when('RefundPayment', { orderId, invoiceId, refundId }).then(refunded);
    owing.when('RefundPayment', { orderId, invoiceId, refundId, amount: 100_01 }).isRefused('refund-above-paid', 'amount');
    const done = givenOrder(...settled, credited, refunded);
    done.when('RefundPayment', { orderId, invoiceId, refundId }).changesNothing();
    done.when('RefundPayment', { orderId, invoiceId, refundId, amount: 1 }).isRefused('refund-exists', 'refundId');
    done.when('RefundPayment', { orderId, invoiceId }).isRefused('nothing-to-refund');
  });
});

describe('a payment that is none (ORD-05)', () => {
  const reason = 'as asked';
  const reverse = { orderId, paymentId, reason };

  it('leaves its invoice open, as before it', () => {
    givenOrder(...settled)
      .when('ReversePayment', reverse)
      .then(reversed(350_00, 350_00));
    expect(givenOrder(...settled, reversed(350_00, 350_00)).state).toMatchObject({ invoices: [{ paid: 0 }] });
  });
  it('is taken back once, and not recorded again under its id', () => {
    const back = givenOrder(...settled, reversed(350_00, 350_00));
    back.when('ReversePayment', reverse).changesNothing();
    back.when('ReceivePayment', { orderId, invoiceId, paymentId, amount: 350_00 }).isRefused('payment-reversed', 'paymentId');
    back
      .when('ReceivePayment', { orderId, invoiceId, paymentId: allocationId, amount: 350_00 })
      .then(paid(350_00, 0, allocationId));
  });
  it('was recorded before, and not later than it is taken back', () => {
    givenOrder(...settled)
      .when('ReversePayment', { ...reverse, paymentId: refundId })
      .isRefused('payment-unknown', 'paymentId');
    givenOrder(...settled)
      .when('ReversePayment', reverse, { now: '2026-01-05T08:59:59.999Z' })
      .isRefused('reversal-before-payment');
  });
  it('leaves open what was paid back of it too, and no more is credited than was invoiced', () => {
    const credited = facts.OrderCredited({ ...about, creditId, amount: 100_00, open: 0, refundable: 100_00, series, reason });
    const refunded = facts.PaymentRefunded({ ...about, refundId, amount: 100_00, refundable: 0 });
    givenOrder(...settled, credited, refunded)
      .when('ReversePayment', reverse)
      .then(reversed(350_00, 350_00));
    givenOrder(...settled, credited, refunded, reversed(350_00, 350_00))
      .when('CreditOrder', { orderId, invoiceId, creditId: allocationId, amount: 250_01, reason })
      .isRefused('credit-above-open', 'amount');
  });
  it('is cancelled with the payment of the customer that it is a part of', () => {
    const part = facts.PaymentReceived({ ...paid(350_00, 0).data, paymentId: allocationId, customerPaymentId: paymentId });
    const known = givenOrder(placed, confirmed, invoiced(), part);
    known.when('ReversePayment', { ...reverse, paymentId: allocationId }).isRefused('payment-allocated');
    const withdrawn = facts.PaymentReversed({
      ...reversed(350_00, 350_00).data,
      paymentId: allocationId,
      customerPaymentId: paymentId,
    });
    known.when('WithdrawAllocation', { orderId, allocationId, reason }).then(withdrawn);
    givenOrder(placed, confirmed, invoiced(), part, withdrawn)
      .when('WithdrawAllocation', { orderId, allocationId, reason })
      .changesNothing();
    givenOrder(placed).when('WithdrawAllocation', { orderId, allocationId, reason }).changesNothing();
  });
});

describe('a part of a payment (ORD-05)', () => {
  const settle = { ...about, allocationId, customerPaymentId: paymentId };
  const open = givenOrder(placed, confirmed, invoiced());
  const received = (amount: number, left: number) =>
    facts.PaymentReceived({ ...about, paymentId: allocationId, customerPaymentId: paymentId, amount, open: left });
  const declined = (amount: number) => facts.AllocationDeclined({ ...about, allocationId, customerPaymentId: paymentId, amount });

  it('settles what is open', () => open.when('SettleInvoice', { ...settle, amount: 50_00 }).then(received(50_00, 300_00)));
  it('gives back what is not needed', () =>
    open.when('SettleInvoice', { ...settle, amount: 400_00 }).then(received(350_00, 0), declined(50_00)));
  it('settles no invoice of another customer, unless that is said', () => {
    const other = { ...settle, customerId: refundId, amount: 50_00 };
    open.when('SettleInvoice', { ...settle, customerId, amount: 50_00 }).then(received(50_00, 300_00));
    open.when('SettleInvoice', other).then(declined(50_00));
    open.when('SettleInvoice', { ...other, ofAnotherCustomer: true }).then(received(50_00, 300_00));
  });
  it('settles an invoice of a customer who is merged with the one who paid', () => {
    const one = (mergedInto?: string) => ({ ...registered, ...(mergedInto !== undefined && { mergedInto }) });
    const history = [placed, confirmed, invoiced()];
    const by = { ...settle, customerId: refundId, amount: 50_00 };
    for (const [whose, payer] of [
      [one(refundId), one()],
      [one(), one(customerId)],
      [one(returnId), one(returnId)],
    ])
      given(order, { ...noLimit, customer: whose as Customer, payer: payer as Customer }, ...history)
        .when('SettleInvoice', by)
        .then(received(50_00, 300_00));
    given(order, { ...noLimit, customer: one(returnId), payer: one() }, ...history)
      .when('SettleInvoice', by)
      .then(declined(50_00));
  });
  it('settles once: the same again brings nothing, and another invoice takes nothing of it', () => {
    const taken = givenOrder(placed, confirmed, invoiced(), received(50_00, 300_00));
    taken.when('SettleInvoice', { ...settle, amount: 50_00 }).then();
    const elsewhere = { ...settle, invoiceId: refundId, amount: 50_00 };
    taken.when('SettleInvoice', elsewhere).then(facts.AllocationDeclined({ ...declined(50_00).data, invoiceId: refundId }));
  });
  it('is given back whole where nothing is open, the invoice is unknown, or the currency is another one', () => {
    givenOrder(...settled)
      .when('SettleInvoice', { ...settle, amount: 1_00 })
      .then(declined(1_00));
    given(order, noLimit)
      .when('SettleInvoice', { ...settle, amount: 1_00 })
      .then(declined(1_00));
    const dollars = { ...declined(1_00).data, currency: 'USD' };
    open.when('SettleInvoice', { ...settle, currency: 'USD', amount: 1_00 }).then(facts.AllocationDeclined(dollars));
  });
});

describe('a credit limit (ORD-01)', () => {
  const limit = (amount: number, owed: number) => ({
    ...noLimit,
    credit: { limit: { amount, currency: 'EUR' }, open: { EUR: owed } },
  });
  const credit = { limit: 500_00, open: 150_01, amount: 350_00, currency: 'EUR' };
  const held = facts.OrderHeld({ orderId, reason: 'credit limit', credit });
  const waived = facts.OrderConfirmed({ orderId, creditCheck: 'WAIVED', creditReason: 'paid in advance' });

  it('holds an order that would go beyond it, with the reason', () =>
    given(order, limit(500_00, 150_01), placed).when('ConfirmOrder', { orderId }).then(held));
  it('lets an order pass that reaches it', () =>
    given(order, limit(500_00, 150_00), placed)
      .when('ConfirmOrder', { orderId })
      .then(facts.OrderConfirmed({ orderId, creditCheck: 'PASSED' })));
  it('is of one currency', () =>
    given(order, { ...noLimit, credit: { limit: { amount: 0, currency: 'USD' }, open: {} } }, placed)
      .when('ConfirmOrder', { orderId })
      .then(confirmed));
  it('is overruled by a decision: to release the order is to confirm it', () => {
    given(order, limit(500_00, 150_01), placed, held)
      .when('ReleaseOrder', { orderId, reason: 'paid in advance' })
      .then(facts.OrderReleased({ orderId, reason: 'paid in advance' }), waived);
    given(order, limit(500_00, 150_01), placed, held).when('ConfirmOrder', { orderId }).isRefused('order-on-hold');
    given(order, limit(0, 0), placed)
      .when('ConfirmOrder', { orderId, creditCheck: 'WAIVED', creditReason: 'paid in advance' })
      .then(waived);
  });
  it('is never overruled without a reason', () => {
    given(order, limit(0, 0), placed)
      .when('ConfirmOrder', { orderId, creditCheck: 'WAIVED' })
      .isRefused('waiver-without-reason', 'creditReason');
    given(order, limit(0, 0), placed, held).when('ReleaseOrder', { orderId }).isRefused('waiver-without-reason', 'reason');
    given(order, limit(0, 0), placed, confirmed, held)
      .when('ReleaseOrder', { orderId })
      .isRefused('waiver-without-reason', 'reason');
  });
  it('counts beside a check that was made elsewhere', () => {
    given(order, limit(500_00, 150_01), placed).when('ConfirmOrder', { orderId, creditCheck: 'PASSED' }).then(held);
    given(order, limit(500_00, 150_00), placed)
      .when('ConfirmOrder', { orderId, creditCheck: 'PASSED' })
      .then(facts.OrderConfirmed({ orderId, creditCheck: 'PASSED' }));
  });
  it('counts what is confirmed of other orders and not invoiced, and the order itself once', () => {
    const committed = {
      [orderId]: { currency: 'EUR', toInvoice: 350_00 },
      [unknownId]: { currency: 'EUR', toInvoice: 100_00 },
      [invoiceId]: { currency: 'USD', toInvoice: 999_00 },
    };
    const promised = (amount: number) => ({
      ...noLimit,
      credit: { limit: { amount, currency: 'EUR' }, open: { EUR: 50_00 }, committed },
    });
    given(order, promised(500_00), placed)
      .when('ConfirmOrder', { orderId })
      .then(facts.OrderConfirmed({ orderId, creditCheck: 'PASSED' }));
    given(order, promised(499_99), placed)
      .when('ConfirmOrder', { orderId })
      .then(
        facts.OrderHeld({
          orderId,
          reason: 'credit limit',
          credit: { limit: 499_99, open: 50_00, committed: 100_00, amount: 350_00, currency: 'EUR' },
        }),
      );
  });
  it('holds a confirmed order that is amended beyond it, and lets it go on when somebody releases it', () => {
    const more = { orderId, lines: [{ ...chairs, quantity: 4 }] };
    const amended = facts.OrderAmended({
      orderId,
      customerId,
      currency: 'EUR',
      amount: 550_00,
      previousAmount: 350_00,
      lines: [
        { ...chairs, quantity: 4, amount: 400_00 },
        { ...tables, amount: 150_00 },
      ],
    });
    const beyond = facts.OrderHeld({ orderId, reason: 'credit limit', credit: { ...credit, open: 0, amount: 550_00 } });
    given(order, limit(550_00, 0), placed, confirmed).when('AmendOrder', more).then(amended);
    given(order, limit(500_00, 0), placed, confirmed).when('AmendOrder', more).then(amended, beyond);
    given(order, limit(500_00, 0), placed).when('AmendOrder', more).then(amended);
    given(order, limit(500_00, 0), placed, confirmed, amended, beyond)
      .when('ReleaseOrder', { orderId, reason: 'paid in advance' })
      .then(facts.OrderReleased({ orderId, reason: 'paid in advance' }));
  });
  it('counts what of an amended order is invoiced once: as owed', () => {
    const half = invoiced([{ lineId: chair, quantity: 2 }]);
    const amended = { orderId, lines: [{ ...tables, quantity: 4 }] };
    const lines = [
      { ...chairs, amount: 200_00 },
      { ...tables, quantity: 4, amount: 200_00 },
    ];
    const known = { orderId, customerId, currency: 'EUR', lines, amount: 400_00, previousAmount: 350_00 };
    given(order, limit(400_00, 200_00), placed, confirmed, half).when('AmendOrder', amended).then(facts.OrderAmended(known));
    given(order, limit(399_99, 200_00), placed, confirmed, half)
      .when('AmendOrder', amended)
      .then(
        facts.OrderAmended(known),
        facts.OrderHeld({
          orderId,
          reason: 'credit limit',
          credit: { limit: 399_99, open: 200_00, amount: 200_00, currency: 'EUR' },
        }),
      );
  });
  it('does not hold an order that is amended to less', () =>
    given(order, limit(0, 0), placed, confirmed)
      .when('AmendOrder', { orderId, remove: [chair] })
      .then(
        facts.OrderAmended({
          orderId,
          customerId,
          currency: 'EUR',
          amount: 150_00,
          previousAmount: 350_00,
          lines: [{ ...tables, amount: 150_00 }],
        }),
      ));
  it('does not confirm a draft that was held for another reason', () =>
    given(order, noLimit, placed, facts.OrderHeld({ orderId, reason }))
      .when('ReleaseOrder', { orderId })
      .then(facts.OrderReleased({ orderId })));
});

describe('goods out of stock (ORD-02)', () => {
  const chairsWait = facts.OrderBackordered({ orderId, lines: [{ lineId: chair, quantity: 2 }] });

  it('make the order wait for them', () =>
    givenOrder(placed)
      .when('BackorderGoods', { orderId, lines: [{ lineId: chair, quantity: 2 }] })
      .then(chairsWait));
  it('are at most what is left to ship', () => {
    givenOrder(placed, confirmed, shipped(oneChair))
      .when('BackorderGoods', { orderId, lines: [{ lineId: chair, quantity: 2 }] })
      .isRefused('backordered-beyond-open', 'lines[0].quantity');
    givenOrder(placed, chairsWait)
      .when('BackorderGoods', { orderId })
      .then(facts.OrderBackordered({ orderId, lines: [{ lineId: table, quantity: 3 }] }));
    givenOrder(placed, confirmed, shipped()).when('BackorderGoods', { orderId }).isRefused('nothing-to-backorder');
  });
  it('come in', () => {
    const ended = facts.OrderBackorderEnded({ orderId, lines: [{ lineId: chair, quantity: 2 }] });
    givenOrder(placed, chairsWait).when('EndBackorder', { orderId }).then(ended);
    givenOrder(placed, chairsWait, ended).when('EndBackorder', { orderId }).changesNothing();
    givenOrder(placed, chairsWait)
      .when('EndBackorder', { orderId, lines: [...oneChair, { lineId: table, quantity: 1 }] })
      .isRefused('not-backordered', 'lines[1].quantity');
  });
  it('wait no more once the order is cancelled or closed', () => {
    const waiting = [{ backordered: 0 }, { backordered: 0 }];
    expect(givenOrder(placed, chairsWait, cancelled).state).toMatchObject({ lines: waiting });
    expect(givenOrder(placed, confirmed, chairsWait, shipped(oneChair), closed).state).toMatchObject({ lines: waiting });
    givenView(orderToCash)
      .facts(recorded(placed), recorded(chairsWait), recorded(cancelled))
      .then(orderId, { backorderedUnits: 0, lines: waiting as never, backorderExpectedAt: undefined });
  });
  it('wait no more once shipped', () =>
    expect(givenOrder(placed, chairsWait, confirmed, shipped(oneChair), shipped(oneChair)).state).toMatchObject({
      lines: [{ backordered: 0 }, {}],
    }));
});

describe('goods in the warehouse (ORD-02)', () => {
  const twoChairs = [{ lineId: chair, quantity: 2 }];
  const chairsWait = facts.OrderBackordered({ orderId, lines: twoChairs });
  const all = [...twoChairs, { lineId: table, quantity: 3 }];
  const promisedAt = addDays(now, 4);
  const allocated = facts.OrderAllocated({ orderId, lines: all, warehouse: 'Hamburg', promisedAt });

  it('are set aside, no more than is ordered, and no unit twice', () => {
    givenOrder(placed).when('AllocateStock', { orderId, warehouse: 'Hamburg', promisedAt }).then(allocated);
    givenOrder(placed, allocated).when('AllocateStock', { orderId }).isRefused('nothing-to-allocate');
    givenOrder(placed, facts.OrderAllocated({ orderId, lines: oneChair }))
      .when('AllocateStock', { orderId, lines: twoChairs })
      .isRefused('allocated-beyond-ordered', 'lines[0].quantity');
    givenOrder(placed, confirmed, shipped(oneChair))
      .when('AllocateStock', { orderId, lines: twoChairs })
      .isRefused('allocated-beyond-ordered', 'lines[0].quantity');
  });
  it('are set aside line by line: what went out without that stays as it was', () => {
    const tablesOnly = facts.OrderAllocated({ orderId, lines: [{ lineId: table, quantity: 1 }] });
    expect(givenOrder(placed, confirmed, shipped(oneChair), tablesOnly).state).toMatchObject({
      lines: [{ allocated: 0, shipped: 1 }, { allocated: 1 }],
    });
  });
  it('are picked once, also where the warehouse tells it after they were shipped', () => {
    const picked = facts.OrderPicked({ orderId, lines: twoChairs });
    givenOrder(placed).when('PickGoods', { orderId, lines: twoChairs }).then(picked);
    givenOrder(placed, confirmed, shipped(twoChairs)).when('PickGoods', { orderId, lines: twoChairs }).then(picked);
    givenOrder(placed, picked)
      .when('PickGoods', { orderId, lines: oneChair })
      .isRefused('picked-beyond-ordered', 'lines[0].quantity');
    givenOrder(placed, facts.OrderPicked({ orderId, lines: all }))
      .when('PickGoods', { orderId })
      .isRefused('nothing-to-pick');
    givenOrder(placed, cancelled).when('PickGoods', { orderId }).isRefused('order-cancelled');
  });
  it('wait for the stock no more once they are picked or set aside, and are set aside no more where they are missing', () => {
    const picked = facts.OrderPicked({ orderId, lines: oneChair });
    expect(givenOrder(placed, chairsWait, picked).state).toMatchObject({
      lines: [{ backordered: 1, allocated: 1, picked: 1 }, {}],
    });
    expect(givenOrder(placed, chairsWait, allocated).state).toMatchObject({ lines: [{ backordered: 0, allocated: 2 }, {}] });
    expect(givenOrder(placed, allocated, chairsWait).state).toMatchObject({ lines: [{ backordered: 2, allocated: 0 }, {}] });
    givenOrder(placed, picked)
      .when('BackorderGoods', { orderId, lines: twoChairs })
      .isRefused('backordered-beyond-open', 'lines[0].quantity');
  });
  it('show in order-to-cash how far they are, and whether they left us as promised', () => {
    const history = [placed, chairsWait, facts.OrderPicked({ orderId, lines: oneChair }), allocated, confirmed];
    const shown = (...more: Fact[]) =>
      givenView(orderToCash).facts(
        ...[...history, ...more].map((fact, day) => recorded(fact, { occurredAt: addDays(now, day), refs: { order: orderId } })),
      );
    shown().then(orderId, {
      allocatedUnits: 5,
      pickedUnits: 1,
      backorderedUnits: 0,
      everBackorderedUnits: 2,
      promisedAt,
      asPromised: null,
    });
    expect(shown().document(orderId)?.fullyPickedAt).toBeUndefined();
    const stillMissing = facts.OrderBackordered({ orderId, lines: oneChair, expectedAt: promisedAt });
    shown(stillMissing).then(orderId, { backorderExpectedAt: promisedAt });
    shown(stillMissing, shipped(all)).then(orderId, { backorderExpectedAt: undefined });
    const rest = facts.OrderPicked({ orderId, lines: [...oneChair, { lineId: table, quantity: 3 }] });
    shown(rest, shipped(all)).then(orderId, { pickedUnits: 5, fullyPickedAt: addDays(now, 5), asPromised: false });
  });
});

describe('a return in its order (ORD-08)', () => {
  const settle = { orderId, returnId, lines: oneChair, credit: true, reason: 'damaged' };
  const returned = facts.OrderReturned({ orderId, returnId, lines: oneChair });
  const credited = (amount: number, open: number, refundable?: number) =>
    facts.OrderCredited({
      ...about,
      creditId: derivedId('specification', `credit ${invoiceId}`),
      returnId,
      amount,
      open,
      series,
      ...(refundable !== undefined && { refundable }),
      reason: 'damaged',
    });

  it('is credited at the price of the goods, to be paid back where they were paid', () =>
    givenOrder(...settled)
      .when('SettleReturn', settle)
      .then(returned, credited(100_00, 0, 100_00)));
  it('lowers what is open where they were not', () =>
    givenOrder(placed, confirmed, shipped(), delivered(), invoiced())
      .when('SettleReturn', settle)
      .then(returned, credited(100_00, 250_00)));
  it('credits nothing where the goods are replaced', () =>
    givenOrder(...settled)
      .when('SettleReturn', { ...settle, credit: false })
      .then(returned));
  it('is not invoiced again where its invoice was credited in full to be invoiced again, and credits nothing else for it', () => {
    const asked = { ...about, creditId, amount: 350_00, open: 0, series };
    const again = facts.OrderCredited({ ...asked, reason: 'other price', reopened: both });
    const rest = derivedId('specification', 'rest');
    const open = [placed, confirmed, shipped(), delivered(), invoiced(), again];
    const kept = facts.OrderReturned({ ...returned.data, notInvoicedAgain: oneChair });
    givenOrder(...open)
      .when('SettleReturn', settle)
      .then(kept);
    givenOrder(...open, invoiced([{ lineId: table, quantity: 3 }], rest))
      .when('SettleReturn', settle)
      .then(kept);
    givenOrder(...open, kept)
      .when('InvoiceOrder', { orderId, invoiceId: rest })
      .then(invoiced([...oneChair, { lineId: table, quantity: 3 }], rest));
    givenOrder(...open)
      .when('SettleReturn', { ...settle, credit: false })
      .then(returned);
  });
  it('counts once', () =>
    givenOrder(...settled, returned)
      .when('SettleReturn', settle)
      .changesNothing());
  it('is declined where the customer has the goods no more: another return settled them', () =>
    givenOrder(...settled, facts.OrderReturned({ orderId, returnId: refundId, lines: both }))
      .when('SettleReturn', settle)
      .then(facts.OrderReturnDeclined({ orderId, returnId })));
  it('says what is to take the place of goods that are replaced', () =>
    givenOrder(...settled)
      .when('SettleReturn', { ...settle, credit: false, replacementId: refundId })
      .then(
        facts.OrderReturned({
          ...returned.data,
          replacement: { orderId: refundId, customerId, currency: 'EUR', lines: [{ description: 'Chair', quantity: 1 }] },
        }),
      ));
});

describe('the age of an invoice (ORD-04)', () => {
  const aged = facts.InvoiceAged({ ...about, days: 30, dueAt, open: 350_00 });
  const age = { orderId, invoiceId, days: 30 };

  it('is noted when the moment has come, once', () => {
    givenOrder(placed, confirmed, invoiced())
      .when('AgeInvoice', age, { now: addDays(dueAt, 30) })
      .then(aged);
    givenOrder(placed, confirmed, invoiced())
      .when('AgeInvoice', age, { now: addDays(dueAt, 29) })
      .changesNothing();
    givenOrder(placed, confirmed, invoiced(), aged)
      .when('AgeInvoice', age, { now: addDays(dueAt, 31) })
      .changesNothing();
  });
  it('is not noted of what was paid', () =>
    givenOrder(...settled)
      .when('AgeInvoice', age, { now: addDays(dueAt, 30) })
      .changesNothing());
});
