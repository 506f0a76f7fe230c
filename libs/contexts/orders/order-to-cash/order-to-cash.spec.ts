import { describe, expect, it } from '@jest/globals';
import { addDays, derivedId, type Fact } from '#kernel';
import { carried, givenView, recorded } from '#kernel/testing';
import { OrderAmended, OrderPlaced, PaymentRefunded } from '../order/events.js';
import {
  cancelled,
  chairs,
  closed,
  confirmed,
  credited,
  customerId,
  delivered,
  dueAt,
  held,
  invoiced,
  invoiceId,
  now,
  oneChair,
  opportunityId,
  orderId,
  overdue,
  ownerId,
  paid,
  paymentId,
  placed,
  released,
  reminded,
  reversed,
  shipmentId,
  shipped,
  table,
  tables,
  unknownId,
} from '../order/order.samples.js';
import { PackageDeliveryFailed } from '../package/events.js';
import { InvoiceNumbered } from '../series/series.js';
import { orderToCash } from './order-to-cash.view.js';
import { daily, day } from './testing/daily.js';

const secondShipment = derivedId('sample', 'second shipment');
const refunded = PaymentRefunded({
  orderId,
  invoiceId,
  refundId: derivedId('sample', 'refund'),
  amount: 100_00,
  currency: 'EUR',
  refundable: 0,
});
const shippingAddress = carried('1 Long Lane');

describe('where an order stands (ORD-01, ORD-11)', () => {
  it('begins as a draft that waits for its confirmation', () =>
    daily(placed).then(orderId, {
      ...{
        orderId,
        customerId,
        ownerId,
        opportunityId,
        channel: 'DIRECT',
        currency: 'EUR',
        status: 'DRAFT',
        nextStep: 'CONFIRM',
      },
      orderedAmount: 350_00,
      shippedAmount: 0,
      openAmount: 0,
      placedAt: now,
      lastChangeAt: now,
    }));
  it('waits for its shipment once confirmed', () =>
    daily(placed, confirmed).then(orderId, {
      status: 'TO_DELIVER_AND_BILL',
      nextStep: 'SHIP',
      confirmedAt: day(1),
      daysToConfirm: 1,
    }));
  it('waits for its release on hold', () =>
    daily(placed, confirmed, held).then(orderId, { status: 'ON_HOLD', nextStep: 'RELEASE', heldSince: day(2) }));
  it('goes on when released', () =>
    daily(placed, confirmed, held, released).then(orderId, {
      status: 'TO_DELIVER_AND_BILL',
      nextStep: 'SHIP',
      heldSince: undefined,
    }));
  it('waits for nothing when cancelled', () =>
    daily(placed, cancelled).then(orderId, { status: 'CANCELLED', nextStep: 'NONE', cancelledAt: day(1) }));
  it('expects the next step when the customer requested it', () =>
    daily(OrderPlaced({ ...placed.data, requestedBy: day(9) }), confirmed).then(orderId, {
      nextStep: 'SHIP',
      expectedBy: day(9),
    }));
  it('expects the payment when the invoice is due', () =>
    daily(placed, confirmed, shipped(), delivered(), invoiced()).then(orderId, { nextStep: 'PAY', expectedBy: dueAt }));
  it('follows an amendment and keeps what was shipped', () =>
    daily(
      placed,
      confirmed,
      shipped(oneChair),
      OrderAmended({
        orderId,
        customerId,
        currency: 'EUR',
        lines: [{ ...chairs, amount: 200_00 }],
        amount: 200_00,
        previousAmount: 350_00,
      }),
    ).then(orderId, {
      orderedAmount: 200_00,
      shippedAmount: 100_00,
      lines: [{ ...chairs, allocated: 0, picked: 0, shipped: 1, delivered: 0, invoiced: 0, backordered: 0, returned: 0 }],
    }));
  it('carries the address, sealed', () =>
    daily(OrderPlaced({ ...placed.data, shippingAddress })).then(orderId, { shippingAddress }));
});

describe('shipments and deliveries of an order (ORD-03)', () => {
  it('show what is under way', () =>
    daily(placed, confirmed, shipped(oneChair)).then(orderId, {
      nextStep: 'SHIP',
      shippedAmount: 100_00,
      deliveredAmount: 0,
      firstShippedAt: day(2),
      fullyShippedAt: undefined,
      shipments: [{ shipmentId, shippedAt: day(2), underWay: 1 }],
    }));
  it('show what arrived', () =>
    daily(placed, confirmed, shipped(), delivered(oneChair)).then(orderId, {
      status: 'TO_DELIVER_AND_BILL',
      nextStep: 'DELIVER',
      shippedAmount: 350_00,
      deliveredAmount: 100_00,
      fullyShippedAt: day(2),
      firstDeliveredAt: day(3),
      fullyDeliveredAt: undefined,
      shipments: [{ shipmentId, shippedAt: day(2), underWay: 4, lastDeliveredAt: day(3) }],
    }));
  it('are complete when the order is closed short', () =>
    daily(placed, confirmed, shipped(oneChair), delivered(oneChair), invoiced(oneChair), closed).then(orderId, {
      status: 'CLOSED',
      nextStep: 'PAY',
      closedAt: day(5),
      fullyShippedAt: day(5),
      fullyInvoicedAt: day(5),
    }));
  it('are incomplete again when an amendment adds something', () => {
    const lamp = { lineId: invoiceId, description: 'Lamp', quantity: 1, unitPrice: 25_00, amount: 25_00 };
    const lines = [chairs, tables].map((line) => ({ ...line, amount: line.quantity * line.unitPrice }));
    const more = OrderAmended({
      orderId,
      customerId,
      currency: 'EUR',
      lines: [...lines, lamp],
      amount: 375_00,
      previousAmount: 350_00,
    });
    daily(placed, confirmed, shipped(), more).then(orderId, {
      nextStep: 'SHIP',
      firstShippedAt: day(2),
      fullyShippedAt: undefined,
    });
  });
});

describe('invoices and payments of an order (ORD-04, ORD-05)', () => {
  it('show each invoice with what was paid of it, and its own number', () => {
    const second = derivedId('sample', 'second invoice');
    const about = { seriesId: derivedId('sample', 'series'), series: 'INV', year: 2026, count: 1, orderId };
    const numbered = InvoiceNumbered({ ...about, invoiceId: second, invoiceNumber: 'INV-2026-000001' });
    const history = [placed, confirmed, shipped(), invoiced(oneChair), invoiced(oneChair, second), numbered, paid(40_00, 60_00)];
    expect(daily(...history).document(orderId)?.invoices).toMatchObject([
      { invoiceId, paid: 40_00, open: 60_00, invoiceNumber: undefined },
      { invoiceId: second, paid: 0, open: 100_00, invoiceNumber: 'INV-2026-000001' },
    ]);
  });
  it('show each invoice with what is open and when it is due', () =>
    daily(placed, confirmed, invoiced(), paid(50_00, 300_00)).then(orderId, {
      invoicedAmount: 350_00,
      paidAmount: 50_00,
      openAmount: 300_00,
      firstPaidAt: day(3),
      earliestDueAt: dueAt,
      invoices: [
        {
          invoiceId,
          status: 'PARTLY_PAID',
          amount: 350_00,
          paid: 50_00,
          credited: 0,
          open: 300_00,
          refunded: 0,
          refundable: 0,
          invoicedAt: day(2),
          dueAt,
          reminders: 0,
          movements: [{ kind: 'PAYMENT', id: paymentId, amount: 50_00, at: day(3) }],
        },
      ],
    }));
  it('show what was credited', () =>
    daily(placed, confirmed, invoiced(), credited(350_00, 0)).then(orderId, {
      creditedAmount: 350_00,
      openAmount: 0,
      earliestDueAt: undefined,
      fullyPaidAt: undefined,
    }));
  it('show what is overdue and the reminders', () =>
    daily(placed, confirmed, invoiced(), overdue(350_00), reminded(1, 350_00)).then(orderId, {
      overdueAmount: 350_00,
      reminders: 1,
      lastReminderAt: addDays(dueAt, 7),
    }));
  it('owe nothing overdue once paid', () =>
    daily(placed, confirmed, invoiced(), overdue(350_00), paid(350_00, 0)).then(orderId, { overdueAmount: 0, openAmount: 0 }));
});

describe('the way of an order to cash (ORD-06)', () => {
  const rest = [...oneChair, { lineId: table, quantity: 3 }];
  const shipments = [shipped(oneChair), shipped(rest, secondShipment)];
  const deliveries = [delivered(oneChair), delivered(rest, secondShipment)];
  const way = daily(placed, confirmed, ...shipments, ...deliveries, invoiced(), paid(350_00, 0));

  it('ends completed and paid', () =>
    way.then(orderId, { status: 'COMPLETED', nextStep: 'NONE', openAmount: 0, paidAmount: 350_00 }));
  it('has its milestones', () =>
    way.then(orderId, {
      placedAt: day(0),
      confirmedAt: day(1),
      firstShippedAt: day(2),
      fullyShippedAt: day(3),
      firstDeliveredAt: day(4),
      fullyDeliveredAt: day(5),
      firstInvoicedAt: day(6),
      fullyInvoicedAt: day(6),
      firstPaidAt: day(7),
      fullyPaidAt: day(7),
    }));
  it('is paid since the payment that made it full, whichever was entered last', () =>
    givenView(orderToCash)
      .facts(
        ...[placed, confirmed, invoiced()].map((fact: Fact) => recorded(fact)),
        recorded(paid(200_00, 150_00), { occurredAt: day(10) }),
        recorded(paid(150_00, 0, secondShipment), { occurredAt: day(8) }),
      )
      .then(orderId, {
        firstPaidAt: day(8),
        fullyPaidAt: day(10),
        daysToPay: 10,
        invoices: [{ settledAt: day(10), movements: [{ amount: 150_00 }, { amount: 200_00 }] }] as never,
      }));
  it('is not paid any more when the payment is taken back, and is paid again by another one', () => {
    const bounced = [
      ...[placed, confirmed, invoiced()].map((fact: Fact) => recorded(fact)),
      recorded(paid(350_00, 0), { occurredAt: day(3) }),
      recorded(reversed(350_00, 350_00), { occurredAt: day(6) }),
    ];
    givenView(orderToCash)
      .facts(...bounced)
      .then(orderId, { paidAmount: 0, openAmount: 350_00, firstPaidAt: undefined, fullyPaidAt: undefined, earliestDueAt: dueAt });
    givenView(orderToCash)
      .facts(...bounced, recorded(paid(350_00, 0, secondShipment), { occurredAt: day(9) }))
      .then(orderId, { paidAmount: 350_00, openAmount: 0, firstPaidAt: day(9), fullyPaidAt: day(9) });
  });
  it('stays paid since then when it is credited and paid back', () =>
    givenView(orderToCash)
      .facts(
        ...[placed, confirmed, invoiced()].map((fact: Fact) => recorded(fact)),
        recorded(paid(350_00, 0), { occurredAt: day(3) }),
        recorded(credited(100_00, 0), { occurredAt: day(5) }),
        recorded(refunded, { occurredAt: day(6) }),
      )
      .then(orderId, { fullyPaidAt: day(3), refundableAmount: 0 }));
  it('has the days of each step', () =>
    way.then(orderId, { daysToConfirm: 1, daysToShip: 2, daysToDeliver: 2, daysToInvoice: 1, daysToPay: 1, daysOrderToCash: 7 }));
});

describe('an order that was never placed (ORD-03)', () => {
  it('is not invented by a package that names it', () =>
    givenView(orderToCash)
      .facts(recorded(PackageDeliveryFailed({ packageId: shipmentId, orderIds: [unknownId], attempt: 1 })))
      .isGone(unknownId));
});
