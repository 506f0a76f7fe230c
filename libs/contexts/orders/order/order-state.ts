import { type Circumstances, type Fact, type Moment, refuse } from '#kernel';
import type { ClaimKind } from '../claim/kinds.js';
import { type Ended, type Line, type Move, quantityOf } from './quantities.js';
import type { Receivable } from './receivables.js';

export type Order = { readonly exists: false } | PlacedOrder;

/** Decisions on some of the commands of an order, by the command's name. */
export type DecisionsOf<Commands extends Readonly<Record<string, abstract new () => object>>, References = unknown> = {
  readonly [K in keyof Commands]: (
    command: InstanceType<Commands[K]>,
    order: Order,
    given: Circumstances & References,
  ) => Fact | readonly Fact[];
};

export interface PlacedOrder {
  readonly exists: true;
  readonly orderId: string;
  readonly customerId: string;
  readonly opportunityId?: string;
  readonly ownerId?: string;
  readonly currency: string;
  readonly placedAt: Moment;
  readonly paymentTermDays: number;
  readonly requestedBy?: Moment;
  /** Who is to carry it, and at which time of day. */
  readonly carrier?: string;
  readonly window?: string;
  readonly confirmed: boolean;
  readonly held: boolean;
  /** Held because of the credit limit: to release it is to confirm it nevertheless. */
  readonly heldForCredit: boolean;
  readonly ended?: Ended;
  readonly lines: readonly Line[];
  readonly shipments: readonly Shipment[];
  readonly invoices: readonly Invoice[];
  readonly payments: readonly Payment[];
  readonly credits: readonly Credit[];
  readonly refunds: readonly Settlement[];
  readonly returns: readonly SettledReturn[];
  readonly claims: readonly SettledClaim[];
  /** Line → the price of a unit with which it was confirmed, or added after that; minor units. */
  readonly agreed: Readonly<Record<string, number>>;
}

export interface Shipment {
  readonly shipmentId: string;
  readonly shippedAt: Moment;
  /** What left us in it and did not come back undelivered. */
  readonly goods: readonly Move[];
  /** What is on its way and has not arrived. */
  readonly underWay: readonly Move[];
  /** Units that arrived. */
  readonly delivered: number;
}

export interface Invoice extends Receivable {
  readonly invoiceId: string;
  readonly lines: readonly Move[];
  readonly invoicedAt: Moment;
  readonly dueAt: Moment;
  readonly reminderAts: readonly Moment[];
  /** Days since the due moment at which it was last found to be open; 0 before. */
  readonly aged: number;
  /** Level of the last reminder; 0 before the first. */
  readonly reminded: number;
}

/** A payment, a credit note or a refund. */
export interface Settlement {
  readonly id: string;
  readonly invoiceId: string;
  readonly amount: number;
}

export interface Payment extends Settlement {
  readonly receivedAt: Moment;
  /** The payment of the customer that it is a part of. */
  readonly customerPaymentId?: string;
  /** It is none any more: recorded by mistake, or the money did not stay with us. */
  readonly reversed?: boolean;
}

export interface Credit extends Settlement {
  /** The return whose goods are credited. */
  readonly returnId?: string;
}

/** Goods that the customer sent back, and that are settled. */
export interface SettledReturn {
  readonly returnId: string;
  /** Without those whose credit note came before them, and those for which a claim had done all. */
  readonly lines: readonly Move[];
}

/** A claim that was credited, or whose goods were replaced. */
export interface SettledClaim {
  readonly claimId: string;
  readonly kind: ClaimKind;
  readonly shipmentId?: string | undefined;
  /** The lines that it names. */
  readonly lines: readonly Move[];
  /** Its goods: those of its lines or, where it is about a shipment as a whole, of that. */
  readonly goods: readonly Move[];
  /** Those of them that came back since. */
  readonly back: readonly Move[];
  /** What was credited for those that did not, in minor units. */
  readonly credited: number;
  readonly replaced: boolean;
  /** The invoice on which all that its goods cost was credited; none where that was a part, or not noted. */
  readonly inFullOn?: string;
}

/** An order that was placed, whatever became of it. */
export const placed = (order: Order, field = 'orderId'): PlacedOrder =>
  order.exists
    ? order
    : refuse('order-unknown', 'There is no such order; check orderId, or place the order with PlaceOrder first.', field);

/** An order that was neither cancelled nor closed. `field`: the one that names it, where another order could be named instead. */
export function going(order: Order, field?: string): PlacedOrder {
  const known = placed(order, field);
  if (known.ended === 'CLOSED') refuse('order-closed', `Order ${known.orderId} is CLOSED; place another one.`, field);
  mustNotBeCancelled(known, field);
  return known;
}

/** An order on which goods and invoices may go out. */
export function released(order: Order): PlacedOrder {
  const known = placed(order);
  mustNotBeCancelled(known);
  if (!known.confirmed) refuse('order-not-confirmed', `Order ${known.orderId} is a draft; confirm it first.`);
  mustNotBeHeld(known);
  return known;
}

export function mustNotBeHeld({ held, orderId }: PlacedOrder): void {
  if (held) refuse('order-on-hold', `Order ${orderId} is on hold; release it first.`);
}

function mustNotBeCancelled({ ended, orderId }: PlacedOrder, field?: string): void {
  if (ended === 'CANCELLED') refuse('order-cancelled', `Order ${orderId} is CANCELLED; place another one.`, field);
}

export const invoiceOf = (order: PlacedOrder, invoiceId: string): Invoice =>
  order.invoices.find((invoice) => invoice.invoiceId === invoiceId) ??
  refuse('invoice-unknown', 'The order has no such invoice; check invoiceId, or issue it with InvoiceOrder first.', 'invoiceId');

export const withInvoice = (
  order: PlacedOrder,
  invoiceId: string,
  change: (invoice: Invoice) => Partial<Invoice>,
): PlacedOrder => ({
  ...order,
  invoices: order.invoices.map((invoice) => (invoice.invoiceId === invoiceId ? { ...invoice, ...change(invoice) } : invoice)),
});

/** Whether the very same one, or another one of this id, was recorded before. */
export function recorded(known: readonly Settlement[], { id, invoiceId, amount }: Settlement): 'SAME' | 'OTHER' | undefined {
  const before = known.find((settlement) => settlement.id === id);
  return before && (before.invoiceId === invoiceId && before.amount === amount ? 'SAME' : 'OTHER');
}

export const shipmentOf = (order: PlacedOrder, shipmentId: string): Shipment =>
  order.shipments.find((shipment) => shipment.shipmentId === shipmentId) ??
  refuse('shipment-unknown', 'The order has no such shipment; check shipmentId, or ship the goods first.', 'shipmentId');

/** What is under way after some of a shipment arrived (`units` of it), or came back. */
export const arrived = (shipments: readonly Shipment[], shipmentId: string, moves: readonly Move[], units = 0): Shipment[] =>
  shipments.map((shipment) =>
    shipment.shipmentId === shipmentId
      ? { ...shipment, underWay: less(shipment.underWay, moves), delivered: shipment.delivered + units }
      : shipment,
  );

const less = (all: readonly Move[], moves: readonly Move[]): Move[] =>
  all
    .map(({ lineId, quantity }) => ({ lineId, quantity: quantity - quantityOf(moves, lineId) }))
    .filter(({ quantity }) => quantity > 0);
