import { laterOf, view } from '#kernel';
import { afterFact, issued } from '../invoices/invoice-entry.js';
import {
  InvoiceBecameOverdue,
  OrderAllocated,
  OrderAmended,
  OrderBackorderEnded,
  OrderBackordered,
  OrderCancelled,
  OrderClosed,
  OrderConfirmed,
  OrderCredited,
  OrderDelivered,
  OrderHeld,
  OrderInvoiced,
  OrderPicked,
  OrderPlaced,
  OrderReleased,
  OrderReturned,
  OrderShipmentReturned,
  OrderShipped,
  PaymentReceived,
  PaymentRefunded,
  PaymentReminded,
  PaymentReversed,
} from '../order/events.js';
import { amended, backordered, moved, reopened, setAside, units, unshipped } from '../order/quantities.js';
import { PackageDeliveryFailed } from '../package/events.js';
import { CreditNoteNumbered, InvoiceNumbered } from '../series/series.js';
import { earlierOf, ended, goingOn, isKnown, numbered, withInvoice, withTerms } from './changes.js';
import { OrderToCash } from './document.js';
import { reckoned } from './reckoning.js';

export const orderToCash = view({
  name: 'order-to-cash',
  description:
    'Every order on its way to cash: where it stands, what is open, what is expected next, and how long each step took.',
  version: 7,
  capabilities: ['ORD-01', 'ORD-02', 'ORD-03', 'ORD-04', 'ORD-05', 'ORD-06', 'ORD-09', 'ORD-11', 'ORD-12'],
  roles: ['orders', 'sales', 'care', 'analyst', 'auditor', 'customer'],
  document: OrderToCash,
  facts: {
    OrderPlaced,
    OrderAmended,
    OrderConfirmed,
    OrderHeld,
    OrderReleased,
    OrderCancelled,
    OrderClosed,
    OrderShipped,
    OrderDelivered,
    OrderShipmentReturned,
    PackageDeliveryFailed,
    OrderAllocated,
    OrderPicked,
    OrderBackordered,
    OrderBackorderEnded,
    OrderReturned,
    OrderInvoiced,
    InvoiceNumbered,
    CreditNoteNumbered,
    PaymentReceived,
    PaymentReversed,
    OrderCredited,
    PaymentRefunded,
    InvoiceBecameOverdue,
    PaymentReminded,
  },
  key: ({ data }) => ('orderIds' in data ? data.orderIds : data.orderId),
  initial: (orderId): OrderToCash => ({
    orderId,
    customerId: '',
    channel: 'DIRECT',
    currency: '',
    status: 'DRAFT',
    nextStep: 'CONFIRM',
    orderedAmount: 0,
    shippedAmount: 0,
    deliveredAmount: 0,
    invoicedAmount: 0,
    paidAmount: 0,
    creditedAmount: 0,
    refundedAmount: 0,
    refundableAmount: 0,
    openAmount: 0,
    allocatedUnits: 0,
    pickedUnits: 0,
    asPromised: null,
    backorderedUnits: 0,
    everBackorderedUnits: 0,
    returnedUnits: 0,
    overdueAmount: 0,
    reminders: 0,
    failedDeliveries: 0,
    onTime: null,
    complete: null,
    onTimeAndComplete: null,
    asPreferred: [],
    notAsPreferred: [],
    lines: [],
    shipments: [],
    invoices: [],
  }),

  apply: {
    OrderPlaced: (order, { data, occurredAt }) => {
      const { orderNumber, customerId, ownerId, opportunityId, channel, currency, requestedBy } = data;
      const given = { orderNumber, customerId, ownerId, opportunityId, channel, currency, requestedBy };
      const known = { ...order, ...given, lines: amended([], data.lines), placedAt: occurredAt };
      return reckoned(withTerms(known, data), occurredAt);
    },
    OrderAmended: (order, { data, occurredAt }) => {
      const { requestedBy = order.requestedBy } = data;
      return reckoned(withTerms({ ...order, requestedBy, lines: amended(order.lines, data.lines) }, data), occurredAt);
    },
    OrderConfirmed: (order, { occurredAt }) => reckoned({ ...order, confirmedAt: occurredAt }, occurredAt),
    OrderHeld: (order, { data: { reason: holdReason }, occurredAt }) =>
      reckoned({ ...order, heldSince: occurredAt, holdReason }, occurredAt),
    OrderReleased: (order, { occurredAt }) => reckoned(goingOn(order), occurredAt),
    OrderCancelled: (order, { occurredAt }) => reckoned({ ...ended(order), cancelledAt: occurredAt }, occurredAt),
    OrderClosed: (order, { occurredAt }) => reckoned({ ...ended(order), closedAt: occurredAt }, occurredAt),
    OrderShipped: (order, { data: { shipmentId, carrier, lines }, occurredAt }) => {
      const shipment = { shipmentId, carrier, shippedAt: occurredAt, underWay: units(lines) };
      const firstShippedAt = earlierOf(order.firstShippedAt, occurredAt);
      return reckoned(
        { ...order, firstShippedAt, lines: moved(order.lines, 'shipped', lines), shipments: [...order.shipments, shipment] },
        occurredAt,
      );
    },
    OrderDelivered: (order, { data: { shipmentId, lines }, occurredAt }) => {
      const shipments = order.shipments.map((shipment) =>
        shipment.shipmentId === shipmentId
          ? {
              ...shipment,
              underWay: shipment.underWay - units(lines),
              lastDeliveredAt: laterOf(shipment.lastDeliveredAt ?? occurredAt, occurredAt),
            }
          : shipment,
      );
      const firstDeliveredAt = earlierOf(order.firstDeliveredAt, occurredAt);
      return reckoned({ ...order, firstDeliveredAt, lines: moved(order.lines, 'delivered', lines), shipments }, occurredAt);
    },
    OrderShipmentReturned: (order, { data: { shipmentId, lines }, occurredAt }) => {
      const shipments = order.shipments.map((shipment) =>
        shipment.shipmentId === shipmentId ? { ...shipment, underWay: shipment.underWay - units(lines) } : shipment,
      );
      return reckoned({ ...order, lines: unshipped(order.lines, lines), shipments }, occurredAt);
    },
    PackageDeliveryFailed: (order) => (isKnown(order) ? { ...order, failedDeliveries: order.failedDeliveries + 1 } : null),
    OrderAllocated: (order, { data: { lines, promisedAt }, occurredAt }) =>
      reckoned({ ...order, lines: setAside(order.lines, lines), promisedAt: promisedAt ?? order.promisedAt }, occurredAt),
    OrderPicked: (order, { data: { lines }, occurredAt }) =>
      reckoned({ ...order, lines: moved(order.lines, 'picked', lines) }, occurredAt),
    OrderBackordered: (order, { data: { lines, expectedAt }, occurredAt }) =>
      reckoned(
        {
          ...order,
          lines: backordered(order.lines, lines, 1),
          everBackorderedUnits: order.everBackorderedUnits + units(lines),
          backorderExpectedAt: expectedAt ?? order.backorderExpectedAt,
        },
        occurredAt,
      ),
    OrderBackorderEnded: (order, { data: { lines }, occurredAt }) =>
      reckoned({ ...order, lines: backordered(order.lines, lines, -1) }, occurredAt),
    OrderReturned: (order, { data: { lines, notInvoicedAgain = [] }, occurredAt }) =>
      reckoned({ ...order, lines: moved(moved(order.lines, 'returned', lines), 'invoiced', notInvoicedAgain) }, occurredAt),
    InvoiceNumbered: (order, recorded) =>
      numbered(order, recorded.data.invoiceId, (entry) => afterFact.InvoiceNumbered(entry, recorded)),
    CreditNoteNumbered: (order, recorded) =>
      numbered(order, recorded.data.invoiceId, (entry) => afterFact.CreditNoteNumbered(entry, recorded)),
    PaymentRefunded: (order, recorded) => withInvoice(order, recorded, (entry) => afterFact.PaymentRefunded(entry, recorded)),
    OrderInvoiced: (order, recorded) => {
      const lines = moved(order.lines, 'invoiced', recorded.data.lines);
      return reckoned({ ...order, lines, invoices: [...order.invoices, issued(recorded)] }, recorded.occurredAt);
    },
    PaymentReceived: (order, recorded) => withInvoice(order, recorded, (entry) => afterFact.PaymentReceived(entry, recorded)),
    PaymentReversed: (order, recorded) => withInvoice(order, recorded, (entry) => afterFact.PaymentReversed(entry, recorded)),
    OrderCredited: (order, recorded) => {
      const lines = reopened(order.lines, recorded.data.reopened ?? []);
      return withInvoice({ ...order, lines }, recorded, (entry) => afterFact.OrderCredited(entry, recorded));
    },
    InvoiceBecameOverdue: (order, recorded) =>
      withInvoice(order, recorded, (entry) => afterFact.InvoiceBecameOverdue(entry, recorded)),
    PaymentReminded: (order, recorded) => ({
      ...withInvoice(order, recorded, (entry) => afterFact.PaymentReminded(entry, recorded)),
      lastReminderAt: recorded.data.reminderAt,
    }),
  },

  filters: [
    'orderId',
    'orderNumber',
    'customerId',
    'ownerId',
    'opportunityId',
    'channel',
    'currency',
    'status',
    'nextStep',
    'expectedBy',
    'requestedBy',
    'carrier',
    'overrideReason',
    'orderedAmount',
    'openAmount',
    'overdueAmount',
    'refundableAmount',
    'holdReason',
    'allocatedUnits',
    'pickedUnits',
    'fullyPickedAt',
    'promisedAt',
    'asPromised',
    'backorderedUnits',
    'everBackorderedUnits',
    'backorderExpectedAt',
    'returnedUnits',
    'placedAt',
    'confirmedAt',
    'fullyShippedAt',
    'fullyDeliveredAt',
    'fullyInvoicedAt',
    'fullyPaidAt',
    'cancelledAt',
    'closedAt',
    'earliestDueAt',
    'reminders',
    'failedDeliveries',
    'onTime',
    'complete',
    'onTimeAndComplete',
    'leadDays',
    'processingDays',
    'lastChangeAt',
  ],
  sums: {
    orderedAmount: 'currency',
    shippedAmount: 'currency',
    deliveredAmount: 'currency',
    invoicedAmount: 'currency',
    paidAmount: 'currency',
    creditedAmount: 'currency',
    openAmount: 'currency',
    overdueAmount: 'currency',
    refundedAmount: 'currency',
    refundableAmount: 'currency',
    allocatedUnits: null,
    pickedUnits: null,
    backorderedUnits: null,
    everBackorderedUnits: null,
    returnedUnits: null,
    daysToConfirm: null,
    daysToShip: null,
    daysToDeliver: null,
    daysToPay: null,
    daysOrderToCash: null,
    leadDays: null,
    processingDays: null,
    failedDeliveries: null,
    reminders: null,
  },
  sort: '-placedAt',
  customer: 'customerId',
});
