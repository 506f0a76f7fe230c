import { derivedId, laterOf, type Recorded, view } from '#kernel';
import { DeliveryInspected, OrderDelivered, OrderShipmentReturned, OrderShipped } from '../order/events.js';
import { units } from '../order/quantities.js';
import { PackageDelivered, PackageDeliveryFailed } from '../package/events.js';
import { Delivery } from './document.js';
import { judged } from './judging.js';

export const deliveryOf = (orderId: string, shipmentId: string): string => derivedId('delivery', orderId, shipmentId);

/** What is judged about the order was found when the delivery was decided upon, and is in its fact. */
export const deliveries = view({
  name: 'deliveries',
  description:
    "Every delivery, by the seven R's: right product, quantity, quality, place, time, customer and costs; and how long it took.",
  version: 2,
  capabilities: ['ORD-09', 'ORD-10', 'SRV-20'],
  roles: ['orders', 'sales', 'care', 'analyst', 'auditor', 'customer'],
  document: Delivery,
  facts: { OrderShipped, OrderDelivered, OrderShipmentReturned, DeliveryInspected, PackageDeliveryFailed, PackageDelivered },
  key: ({ data }) =>
    'packageId' in data
      ? data.orderIds.map((orderId) => deliveryOf(orderId, data.packageId))
      : deliveryOf(data.orderId, data.shipmentId),
  initial: (deliveryId): Delivery => ({
    deliveryId,
    orderId: '',
    shipmentId: '',
    status: 'UNDER_WAY',
    shippedUnits: 0,
    deliveredUnits: 0,
    cameBackUnits: 0,
    failedDeliveries: 0,
    reachedAddress: false,
    inFull: null,
    asAgreed: null,
    found: { product: null, quantity: null, quality: null, place: null, customer: null, costs: null },
    rightProduct: null,
    rightQuantity: null,
    rightQuality: null,
    rightPlace: null,
    rightTime: null,
    rightCustomer: null,
    rightCosts: null,
    perfect: null,
    onTimeInFull: null,
    accurate: null,
    judgedDeliveries: 0,
    perfectDeliveries: 0,
    productFailures: 0,
    quantityFailures: 0,
    qualityFailures: 0,
    placeFailures: 0,
    timeFailures: 0,
    customerFailures: 0,
    costsFailures: 0,
  }),
  apply: {
    OrderShipped: (known, recorded) => {
      const { carrier, warehouse, lines } = recorded.data;
      const left = { carrier, warehouse, shippedUnits: units(lines), shippedAt: recorded.occurredAt };
      return judged({ ...about(known, recorded), ...left });
    },
    OrderDelivered: (known, recorded) => {
      const { lines, compared } = recorded.data;
      const deliveredAt = laterOf(known.deliveredAt ?? recorded.occurredAt, recorded.occurredAt);
      const beside = compared && {
        ...{ placedAt: compared.placedAt, requestedBy: compared.requestedBy },
        ...{ inFull: compared.inFull, asAgreed: known.asAgreed !== false && compared.asAgreed },
      };
      const deliveredUnits = known.deliveredUnits + units(lines);
      return judged({ ...about(known, recorded), ...beside, deliveredUnits, deliveredAt });
    },
    OrderShipmentReturned: (known, recorded) =>
      judged({ ...about(known, recorded), cameBackUnits: known.cameBackUnits + units(recorded.data.lines) }),
    DeliveryInspected: (known, recorded) => {
      const { orderId: _order, shipmentId: _shipment, ...found } = recorded.data;
      return judged({ ...about(known, recorded), found: { ...known.found, ...said(found) } });
    },
    PackageDeliveryFailed: (known, { data: { packageId, orderIds } }, key) =>
      judged({ ...ofPackage(known, packageId, orderIds, key), failedDeliveries: known.failedDeliveries + 1 }),
    PackageDelivered: (known, { data: { packageId, orderIds } }, key) =>
      judged({ ...ofPackage(known, packageId, orderIds, key), reachedAddress: true }),
  },
  filters: [
    ...(['deliveryId', 'orderId', 'shipmentId', 'customerId', 'ownerId', 'status', 'carrier', 'warehouse'] as const),
    ...(['shippedAt', 'deliveredAt', 'placedAt', 'requestedBy', 'failedDeliveries'] as const),
    ...(['rightProduct', 'rightQuantity', 'rightQuality', 'rightPlace', 'rightTime', 'rightCustomer', 'rightCosts'] as const),
    ...(['perfect', 'onTimeInFull', 'accurate', 'processingDays', 'transitDays', 'leadDays'] as const),
  ],
  sums: {
    ...{ shippedUnits: null, deliveredUnits: null, cameBackUnits: null, failedDeliveries: null },
    ...{ processingDays: null, transitDays: null, leadDays: null, judgedDeliveries: null, perfectDeliveries: null },
    ...{ productFailures: null, quantityFailures: null, qualityFailures: null, placeFailures: null },
    ...{ timeFailures: null, customerFailures: null, costsFailures: null },
  },
  sort: '-shippedAt',
  customer: 'customerId',
  // Another stream may be heard of first: a package before its orders say what it holds of theirs.
  shows: ({ shippedAt, deliveredAt, cameBackUnits }) => shippedAt !== undefined || deliveredAt !== undefined || cameBackUnits > 0,
});

const about = (
  known: Delivery,
  { data, refs }: Recorded<{ readonly orderId: string; readonly shipmentId: string }>,
): Delivery => ({
  ...{ ...known, orderId: data.orderId, shipmentId: data.shipmentId },
  ...(refs.customer !== undefined && { customerId: refs.customer }),
  ...(refs.owner !== undefined && { ownerId: refs.owner }),
});

const ofPackage = (known: Delivery, shipmentId: string, orderIds: readonly string[], key: string): Delivery => ({
  ...known,
  orderId: orderIds.find((orderId) => deliveryOf(orderId, shipmentId) === key) ?? known.orderId,
  shipmentId,
});

/** What was not looked at stays as it was. */
const said = (found: Partial<Delivery['found']>) =>
  Object.fromEntries(Object.entries(found).filter(([, right]) => right !== undefined)) as Partial<Delivery['found']>;
