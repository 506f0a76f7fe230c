import { refuse } from '#kernel';
import { DeliveryInspected, OrderDelivered, OrderShipmentReturned, OrderShipped } from './events.js';
import { allotted, lineOf, openTo, upToOpen } from './order-lines.js';
import { type DecisionsOf, going, type PlacedOrder, placed, released, type Shipment, shipmentOf } from './order-state.js';
import { type Move, moved, open } from './quantities.js';
import { DeliverOrder, InspectDelivery, ShipOrder, TakeBackShipment } from './shipping-commands.js';

export const shippingCommands = { ShipOrder, DeliverOrder, TakeBackShipment, InspectDelivery };

/** Decisions on goods that leave us, arrive, or come back before they arrived. */
export const shipping = {
  ShipOrder: ({ orderId, shipmentId, carrier, warehouse, lines: wanted }, order, { newId }) => {
    const known = released(going(order));
    if (known.shipments.some((shipment) => shipment.shipmentId === shipmentId))
      refuse(
        'shipment-exists',
        'This shipment went out before; another one needs another shipmentId, and a retry the same Idempotency-Key.',
        'shipmentId',
      );
    const lines = upToOpen(known.lines, wanted, openTo('shipped', known), {
      nothing: () => refuse('nothing-to-ship', 'Nothing is left to ship; add goods with AmendOrder, or place another order.'),
      beyond: ({ lineId, quantity, left, field }) =>
        refuse(
          'shipped-beyond-ordered',
          `${quantity} is more than the ${left} of line ${lineId} that are left to ship; lower quantity, or leave the line out.`,
          field,
        ),
    });
    return OrderShipped({
      orderId,
      shipmentId: shipmentId ?? newId('shipment'),
      carrier: carrier ?? known.carrier,
      warehouse,
      lines,
    });
  },

  DeliverOrder: ({ orderId, shipmentId, lines: wanted }, order) => {
    const known = placed(order);
    const shipments = shipmentId === undefined ? known.shipments : [shipmentOf(known, shipmentId)];
    // What its package says of a shipment may have been recorded by hand before.
    if (shipmentId !== undefined && wanted === undefined && shipments.every(({ underWay }) => underWay.length === 0)) return [];
    let { lines } = known;
    return allotted(lines, shipments, wanted).map((delivery) => {
      lines = moved(lines, 'delivered', delivery.lines);
      return OrderDelivered({ orderId, ...delivery, compared: comparedWith({ ...known, lines }, delivery) });
    });
  },

  TakeBackShipment: ({ orderId, shipmentId, reason }, order) => {
    const { underWay } = shipmentOf(placed(order), shipmentId);
    return underWay.length === 0 ? [] : OrderShipmentReturned({ orderId, shipmentId, lines: [...underWay], reason });
  },

  InspectDelivery: ({ orderId, shipmentId, product, quantity, quality, place, customer, costs }, order) => {
    const found = { product, quantity, quality, place, customer, costs };
    if (shipmentOf(placed(order), shipmentId).delivered === 0)
      refuse('nothing-delivered', 'Nothing of the shipment arrived; record its delivery first.');
    if (Object.values(found).every((right) => right === undefined))
      refuse('inspection-empty', `An inspection says whether something is right; give one of ${Object.keys(found).join(', ')}.`);
    return DeliveryInspected({ orderId, shipmentId, ...found });
  },
} satisfies DecisionsOf<typeof shippingCommands>;

/** A delivery beside its order, whose lines say that it arrived. */
function comparedWith(
  { placedAt, requestedBy, lines, shipments, agreed, ended }: PlacedOrder,
  delivery: { readonly shipmentId: string; readonly lines: readonly Move[] },
) {
  const brought = delivery.lines.map(({ lineId }) => lineOf(lines, lineId));
  const { shippedAt } = shipments.find(({ shipmentId }) => shipmentId === delivery.shipmentId) as Shipment;
  return {
    placedAt,
    shippedAt,
    ...(requestedBy !== undefined && { requestedBy }),
    inFull: brought.every((line) => line.delivered >= line.quantity),
    last: lines.every((line) => open.shipped(line, ended) === 0 && open.delivered(line) === 0),
    asAgreed: brought.every(({ lineId, unitPrice }) => (agreed[lineId] ?? unitPrice) === unitPrice),
  };
}
