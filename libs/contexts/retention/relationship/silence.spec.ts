import { describe, it } from '@jest/globals';
import { given } from '#kernel/testing';
import type { Order } from '../../orders/contract.js';
import * as facts from './events.js';
import { relationship } from './relationship.js';
import {
  attentive,
  began,
  bought,
  buying,
  churned,
  contractId,
  customerId,
  day,
  ended,
  now,
  of,
  ordered,
  orderId,
  patient,
  purchaseId,
  segment,
  silent,
  started,
  strict,
  takenBack,
  terms,
} from './relationship.samples.js';

const buyer = [began('PURCHASES'), bought(day(90))] as const;
const order = { customerId, sign: 'ORDER', signId: orderId } as const;
const call = { customerId, sign: 'INTERACTION', signId: orderId } as const;
const called = (at: string, silentAt?: string) =>
  facts.SignOfLifeNoted({ customerId, sign: 'INTERACTION', signId: orderId, at, silentAt });

describe('SAL-26 a purchase', () => {
  it('makes somebody a customer', () =>
    given(relationship, of()).when('RecordPurchase', buying).then(began('PURCHASES'), bought()));
  it('sets when the customer counts as silent', () =>
    given(relationship, of(strict))
      .when('RecordPurchase', buying)
      .then(began('PURCHASES'), bought(day(90))));
  it('of who has a contract is no matter of silence', () =>
    given(relationship, of(strict), began(), started()).when('RecordPurchase', buying).then(bought()));
  it('needs a registered customer', () =>
    given(relationship, of(strict, { status: 'NONE' }))
      .when('RecordPurchase', buying)
      .isRefused('customer-unknown', 'customerId'));
});

describe('ANA-02 a silence', () => {
  it('that lasted too long is the loss of the customer, at the moment when it had', () =>
    given(relationship, of(strict), ...buyer)
      .when('ReviewRelationship', { customerId }, { now: day(93) })
      .then(silent(day(90), 90)));
  it('is the loss of the customer at the very moment when it has lasted too long', () =>
    given(relationship, of(strict), ...buyer)
      .when('ReviewRelationship', { customerId }, { now: day(90) })
      .then(silent(day(90), 90)));
  it('that lasts still is not', () =>
    given(relationship, of(strict), ...buyer)
      .when('ReviewRelationship', { customerId }, { now: day(89) })
      .changesNothing());
  it('ends with the next purchase', () =>
    given(relationship, of(strict), ...buyer, [bought(day(150)), day(60)])
      .when('ReviewRelationship', { customerId }, { now: day(90) })
      .changesNothing());
  it('is stated once', () =>
    given(relationship, of(strict), ...buyer, silent(day(90), 90))
      .when('ReviewRelationship', { customerId }, { now: day(100) })
      .changesNothing());
  it('of who has a contract does not count', () =>
    given(relationship, of(strict), ...buyer, started(), facts.RelationshipBound({ customerId, segment }))
      .when('ReviewRelationship', { customerId }, { now: day(100) })
      .changesNothing());
  it('does not count where nobody defined it', () =>
    given(relationship, of(patient), ...buyer)
      .when('ReviewRelationship', { customerId }, { now: day(9000) })
      .changesNothing());
  it('is reckoned by the definition in force: a longer one is watched to its end', () =>
    given(relationship, of({ days: 120, interactions: false }), ...buyer)
      .when('ReviewRelationship', { customerId }, { now: day(90) })
      .then(facts.SilenceWatched({ customerId, silentAt: day(120) })));
  it('is watched once a definition is there', () =>
    given(relationship, of(strict), began('PURCHASES'), bought())
      .when('ReviewRelationship', { customerId }, { now: day(1) })
      .then(facts.SilenceWatched({ customerId, silentAt: day(90) })));
  it('of somebody who never was a customer is none', () =>
    given(relationship, of(strict)).when('ReviewRelationship', { customerId }).isRefused('relationship-unknown', 'customerId'));
  it('ends in a return when a lost customer buys', () =>
    given(relationship, of(strict), ...buyer, silent(day(90), 90))
      .when('RecordPurchase', buying, { now: day(100) })
      .then(bought(day(190)), facts.CustomerWonBack({ customerId, bond: 'PURCHASES', segment, churnedAt: day(90), days: 10 })));
});

describe('ANA-02 a sign of life', () => {
  it('by an order makes somebody a customer', () =>
    given(relationship, of(strict))
      .when('NoteSignOfLife', { ...order, at: now })
      .then(began('PURCHASES'), ordered(now, day(90))));
  it('by an order ends a silence', () =>
    given(relationship, of(strict), ...buyer)
      .when('NoteSignOfLife', { ...order, at: day(60) })
      .then(ordered(day(60), day(150))));
  it('that is learnt of late does not shorten the watch', () =>
    given(relationship, of(strict), ...buyer, [bought(day(150)), day(60)])
      .when('NoteSignOfLife', { ...order, at: day(30) }, { now: day(60) })
      .then(ordered(day(30), day(150))));
  it('from before the loss wins nobody back', () =>
    given(relationship, of(strict), ...buyer, silent(day(90), 90))
      .when('NoteSignOfLife', { ...order, at: day(80) }, { now: day(95) })
      .then(ordered(day(80))));
  it('by an order wins a lost customer back', () =>
    given(relationship, of(strict), began(), started(), ended(day(10), 10), churned(day(10), 10))
      .when('NoteSignOfLife', { ...order, at: day(20) }, { now: day(20) })
      .then(
        ordered(day(20), day(110)),
        facts.CustomerWonBack({ customerId, bond: 'PURCHASES', segment, churnedAt: day(10), days: 10 }),
      ));
  it('of somebody who is not registered is not noted', () =>
    given(relationship, of(strict, { status: 'NONE' }))
      .when('NoteSignOfLife', { ...order, at: now })
      .changesNothing());

  it('may be an interaction', () =>
    given(relationship, of(attentive), ...buyer)
      .when('NoteSignOfLife', { ...call, at: day(60) })
      .then(called(day(60), day(150))));
  it('by an interaction is noted once a day at most', () =>
    given(relationship, of(attentive), ...buyer)
      .when('NoteSignOfLife', { ...call, at: day(0.9) })
      .changesNothing());
  it('by an interaction is noted again when a day has passed', () =>
    given(relationship, of(attentive), ...buyer)
      .when('NoteSignOfLife', { ...call, at: day(1) })
      .then(called(day(1), day(91))));
  it('is no interaction where only purchases count', () =>
    given(relationship, of(strict), ...buyer)
      .when('NoteSignOfLife', { ...call, at: day(60) })
      .changesNothing());
  it('by an interaction makes nobody a customer, and wins nobody back', () => {
    given(relationship, of(attentive))
      .when('NoteSignOfLife', { ...call, at: now })
      .changesNothing();
    given(relationship, of(attentive), ...buyer, silent(day(90), 90))
      .when('NoteSignOfLife', { ...call, at: day(95) })
      .changesNothing();
  });
  it('by an interaction means nothing of who has a contract', () =>
    given(relationship, of(attentive), began(), facts.ContractStarted({ customerId, contractId, ...terms }))
      .when('NoteSignOfLife', { ...call, at: day(60) })
      .changesNothing());
  it('by another purchase may be on the same day', () =>
    given(relationship, of(strict), ...buyer)
      .when('RecordPurchase', { ...buying, purchaseId })
      .then(bought(day(90))));
});

describe('SAL-26 an order', () => {
  const lines = [{ lineId: orderId, description: 'Chair', quantity: 2, unitPrice: 15_00 }];
  const stands = {
    exists: true,
    orderId,
    customerId,
    currency: 'EUR',
    placedAt: now,
    paymentTermDays: 30,
    confirmed: true,
    held: false,
    ...{
      heldForCredit: false,
      shipments: [],
      invoices: [],
      payments: [],
      credits: [],
      refunds: [],
      returns: [],
      claims: [],
      agreed: {},
    },
    lines: lines.map((line) => ({
      ...line,
      allocated: 0,
      picked: 0,
      shipped: 0,
      delivered: 0,
      invoiced: 0,
      backordered: 0,
      returned: 0,
    })),
  } as const satisfies Order;
  const noted = facts.SignOfLifeNoted({ ...ordered(day(60), day(150)).data, amount: 30_00, currency: 'EUR' });
  const taken = { amount: 30_00, currency: 'EUR', firstPurchaseAt: now, lastPurchaseAt: now, lastSignAt: now, silentAt: day(90) };

  it('is a purchase for its amount', () =>
    given(relationship, { ...of(strict), order: stands }, ...buyer)
      .when('NoteSignOfLife', { ...order, at: day(60) })
      .then(noted));
  it('that is cancelled is none: the customer is watched from the sign before it', () => {
    given(relationship, of(strict), ...buyer, [noted, day(60)])
      .when('TakeBackSignOfLife', { customerId, signId: orderId }, { now: day(61) })
      .then(takenBack(taken));
    given(relationship, of(strict), ...buyer, [noted, day(60)], [takenBack(taken), day(61)])
      .when('ReviewRelationship', { customerId }, { now: day(91) })
      .then(silent(day(90), 90));
  });
  it('that is cancelled leaves a later sign what it is', () =>
    given(relationship, of(attentive), ...buyer, [noted, day(60)], [called(day(70), day(160)), day(70)])
      .when('TakeBackSignOfLife', { customerId, signId: orderId }, { now: day(71) })
      .then(takenBack({ ...taken, lastSignAt: day(70), silentAt: day(160) })));
  it('that is cancelled is taken back once, and only if it counted', () => {
    given(relationship, of(strict), ...buyer)
      .when('TakeBackSignOfLife', { customerId, signId: orderId })
      .changesNothing();
    given(relationship, of(strict), ...buyer, [noted, day(60)], [takenBack(taken), day(61)])
      .when('TakeBackSignOfLife', { customerId, signId: orderId })
      .changesNothing();
    given(relationship, of(strict)).when('TakeBackSignOfLife', { customerId, signId: orderId }).changesNothing();
  });
  it('that was cancelled before anybody heard of it is no purchase', () =>
    given(relationship, { ...of(strict), order: { ...stands, ended: 'CANCELLED' } }, ...buyer)
      .when('NoteSignOfLife', { ...order, at: day(60) })
      .changesNothing());
});
