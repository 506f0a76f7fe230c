import { view } from '#kernel';
import { afterFact, type InvoiceEntry, issued } from '../invoices/invoice-entry.js';
import {
  InvoiceBecameOverdue,
  OrderAmended,
  OrderCancelled,
  OrderClosed,
  OrderConfirmed,
  OrderCredited,
  OrderDelivered,
  OrderHeld,
  OrderInvoiced,
  OrderPlaced,
  OrderReleased,
  OrderShipped,
  PaymentReceived,
  PaymentReminded,
} from '../order/events.js';
import { amended, moved, units } from '../order/quantities.js';
import { OrderToCash } from './document.js';
import { reckoned } from './reckoning.js';

export const orderToCash = view({
  name: 'order-to-cash',
  description:
    'Every order on its way to cash: where it stands, what is open, what is expected next, and how long each step took.',
  version: 1,
  capabilities: ['ORD-01', 'ORD-03', 'ORD-04', 'ORD-05', 'ORD-06', 'ORD-11'],
  roles: ['orders', 'sales', 'care', 'analyst', 'auditor'],
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
    OrderInvoiced,
    PaymentReceived,
    OrderCredited,
    InvoiceBecameOverdue,
    PaymentReminded,
  },
  key: ({ data }) => data.orderId,
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
    openAmount: 0,
    overdueAmount: 0,
    reminders: 0,
    lines: [],
    shipments: [],
    invoices: [],
  }),

  apply: {
    OrderPlaced: (order, { data, occurredAt }) => {
      const { orderNumber, customerId, ownerId, opportunityId, channel, currency, requestedBy, shippingAddress } = data;
      const given = { orderNumber, customerId, ownerId, opportunityId, channel, currency, requestedBy, shippingAddress };
      return reckoned({ ...order, ...given, lines: amended([], data.lines), placedAt: occurredAt }, occurredAt);
    },
    OrderAmended: (order, { data, occurredAt }) => {
      const { requestedBy = order.requestedBy, shippingAddress = order.shippingAddress } = data;
      return reckoned({ ...order, requestedBy, shippingAddress, lines: amended(order.lines, data.lines) }, occurredAt);
    },
    OrderConfirmed: (order, { occurredAt }) => reckoned({ ...order, confirmedAt: occurredAt }, occurredAt),
    OrderHeld: (order, { occurredAt }) => reckoned({ ...order, heldSince: occurredAt }, occurredAt),
    OrderReleased: (order, { occurredAt }) => reckoned({ ...order, heldSince: undefined }, occurredAt),
    OrderCancelled: (order, { occurredAt }) => reckoned({ ...order, heldSince: undefined, cancelledAt: occurredAt }, occurredAt),
    OrderClosed: (order, { occurredAt }) => reckoned({ ...order, heldSince: undefined, closedAt: occurredAt }, occurredAt),
    OrderShipped: (order, { data: { shipmentId, carrier, lines }, occurredAt }) => {
      const shipment = { shipmentId, carrier, shippedAt: occurredAt, underWay: units(lines) };
      return reckoned(
        { ...order, lines: moved(order.lines, 'shipped', lines), shipments: [...order.shipments, shipment] },
        occurredAt,
      );
    },
    OrderDelivered: (order, { data: { shipmentId, lines }, occurredAt }) => {
      const shipments = order.shipments.map((shipment) =>
        shipment.shipmentId === shipmentId
          ? { ...shipment, underWay: shipment.underWay - units(lines), lastDeliveredAt: occurredAt }
          : shipment,
      );
      return reckoned({ ...order, lines: moved(order.lines, 'delivered', lines), shipments }, occurredAt);
    },
    OrderInvoiced: (order, recorded) => {
      const lines = moved(order.lines, 'invoiced', recorded.data.lines);
      return reckoned({ ...order, lines, invoices: [...order.invoices, issued(recorded)] }, recorded.occurredAt);
    },
    PaymentReceived: (order, recorded) => withInvoice(order, recorded, (entry) => afterFact.PaymentReceived(entry, recorded)),
    OrderCredited: (order, recorded) => withInvoice(order, recorded, (entry) => afterFact.OrderCredited(entry, recorded)),
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
    'orderedAmount',
    'openAmount',
    'overdueAmount',
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
    daysOrderToCash: null,
  },
  sort: '-placedAt',
  customer: 'customerId',
});

interface AboutInvoice {
  readonly data: { readonly invoiceId: string };
  readonly occurredAt: string;
}

function withInvoice(
  order: OrderToCash,
  { data, occurredAt }: AboutInvoice,
  after: (entry: InvoiceEntry) => InvoiceEntry,
): OrderToCash {
  const invoices = order.invoices.map((entry) => (entry.invoiceId === data.invoiceId ? after(entry) : entry));
  return reckoned({ ...order, invoices }, occurredAt);
}
