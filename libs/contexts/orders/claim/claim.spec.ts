import { describe, expect, it } from '@jest/globals';
import { addDays, derivedId, type Fact, send } from '#kernel';
import { carried, given, givenProcess, givenView, recorded } from '#kernel/testing';
import type { ClaimedGoods } from '../claimed-goods/goods.js';
import { claims } from '../claims/claims.view.js';
import { SettleClaimedGoods } from '../order/claim-commands.js';
import { OrderClaimSettled } from '../order/claim-events.js';
import { ConfirmOrder, PlaceOrder } from '../order/commands.js';
import { OrderCredited, OrderReturned } from '../order/events.js';
import { order } from '../order/order.js';
import {
  both,
  chair,
  confirmed,
  credited,
  customerId,
  delivered,
  invoiced,
  invoiceId,
  noLimit,
  now,
  oneChair,
  orderId,
  placed,
  shipmentId,
  shipped,
  unknownId,
} from '../order/order.samples.js';
import { settledClaims } from '../settled-claims/settled-claims.process.js';
import { claim } from './claim.js';
import { ReopenClaim } from './commands.js';
import { ClaimFiled, ClaimReopened, ClaimSettled, ClaimWithdrawn } from './events.js';

const claimId = derivedId('sample', 'claim');
const creditId = derivedId('specification', 'credit');
const replacementId = derivedId('specification', 'replacement');
const about = { claimId, orderId, customerId };
const reason = 'broken on the way';
const notes = carried('The leg is broken, says Ada.');

const claimed: ClaimedGoods = { claims: [] };
const orderWith = (...facts: Fact[]) => ({ order: given(order, noLimit, placed, ...facts).state, claimed });
const arrived = orderWith(confirmed, shipped(), delivered(), invoiced());
const inTwo = orderWith(confirmed, shipped(), invoiced(oneChair), invoiced([{ lineId: chair, quantity: 1 }], unknownId));

const filed = ClaimFiled({ ...about, kind: 'DAMAGED', lines: oneChair, amount: 100_00, currency: 'EUR', notes });
const ofNoGoods = ClaimFiled({ ...about, kind: 'OTHER', amount: 20_00, currency: 'EUR', notes });
const creditOf = (amount: number) => ({ invoiceId, creditId, amount, currency: 'EUR' });
const goods = { kind: 'DAMAGED', lines: oneChair } as const;
const settledBy = (amount: number) =>
  ClaimSettled({ ...about, ...goods, settlement: 'CREDIT', reason, credit: creditOf(amount) });
const replacement = {
  orderId: replacementId,
  customerId,
  currency: 'EUR',
  lines: [{ description: 'Chair', quantity: 1 }],
};
const replaced = ClaimSettled({ ...about, ...goods, settlement: 'REPLACE', reason, replacement });
const rejected = ClaimSettled({ ...about, settlement: 'REJECT', reason });

describe('filing a claim (ORD-08)', () => {
  const filing = { claimId, orderId, kind: 'DAMAGED', lines: oneChair, notes } as const;

  it('claims what its lines cost, or what the customer names', () => {
    given(claim, arrived).when('FileClaim', filing).then(filed);
    given(claim, arrived)
      .when('FileClaim', { ...filing, shipmentId, amount: 30_00 })
      .then(ClaimFiled({ ...filed.data, shipmentId, amount: 30_00 }));
    given(claim, arrived).when('FileClaim', { claimId, orderId, kind: 'OTHER', amount: 20_00, notes }).then(ofNoGoods);
    given(claim, arrived).when('FileClaim', { claimId, orderId, kind: 'LOST' }).isRefused('claim-without-amount');
  });
  it('is about goods that left us, or an invoice', () => {
    given(claim, orderWith(confirmed))
      .when('FileClaim', { ...filing, amount: 1_00 })
      .isRefused('nothing-to-claim');
    given(claim, orderWith(confirmed, shipped(oneChair)))
      .when('FileClaim', { ...filing, kind: 'LOST', lines: both })
      .isRefused('claimed-beyond-shipped', 'lines[0].quantity');
    given(claim, orderWith(confirmed, invoiced()))
      .when('FileClaim', { claimId, orderId, kind: 'OTHER', amount: 20_00, notes })
      .then(ofNoGoods);
  });
  it('is about goods that did not come back by a return, for which nothing is done twice', () => {
    const back = OrderReturned({ orderId, returnId: derivedId('return'), lines: [{ lineId: chair, quantity: 2 }] });
    given(claim, orderWith(confirmed, shipped(), delivered(), invoiced(), back))
      .when('FileClaim', filing)
      .isRefused('claimed-beyond-shipped', 'lines[0].quantity');
    given(claim, orderWith(confirmed, shipped(), delivered(), invoiced(), back), filed)
      .when('SettleClaim', { claimId, reason, settlement: 'CREDIT' })
      .isRefused('goods-came-back');
  });
  it('names a shipment and lines of its order', () => {
    given(claim, arrived)
      .when('FileClaim', { ...filing, shipmentId: unknownId })
      .isRefused('shipment-unknown', 'shipmentId');
    given(claim, arrived)
      .when('FileClaim', { ...filing, lines: [{ lineId: unknownId, quantity: 1 }] })
      .isRefused('line-unknown', 'lines[0].lineId');
    given(claim, { order: order.initial, claimed }).when('FileClaim', filing).isRefused('order-unknown', 'orderId');
  });
  it('says in words what is none of the kinds', () =>
    given(claim, arrived)
      .when('FileClaim', { ...filing, kind: 'OTHER', notes: undefined })
      .isRefused('notes-required', 'notes'));
  it('is filed once', () => given(claim, arrived, filed).when('FileClaim', filing).isRefused('claim-exists', 'claimId'));
});

describe('settling a claim (ORD-08)', () => {
  const settling = { claimId, reason } as const;

  it('credits what is claimed, or as much of it as we decide', () => {
    given(claim, arrived, filed)
      .when('SettleClaim', { ...settling, settlement: 'CREDIT' })
      .then(settledBy(100_00));
    given(claim, arrived, filed)
      .when('SettleClaim', { ...settling, settlement: 'CREDIT', invoiceId, amount: 30_00 })
      .then(settledBy(30_00));
  });
  it('credits no more than the invoice asks for', () => {
    given(claim, orderWith(confirmed, shipped(), invoiced(), credited(300_00, 50_00)), filed)
      .when('SettleClaim', { ...settling, settlement: 'CREDIT' })
      .isRefused('credit-above-open', 'amount');
    given(claim, orderWith(confirmed, shipped(), invoiced(), credited(350_00, 0)), filed)
      .when('SettleClaim', { ...settling, settlement: 'CREDIT' })
      .isRefused('nothing-to-credit');
    given(claim, orderWith(confirmed, shipped()), filed)
      .when('SettleClaim', { ...settling, settlement: 'CREDIT' })
      .isRefused('nothing-to-credit');
  });
  it('credits something: a claim of free goods says how much', () => {
    const free = given(claim, arrived, ClaimFiled({ ...filed.data, amount: 0 }));
    free.when('SettleClaim', { ...settling, settlement: 'CREDIT' }).isRefused('nothing-to-credit', 'amount');
    free.when('SettleClaim', { ...settling, settlement: 'CREDIT', amount: 30_00 }).then(settledBy(30_00));
  });
  it('names the invoice where the order has several', () => {
    given(claim, inTwo, filed)
      .when('SettleClaim', { ...settling, settlement: 'CREDIT' })
      .isRefused('invoice-not-named', 'invoiceId');
    given(claim, inTwo, filed)
      .when('SettleClaim', { ...settling, settlement: 'CREDIT', invoiceId })
      .then(settledBy(100_00));
  });
  it('replaces the goods of its lines', () => {
    given(claim, arrived, filed)
      .when('SettleClaim', { ...settling, settlement: 'REPLACE' })
      .then(replaced);
    given(claim, arrived, ofNoGoods)
      .when('SettleClaim', { ...settling, settlement: 'REPLACE' })
      .isRefused('no-goods-claimed', 'settlement');
  });
  it('is rejected with a reason', () =>
    given(claim, arrived, filed)
      .when('SettleClaim', { ...settling, settlement: 'REJECT' })
      .then(rejected));
  it('takes an amount and an invoice for a credit only', () => {
    for (const settlement of ['REPLACE', 'REJECT'] as const)
      for (const credit of [{ invoiceId }, { amount: 1_00 }])
        given(claim, arrived, filed)
          .when('SettleClaim', { ...settling, settlement, ...credit })
          .isRefused('not-a-credit');
  });
  it('happens once, and not after it was withdrawn', () => {
    const withdrawn = ClaimWithdrawn(about);
    for (const end of [settledBy(100_00), replaced, rejected, withdrawn])
      given(claim, arrived, filed, end)
        .when('SettleClaim', { ...settling, settlement: 'CREDIT' })
        .isRefused('claim-not-open');
    given(claim, arrived, filed).when('WithdrawClaim', { claimId }).then(withdrawn);
    given(claim, arrived, filed, withdrawn).when('WithdrawClaim', { claimId }).changesNothing();
    given(claim, arrived, filed, rejected).when('WithdrawClaim', { claimId }).isRefused('claim-not-open');
    given(claim, arrived).when('WithdrawClaim', { claimId }).isRefused('claim-unknown', 'claimId');
  });
});

describe('settled claims (ORD-08)', () => {
  const settling = { orderId, claimId, ...goods, reason };

  it('are settled by their order; then it is looked whether it took what was decided', () => {
    givenProcess(settledClaims)
      .when(recorded(settledBy(100_00)))
      .sends(
        send(SettleClaimedGoods, { ...settling, invoiceId, creditId, amount: 100_00 }, { optional: true }),
        send(ReopenClaim, { claimId }),
      );
    givenProcess(settledClaims)
      .when(recorded(replaced))
      .sends(send(SettleClaimedGoods, { ...settling, replacementId }, { optional: true }), send(ReopenClaim, { claimId }));
  });
  it('are replaced in an order without a price, once their order took it', () => {
    const taken = { orderId, claimId, ...goods, lines: [...oneChair], credited: 0 };
    givenProcess(settledClaims)
      .when(recorded(OrderClaimSettled({ ...taken, replacement })))
      .sends(
        send(PlaceOrder, {
          orderId: replacementId,
          customerId,
          currency: 'EUR',
          lines: [{ description: 'Chair', quantity: 1, unitPrice: 0 }],
        }),
        send(ConfirmOrder, { orderId: replacementId, creditCheck: 'WAIVED', creditReason: 'replacement of claimed goods' }),
      );
    givenProcess(settledClaims)
      .when(recorded(OrderClaimSettled({ ...taken, credited: 100_00 })))
      .sendsNothing();
  });
  it('that are rejected ask for nothing', () => givenProcess(settledClaims).when(recorded(rejected)).sendsNothing());
  it('are open again only where the order did not take what was decided', () => {
    const reopened = ClaimReopened(about);
    given(claim, arrived, filed, settledBy(100_00)).when('ReopenClaim', { claimId }).then(reopened);
    const taken = OrderCredited({ ...credited(100_00, 250_00).data, creditId });
    given(claim, orderWith(confirmed, shipped(), invoiced(), taken), filed, settledBy(100_00))
      .when('ReopenClaim', { claimId })
      .changesNothing();
    given(claim, arrived, filed, rejected).when('ReopenClaim', { claimId }).changesNothing();
    given(claim, arrived, filed, replaced).when('ReopenClaim', { claimId }).then(reopened);
    const settled = OrderClaimSettled({ orderId, claimId, ...goods, lines: [...oneChair], credited: 0, replacement });
    given(claim, orderWith(confirmed, shipped(), settled), filed, replaced)
      .when('ReopenClaim', { claimId })
      .changesNothing();
    given(claim, arrived, filed, settledBy(100_00), reopened)
      .when('SettleClaim', { claimId, settlement: 'REJECT', reason })
      .then(rejected);
  });
});

describe('the view of claims (ORD-08)', () => {
  const shown = (...facts: Fact[]) =>
    givenView(claims).facts(...facts.map((fact, day) => recorded(fact, { occurredAt: addDays(now, day) })));

  it('shows what is claimed and, once it is settled, what was decided and how long it took', () => {
    shown(filed).then(claimId, {
      orderId,
      customerId,
      kind: 'DAMAGED',
      status: 'FILED',
      units: 1,
      claimed: 100_00,
      currency: 'EUR',
      notes,
      filedAt: now,
    });
    shown(filed, settledBy(30_00)).then(claimId, {
      status: 'CREDITED',
      claimed: 100_00,
      credited: 30_00,
      invoiceId,
      creditId,
      reason,
      daysToSettle: 1,
      settledAt: addDays(now, 1),
    });
    shown(filed, replaced).then(claimId, { status: 'REPLACED', replacementId, credited: undefined });
    shown(filed, rejected).then(claimId, { status: 'REJECTED', reason });
    shown(filed, ClaimWithdrawn(about)).then(claimId, { status: 'WITHDRAWN', settledAt: addDays(now, 1) });
  });
  it('shows a claim as filed again that its order did not credit, or whose goods it did not replace', () => {
    for (const end of [settledBy(30_00), replaced])
      expect(shown(filed, end, ClaimReopened(about)).document(claimId)).toEqual(shown(filed).document(claimId));
  });
});
