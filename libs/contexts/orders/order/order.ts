import { addDays, aggregate, canonicalJson, refuse } from '#kernel';
import { CreditOrder, InvoiceOrder, MarkInvoiceOverdue, ReceivePayment, RemindPayment } from './billing-commands.js';
import { AmendOrder, CancelOrder, CloseOrder, ConfirmOrder, HoldOrder, PlaceOrder, ReleaseOrder } from './commands.js';
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
} from './events.js';
import { allotted, amendedLines, amountOf, lineOf, openTo, placedLines, upToOpen } from './order-lines.js';
import { arrived, going, invoiceOf, type Order, placed, recorded, released, shipmentOf, withInvoice } from './order-state.js';
import { amended, moved, worth } from './quantities.js';
import { openAmount, reminderDays, total } from './receivables.js';
import { DeliverOrder, ShipOrder } from './shipping-commands.js';
import { orderStatus } from './status.js';

/** One order with its lines, shipments, invoices, payments and credits. Its status is never set: see `orderStatus`. */
export const order = aggregate<Order>()({
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
    InvoiceOrder,
    ReceivePayment,
    CreditOrder,
    MarkInvoiceOverdue,
    RemindPayment,
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
    OrderInvoiced,
    PaymentReceived,
    OrderCredited,
    InvoiceBecameOverdue,
    PaymentReminded,
  },
  initial: { exists: false },
  refs: (order) =>
    order.exists
      ? { order: order.orderId, customer: order.customerId, owner: order.ownerId, opportunity: order.opportunityId }
      : {},
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

    ConfirmOrder: ({ orderId, creditCheck, stockCheck }, order) => {
      const { confirmed, held } = going(order);
      if (confirmed) return [];
      if (held) refuse('order-on-hold', 'The order is on hold; release it first.');
      return OrderConfirmed({ orderId, creditCheck, stockCheck });
    },

    HoldOrder: ({ orderId, reason }, order) => (goingOn(order).held ? [] : OrderHeld({ orderId, reason })),

    ReleaseOrder: ({ orderId }, order) => (going(order).held ? OrderReleased({ orderId }) : []),

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
      if (asked > worth(lines, 'shipped'))
        refuse('invoiced-beyond-shipped', 'More is invoiced than was shipped; credit it first.');
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
      return allotted(known.lines, shipments, wanted).map((delivery) => OrderDelivered({ orderId, ...delivery }));
    },

    InvoiceOrder: ({ orderId, invoiceId, invoiceNumber, lines: wanted }, order, { now, newId }) => {
      const known = released(order);
      const { customerId, currency } = known;
      if (known.invoices.some((invoice) => invoice.invoiceId === invoiceId)) refuse('invoice-exists', 'It was issued before.');
      const moves = upToOpen(known.lines, wanted, openTo('invoiced', known), {
        nothing: () => refuse('nothing-to-invoice', 'Nothing is left to invoice.'),
        beyond: (quantity, left, lineId) =>
          refuse('invoiced-beyond-ordered', `${quantity} is more than the ${left} of line ${lineId} that are left to invoice.`),
      });
      const lines = moves.map(({ lineId, quantity }) => ({
        lineId,
        quantity,
        amount: quantity * lineOf(known.lines, lineId).unitPrice,
      }));
      const dueAt = addDays(now, known.paymentTermDays);
      const reminderAts = reminderDays.map((days) => addDays(dueAt, days));
      const amounts = { lines, amount: amountOf(lines), currency };
      return OrderInvoiced({
        orderId,
        customerId,
        invoiceId: invoiceId ?? newId('invoice'),
        invoiceNumber,
        ...amounts,
        dueAt,
        reminderAts,
      });
    },

    ReceivePayment: ({ orderId, invoiceId, paymentId, amount, currency, method }, order, { newId, now }) => {
      const known = placed(order);
      const payment = { id: paymentId ?? newId('payment'), invoiceId, amount };
      if (currency !== undefined && currency !== known.currency) refuse('other-currency', `The order is in ${known.currency}.`);
      const before = recorded(known.payments, payment);
      if (before === 'OTHER') refuse('payment-exists', 'A payment with this id but other data was recorded.');
      if (before === 'SAME') return [];
      const invoice = invoiceOf(known, invoiceId);
      if (now < invoice.invoicedAt) refuse('payment-before-invoice', `The invoice was issued at ${invoice.invoicedAt}.`);
      const open = openAmount(invoice);
      if (amount > open)
        refuse('payment-above-open', `${amount} is more than the ${open} ${known.currency} (minor units) that are open.`);
      const left = open - amount;
      return PaymentReceived({ orderId, invoiceId, paymentId: payment.id, amount, currency: known.currency, open: left, method });
    },

    CreditOrder: ({ orderId, invoiceId, creditId, amount, reason }, order, { newId }) => {
      const known = placed(order);
      const credit = { id: creditId ?? newId('credit'), invoiceId, amount };
      const before = recorded(known.credits, credit);
      if (before === 'OTHER') refuse('credit-exists', 'A credit note with this id but other data was recorded.');
      if (before === 'SAME') return [];
      const open = openAmount(invoiceOf(known, invoiceId));
      if (amount > open)
        refuse('credit-above-open', `${amount} is more than the ${open} ${known.currency} (minor units) that are open.`);
      const left = open - amount;
      return OrderCredited({ orderId, invoiceId, creditId: credit.id, amount, currency: known.currency, open: left, reason });
    },

    MarkInvoiceOverdue: ({ orderId, invoiceId }, order, { now }) => {
      const { currency, invoices } = placed(order);
      return invoices
        .filter(
          (invoice) => invoice.invoiceId === invoiceId && !invoice.overdue && openAmount(invoice) > 0 && invoice.dueAt <= now,
        )
        .map((invoice) =>
          InvoiceBecameOverdue({ orderId, invoiceId, dueAt: invoice.dueAt, open: openAmount(invoice), currency }),
        );
    },

    RemindPayment: ({ orderId, invoiceId, level }, order, { now }) => {
      const { currency, invoices } = placed(order);
      const invoice = invoices.find(
        (invoice) => invoice.invoiceId === invoiceId && openAmount(invoice) > 0 && invoice.reminded < level,
      );
      const reminderAt = invoice?.reminderAts[level - 1];
      if (!invoice || reminderAt === undefined || reminderAt > now) return [];
      return PaymentReminded({
        orderId,
        invoiceId,
        level,
        dueAt: invoice.dueAt,
        reminderAt,
        open: openAmount(invoice),
        currency,
      });
    },
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
      lines: amended([], lines),
      shipments: [],
      invoices: [],
      payments: [],
      credits: [],
    }),
    OrderAmended: (order, { lines, requestedBy }) => {
      const known = placed(order);
      return { ...known, lines: amended(known.lines, lines), requestedBy: requestedBy ?? known.requestedBy };
    },
    OrderConfirmed: (order) => ({ ...placed(order), confirmed: true }),
    OrderHeld: (order) => ({ ...placed(order), held: true }),
    OrderReleased: (order) => ({ ...placed(order), held: false }),
    OrderCancelled: (order) => ({ ...placed(order), held: false, ended: 'CANCELLED' }),
    OrderClosed: (order) => ({ ...placed(order), held: false, ended: 'CLOSED' }),
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
    OrderInvoiced: (order, { invoiceId, lines, amount, dueAt, reminderAts }, { occurredAt: invoicedAt }) => {
      const known = placed(order);
      const invoice = { invoiceId, invoicedAt, amount, paid: 0, credited: 0, overdue: false, dueAt, reminderAts, reminded: 0 };
      return { ...known, lines: moved(known.lines, 'invoiced', lines), invoices: [...known.invoices, invoice] };
    },
    PaymentReceived: (order, { invoiceId, paymentId: id, amount }) => ({
      ...withInvoice(placed(order), invoiceId, ({ paid }) => ({ paid: paid + amount })),
      payments: [...placed(order).payments, { id, invoiceId, amount }],
    }),
    OrderCredited: (order, { invoiceId, creditId: id, amount }) => ({
      ...withInvoice(placed(order), invoiceId, ({ credited }) => ({ credited: credited + amount })),
      credits: [...placed(order).credits, { id, invoiceId, amount }],
    }),
    InvoiceBecameOverdue: (order, { invoiceId }) => withInvoice(placed(order), invoiceId, () => ({ overdue: true })),
    PaymentReminded: (order, { invoiceId, level }) => withInvoice(placed(order), invoiceId, () => ({ reminded: level })),
  },
});

/** An order of which something is still to be done by us. */
function goingOn(order: Order) {
  const known = going(order);
  return orderStatus(known) === 'COMPLETED' ? refuse('order-completed', 'The order was delivered and invoiced in full.') : known;
}

/** Numbers are compared without regard to case and surrounding spaces. */
const numberClaim = (scope: string, number: string | undefined, label: string) =>
  number === undefined ? [] : [{ scope, value: number.trim().toUpperCase(), label }];
