import { describe, expect, it } from '@jest/globals';
import { addDays, derivedId, type Fact } from '#kernel';
import { given, givenView, recorded } from '#kernel/testing';
import { OrderPlaced } from '../order/events.js';
import { order } from '../order/order.js';
import {
  cancelled,
  chair,
  chairs,
  closed,
  confirmed,
  customerId,
  held,
  noLimit,
  now,
  oneChair,
  orderId,
  placed,
  shipped,
  table,
  tables,
  unknownId,
} from '../order/order.samples.js';
import type { Order } from '../order/order-state.js';
import { packages } from '../packages/packages.view.js';
import { PackPackage, SendPackage } from './commands.js';
import * as facts from './events.js';
import { MOST_ORDERS } from './ordered-goods.js';
import { parcel } from './package.js';
import type { Package } from './package-state.js';

const packageId = derivedId('sample', 'package');
const otherOrder = derivedId('sample', 'other order');
const lamp = derivedId('sample', 'lamp');
const orderIds = [orderId, otherOrder];
const contents = [
  {
    orderId,
    lines: [
      { lineId: chair, quantity: 3 },
      { lineId: table, quantity: 1 },
    ],
  },
  { orderId: otherOrder, lines: [{ lineId: lamp, quantity: 1 }] },
];
const goods = [
  { orderId, lineId: chair, quantity: 2 },
  { orderId: otherOrder, lineId: lamp, quantity: 1 },
  { orderId, lineId: table, quantity: 1 },
  { orderId, lineId: chair, quantity: 1 },
];
const reason = 'nobody there';
/** Of both orders enough is left to ship. */
const lines = [chairs, tables].map((line) => ({ ...line, quantity: 5, amount: line.unitPrice * 5 }));
const lamps = { lineId: lamp, description: 'Lamp', quantity: 1, unitPrice: 25_00, amount: 25_00 };
const known = (...history: Fact[]) => given(order, noLimit, OrderPlaced({ ...placed.data, lines }), ...history).state;
const other = (customer: string) =>
  given(order, noLimit, OrderPlaced({ ...placed.data, orderId: otherOrder, customerId: customer, lines: [lamps] }), confirmed)
    .state;
const orders = { order0: known(confirmed), order1: other(customerId) };
const packed = facts.PackagePacked({ packageId, orderIds, contents });
const sent = facts.PackageSent({ packageId, orderIds, contents, carrier: 'DHL' });
const failed = (attempt: number) => facts.PackageDeliveryFailed({ packageId, orderIds, attempt, reason });
const delivered = (attempt = 1) => facts.PackageDelivered({ packageId, orderIds, attempt });
const cameBack = facts.PackageCameBack({ packageId, orderIds, reason });

describe('a package (ORD-02, ORD-03)', () => {
  const ready = given(parcel, orders, packed);
  const underWay = given(parcel, {}, packed, sent);

  it('holds goods of several orders, each line once', () =>
    given(parcel, orders).when('PackPackage', { packageId, goods }).then(packed));
  it('holds goods of orders that there are, and that go on', () => {
    const packing = (order0: Order) => given(parcel, { ...orders, order0 }).when('PackPackage', { packageId, goods });
    packing({ exists: false }).isRefused('order-unknown', 'goods[0].orderId');
    packing(known(cancelled)).isRefused('order-cancelled', 'goods[0].orderId');
    packing(known(confirmed, shipped(oneChair), closed)).isRefused('order-closed', 'goods[0].orderId');
    given(parcel, orders)
      .when('PackPackage', { packageId, goods: [{ orderId, lineId: lamp, quantity: 1 }] })
      .isRefused('line-unknown', 'goods[0].lineId');
  });
  it('holds no more than is left to ship, also when it leaves', () => {
    const more = [...goods, { orderId, lineId: chair, quantity: 3 }];
    given(parcel, orders).when('PackPackage', { packageId, goods: more }).isRefused('packed-beyond-ordered', 'goods[4].quantity');
    const order0 = known(confirmed, shipped([{ lineId: chair, quantity: 3 }]));
    given(parcel, { ...orders, order0 })
      .when('PackPackage', { packageId, goods })
      .isRefused('packed-beyond-ordered', 'goods[3].quantity');
    given(parcel, { ...orders, order0 }, packed)
      .when('SendPackage', { packageId })
      .isRefused('packed-beyond-ordered');
  });
  it('holds goods of no more orders than are read for it', () => {
    const ofMany = Array.from({ length: MOST_ORDERS + 1 }, (_, index) => {
      const orderId = derivedId('specification', 'order', String(index));
      return { orderId, lineId: lamp, quantity: 1 };
    });
    given(parcel, orders).when('PackPackage', { packageId, goods: ofMany }).isRefused('too-many-orders', 'goods');
  });
  it('leaves when its orders are confirmed and not on hold', () => {
    const sending = (order0: Order) =>
      given(parcel, { ...orders, order0 }, packed).when('SendPackage', { packageId, carrier: 'DHL' });
    sending(known()).isRefused('order-not-confirmed');
    sending(known(confirmed, held)).isRefused('order-on-hold');
    sending(known(cancelled)).isRefused('order-cancelled');
  });
  it('is for one customer, unless somebody says that it is not', () => {
    const mixed = given(parcel, { ...orders, order1: other(unknownId) });
    mixed.when('PackPackage', { packageId, goods }).isRefused('goods-of-several-customers', 'severalCustomers');
    mixed.when('PackPackage', { packageId, goods, severalCustomers: true }).then(packed);
  });
  it('reads the orders that it is packed from, and again when it is sent', () => {
    const nothing = { tenant: 'main', read: {} };
    const of = (command: object, state: Package, place: `order${number}`) =>
      parcel.references?.[place]?.id(command, state, nothing);
    const packing = Object.assign(new PackPackage(), { goods });
    const sending = Object.assign(new SendPackage(), { packageId });
    expect([of(packing, { exists: false }, 'order0'), of(packing, { exists: false }, 'order1')]).toEqual(orderIds);
    expect([of(sending, ready.state, 'order0'), of(sending, ready.state, 'order1')]).toEqual(orderIds);
    expect(of(sending, ready.state, 'order2')).toBeUndefined();
  });
  it('is packed once', () => ready.when('PackPackage', { packageId, goods: [] }).isRefused('package-exists', 'packageId'));
  it('is sent once', () => {
    ready.when('SendPackage', { packageId, carrier: 'DHL' }).then(sent);
    underWay.when('SendPackage', { packageId }).isRefused('package-sent');
  });
  it('can be taken apart before it is sent', () => {
    ready.when('UnpackPackage', { packageId, reason }).then(facts.PackageUnpacked({ packageId, orderIds, reason }));
    underWay.when('UnpackPackage', { packageId, reason }).isRefused('package-sent');
    given(parcel, {}, packed, facts.PackageUnpacked({ packageId, orderIds, reason }))
      .when('SendPackage', { packageId })
      .isRefused('package-unpacked');
  });
  it('stays under way when a delivery fails, for another try', () => {
    underWay.when('FailDelivery', { packageId, reason }).then(failed(1));
    given(parcel, {}, packed, sent, failed(1)).when('FailDelivery', { packageId, reason }).then(failed(2));
    given(parcel, {}, packed, sent, failed(1), failed(2)).when('DeliverPackage', { packageId }).then(delivered(3));
  });
  it('has its next try in the future', () => {
    const tomorrow = addDays(now, 1);
    underWay
      .when('FailDelivery', { packageId, nextAttemptAt: now }, { now: tomorrow })
      .isRefused('attempt-in-the-past', 'nextAttemptAt');
    underWay
      .when('FailDelivery', { packageId, reason, nextAttemptAt: tomorrow }, { now })
      .then(facts.PackageDeliveryFailed({ ...failed(1).data, nextAttemptAt: tomorrow }));
  });
  it('is delivered once, and only what was sent', () => {
    given(parcel, {}, packed, sent, delivered()).when('DeliverPackage', { packageId }).changesNothing();
    ready.when('DeliverPackage', { packageId }).isRefused('package-not-sent');
    given(parcel, {}, packed, facts.PackageUnpacked({ packageId, orderIds, reason }))
      .when('DeliverPackage', { packageId })
      .isRefused('package-not-sent');
    given(parcel, {}).when('DeliverPackage', { packageId }).isRefused('package-unknown', 'packageId');
  });
  it('can come back, and is then not delivered', () => {
    underWay.when('TakeBackPackage', { packageId, reason }).then(cameBack);
    given(parcel, {}, packed, sent, cameBack).when('DeliverPackage', { packageId }).isRefused('package-came-back');
    given(parcel, {}, packed, sent, delivered()).when('TakeBackPackage', { packageId, reason }).isRefused('package-delivered');
  });
});

describe('the view of packages (ORD-03)', () => {
  it('counts units and failed deliveries, and the days under way', () =>
    givenView(packages)
      .facts(
        recorded(packed),
        recorded(sent, { occurredAt: now }),
        recorded(failed(1)),
        recorded(delivered(2), { occurredAt: addDays(now, 2) }),
      )
      .then(packageId, { status: 'COMPLETED', orders: 2, units: 5, failedDeliveries: 1, carrier: 'DHL', daysToDeliver: 2 }));
  it('shows what is still to be sent, and what came back', () => {
    givenView(packages).facts(recorded(packed)).then(packageId, { status: 'READY', packedAt: now });
    givenView(packages).facts(recorded(packed), recorded(sent), recorded(cameBack)).then(packageId, { status: 'RETURNED' });
  });
});
