import { describe, expect, it } from '@jest/globals';
import { addDays, derivedId, type Fact, send } from '#kernel';
import { given, givenProcess, givenView, recorded } from '#kernel/testing';
import { OrderDelivered, OrderShipmentReturned, OrderShipped } from '../order/events.js';
import { order } from '../order/order.js';
import { both, chair, confirmed, noLimit, now, oneChair, orderId, placed, shipped, table } from '../order/order.samples.js';
import { DeliverOrder, ShipOrder, TakeBackShipment } from '../order/shipping-commands.js';
import { orderToCash } from '../order-to-cash/order-to-cash.view.js';
import { PackageCameBack, PackageDelivered, PackageSent } from '../package/events.js';
import { packageGoods } from './package-goods.process.js';

const packageId = derivedId('sample', 'package');
const otherOrder = derivedId('sample', 'other order');
const otherLines = [{ lineId: derivedId('sample', 'lamp'), quantity: 1 }];
const orderIds = [orderId, otherOrder];
const contents = [
  { orderId, lines: both },
  { orderId: otherOrder, lines: otherLines },
];
const reason = 'address unknown';
const also = { alsoImported: true };

describe('the goods of a package (ORD-03)', () => {
  it('are shipped for each of its orders', () =>
    givenProcess(packageGoods)
      .when(recorded(PackageSent({ packageId, orderIds, contents, carrier: 'DHL' })))
      .sends(
        send(ShipOrder, { orderId, shipmentId: packageId, carrier: 'DHL', lines: both }, also),
        send(ShipOrder, { orderId: otherOrder, shipmentId: packageId, carrier: 'DHL', lines: otherLines }, also),
      ));
  it('are delivered for each of its orders', () =>
    givenProcess(packageGoods)
      .when(recorded(PackageDelivered({ packageId, orderIds, attempt: 1 })))
      .sends(...orderIds.map((orderId) => send(DeliverOrder, { orderId, shipmentId: packageId }, also))));
  it('are with us again for each of its orders', () =>
    givenProcess(packageGoods)
      .when(recorded(PackageCameBack({ packageId, orderIds, reason })))
      .sends(...orderIds.map((orderId) => send(TakeBackShipment, { orderId, shipmentId: packageId, reason }, also))));
});

describe('an order whose goods come back (ORD-03)', () => {
  const away = given(order, noLimit, placed, confirmed, shipped(both, packageId));
  const back = OrderShipmentReturned({ orderId, shipmentId: packageId, lines: both, reason });

  it('has them to ship again', () => {
    away.when('TakeBackShipment', { orderId, shipmentId: packageId, reason }).then(back);
    given(order, noLimit, placed, confirmed, shipped(both, packageId), back)
      .when('ShipOrder', { orderId, shipmentId: otherOrder })
      .then(shipped(both, otherOrder));
  });
  it('hears it once', () =>
    given(order, noLimit, placed, confirmed, shipped(both, packageId), back)
      .when('TakeBackShipment', { orderId, shipmentId: packageId, reason })
      .changesNothing());
  it('shows them as not shipped', () =>
    givenView(orderToCash)
      .facts(...[placed, confirmed, shipped(both, packageId), back].map((fact: Fact) => recorded(fact)))
      .then(orderId, { status: 'TO_DELIVER_AND_BILL', shippedAmount: 0, nextStep: 'SHIP' }));
});

describe('an order whose goods travel in two packages (ORD-03, ORD-06)', () => {
  const other = derivedId('sample', 'other package');
  const [first, second] = [oneChair, [...oneChair, { lineId: table, quantity: 3 }]];
  const at = (days: number) => ({ occurredAt: addDays(now, days) });

  it('has the same milestones in whichever order it hears of them', () => {
    const facts = [
      recorded(OrderShipped({ orderId, shipmentId: packageId, lines: first }), at(1)),
      recorded(OrderShipped({ orderId, shipmentId: other, lines: second }), at(3)),
      recorded(OrderDelivered({ orderId, shipmentId: packageId, lines: first }), at(5)),
      recorded(OrderDelivered({ orderId, shipmentId: other, lines: second }), at(4)),
    ];
    const expected = {
      firstShippedAt: addDays(now, 1),
      fullyShippedAt: addDays(now, 3),
      firstDeliveredAt: addDays(now, 4),
      fullyDeliveredAt: addDays(now, 5),
    };
    const [one, two, three, four] = facts as [never, never, never, never];
    for (const heard of [facts, [two, one, four, three], [two, four, one, three]])
      givenView(orderToCash)
        .facts(recorded(placed), recorded(confirmed), ...heard)
        .then(orderId, expected);
  });
  it('keeps the moment of the package, even if the order has gone on since', () => {
    expect([OrderShipped, OrderDelivered, OrderShipmentReturned].every(({ correction }) => correction)).toBe(true);
  });
});

describe('a charge on top of the goods (ORD-04)', () => {
  const freight = { lineId: derivedId('sample', 'freight'), description: 'Freight', quantity: 1, unitPrice: 5_00, charge: true };
  const placedWith = { ...placed, data: { ...placed.data, lines: [...placed.data.lines, { ...freight, amount: 5_00 }] } };

  it('is invoiced, and never shipped', () => {
    const ready = given(order, noLimit, placedWith, confirmed);
    ready.when('ShipOrder', { orderId, shipmentId: packageId }).then(shipped(both, packageId));
    ready
      .when('ShipOrder', { orderId, lines: [{ lineId: freight.lineId, quantity: 1 }] })
      .isRefused('shipped-beyond-ordered', 'lines[0].quantity');
    ready
      .when('InvoiceOrder', { orderId, lines: [{ lineId: freight.lineId, quantity: 1 }, ...oneChair] })
      .then(expect.objectContaining({ data: expect.objectContaining({ amount: 105_00 }) }) as never);
  });
  it('does not keep an order from being delivered in full', () =>
    givenView(orderToCash)
      .facts(
        ...[
          placedWith,
          confirmed,
          shipped(),
          OrderDelivered({ orderId, shipmentId: shipped().data.shipmentId, lines: both }),
        ].map((fact: Fact) => recorded(fact)),
      )
      .then(orderId, { status: 'TO_BILL' }));
  it('is kept by the order when it is amended', () =>
    expect(given(order, noLimit, placedWith).state).toMatchObject({ lines: [{ lineId: chair }, { lineId: table }, freight] }));
});
