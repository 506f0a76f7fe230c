import { describe, expect, it } from '@jest/globals';
import { addDays, derivedId, type Fact, send } from '#kernel';
import { carried, given, givenProcess, givenView, recorded } from '#kernel/testing';
import type { ClaimedGoods } from '../claimed-goods/goods.js';
import { claims } from '../claims/claims.view.js';
import { CreditOrder } from '../order/billing-commands.js';
import { ConfirmOrder, PlaceOrder } from '../order/commands.js';
import { OrderCredited } from '../order/events.js';
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
const settledBy = (amount: number) => ClaimSettled({ ...about, settlement: 'CREDIT', reason, credit: creditOf(amount) });
const replacement = {
  ...{ orderId: replacementId, customerId, currency: 'EUR' },
  lines: [{ description: 'Chair', quantity: 1 }],
};
const replaced = ClaimSettled({ ...about, settlement: 'REPLACE', reason, replacement });
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
      .isRefused('claimed-beyond-shipped');
    given(claim, orderWith(confirmed, invoiced()))
      .when('FileClaim', { claimId, orderId, kind: 'OTHER', amount: 20_00, notes })
      .then(ofNoGoods);
  });
  it('names a shipment and lines of its order', () => {
    given(claim, arrived)
      .when('FileClaim', { ...filing, shipmentId: unknownId })
      .isRefused('shipment-unknown');
    given(claim, arrived)
      .when('FileClaim', { ...filing, lines: [{ lineId: unknownId, quantity: 1 }] })
      .isRefused('line-unknown');
    given(claim, { order: order.initial, claimed }).when('FileClaim', filing).isRefused('order-unknown');
  });
  it('says in words what is none of the kinds', () =>
    given(claim, arrived)
      .when('FileClaim', { ...filing, kind: 'OTHER', notes: undefined })
      .isRefused('notes-required'));
  it('is filed once', () => given(claim, arrived, filed).when('FileClaim', filing).isRefused('claim-exists'));
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
      .isRefused('credit-above-open');
    given(claim, orderWith(confirmed, shipped(), invoiced(), credited(350_00, 0)), filed)
      .when('SettleClaim', { ...settling, settlement: 'CREDIT' })
      .isRefused('nothing-to-credit');
    given(claim, orderWith(confirmed, shipped()), filed)
      .when('SettleClaim', { ...settling, settlement: 'CREDIT' })
      .isRefused('nothing-to-credit');
  });
  it('names the invoice where the order has several', () => {
    given(claim, inTwo, filed)
      .when('SettleClaim', { ...settling, settlement: 'CREDIT' })
      .isRefused('invoice-not-named');
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
      .isRefused('no-goods-claimed');
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
    given(claim, arrived).when('WithdrawClaim', { claimId }).isRefused('claim-unknown');
  });
});

describe('settled claims (ORD-08)', () => {
  it('are credited by their order, for good and even if it was paid; then it is looked whether it took the credit', () =>
    givenProcess(settledClaims)
      .when(recorded(settledBy(100_00)))
      .sends(
        send(
          CreditOrder,
          { orderId, invoiceId, creditId, amount: 100_00, reason, evenIfPaid: true, forGood: true },
          { optional: true },
        ),
        send(ReopenClaim, { claimId }),
      ));
  it('are replaced in an order without a price', () =>
    givenProcess(settledClaims)
      .when(recorded(replaced))
      .sends(
        send(PlaceOrder, {
          ...{ orderId: replacementId, customerId, currency: 'EUR' },
          lines: [{ description: 'Chair', quantity: 1, unitPrice: 0 }],
        }),
        send(ConfirmOrder, { orderId: replacementId, creditCheck: 'WAIVED', creditReason: 'replacement of claimed goods' }),
      ));
  it('that are rejected ask for nothing', () => givenProcess(settledClaims).when(recorded(rejected)).sendsNothing());
  it('are open again only where the order did not take the credit', () => {
    const reopened = ClaimReopened(about);
    given(claim, arrived, filed, settledBy(100_00)).when('ReopenClaim', { claimId }).then(reopened);
    const taken = OrderCredited({ ...credited(100_00, 250_00).data, creditId });
    given(claim, orderWith(confirmed, shipped(), invoiced(), taken), filed, settledBy(100_00))
      .when('ReopenClaim', { claimId })
      .changesNothing();
    for (const end of [replaced, rejected]) given(claim, arrived, filed, end).when('ReopenClaim', { claimId }).changesNothing();
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
      ...{ orderId, customerId, kind: 'DAMAGED', status: 'FILED', units: 1, claimed: 100_00, currency: 'EUR', notes },
      filedAt: now,
    });
    shown(filed, settledBy(30_00)).then(claimId, {
      ...{ status: 'CREDITED', claimed: 100_00, credited: 30_00, invoiceId, creditId, reason, daysToSettle: 1 },
      settledAt: addDays(now, 1),
    });
    shown(filed, replaced).then(claimId, { status: 'REPLACED', replacementId, credited: undefined });
    shown(filed, rejected).then(claimId, { status: 'REJECTED', reason });
    shown(filed, ClaimWithdrawn(about)).then(claimId, { status: 'WITHDRAWN', settledAt: addDays(now, 1) });
  });
  it('shows a claim as filed again that its order did not credit', () =>
    expect(shown(filed, settledBy(30_00), ClaimReopened(about)).document(claimId)).toEqual(shown(filed).document(claimId)));
});
