import { describe, it } from '@jest/globals';
import { addDays, derivedId } from '#kernel';
import { given, givenView, recorded } from '#kernel/testing';
import { chair, now, orderId, table } from '../order/order.samples.js';
import { packages } from '../packages/packages.view.js';
import * as facts from './events.js';
import { parcel } from './package.js';

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
const reason = 'nobody there';
const packed = facts.PackagePacked({ packageId, orderIds, contents });
const sent = facts.PackageSent({ packageId, orderIds, contents, carrier: 'DHL' });
const failed = (attempt: number) => facts.PackageDeliveryFailed({ packageId, orderIds, attempt, reason });
const delivered = (attempt = 1) => facts.PackageDelivered({ packageId, orderIds, attempt });
const cameBack = facts.PackageCameBack({ packageId, orderIds, reason });

describe('a package (ORD-02, ORD-03)', () => {
  const ready = given(parcel, {}, packed);
  const underWay = given(parcel, {}, packed, sent);

  it('holds goods of several orders, each line once', () =>
    given(parcel, {})
      .when('PackPackage', {
        packageId,
        goods: [
          { orderId, lineId: chair, quantity: 2 },
          { orderId: otherOrder, lineId: lamp, quantity: 1 },
          { orderId, lineId: table, quantity: 1 },
          { orderId, lineId: chair, quantity: 1 },
        ],
      })
      .then(packed));
  it('is packed once', () => ready.when('PackPackage', { packageId, goods: [] }).isRefused('package-exists'));
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
  it('has its next try in the future', () =>
    underWay.when('FailDelivery', { packageId, nextAttemptAt: now }, { now: addDays(now, 1) }).isRefused('attempt-in-the-past'));
  it('is delivered once, and only what was sent', () => {
    given(parcel, {}, packed, sent, delivered()).when('DeliverPackage', { packageId }).changesNothing();
    ready.when('DeliverPackage', { packageId }).isRefused('package-not-sent');
    given(parcel, {}).when('DeliverPackage', { packageId }).isRefused('package-unknown');
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
