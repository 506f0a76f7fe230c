import { type Static, Type } from 'typebox';
import { Choice, Count, daysBetween, Id, MomentField, Text, view } from '#kernel';
import { units as unitsOf } from '../order/quantities.js';
import {
  PackageCameBack,
  PackageDelivered,
  PackageDeliveryFailed,
  PackagePacked,
  PackageSent,
  PackageUnpacked,
} from '../package/events.js';
import { packageStatuses } from '../package/package-state.js';

const Package = Type.Object({
  packageId: Id('the package'),
  status: Choice(packageStatuses, 'READY until it is sent, SHIPPED until it is delivered (COMPLETED) or came back (RETURNED)'),
  orderIds: Type.Array(Id('an order'), { description: 'the orders that it has goods of' }),
  orders: Count('how many orders it has goods of'),
  units: Count('how many units it holds'),
  carrier: Type.Optional(Text('who carries it')),
  packedAt: Type.Optional(MomentField('when it was packed')),
  sentAt: Type.Optional(MomentField('when it left us')),
  deliveredAt: Type.Optional(MomentField('when it reached its address')),
  failedDeliveries: Count('how many tries to deliver it failed'),
  nextAttemptAt: Type.Optional(MomentField('when the carrier tries again')),
  daysToDeliver: Type.Optional(Type.Number({ description: 'from sent to delivered, in days of 24 hours' })),
});
type Package = Static<typeof Package>;

export const packages = view({
  name: 'packages',
  description: 'Every package: where it stands, whose goods it holds, and how often its delivery failed.',
  version: 1,
  capabilities: ['ORD-02', 'ORD-03'],
  roles: ['orders', 'sales', 'care', 'analyst', 'auditor'],
  document: Package,
  facts: { PackagePacked, PackageUnpacked, PackageSent, PackageDeliveryFailed, PackageDelivered, PackageCameBack },
  key: ({ data }) => data.packageId,
  initial: (packageId): Package => ({ packageId, status: 'READY', orderIds: [], orders: 0, units: 0, failedDeliveries: 0 }),
  apply: {
    PackagePacked: (known, { data: { orderIds, contents }, occurredAt }): Package => {
      const lines = contents.flatMap((content) => content.lines);
      const units = unitsOf(lines);
      return { ...known, orderIds, orders: orderIds.length, units, packedAt: occurredAt };
    },
    PackageUnpacked: (known): Package => ({ ...known, status: 'CANCELLED' }),
    PackageSent: (known, { data: { carrier }, occurredAt }): Package => ({
      ...known,
      status: 'SHIPPED',
      carrier,
      sentAt: occurredAt,
    }),
    PackageDeliveryFailed: (known, { data: { attempt, nextAttemptAt } }): Package => ({
      ...known,
      failedDeliveries: attempt,
      nextAttemptAt,
    }),
    PackageDelivered: ({ nextAttemptAt: _none, ...known }, { occurredAt }): Package => ({
      ...known,
      status: 'COMPLETED',
      deliveredAt: occurredAt,
      daysToDeliver: known.sentAt === undefined ? undefined : daysBetween(known.sentAt, occurredAt),
    }),
    PackageCameBack: ({ nextAttemptAt: _none, ...known }): Package => ({ ...known, status: 'RETURNED' }),
  },
  filters: ['packageId', 'status', 'orders', 'carrier', 'packedAt', 'sentAt', 'deliveredAt', 'failedDeliveries', 'nextAttemptAt'],
  sums: { units: null, failedDeliveries: null, daysToDeliver: null },
  sort: '-packedAt',
});
