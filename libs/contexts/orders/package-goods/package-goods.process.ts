import { process, send } from '#kernel';
import { DeliverOrder, ShipOrder, TakeBackShipment } from '../order/shipping-commands.js';
import { PackageCameBack, PackageDelivered, PackageSent } from '../package/events.js';

/**
 * An order does not see from its own stream what happens to a package: it is told. To the order a package is a shipment.
 * Imported packages too, at the moments when it happened to them.
 */
export const packageGoods = process({
  name: 'package-goods',
  description: 'Tells the orders of a package what of them was shipped, was delivered, or came back.',
  capabilities: ['ORD-03', 'ORD-06'],
  startsFrom: 'zero',
  facts: { PackageSent, PackageDelivered, PackageCameBack },
  react: {
    PackageSent: ({ data: { packageId, contents, carrier, warehouse } }) =>
      contents.map(({ orderId, lines }) =>
        send(ShipOrder, { orderId, shipmentId: packageId, carrier, warehouse, lines }, { alsoImported: true }),
      ),
    PackageDelivered: ({ data: { packageId, orderIds } }) =>
      orderIds.map((orderId) => send(DeliverOrder, { orderId, shipmentId: packageId }, { alsoImported: true })),
    PackageCameBack: ({ data: { packageId, orderIds, reason } }) =>
      orderIds.map((orderId) => send(TakeBackShipment, { orderId, shipmentId: packageId, reason }, { alsoImported: true })),
  },
});
