import { describe, it } from '@jest/globals';
import { derivedId, type Fact } from '#kernel';
import { given } from '#kernel/testing';
import * as returns from '../return/events.js';
import { goodsReturn } from '../return/return.js';
import { OrderClaimSettled, OrderCredited, OrderReturnDeclined, OrderReturned } from './events.js';
import { order } from './order.js';
import {
  both,
  chair,
  confirmed,
  customerId,
  delivered,
  invoiced,
  invoiceId,
  noLimit,
  oneChair,
  orderId,
  placed,
  shipmentId,
  shipped,
  table,
} from './order.samples.js';

const [first, second] = ['first', 'second'].map((name) => derivedId('sample', 'claim', name)) as [string, string];
const returnId = derivedId('sample', 'return');
const replacementId = derivedId('specification', 'replacement');
const reason = 'broken';
const chairs = [{ lineId: chair, quantity: 2 }];
const creditOf = (claimId: string) => derivedId('credit of', claimId);

const arrived = [placed, confirmed, shipped(), delivered(), invoiced()];
const orderAfter = (...facts: Fact[]) => given(order, noLimit, ...facts);
const settling = (claimId: string, lines = oneChair, amount = 100_00) =>
  ({ orderId, claimId, kind: 'DAMAGED', lines, reason, invoiceId, creditId: creditOf(claimId), amount }) as const;
const settled = (
  claimId: string,
  more: { lines?: typeof oneChair; credited?: number; kind?: 'LOST'; shipmentId?: string; invoiceId?: string } = {},
) => OrderClaimSettled({ orderId, claimId, kind: 'DAMAGED', lines: oneChair, invoiceId, credited: 100_00, ...more });
const credited = (amount: number, open: number, creditId: string, returnId?: string) =>
  OrderCredited({
    orderId,
    invoiceId,
    creditId,
    amount,
    currency: 'EUR',
    open,
    series: 'CN',
    reason,
    ...(returnId && { returnId }),
  });
const replacement = { orderId: replacementId, customerId, currency: 'EUR', lines: [{ description: 'Chair', quantity: 1 }] };
const { invoiceId: _, ...aboutFirst } = settled(first).data;
const replaced = OrderClaimSettled({ ...aboutFirst, credited: 0, replacement });

describe('claims that were settled at once (ORD-08)', () => {
  it('are credited by their order, for good', () =>
    orderAfter(...arrived)
      .when('SettleClaimedGoods', settling(first))
      .then(settled(first), credited(100_00, 250_00, creditOf(first))));
  it('have their goods replaced', () =>
    orderAfter(...arrived)
      .when('SettleClaimedGoods', { ...{ orderId, claimId: first, kind: 'DAMAGED', lines: oneChair, reason }, replacementId })
      .then(replaced));
  it('are settled once each', () =>
    orderAfter(...arrived, settled(first), credited(100_00, 250_00, creditOf(first)))
      .when('SettleClaimedGoods', settling(first))
      .changesNothing());
  it('are settled by one of them where both are of the same goods, whether those are credited or replaced', () => {
    const both = orderAfter(...arrived, settled(first, { lines: chairs, credited: 200_00 }));
    both.when('SettleClaimedGoods', settling(second)).isRefused('goods-claimed-before');
    both
      .when('SettleClaimedGoods', { ...{ orderId, claimId: second, kind: 'LOST', lines: oneChair, reason }, replacementId })
      .isRefused('goods-claimed-before');
    orderAfter(...arrived, settled(first))
      .when('SettleClaimedGoods', settling(second))
      .then(settled(second), credited(100_00, 250_00, creditOf(second)));
  });
  it('are settled by one of them where both say the same of a shipment as a whole', () =>
    orderAfter(...arrived, settled(first, { lines: [], shipmentId }))
      .when('SettleClaimedGoods', { ...settling(second, []), shipmentId })
      .isRefused('goods-claimed-before'));
  it('are refused by an invoice that has too little left', () =>
    orderAfter(...arrived, credited(300_00, 50_00, creditOf('other')))
      .when('SettleClaimedGoods', settling(first))
      .isRefused('credit-above-open', 'amount'));
  it('are of goods that did not come back', () =>
    orderAfter(...arrived, OrderReturned({ orderId, returnId, lines: chairs }))
      .when('SettleClaimedGoods', settling(first))
      .isRefused('goods-came-back'));
  it('are settled for goods that stayed, where others came back after a claim of theirs', () => {
    const parts = [{ claimId: first, lineId: chair, quantity: 1, amount: 100_00 }];
    const back = OrderReturned({ orderId, returnId, lines: oneChair, settledBefore: parts });
    orderAfter(...arrived, settled(first), credited(100_00, 250_00, creditOf(first)), back)
      .when('SettleClaimedGoods', settling(second))
      .then(settled(second), credited(100_00, 150_00, creditOf(second)));
  });
});

describe('goods that come back after a claim of them was settled (ORD-08)', () => {
  const back = (lines: typeof oneChair, ...facts: Fact[]) =>
    orderAfter(...arrived, ...facts).when('SettleReturn', { orderId, returnId, lines, reason, credit: true });
  const returnedWith = (lines: typeof oneChair, ...parts: { claimId: string; quantity: number; amount: number }[]) =>
    OrderReturned({ orderId, returnId, lines, settledBefore: parts.map((part) => ({ lineId: chair, ...part })) });
  const creditOfReturn = (amount: number, open: number) =>
    credited(amount, open, derivedId('specification', `credit ${invoiceId}`), returnId);

  it('are credited as far as the claim did not', () => {
    const byClaim = [settled(first), credited(100_00, 250_00, creditOf(first))];
    back(oneChair, ...byClaim).then(OrderReturned({ orderId, returnId, lines: oneChair }), creditOfReturn(100_00, 150_00));
    back(chairs, ...byClaim).then(
      returnedWith(chairs, { claimId: first, quantity: 1, amount: 100_00 }),
      creditOfReturn(100_00, 150_00),
    );
    const inPart = [settled(first, { lines: chairs, credited: 30_00 }), credited(30_00, 320_00, creditOf(first))];
    back(oneChair, ...inPart).then(
      returnedWith(oneChair, { claimId: first, quantity: 1, amount: 15_00 }),
      creditOfReturn(85_00, 235_00),
    );
    const all = [settled(first, { lines: chairs, credited: 200_00 }), credited(200_00, 150_00, creditOf(first))];
    back(chairs, ...all).then(returnedWith(chairs, { claimId: first, quantity: 2, amount: 200_00 }));
  });
  it('are credited once in all, however they come back', () => {
    const inPart = settled(first, { lines: chairs, credited: 33_33 });
    const once = returnedWith(oneChair, { claimId: first, quantity: 1, amount: 16_67 });
    const another = derivedId('sample', 'another return');
    orderAfter(...arrived, inPart, credited(33_33, 316_67, creditOf(first)), once, creditOfReturn(83_33, 233_34))
      .when('SettleReturn', { orderId, returnId: another, lines: oneChair, reason, credit: true })
      .then(
        OrderReturned({
          orderId,
          returnId: another,
          lines: oneChair,
          settledBefore: [{ claimId: first, lineId: chair, quantity: 1, amount: 16_66 }],
        }),
        credited(83_34, 150_00, derivedId('specification', `credit ${invoiceId}`), another),
      );
  });
  it('are not credited where the claim replaced them, and replaced by neither twice', () => {
    back(chairs, replaced).then(
      returnedWith(chairs, { claimId: first, quantity: 1, amount: 100_00 }),
      creditOfReturn(100_00, 250_00),
    );
    const replacing = { orderId, returnId, reason, credit: false, replacementId };
    for (const claimed of [settled(first), replaced])
      orderAfter(...arrived, claimed)
        .when('SettleReturn', { ...replacing, lines: chairs })
        .then(OrderReturnDeclined({ orderId, returnId }));
    orderAfter(...arrived, settled(first))
      .when('SettleReturn', { ...replacing, lines: oneChair })
      .then(OrderReturned({ orderId, returnId, lines: oneChair, replacement }));
  });
  it('are those of the shipment, where the claim was of it as a whole', () => {
    const whole = [settled(first, { lines: [], shipmentId, credited: 350_00 }), credited(350_00, 0, creditOf(first))];
    back(oneChair, ...whole).then(returnedWith(oneChair, { claimId: first, quantity: 1, amount: 100_00 }));
  });
  it('are others than those that were lost, as long as not all arrived', () => {
    const lost = settled(first, { kind: 'LOST' });
    const invoicedInPart = [placed, confirmed, shipped(both), delivered(oneChair), invoiced(), lost];
    orderAfter(...invoicedInPart)
      .when('SettleReturn', { orderId, returnId, lines: oneChair, reason, credit: true })
      .then(OrderReturned({ orderId, returnId, lines: oneChair }), creditOfReturn(100_00, 250_00));
  });
  it('are those that were damaged before those that were lost', () => {
    const lost = [settled(first, { kind: 'LOST' }), credited(100_00, 250_00, creditOf(first))];
    const damaged = [settled(second), credited(100_00, 150_00, creditOf(second))];
    back(oneChair, ...lost, ...damaged).then(returnedWith(oneChair, { claimId: second, quantity: 1, amount: 100_00 }));
  });
  it('are not to be replaced by a return either, which says so', () => {
    const about = { returnId, orderId, customerId };
    const received = [
      returns.ReturnRequested({ ...about, lines: chairs, reason }),
      returns.ReturnApproved(about),
      returns.ReturnReceived({ ...about, lines: chairs }),
    ];
    given(goodsReturn, { order: orderAfter(...arrived, settled(first)).state }, ...received)
      .when('ReplaceReturn', { returnId })
      .isRefused('settled-by-claim');
  });
  it('leave units of other lines alone', () => {
    const oneTable = [{ lineId: table, quantity: 1 }];
    back(oneTable, settled(first, { lines: chairs, credited: 200_00 }), credited(200_00, 150_00, creditOf(first))).then(
      OrderReturned({ orderId, returnId, lines: oneTable }),
      creditOfReturn(50_00, 100_00),
    );
  });
});

describe('an invoice that is credited in full after a claim of its goods was credited (ORD-04, ORD-08)', () => {
  const tables = { lineId: table, quantity: 3 };
  const another = derivedId('sample', 'another invoice');
  const rest = (amount: number, ...facts: Fact[]) =>
    orderAfter(...facts).when('CreditOrder', { orderId, invoiceId, creditId: creditOf('rest'), amount, reason });
  const reopening = (amount: number, reopened: typeof oneChair) => {
    const { data } = credited(amount, 0, creditOf('rest'));
    return OrderCredited({ ...data, reopened });
  };
  const byClaim = [settled(first), credited(100_00, 250_00, creditOf(first))];
  const back = (lines: typeof oneChair, parts: { quantity: number; amount: number }[]) =>
    OrderReturned({ orderId, returnId, lines, settledBefore: parts.map((part) => ({ claimId: first, lineId: chair, ...part })) });
  const creditOfReturn = (amount: number, open: number) => credited(amount, open, creditOf('return'), returnId);

  it('is not invoiced again for what the claim was about', () => {
    rest(250_00, ...arrived, ...byClaim).then(reopening(250_00, [...oneChair, tables]));
    const apart = [placed, confirmed, shipped(oneChair), shipped([...oneChair, tables], another), delivered(), invoiced()];
    const whole = [settled(first, { lines: [], shipmentId }), credited(100_00, 250_00, creditOf(first))];
    rest(250_00, ...apart, ...whole).then(reopening(250_00, [...oneChair, tables]));
  });
  it('is invoiced again for goods of which the claim credited a part only, or which it replaced', () => {
    const inPart = [settled(first, { credited: 99_99 }), credited(99_99, 250_01, creditOf(first))];
    rest(250_01, ...arrived, ...inPart).then(reopening(250_01, both));
    rest(350_00, ...arrived, replaced).then(reopening(350_00, both));
  });
  it('is not invoiced again for goods that came back since, and counts each unit once', () => {
    const all = [settled(first, { lines: chairs, credited: 200_00 }), credited(200_00, 150_00, creditOf(first))];
    const withAnother = [back(chairs, [{ quantity: 1, amount: 100_00 }]), creditOfReturn(100_00, 150_00)];
    const inPart = [settled(first, { lines: chairs, credited: 80_00 }), credited(80_00, 270_00, creditOf(first))];
    rest(150_00, ...arrived, ...all, back(oneChair, [{ quantity: 1, amount: 100_00 }])).then(reopening(150_00, [tables]));
    rest(150_00, ...arrived, ...byClaim, ...withAnother).then(reopening(150_00, [tables]));
    rest(150_00, ...arrived, ...inPart, back(chairs, [{ quantity: 2, amount: 80_00 }]), creditOfReturn(120_00, 150_00)).then(
      reopening(150_00, [tables]),
    );
  });
  it('is invoiced again for goods that a claim replaced and that came back since, as the customer has others', () =>
    rest(250_00, ...arrived, replaced, back(chairs, [{ quantity: 1, amount: 100_00 }]), creditOfReturn(100_00, 250_00)).then(
      reopening(250_00, [...oneChair, tables]),
    ));
  it('takes nothing from another invoice of the same goods', () => {
    const twice = [placed, confirmed, shipped(), delivered(), invoiced(oneChair), invoiced([...oneChair, tables], another)];
    rest(100_00, ...twice, settled(first, { invoiceId: another })).then(reopening(100_00, oneChair));
  });
});
