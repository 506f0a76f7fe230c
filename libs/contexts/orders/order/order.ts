import { aggregate } from '#kernel';
import { customer, type RegisteredCustomer } from '../../customers/contract.js';
import { creditOfCustomer } from '../credit-account/credit.js';
import { seriesNumberIn } from '../series/numbers.js';
import { series, seriesIdOf } from '../series/series.js';
import { billing, billingCommands } from './billing.js';
import { InvoiceOrder } from './billing-commands.js';
import { settledClaim, settledReturn, withBack } from './claimed.js';
import { claimCommands, claimDecisions } from './claims.js';
import { AmendOrder, ConfirmOrder, PlaceOrder } from './commands.js';
import {
  AllocationDeclined,
  DeliveryInspected,
  InvoiceAged,
  InvoiceBecameOverdue,
  OrderAllocated,
  OrderAmended,
  OrderBackorderEnded,
  OrderBackordered,
  OrderCancelled,
  OrderClaimSettled,
  OrderClosed,
  OrderConfirmed,
  OrderCredited,
  OrderDelivered,
  OrderHeld,
  OrderInvoiced,
  OrderPicked,
  OrderPlaced,
  OrderReleased,
  OrderReturnDeclined,
  OrderReturned,
  OrderShipmentReturned,
  OrderShipped,
  PaymentReceived,
  PaymentRefunded,
  PaymentReminded,
  PaymentReversed,
} from './events.js';
import { numberClaim } from './number-claim.js';
import { arrived, type Order, type PlacedOrder, placed, withInvoice } from './order-state.js';
import { ordering, orderingCommands, type References } from './ordering.js';
import { paying, payingCommands } from './paying.js';
import { SettleInvoice } from './paying-commands.js';
import {
  amended,
  backordered,
  type Ended,
  less,
  moved,
  reopened,
  setAside,
  units,
  unshipped,
  waitingNoMore,
} from './quantities.js';
import { shipping, shippingCommands } from './shipping.js';
import { stockAndReturnCommands, stockAndReturns } from './stock-and-returns.js';

/** One order with its lines, shipments, invoices, payments and credits. Its status is never set: see `orderStatus`. */
export const order = aggregate<Order, References>()({
  name: 'order',
  description: 'An order from the customer, on its way from the first draft to the last payment.',
  id: 'orderId',
  commands: {
    ...orderingCommands,
    ...shippingCommands,
    ...stockAndReturnCommands,
    ...claimCommands,
    ...billingCommands,
    ...payingCommands,
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
    DeliveryInspected,
    OrderAllocated,
    OrderPicked,
    OrderBackordered,
    OrderBackorderEnded,
    OrderReturned,
    OrderReturnDeclined,
    OrderClaimSettled,
    OrderInvoiced,
    PaymentReceived,
    PaymentReversed,
    AllocationDeclined,
    OrderCredited,
    PaymentRefunded,
    InvoiceBecameOverdue,
    InvoiceAged,
    PaymentReminded,
  },
  initial: { exists: false },
  stateVersion: 7,
  refs: (order) =>
    order.exists
      ? { order: order.orderId, customer: order.customerId, owner: order.ownerId, opportunity: order.opportunityId }
      : {},
  references: {
    credit: {
      aggregate: creditOfCustomer,
      id: (command: object, order) =>
        order.exists && (command instanceof ConfirmOrder || (command instanceof AmendOrder && order.confirmed))
          ? order.customerId
          : undefined,
    },
    customer: {
      aggregate: customer,
      id: (command: object, order) =>
        command instanceof PlaceOrder
          ? command.customerId
          : order.exists && (command instanceof AmendOrder || command instanceof SettleInvoice)
            ? order.customerId
            : undefined,
    },
    survivor: {
      aggregate: customer,
      id: (_command: object, _order, { read }) => (read.customer as Partial<RegisteredCustomer>).mergedInto,
    },
    payer: {
      aggregate: customer,
      id: (command: object) => (command instanceof SettleInvoice ? command.customerId : undefined),
    },
    series: {
      aggregate: series,
      id: (command: object) => {
        const { series, year } = (command instanceof InvoiceOrder && seriesNumberIn(command.invoiceNumber ?? '')) || {};
        return series === undefined || year === undefined ? undefined : seriesIdOf(series, year);
      },
    },
  },
  reserve: {
    PlaceOrder: ({ orderNumber, cartId }) => [
      ...numberClaim('order', orderNumber),
      ...(cartId === undefined ? [] : [{ scope: 'order.cart', value: cartId, label: 'this cart', field: 'cartId' }]),
    ],
    InvoiceOrder: ({ invoiceNumber }) => numberClaim('invoice', invoiceNumber),
  },

  decide: {
    ...ordering,

    ...shipping,
    ...stockAndReturns,
    ...claimDecisions,
    ...billing,
    ...paying,
  },

  evolve: {
    OrderPlaced: (
      _,
      { orderId, customerId, opportunityId, ownerId, currency, paymentTermDays, lines, ...terms },
      { occurredAt: placedAt },
    ) => ({
      exists: true,
      placedAt,
      orderId,
      customerId,
      opportunityId,
      ownerId,
      currency,
      paymentTermDays,
      requestedBy: terms.requestedBy,
      carrier: terms.carrier,
      window: terms.window,
      confirmed: false,
      held: false,
      heldForCredit: false,
      lines: amended([], lines),
      shipments: [],
      invoices: [],
      payments: [],
      credits: [],
      refunds: [],
      returns: [],
      claims: [],
      agreed: {},
    }),
    OrderAmended: (order, { lines, requestedBy, carrier, window }) => {
      const known = placed(order);
      const after = {
        ...known,
        requestedBy: requestedBy ?? known.requestedBy,
        carrier: carrier ?? known.carrier,
        window: window ?? known.window,
        lines: amended(known.lines, lines),
      };
      return known.confirmed ? agreedUpon(after) : after;
    },
    OrderConfirmed: (order) => agreedUpon({ ...placed(order), confirmed: true }),
    OrderHeld: (order, { credit }) => ({ ...placed(order), held: true, heldForCredit: credit !== undefined }),
    OrderReleased: (order) => ({ ...placed(order), held: false, heldForCredit: false }),
    OrderCancelled: (order) => endedAs(placed(order), 'CANCELLED'),
    OrderClosed: (order) => endedAs(placed(order), 'CLOSED'),
    OrderShipped: (order, { shipmentId, lines }, { occurredAt: shippedAt }) => {
      const known = placed(order);
      return {
        ...known,
        lines: moved(known.lines, 'shipped', lines),
        shipments: [...known.shipments, { shipmentId, shippedAt, goods: lines, underWay: lines, delivered: 0 }],
      };
    },
    OrderDelivered: (order, { shipmentId, lines }) => {
      const known = placed(order);
      return {
        ...known,
        lines: moved(known.lines, 'delivered', lines),
        shipments: arrived(known.shipments, shipmentId, lines, units(lines)),
      };
    },
    DeliveryInspected: (order) => order,
    OrderShipmentReturned: (order, { shipmentId, lines }) => {
      const known = placed(order);
      const shipments = arrived(known.shipments, shipmentId, lines).map((shipment) =>
        shipment.shipmentId === shipmentId ? { ...shipment, goods: less(shipment.goods, lines) } : shipment,
      );
      return { ...known, lines: unshipped(known.lines, lines), shipments };
    },
    OrderAllocated: (order, { lines }) => ({ ...placed(order), lines: setAside(placed(order).lines, lines) }),
    OrderPicked: (order, { lines }) => ({ ...placed(order), lines: moved(placed(order).lines, 'picked', lines) }),
    OrderBackordered: (order, { lines }) => ({ ...placed(order), lines: backordered(placed(order).lines, lines, 1) }),
    OrderBackorderEnded: (order, { lines }) => ({ ...placed(order), lines: backordered(placed(order).lines, lines, -1) }),
    OrderReturned: (order, returned) => {
      const { lines, notInvoicedAgain = [], settledBefore = [] } = returned;
      const known = placed(order);
      return {
        ...known,
        lines: moved(moved(known.lines, 'returned', lines), 'invoiced', notInvoicedAgain),
        returns: [...known.returns, settledReturn(known, returned)],
        claims: withBack(known.claims, settledBefore),
      };
    },
    OrderClaimSettled: (order, settled) => {
      const known = placed(order);
      return { ...known, claims: [...known.claims, settledClaim(known, settled)] };
    },
    OrderInvoiced: (order, { invoiceId, lines, amount, dueAt, reminderAts }, { occurredAt: invoicedAt }) => {
      const known = placed(order);
      const settled = { paid: 0, credited: 0, refunded: 0, overdue: false, aged: 0, reminded: 0 };
      const invoiced = lines.map(({ lineId, quantity }) => ({ lineId, quantity }));
      const invoice = { invoiceId, lines: invoiced, invoicedAt, amount, dueAt, reminderAts, ...settled };
      return { ...known, lines: moved(known.lines, 'invoiced', lines), invoices: [...known.invoices, invoice] };
    },
    PaymentReceived: (order, { invoiceId, paymentId: id, amount, customerPaymentId }, { occurredAt: receivedAt }) => {
      const known = withInvoice(placed(order), invoiceId, ({ paid }) => ({ paid: paid + amount }));
      const payment = { id, invoiceId, amount, receivedAt, ...(customerPaymentId !== undefined && { customerPaymentId }) };
      return { ...known, payments: [...known.payments, payment] };
    },
    PaymentReversed: (order, { invoiceId, paymentId, amount }) => {
      const known = withInvoice(placed(order), invoiceId, ({ paid }) => ({ paid: paid - amount }));
      const payments = known.payments.map((payment) => (payment.id === paymentId ? { ...payment, reversed: true } : payment));
      return { ...known, payments };
    },
    AllocationDeclined: (order) => order,
    OrderReturnDeclined: (order) => order,
    OrderCredited: (order, { invoiceId, creditId: id, amount, returnId, reopened: again = [] }) => {
      const known = withInvoice(placed(order), invoiceId, ({ credited }) => ({ credited: credited + amount }));
      const credit = { id, invoiceId, amount, ...(returnId !== undefined && { returnId }) };
      return { ...known, lines: reopened(known.lines, again), credits: [...known.credits, credit] };
    },
    PaymentRefunded: (order, { invoiceId, refundId: id, amount }) => ({
      ...withInvoice(placed(order), invoiceId, ({ refunded }) => ({ refunded: refunded + amount })),
      refunds: [...placed(order).refunds, { id, invoiceId, amount }],
    }),
    InvoiceBecameOverdue: (order, { invoiceId }) => withInvoice(placed(order), invoiceId, () => ({ overdue: true })),
    InvoiceAged: (order, { invoiceId, days: aged }) => withInvoice(placed(order), invoiceId, () => ({ aged })),
    PaymentReminded: (order, { invoiceId, level }) => withInvoice(placed(order), invoiceId, () => ({ reminded: level })),
  },
});

/** What is agreed at first stays so; what an amendment adds is agreed with it. */
const agreedUpon = (order: PlacedOrder): PlacedOrder => ({
  ...order,
  agreed: { ...Object.fromEntries(order.lines.map(({ lineId, unitPrice }) => [lineId, unitPrice])), ...order.agreed },
});

const endedAs = (order: PlacedOrder, ended: Ended): PlacedOrder => ({
  ...order,
  held: false,
  ended,
  lines: waitingNoMore(order.lines),
});
