import { describe, expect, it } from '@jest/globals';
import { addDays, derivedId, type Fact } from '#kernel';
import { givenView, recorded } from '#kernel/testing';
import * as facts from '../order/events.js';
import {
  arrived,
  both,
  customerId,
  delivered,
  now,
  oneChair,
  orderId,
  ownerId,
  shipmentId,
  shipped,
} from '../order/order.samples.js';
import { PackageDelivered, PackageDeliveryFailed } from '../package/events.js';
import { deliveries, deliveryOf } from './deliveries.view.js';
import { allOf } from './verdict.js';

const key = deliveryOf(orderId, shipmentId);
const refs = { customer: customerId, owner: ownerId };
const at = (fact: Fact, days: number) => recorded(fact, { occurredAt: addDays(now, days), refs });
const left = facts.OrderShipped({ ...shipped().data, carrier: 'DHL', warehouse: 'Hamburg' });
const reached = PackageDelivered({ packageId: shipmentId, orderIds: [orderId], attempt: 1 });
const beside = (requestedBy?: string) => {
  const { data } = arrived();
  const compared = { placedAt: now, shippedAt: now, inFull: true, last: true, asAgreed: true };
  return facts.OrderDelivered({ ...data, compared: { ...compared, ...(requestedBy !== undefined && { requestedBy }) } });
};
const inspected = (found: object) => facts.DeliveryInspected({ orderId, shipmentId, ...found });
const shown = (...history: ReturnType<typeof at>[]) => givenView(deliveries).facts(...history);

describe('a delivery (ORD-09, SRV-20)', () => {
  it('is under way, with nothing known of it, until it arrives', () =>
    shown(at(left, 1)).then(key, {
      orderId,
      shipmentId,
      customerId,
      ownerId,
      carrier: 'DHL',
      warehouse: 'Hamburg',
      status: 'UNDER_WAY',
      shippedUnits: 5,
      shippedAt: addDays(now, 1),
      perfect: null,
      onTimeInFull: null,
      accurate: null,
      rightProduct: null,
      judgedDeliveries: 0,
    }));
  it('has its processing, transit and lead time', () =>
    shown(at(left, 1), at(beside(), 4)).then(key, { status: 'DELIVERED', processingDays: 1, transitDays: 3, leadDays: 4 }));
  it('is accurate at the first try only', () => {
    const failed = PackageDeliveryFailed({ packageId: shipmentId, orderIds: [orderId], attempt: 1 });
    shown(at(left, 1), at(reached, 2), at(beside(), 2)).then(key, { accurate: true, failedDeliveries: 0 });
    shown(at(left, 1), at(failed, 2), at(reached, 3), at(beside(), 3)).then(key, { accurate: false, failedDeliveries: 1 });
  });
  it('is the same whether its order or its package is heard of first', () => {
    const history = [at(left, 1), at(beside(), 3), at(reached, 3)] as const;
    const [one, two, three] = history;
    expect(shown(three, one, two).document(key)).toEqual(shown(one, two, three).document(key));
  });
  it('is one for each order of a package', () => {
    const other = derivedId('sample', 'other order');
    const both = PackageDelivered({ packageId: shipmentId, orderIds: [orderId, other], attempt: 1 });
    const theirs = facts.OrderShipped({ ...left.data, orderId: other });
    const after = shown(at(both, 2), at(left, 1), at(theirs, 1));
    expect([...after.documents.keys()].sort()).toEqual([key, deliveryOf(other, shipmentId)].sort());
    after.then(deliveryOf(other, shipmentId), { orderId: other, shipmentId, reachedAddress: true });
  });
  it('is shown when its order says so, not before', () => {
    expect(shown(at(reached, 1)).documents.size).toBe(0);
    expect([...shown(at(reached, 2), at(left, 1)).documents.keys()]).toEqual([key]);
  });
  it('is none where all of it came back', () => {
    const back = facts.OrderShipmentReturned({ orderId, shipmentId, lines: both, reason: 'address unknown' });
    shown(at(left, 1), at(back, 3)).then(key, { status: 'RETURNED', cameBackUnits: 5, perfect: null, accurate: null });
  });
  it('is judged when nothing of it is under way any more', () => {
    const part = arrived(oneChair, shipmentId, { inFull: false, last: false });
    shown(at(left, 1), at(part, 2)).then(key, { status: 'UNDER_WAY', deliveredUnits: 1, rightQuantity: null });
    const back = facts.OrderShipmentReturned({ orderId, shipmentId, lines: both, reason: 'damaged' });
    const rest = { ...back, data: { ...back.data, lines: [{ lineId: both[1]?.lineId ?? '', quantity: 4 }] } };
    shown(at(left, 1), at(part, 2), at(rest, 3)).then(key, { status: 'DELIVERED', rightQuantity: false, accurate: false });
  });
});

describe("the seven R's of a delivery (ORD-10)", () => {
  const wanted = addDays(now, 3);
  const good = [at(left, 1), at(reached, 3), at(beside(wanted), 3)];
  const all = { product: true, quantity: true, quality: true, place: true, customer: true, costs: true };

  it('follow from the facts; what no fact says is not known', () => {
    shown(...good).then(key, {
      rightProduct: true,
      rightQuantity: true,
      rightQuality: null,
      rightPlace: true,
      rightTime: true,
      rightCustomer: true,
      rightCosts: true,
      perfect: null,
      onTimeInFull: true,
      judgedDeliveries: 0,
    });
    shown(at(left, 1), at(beside(), 3)).then(key, { rightTime: null, rightPlace: null, onTimeInFull: null });
    shown(at(left, 1), at(delivered(), 3)).then(key, { rightQuantity: null, rightCosts: null, rightProduct: true });
  });
  it('are all right in a perfect delivery', () =>
    shown(...good, at(inspected({ quality: true }), 4)).then(key, { perfect: true, judgedDeliveries: 1, perfectDeliveries: 1 }));
  it('are wrong by the time at which it arrived, to the millisecond', () =>
    shown(at(left, 1), at(beside(addDays(now, 2.99)), 3)).then(key, {
      rightTime: false,
      onTimeInFull: false,
      perfect: false,
      judgedDeliveries: 1,
      perfectDeliveries: 0,
      timeFailures: 1,
      quantityFailures: 0,
    }));
  it('are wrong by quantity and costs as the order found them', () =>
    shown(at(left, 1), at(arrived(both, shipmentId, { inFull: false, asAgreed: false }), 3)).then(key, {
      rightQuantity: false,
      rightCosts: false,
      quantityFailures: 1,
      costsFailures: 1,
      perfect: false,
    }));
  it.each([
    ['product', 'rightProduct', 'productFailures'],
    ['quantity', 'rightQuantity', 'quantityFailures'],
    ['quality', 'rightQuality', 'qualityFailures'],
    ['place', 'rightPlace', 'placeFailures'],
    ['customer', 'rightCustomer', 'customerFailures'],
    ['costs', 'rightCosts', 'costsFailures'],
  ] as const)(
    'are as an inspection finds the %s, whatever else is recorded, and as the last one does',
    (part, right, failures) => {
      const wrong = [...good, at(inspected({ ...all, [part]: false }), 4)];
      shown(...wrong).then(key, { [right]: false, [failures]: 1, perfect: false });
      shown(...wrong, at(inspected({ [part]: true }), 5)).then(key, { [right]: true, [failures]: 0, perfect: true });
    },
  );
  it('are false together where one is, and not known where one is not', () => {
    expect(allOf([true, true])).toBe(true);
    expect(allOf([true, null])).toBeNull();
    expect(allOf([null, false])).toBe(false);
  });
});
