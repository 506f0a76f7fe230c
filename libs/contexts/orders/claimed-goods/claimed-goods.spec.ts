import { describe, it } from '@jest/globals';
import { derivedId, type Fact, send } from '#kernel';
import { given, givenProcess, recorded } from '#kernel/testing';
import { claim } from '../claim/claim.js';
import { ClaimFiled, ClaimReopened, ClaimSettled, ClaimWithdrawn } from '../claim/events.js';
import { notedClaims } from '../noted-claims/noted-claims.process.js';
import { order } from '../order/order.js';
import {
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
} from '../order/order.samples.js';
import { ClaimFellAway, ClaimNoted, claimedGoods, NoteClaim } from './claimed-goods.js';

const [first, second] = ['first', 'second'].map((name) => derivedId('sample', 'claim', name)) as [string, string];
const another = derivedId('sample', 'another-shipment');
const chairs = [{ lineId: chair, quantity: 2 }];
const tables = [{ lineId: table, quantity: 3 }];
const reason = 'broken on the way';

const noted = (claimId: string, more: { lines?: typeof chairs; settled?: boolean; shipmentId?: string } = {}) =>
  ClaimNoted({ orderId, claimId, kind: 'DAMAGED', lines: oneChair, settled: false, ...more });
const fellAway = ClaimFellAway({ orderId, claimId: first });

/** An order of two chairs and three tables that arrived, and what is claimed of it. */
const arrived = (...claims: Fact[]) => ({
  order: given(order, noLimit, placed, confirmed, shipped(), delivered(), invoiced()).state,
  claimed: given(claimedGoods, { claim: claim.initial }, ...claims).state,
});
const filing = { claimId: second, orderId, kind: 'DAMAGED' } as const;
const filed = (claimId: string, more: { shipmentId?: string; lines?: typeof chairs; amount?: number } = {}) =>
  ClaimFiled({ claimId, orderId, customerId, kind: 'DAMAGED', lines: oneChair, amount: 100_00, currency: 'EUR', ...more });

describe('goods that are in another claim (ORD-08)', () => {
  const ofChairs = (quantity: number, ...claims: Fact[]) =>
    given(claim, arrived(...claims)).when('FileClaim', { ...filing, lines: [{ lineId: chair, quantity }] });

  it('are claimed once, while that one is to be decided upon and once it is credited or they are replaced', () => {
    for (const settled of [false, true]) {
      ofChairs(1, noted(first, { lines: chairs, settled })).isRefused('goods-claimed-before', 'lines[0].quantity');
      ofChairs(2, noted(first, { settled })).isRefused('goods-claimed-before', 'lines[0].quantity');
    }
  });
  it('are claimed again once that one was rejected or withdrawn', () =>
    ofChairs(2, noted(first, { lines: chairs }), fellAway).then(filed(second, { lines: chairs, amount: 200_00 })));
  it('leave the other units of their line, and other lines', () => {
    ofChairs(1, noted(first)).then(filed(second));
    given(claim, arrived(noted(first, { lines: chairs })))
      .when('FileClaim', { ...filing, lines: tables })
      .then(filed(second, { lines: tables, amount: 150_00 }));
  });
  it('are all of a shipment where a claim says the same of it as a whole', () => {
    const whole = noted(first, { shipmentId, lines: [] });
    const again = { ...filing, shipmentId, amount: 50_00 };
    given(claim, arrived(whole)).when('FileClaim', again).isRefused('goods-claimed-before');
    given(claim, arrived(whole))
      .when('FileClaim', { ...again, lines: oneChair })
      .isRefused('goods-claimed-before');
    given(claim, arrived(noted(first, { shipmentId })))
      .when('FileClaim', again)
      .isRefused('goods-claimed-before');
    const { lines: _, ...ofTheShipment } = filed(second, { shipmentId, amount: 50_00 }).data;
    given(claim, arrived(noted(first, { shipmentId: another, lines: [] })))
      .when('FileClaim', again)
      .then(ClaimFiled(ofTheShipment));
    given(claim, arrived(whole))
      .when('FileClaim', { ...again, kind: 'SHORT' })
      .then(ClaimFiled({ ...ofTheShipment, kind: 'SHORT' }));
  });
});

describe('claims of the same goods that were filed at once (ORD-08)', () => {
  const settling = (claimId: string, settlement: 'CREDIT' | 'REPLACE' | 'REJECT', ...claims: Fact[]) =>
    given(claim, arrived(...claims), filed(claimId, { lines: chairs, amount: 200_00 })).when('SettleClaim', {
      claimId,
      settlement,
      reason,
    });
  const both = [noted(first, { lines: chairs }), noted(second, { lines: chairs })];
  const credit = { invoiceId, creditId: derivedId('specification', 'credit'), amount: 200_00, currency: 'EUR' };
  const about = { orderId, customerId, reason };
  const goods = { kind: 'DAMAGED', lines: chairs } as const;

  it('are settled by the one that was noted first', () => {
    settling(first, 'CREDIT', ...both).then(ClaimSettled({ claimId: first, ...about, ...goods, settlement: 'CREDIT', credit }));
    settling(second, 'CREDIT', ...both).isRefused('goods-claimed-before');
    settling(second, 'REPLACE', ...both).isRefused('goods-claimed-before');
    settling(second, 'REJECT', ...both).then(ClaimSettled({ claimId: second, ...about, settlement: 'REJECT' }));
  });
  it('are settled by the other one when the first fell away', () =>
    settling(second, 'CREDIT', ...both, fellAway).then(
      ClaimSettled({ claimId: second, ...about, ...goods, settlement: 'CREDIT', credit }),
    ));
  it('are not settled again by the first where the other one was settled before both were noted', () =>
    settling(first, 'CREDIT', ...both, noted(second, { lines: chairs, settled: true })).isRefused('goods-claimed-before'));
  it('are settled once by one that is not noted yet', () =>
    settling(second, 'CREDIT', noted(first, { lines: chairs })).isRefused('goods-claimed-before'));
});

describe('what is noted of the claims of an order (ORD-08)', () => {
  const about = { claimId: first, orderId, customerId };
  const rejected = ClaimSettled({ ...about, settlement: 'REJECT', reason });
  const replaced = ClaimSettled({ ...about, settlement: 'REPLACE', reason });
  const noting = (claimFacts: Fact[], ...before: Fact[]) =>
    given(claimedGoods, { claim: given(claim, arrived(), ...claimFacts).state }, ...before).when('NoteClaim', {
      orderId,
      claimId: first,
    });

  it('is which goods they are about and whether they are settled, as they are now', () => {
    noting([filed(first, { shipmentId })]).then(noted(first, { shipmentId }));
    noting([filed(first)], noted(first)).changesNothing();
    noting([filed(first), replaced], noted(first)).then(noted(first, { settled: true }));
    noting([filed(first), replaced, ClaimReopened(about)], noted(first, { settled: true })).then(noted(first));
  });
  it('falls away with a claim that is rejected or withdrawn', () => {
    for (const end of [rejected, ClaimWithdrawn(about)]) {
      noting([filed(first), end], noted(first)).then(fellAway);
      noting([filed(first), end]).changesNothing();
    }
  });
  it('is nothing of a claim of no goods in particular', () =>
    noting([ClaimFiled({ ...filed(first).data, lines: undefined })]).changesNothing());
  it('is asked for by each fact of a claim, imported ones too', () => {
    for (const fact of [filed(first), replaced, ClaimWithdrawn(about), ClaimReopened(about)])
      givenProcess(notedClaims)
        .when(recorded(fact as ReturnType<typeof filed>))
        .sends(send(NoteClaim, { orderId, claimId: first }, { alsoImported: true }));
  });
});
