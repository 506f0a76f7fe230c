import { addDays, derivedId } from '#kernel';
import type { Customer } from '../../customers/contract.js';
import * as facts from './events.js';

/** Facts of one order, for specifications: two lines, 2 × 100.00 and 3 × 50.00 EUR, 30 days to pay. */
export const orderId = derivedId('sample', 'order');
export const customerId = derivedId('sample', 'customer');
export const ownerId = derivedId('sample', 'owner');
export const opportunityId = derivedId('sample', 'opportunity');
export const invoiceId = derivedId('sample', 'invoice');
export const shipmentId = derivedId('sample', 'shipment');
export const paymentId = derivedId('sample', 'payment');
export const creditId = derivedId('sample', 'credit');
export const unknownId = derivedId('sample', 'unknown');

export const [chair, table] = ['chair', 'table'].map((name) => derivedId('sample', 'line', name)) as [string, string];
export const chairs = { lineId: chair, description: 'Chair', quantity: 2, unitPrice: 100_00 };
export const tables = { lineId: table, description: 'Table', quantity: 3, unitPrice: 50_00 };
export const both = [
  { lineId: chair, quantity: 2 },
  { lineId: table, quantity: 3 },
];
export const oneChair = [{ lineId: chair, quantity: 1 }];

export const nobody: Customer = { status: 'NONE' };
export const erased: Customer = { status: 'ERASED', customerId };
export const buyer: Customer = { status: 'REGISTERED', customerId, contacts: [], identifiers: {}, merged: [] };
/** Nobody decided how much the customer may owe us, and nothing is known of the customer but that it is registered. */
export const noLimit = {
  credit: { open: {} },
  customer: buyer,
  survivor: nobody,
  payer: nobody,
  series: { last: 0, elsewhere: 0 },
};

export const now = '2026-01-05T09:00:00.000Z';
export const dueAt = addDays(now, 30);
export const reminderAts = [7, 21, 42].map((days) => addDays(dueAt, days));

const currency = 'EUR';
const reason = 'as asked';
const lines = [chairs, tables].map((line) => ({ ...line, amount: line.quantity * line.unitPrice }));

export const placed = facts.OrderPlaced({
  orderId,
  customerId,
  ownerId,
  opportunityId,
  currency,
  lines,
  channel: 'DIRECT',
  amount: 350_00,
  paymentTermDays: 30,
});
export const confirmed = facts.OrderConfirmed({ orderId });
export const held = facts.OrderHeld({ orderId, reason });
export const released = facts.OrderReleased({ orderId });
export const cancelled = facts.OrderCancelled({ orderId, reason, amount: 350_00, currency });
export const closed = facts.OrderClosed({ orderId, reason });

export const shipped = (moves = both, id = shipmentId) => facts.OrderShipped({ orderId, shipmentId: id, lines: moves });
export const delivered = (moves = both, id = shipmentId) => facts.OrderDelivered({ orderId, shipmentId: id, lines: moves });
/** A delivery as the order decides it: what it says beside what arrived. */
export const arrived = (moves = both, id = shipmentId, beside: { inFull?: boolean; last?: boolean; asAgreed?: boolean } = {}) => {
  const compared = { placedAt: now, shippedAt: now, inFull: true, last: true, asAgreed: true, ...beside };
  return facts.OrderDelivered({ ...delivered(moves, id).data, compared });
};
export const invoiced = (moves = both, id = invoiceId) => {
  const invoicedLines = moves.map((move) => ({ ...move, amount: move.quantity * (move.lineId === chair ? 100_00 : 50_00) }));
  const amount = invoicedLines.reduce((sum, line) => sum + line.amount, 0);
  const about = { orderId, customerId, invoiceId: id, series: 'INV' };
  return facts.OrderInvoiced({ ...about, lines: invoicedLines, amount, currency, dueAt, reminderAts });
};
export const paid = (amount: number, open: number, id = paymentId) =>
  facts.PaymentReceived({ orderId, invoiceId, paymentId: id, amount, currency, open });
export const reversed = (amount: number, open: number, id = paymentId) =>
  facts.PaymentReversed({
    orderId,
    customerId,
    invoiceId,
    paymentId: id,
    amount,
    currency,
    open,
    reason,
    invoice: { amount: 350_00, invoicedAt: now, dueAt, overdue: false, aged: 0 },
  });
export const credited = (amount: number, open: number) =>
  facts.OrderCredited({ orderId, invoiceId, creditId, amount, currency, open, series: 'CN', reason });
export const overdue = (open: number) => facts.InvoiceBecameOverdue({ orderId, invoiceId, dueAt, open, currency });
export const reminded = (level: 1 | 2 | 3, open: number) =>
  facts.PaymentReminded({
    orderId,
    invoiceId,
    level,
    dueAt,
    reminderAt: addDays(dueAt, [7, 21, 42][level - 1] ?? 0),
    open,
    currency,
  });
