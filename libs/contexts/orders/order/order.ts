import { aggregate, canonicalJson, refuse } from '#kernel';
import { type CreditAccount, checkedCredit, creditAccount } from '../credit-account/credit-account.js';
import { billing, billingCommands } from './billing.js';
import { AmendOrder, CancelOrder, CloseOrder, ConfirmOrder, HoldOrder, PlaceOrder, ReleaseOrder } from './commands.js';
import {
  AllocationDeclined,
  InvoiceAged,
  InvoiceBecameOverdue,
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
  OrderPlaced,
  OrderReleased,
  OrderReturned,
  OrderShipmentReturned,
  OrderShipped,
  PaymentReceived,
  PaymentRefunded,
  PaymentReminded,
} from './events.js';
import { allotted, amendedLines, amountOf, openTo, placedLines, upToOpen } from './order-lines.js';
import { arrived, going, type Order, type PlacedOrder, placed, released, shipmentOf, withInvoice } from './order-state.js';
import { amended, backordered, type Ended, moved, owed, unshipped, waitingNoMore, worth } from './quantities.js';
import { total } from './receivables.js';
import { DeliverOrder, ShipOrder, TakeBackShipment } from './shipping-commands.js';
import { orderStatus } from './status.js';
import { stockAndReturnCommands, stockAndReturns } from './stock-and-returns.js';

/** What the decision to confirm an order reads beside it: what its customer owes us, and may owe us. */
interface References {
  readonly credit: CreditAccount;
}

/** One order with its lines, shipments, invoices, payments and credits. Its status is never set: see `orderStatus`. */
export const order = aggregate<Order, References>()({
  name: 'order',
  description: 'An order from the customer, on its way from the first draft to the last payment.',
  id: 'orderId',
  commands: {
    PlaceOrder,
    AmendOrder,
    ConfirmOrder,
    HoldOrder,
    ReleaseOrder,
    CancelOrder,
    CloseOrder,
    ShipOrder,
    DeliverOrder,
    TakeBackShipment,
    ...stockAndReturnCommands,
    ...billingCommands,
  },
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
    OrderBackordered,
    OrderBackorderEnded,
    OrderReturned,
    OrderInvoiced,
    PaymentReceived,
    AllocationDeclined,
    OrderCredited,
    PaymentRefunded,
    InvoiceBecameOverdue,
    InvoiceAged,
    PaymentReminded,
  },
  initial: { exists: false },
  stateVersion: 3,
  refs: (order) =>
    order.exists
      ? { order: order.orderId, customer: order.customerId, owner: order.ownerId, opportunity: order.opportunityId }
      : {},
  references: {
    credit: {
      aggregate: creditAccount,
      id: (command: object, order) => (command instanceof ConfirmOrder && order.exists ? order.customerId : undefined),
    },
  },
  reserve: {
    PlaceOrder: ({ orderNumber }) => numberClaim('order.number', orderNumber, 'this order number'),
    InvoiceOrder: ({ invoiceNumber }) => numberClaim('invoice.number', invoiceNumber, 'this invoice number'),
  },

  decide: {
    PlaceOrder: ({ orderId, channel = 'DIRECT', paymentTermDays = 30, ...command }, order, { newId }) => {
      if (order.exists) refuse('order-exists', 'This order was placed before.');
      const lines = placedLines(command.lines, newId);
      return OrderPlaced({
        ...command,
        orderId: orderId ?? newId('order'),
        channel,
        paymentTermDays,
        lines,
        amount: amountOf(lines),
      });
    },

    AmendOrder: ({ orderId, lines: wanted = [], remove = [], requestedBy, shippingAddress, note }, order, { newId }) => {
      const { customerId, currency, ...known } = goingOn(order);
      const before = amendedLines(known.lines, [], [], newId);
      const lines = amendedLines(known.lines, wanted, remove, newId);
      const changes =
        canonicalJson(lines) !== canonicalJson(before) || (requestedBy !== undefined && requestedBy !== known.requestedBy);
      if (!changes && shippingAddress === undefined && note === undefined) return [];
      const amounts = { amount: amountOf(lines), previousAmount: amountOf(before) };
      return OrderAmended({ orderId, customerId, currency, lines, ...amounts, requestedBy, shippingAddress, note });
    },

    ConfirmOrder: ({ orderId, creditCheck, stockCheck }, order, { credit }) => {
      const { confirmed, held, lines, currency } = going(order);
      if (confirmed) return [];
      if (held) refuse('order-on-hold', 'The order is on hold; release it first.');
      const check = creditCheck ? undefined : checkedCredit(credit, worth(lines, 'quantity'), currency);
      if (check?.result === 'EXCEEDED') return OrderHeld({ orderId, reason: 'credit limit', credit: check.credit });
      return OrderConfirmed({ orderId, creditCheck: creditCheck ?? check?.result, stockCheck });
    },

    HoldOrder: ({ orderId, reason }, order) => (goingOn(order).held ? [] : OrderHeld({ orderId, reason })),

    ReleaseOrder: ({ orderId }, order) => {
      const { held, heldForCredit } = going(order);
      if (!held) return [];
      const released = OrderReleased({ orderId });
      return heldForCredit ? [released, OrderConfirmed({ orderId, creditCheck: 'WAIVED' })] : released;
    },

    CancelOrder: ({ orderId, reason }, order) => {
      if (placed(order).ended === 'CANCELLED') return [];
      const { lines, currency, invoices } = going(order);
      if (lines.some((line) => line.shipped > 0)) refuse('order-shipped', 'Something was shipped; close the order instead.');
      if (total(invoices, 'amount') > total(invoices, 'credited')) refuse('order-invoiced', 'Credit its invoices first.');
      return OrderCancelled({ orderId, reason, amount: worth(lines, 'quantity'), currency });
    },

    CloseOrder: ({ orderId, reason }, order) => {
      if (placed(order).ended === 'CLOSED') return [];
      const { lines, invoices } = goingOn(order);
      if (lines.every((line) => line.shipped === 0)) refuse('nothing-shipped', 'Nothing was shipped; cancel the order instead.');
      const asked = total(invoices, 'amount') - total(invoices, 'credited');
      if (asked > owed(lines)) refuse('invoiced-beyond-shipped', 'More is invoiced than was shipped; credit it first.');
      return OrderClosed({ orderId, reason });
    },

    ShipOrder: ({ orderId, shipmentId, carrier, lines: wanted }, order, { newId }) => {
      const known = released(going(order));
      if (known.shipments.some((shipment) => shipment.shipmentId === shipmentId))
        refuse('shipment-exists', 'It was shipped before.');
      const lines = upToOpen(known.lines, wanted, openTo('shipped', known), {
        nothing: () => refuse('nothing-to-ship', 'Nothing is left to ship.'),
        beyond: (quantity, left, lineId) =>
          refuse('shipped-beyond-ordered', `${quantity} is more than the ${left} of line ${lineId} that are left to ship.`),
      });
      return OrderShipped({ orderId, shipmentId: shipmentId ?? newId('shipment'), carrier, lines });
    },

    DeliverOrder: ({ orderId, shipmentId, lines: wanted }, order) => {
      const known = placed(order);
      const shipments = shipmentId === undefined ? known.shipments : [shipmentOf(known, shipmentId)];
      // What its package says of a shipment may have been recorded by hand before.
      if (shipmentId !== undefined && wanted === undefined && shipments.every(({ underWay }) => underWay.length === 0)) return [];
      return allotted(known.lines, shipments, wanted).map((delivery) => OrderDelivered({ orderId, ...delivery }));
    },

    TakeBackShipment: ({ orderId, shipmentId, reason }, order) => {
      const { underWay } = shipmentOf(placed(order), shipmentId);
      return underWay.length === 0 ? [] : OrderShipmentReturned({ orderId, shipmentId, lines: [...underWay], reason });
    },

    ...stockAndReturns,
    ...billing,
  },

  evolve: {
    OrderPlaced: (_, { orderId, customerId, opportunityId, ownerId, currency, paymentTermDays, requestedBy, lines }) => ({
      exists: true,
      orderId,
      customerId,
      opportunityId,
      ownerId,
      currency,
      paymentTermDays,
      requestedBy,
      confirmed: false,
      held: false,
      heldForCredit: false,
      lines: amended([], lines),
      shipments: [],
      invoices: [],
      payments: [],
      credits: [],
      refunds: [],
      returnIds: [],
    }),
    OrderAmended: (order, { lines, requestedBy }) => {
      const known = placed(order);
      return { ...known, lines: amended(known.lines, lines), requestedBy: requestedBy ?? known.requestedBy };
    },
    OrderConfirmed: (order) => ({ ...placed(order), confirmed: true }),
    OrderHeld: (order, { credit }) => ({ ...placed(order), held: true, heldForCredit: credit !== undefined }),
    OrderReleased: (order) => ({ ...placed(order), held: false, heldForCredit: false }),
    OrderCancelled: (order) => endedAs(placed(order), 'CANCELLED'),
    OrderClosed: (order) => endedAs(placed(order), 'CLOSED'),
    OrderShipped: (order, { shipmentId, lines }) => {
      const known = placed(order);
      return {
        ...known,
        lines: moved(known.lines, 'shipped', lines),
        shipments: [...known.shipments, { shipmentId, underWay: lines }],
      };
    },
    OrderDelivered: (order, { shipmentId, lines }) => {
      const known = placed(order);
      return { ...known, lines: moved(known.lines, 'delivered', lines), shipments: arrived(known.shipments, shipmentId, lines) };
    },
    OrderShipmentReturned: (order, { shipmentId, lines }) => {
      const known = placed(order);
      return { ...known, lines: unshipped(known.lines, lines), shipments: arrived(known.shipments, shipmentId, lines) };
    },
    OrderBackordered: (order, { lines }) => ({ ...placed(order), lines: backordered(placed(order).lines, lines, 1) }),
    OrderBackorderEnded: (order, { lines }) => ({ ...placed(order), lines: backordered(placed(order).lines, lines, -1) }),
    OrderReturned: (order, { returnId, lines }) => {
      const known = placed(order);
      return { ...known, lines: moved(known.lines, 'returned', lines), returnIds: [...known.returnIds, returnId] };
    },
    OrderInvoiced: (order, { invoiceId, lines, amount, dueAt, reminderAts }, { occurredAt: invoicedAt }) => {
      const known = placed(order);
      const settled = { paid: 0, credited: 0, refunded: 0, overdue: false, aged: 0, reminded: 0 };
      const invoice = { invoiceId, invoicedAt, amount, dueAt, reminderAts, ...settled };
      return { ...known, lines: moved(known.lines, 'invoiced', lines), invoices: [...known.invoices, invoice] };
    },
    PaymentReceived: (order, { invoiceId, paymentId: id, amount }) => ({
      ...withInvoice(placed(order), invoiceId, ({ paid }) => ({ paid: paid + amount })),
      payments: [...placed(order).payments, { id, invoiceId, amount }],
    }),
    AllocationDeclined: (order) => order,
    OrderCredited: (order, { invoiceId, creditId: id, amount }) => ({
      ...withInvoice(placed(order), invoiceId, ({ credited }) => ({ credited: credited + amount })),
      credits: [...placed(order).credits, { id, invoiceId, amount }],
    }),
    PaymentRefunded: (order, { invoiceId, refundId: id, amount }) => ({
      ...withInvoice(placed(order), invoiceId, ({ refunded }) => ({ refunded: refunded + amount })),
      refunds: [...placed(order).refunds, { id, invoiceId, amount }],
    }),
    InvoiceBecameOverdue: (order, { invoiceId }) => withInvoice(placed(order), invoiceId, () => ({ overdue: true })),
    InvoiceAged: (order, { invoiceId, days: aged }) => withInvoice(placed(order), invoiceId, () => ({ aged })),
    PaymentReminded: (order, { invoiceId, level }) => withInvoice(placed(order), invoiceId, () => ({ reminded: level })),
  },
});

/** An order of which something is still to be done by us. */
function goingOn(order: Order) {
  const known = going(order);
  return orderStatus(known) === 'COMPLETED' ? refuse('order-completed', 'The order was delivered and invoiced in full.') : known;
}

const endedAs = (order: PlacedOrder, ended: Ended): PlacedOrder => ({
  ...order,
  held: false,
  ended,
  lines: waitingNoMore(order.lines),
});

/** Numbers are compared without regard to case and surrounding spaces. */
const numberClaim = (scope: string, number: string | undefined, label: string) =>
  number === undefined ? [] : [{ scope, value: number.trim().toUpperCase(), label }];
