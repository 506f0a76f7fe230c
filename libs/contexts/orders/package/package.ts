import { aggregate, refuse } from '#kernel';
import { quantityOf } from '../order/quantities.js';
import {
  DeliverPackage,
  FailDelivery,
  type PackedGoods,
  PackPackage,
  SendPackage,
  TakeBackPackage,
  UnpackPackage,
} from './commands.js';
import {
  PackageCameBack,
  PackageDelivered,
  PackageDeliveryFailed,
  PackagePacked,
  PackageSent,
  PackageUnpacked,
} from './events.js';
import { mustBeLeftToShip, mustBeReleased, type OrdersOfPackage, ordersOfPackage } from './ordered-goods.js';
import type { Content, Package } from './package-state.js';

/** One package on its way to an address, with goods of one or more orders. */
export const parcel = aggregate<Package, OrdersOfPackage>()({
  name: 'package',
  description: 'A package with goods of one or more orders, from packing to its delivery.',
  id: 'packageId',
  commands: { PackPackage, UnpackPackage, SendPackage, FailDelivery, DeliverPackage, TakeBackPackage },
  facts: { PackagePacked, PackageUnpacked, PackageSent, PackageDeliveryFailed, PackageDelivered, PackageCameBack },
  initial: { exists: false },
  references: ordersOfPackage(),

  decide: {
    PackPackage: ({ packageId, goods, severalCustomers = false }, parcel, { newId, ...orders }) => {
      if (parcel.exists) refuseAgain();
      const contents = byOrder(goods);
      mustBeLeftToShip({ goods, contents, severalCustomers }, orders);
      return PackagePacked({ packageId: packageId ?? newId('package'), orderIds: orderIdsOf(contents), contents });
    },

    UnpackPackage: ({ packageId, reason }, parcel) => {
      const { status, contents } = packed(parcel);
      if (status === 'CANCELLED') return [];
      if (status !== 'READY') refuse('package-sent', 'The package was sent; take it back if it could not be delivered.');
      return PackageUnpacked({ packageId, orderIds: orderIdsOf(contents), reason });
    },

    SendPackage: ({ packageId, carrier, warehouse }, parcel, orders) => {
      const { status, contents } = packed(parcel);
      if (status === 'CANCELLED') refuse('package-unpacked', 'The package was taken apart; pack its goods into another one.');
      if (status !== 'READY') refuse('package-sent', 'The package was sent before; pack another one for other goods.');
      mustBeReleased(contents, orders);
      return PackageSent({ packageId, orderIds: orderIdsOf(contents), contents: [...contents], carrier, warehouse });
    },

    FailDelivery: ({ packageId, reason, nextAttemptAt }, parcel, { now }) => {
      const { contents, failedDeliveries } = underWay(parcel);
      if (nextAttemptAt !== undefined && nextAttemptAt < now)
        refuse(
          'attempt-in-the-past',
          `The next try would be before ${now}; give a later moment, or leave it out.`,
          'nextAttemptAt',
        );
      const attempt = failedDeliveries + 1;
      return PackageDeliveryFailed({ packageId, orderIds: orderIdsOf(contents), attempt, reason, nextAttemptAt });
    },

    DeliverPackage: ({ packageId }, parcel) => {
      if (packed(parcel).status === 'COMPLETED') return [];
      const { contents, failedDeliveries } = underWay(parcel);
      return PackageDelivered({ packageId, orderIds: orderIdsOf(contents), attempt: failedDeliveries + 1 });
    },

    TakeBackPackage: ({ packageId, reason }, parcel) => {
      if (packed(parcel).status === 'RETURNED') return [];
      return PackageCameBack({ packageId, orderIds: orderIdsOf(underWay(parcel).contents), reason });
    },
  },

  evolve: {
    PackagePacked: (_, { contents }) => ({ exists: true, status: 'READY', contents, failedDeliveries: 0 }),
    PackageUnpacked: (parcel) => ({ ...packed(parcel), status: 'CANCELLED' }),
    PackageSent: (parcel) => ({ ...packed(parcel), status: 'SHIPPED' }),
    PackageDeliveryFailed: (parcel, { attempt }) => ({ ...packed(parcel), failedDeliveries: attempt }),
    PackageDelivered: (parcel) => ({ ...packed(parcel), status: 'COMPLETED' }),
    PackageCameBack: (parcel) => ({ ...packed(parcel), status: 'RETURNED' }),
  },
});

const packed = (parcel: Package) =>
  parcel.exists
    ? parcel
    : refuse('package-unknown', 'There is no such package; check packageId, or pack the package first.', 'packageId');

const refuseAgain = (): never =>
  refuse(
    'package-exists',
    'This package was packed before; another one needs another packageId, and a retry the same Idempotency-Key.',
    'packageId',
  );

function underWay(parcel: Package) {
  const known = packed(parcel);
  if (known.status === 'READY') refuse('package-not-sent', 'The package was not sent; send it first.');
  if (known.status === 'CANCELLED')
    refuse('package-not-sent', 'The package was taken apart and not sent; pack its goods into another one.');
  if (known.status === 'COMPLETED')
    refuse('package-delivered', 'The package was delivered; ask for a return if its goods come back.');
  if (known.status === 'RETURNED') refuse('package-came-back', 'The package came back; pack its goods into another one.');
  return known;
}

const orderIdsOf = (contents: readonly Content[]) => contents.map(({ orderId }) => orderId);

/** Orders and lines once each, in the order in which they were first named. */
function byOrder(goods: readonly PackedGoods[]) {
  return [...new Set(goods.map(({ orderId }) => orderId))].map((orderId) => {
    const own = goods.filter((one) => one.orderId === orderId);
    const lineIds = [...new Set(own.map(({ lineId }) => lineId))];
    return { orderId, lines: lineIds.map((lineId) => ({ lineId, quantity: quantityOf(own, lineId) })) };
  });
}
