import { describe, expect, it } from '@jest/globals';
import { addDays, derivedId, type Fact } from '#kernel';
import { givenView, recorded } from '#kernel/testing';
import { OrderAmended, OrderPlaced } from '../order/events.js';
import {
  arrived,
  both,
  chairs,
  confirmed,
  customerId,
  delivered,
  invoiced,
  now,
  oneChair,
  orderId,
  paid,
  placed,
  reversed,
  shipmentId,
  shipped,
} from '../order/order.samples.js';
import { conformance } from './conformance.view.js';
import { deviationNames } from './deviations.js';

const day = (number: number) => addDays(now, number);
const allPaid = paid(350_00, 0);
/** Facts in the order in which they are told, each on its day. */
const told = (...facts: (readonly [day: number, Fact])[]) =>
  givenView(conformance).facts(...facts.map(([number, fact]) => recorded(fact, { occurredAt: day(number) })));
/** The deviations that the order has then. */
const found = (...facts: (readonly [day: number, Fact])[]) => {
  const document = told(...facts).document(orderId);
  return deviationNames.filter((name) => document?.[name] === 1);
};
const begun = [
  [0, placed],
  [1, confirmed],
] as const;

describe('an order beside its expected way (ORD-06)', () => {
  it('has no deviation where it goes it, as far as it went', () => {
    const way = [...begun, [2, shipped()], [3, delivered()], [4, invoiced()], [5, allPaid]] as const;
    for (let count = 1; count <= way.length; count++)
      told(...way.slice(0, count)).then(orderId, { deviations: 0, customerId, channel: 'DIRECT' });
    told(...way).then(orderId, { variant: 'PLACED-CONFIRMED-SHIPPED-DELIVERED-INVOICED-PAID', placedAt: day(0), paidAt: day(5) });
  });
  it('is invoiced and paid before its goods left us or arrived', () => {
    expect(found(...begun, [2, invoiced()])).toEqual(['invoicedBeforeShipped', 'invoicedBeforeDelivered']);
    expect(found(...begun, [2, shipped()], [3, invoiced()])).toEqual(['invoicedBeforeDelivered']);
    expect(found(...begun, [2, shipped()], [3, invoiced()], [4, allPaid], [5, delivered()])).toEqual([
      'invoicedBeforeDelivered',
      'paidBeforeDelivered',
    ]);
    const before = told(...begun, [2, invoiced()], [3, allPaid], [4, shipped()], [5, delivered()]);
    before.then(orderId, { variant: 'PLACED-CONFIRMED-INVOICED-PAID-SHIPPED-DELIVERED', deviations: 4, paidBeforeShipped: 1 });
  });
  it('left us or arrived before it was confirmed, as somebody tells late', () => {
    expect(found([0, placed], [3, confirmed], [2, shipped()])).toEqual(['shippedBeforeConfirmed']);
    const late = told([0, placed], [3, confirmed], [1, shipped()], [2, delivered()]);
    late.then(orderId, {
      shippedBeforeConfirmed: 1,
      deliveredBeforeConfirmed: 1,
      deviations: 2,
      variant: 'PLACED-SHIPPED-DELIVERED-CONFIRMED',
    });
  });
  it('arrived before it left us: a shipment beside its own departure, another one may have arrived long before', () => {
    const second = derivedId('sample', 'second shipment');
    const rest = [...oneChair, { lineId: both[1]?.lineId ?? '', quantity: 3 }];
    const of = (shipment: string, moves: typeof both, number: number) => {
      const { data } = arrived(moves, shipment);
      return { ...arrived(moves, shipment), data: { ...data, compared: { ...data.compared, shippedAt: day(number) } } };
    };
    const two = [...begun, [2, shipped(oneChair)], [4, shipped(rest, second)]] as const;
    expect(found(...two, [3, of(shipmentId, oneChair, 2)], [5, of(second, rest, 4)])).toEqual([]);
    expect(found(...two, [3, of(shipmentId, oneChair, 2)], [3, of(second, rest, 4)])).toEqual(['deliveredBeforeShipped']);
    // Deliveries of old did not say when their shipment had left us.
    expect(found(...begun, [3, shipped()], [2, delivered()])).toEqual(['deliveredBeforeShipped']);
  });
  it('is judged by when things happened, whatever was told first', () =>
    told(...begun, [4, invoiced()], [5, allPaid], [2, shipped()], [3, delivered()]).then(orderId, {
      deviations: 0,
      variant: 'PLACED-CONFIRMED-SHIPPED-DELIVERED-INVOICED-PAID',
    }));
  it('takes steps of one moment as they are expected', () =>
    told([0, placed], [0, confirmed], [0, shipped()], [0, delivered()], [0, invoiced()], [0, allPaid]).then(orderId, {
      deviations: 0,
      variant: 'PLACED-CONFIRMED-SHIPPED-DELIVERED-INVOICED-PAID',
    }));
  it('was not paid by a payment that was taken back', () => {
    const bounced = [...begun, [2, invoiced()], [3, allPaid], [4, reversed(350_00, 350_00)]] as const;
    told(...bounced).then(orderId, { paidBeforeShipped: 0, paidAt: undefined, variant: 'PLACED-CONFIRMED-INVOICED' });
    told(...bounced, [5, shipped()], [6, delivered()], [7, paid(350_00, 0, shipmentId)]).then(orderId, {
      paidBeforeShipped: 0,
      paidBeforeDelivered: 0,
      invoicedBeforeShipped: 1,
      paidAt: day(7),
    });
  });
  it('needs no goods where it has charges only', () => {
    const line = { ...chairs, charge: true, amount: 200_00 };
    const charged = OrderPlaced({ ...placed.data, lines: [line], amount: 200_00 });
    expect(found([0, charged], [1, confirmed], [2, invoiced()], [3, allPaid])).toEqual([]);
    const amendment = { orderId, customerId, currency: 'EUR', amount: 200_00, previousAmount: 350_00 };
    expect(found(...begun, [2, invoiced()], [3, OrderAmended({ ...amendment, lines: [line] })])).toEqual([]);
  });
  it('is not there as of a day before it was placed, though goods are said to have left us then', () =>
    told([2, shipped()]).isGone(orderId));
});
