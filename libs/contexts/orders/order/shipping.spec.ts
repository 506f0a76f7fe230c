import { describe, it } from '@jest/globals';
import { derivedId } from '#kernel';
import { given } from '#kernel/testing';
import { DeliveryInspected, OrderAmended, OrderPlaced, OrderShipped } from './events.js';
import { order } from './order.js';
import {
  arrived,
  both,
  chair,
  chairs,
  confirmed,
  customerId,
  delivered,
  held,
  noLimit,
  now,
  oneChair,
  orderId,
  placed,
  shipmentId,
  shipped,
  table,
  tables,
  unknownId,
} from './order.samples.js';

const _reason = 'as asked';
const _currency = 'EUR';
const _withAmount = <L extends { quantity: number; unitPrice: number }>(line: L) => ({
  ...line,
  amount: line.quantity * line.unitPrice,
});
const otherShipment = derivedId('sample', 'other shipment');

describe('shipping an order (ORD-03)', () => {
  const ready = given(order, noLimit, placed, confirmed);

  it('ships all that is open', () => ready.when('ShipOrder', { orderId, shipmentId }).then(shipped()));
  it('ships a part', () => ready.when('ShipOrder', { orderId, shipmentId, lines: oneChair }).then(shipped(oneChair)));
  it('names the carrier', () =>
    ready
      .when('ShipOrder', { orderId, shipmentId, carrier: 'DHL' })
      .then(OrderShipped({ orderId, shipmentId, carrier: 'DHL', lines: both })));
  it('adds up a line that is named twice', () =>
    ready
      .when('ShipOrder', { orderId, shipmentId, lines: [...oneChair, ...oneChair] })
      .then(shipped([{ lineId: chair, quantity: 2 }])));
  it('ships what is left', () =>
    given(order, noLimit, placed, confirmed, shipped(oneChair))
      .when('ShipOrder', { orderId, shipmentId: otherShipment })
      .then(
        shipped(
          [
            { lineId: chair, quantity: 1 },
            { lineId: table, quantity: 3 },
          ],
          otherShipment,
        ),
      ));
  it('ships never more than was ordered', () =>
    ready
      .when('ShipOrder', { orderId, lines: [{ lineId: chair, quantity: 3 }] })
      .isRefused('shipped-beyond-ordered', 'lines[0].quantity'));
  it('ships no line that was not ordered', () =>
    ready
      .when('ShipOrder', { orderId, lines: [{ lineId: unknownId, quantity: 1 }] })
      .isRefused('line-unknown', 'lines[0].lineId'));
  it('ships nothing where nothing is left', () =>
    given(order, noLimit, placed, confirmed, shipped()).when('ShipOrder', { orderId }).isRefused('nothing-to-ship'));
  it('ships no draft', () => given(order, noLimit, placed).when('ShipOrder', { orderId }).isRefused('order-not-confirmed'));
  it('makes a shipment once', () =>
    given(order, noLimit, placed, confirmed, shipped(oneChair))
      .when('ShipOrder', { orderId, shipmentId })
      .isRefused('shipment-exists', 'shipmentId'));
});

describe('delivering an order (ORD-03)', () => {
  const underWay = given(
    order,
    noLimit,
    placed,
    confirmed,
    shipped(oneChair),
    shipped([{ lineId: chair, quantity: 1 }], otherShipment),
  );

  it('delivers a shipment', () =>
    underWay
      .when('DeliverOrder', { orderId, shipmentId: otherShipment })
      .then(arrived(oneChair, otherShipment, { inFull: false, last: false })));
  it('delivers all that is under way, shipment by shipment', () =>
    underWay
      .when('DeliverOrder', { orderId })
      .then(arrived(oneChair, shipmentId, { inFull: false, last: false }), arrived(oneChair, otherShipment, { last: false })));
  it('counts goods for the earliest shipment', () =>
    underWay
      .when('DeliverOrder', { orderId, lines: oneChair })
      .then(arrived(oneChair, shipmentId, { inFull: false, last: false })));
  it('delivers a part of a shipment', () =>
    given(order, noLimit, placed, confirmed, shipped())
      .when('DeliverOrder', { orderId, shipmentId, lines: oneChair })
      .then(arrived(oneChair, shipmentId, { inFull: false, last: false })));
  it('delivers never more than was shipped', () =>
    underWay
      .when('DeliverOrder', { orderId, lines: [{ lineId: chair, quantity: 3 }] })
      .isRefused('delivered-beyond-shipped', 'lines[0].quantity'));
  it('delivers never more than the shipment held', () =>
    underWay
      .when('DeliverOrder', { orderId, shipmentId, lines: [{ lineId: chair, quantity: 2 }] })
      .isRefused('delivered-beyond-shipped', 'lines[0].quantity'));
  it('hears of a package whose goods were recorded as delivered by hand, without a change', () =>
    given(order, noLimit, placed, confirmed, shipped(), delivered())
      .when('DeliverOrder', { orderId, shipmentId })
      .changesNothing());
  it('delivers a shipment once', () =>
    given(order, noLimit, placed, confirmed, shipped(), delivered())
      .when('DeliverOrder', { orderId, shipmentId, lines: oneChair })
      .isRefused('delivered-beyond-shipped', 'lines[0].quantity'));
  it('delivers no shipment that it does not have', () =>
    underWay.when('DeliverOrder', { orderId, shipmentId: unknownId }).isRefused('shipment-unknown', 'shipmentId'));
  it('delivers nothing before a shipment', () =>
    given(order, noLimit, placed, confirmed).when('DeliverOrder', { orderId }).isRefused('nothing-to-deliver'));
  it('delivers what is under way while the order is on hold', () =>
    given(order, noLimit, placed, confirmed, shipped(), held).when('DeliverOrder', { orderId }).then(arrived()));
});

describe('a delivery beside its order (ORD-09, ORD-10)', () => {
  const requestedBy = '2026-01-20T09:00:00.000Z';
  const cheaper = OrderAmended({
    orderId,
    customerId,
    currency: 'EUR',
    amount: 340_00,
    previousAmount: 350_00,
    lines: [
      { ...chairs, unitPrice: 95_00, amount: 190_00 },
      { ...tables, amount: 150_00 },
    ],
  });

  it('is judged by when the customer wanted it then', () => {
    const wanted = arrived();
    given(order, noLimit, OrderPlaced({ ...placed.data, requestedBy }), confirmed, [shipped(), '2026-01-07T09:00:00.000Z'])
      .when('DeliverOrder', { orderId })
      .then({
        ...wanted,
        data: {
          ...wanted.data,
          compared: {
            placedAt: now,
            shippedAt: '2026-01-07T09:00:00.000Z',
            requestedBy,
            inFull: true,
            last: true,
            asAgreed: true,
          },
        },
      });
  });
  it('has the prices that were agreed, or has not', () => {
    given(order, noLimit, placed, confirmed, cheaper, shipped())
      .when('DeliverOrder', { orderId })
      .then(arrived(both, shipmentId, { asAgreed: false }));
    given(order, noLimit, placed, cheaper, confirmed, shipped()).when('DeliverOrder', { orderId }).then(arrived());
  });
  it('is inspected once something of it arrived', () => {
    const found = { orderId, shipmentId, product: true, quality: false };
    const known = given(order, noLimit, placed, confirmed, shipped(), delivered());
    known.when('InspectDelivery', found).then(DeliveryInspected(found));
    known.when('InspectDelivery', { orderId, shipmentId }).isRefused('inspection-empty');
    known.when('InspectDelivery', { ...found, shipmentId: unknownId }).isRefused('shipment-unknown', 'shipmentId');
    given(order, noLimit, placed, confirmed, shipped()).when('InspectDelivery', found).isRefused('nothing-delivered');
  });
});
