import { addDays, derivedId, evolved, type Fact, type Moment } from '#kernel';
import type { Customer } from '../../customers/contract.js';
import {
  type Order,
  OrderCredited,
  OrderInvoiced,
  OrderPlaced,
  order,
  PaymentReceived,
  PaymentReversed,
} from '../../orders/contract.js';
import type { Programme } from '../programme/programme.js';
import * as facts from './events.js';
import type { Member } from './member-state.js';

/** A member of a programme in EUR: 1 point for 1.00, above 1000.00 for 0.50; an order of 100.50 EUR. */
export const customerId = derivedId('sample', 'customer');
export const survivorId = derivedId('sample', 'survivor');
export const programmeId = derivedId('sample', 'programme');
export const orderId = derivedId('sample', 'order');
export const invoiceId = derivedId('sample', 'invoice');
const lineId = derivedId('sample', 'line');

export const now = '2026-01-05T09:00:00.000Z';
export const day = (days: number): Moment => addDays(now, days);

export const customer: Customer = { status: 'REGISTERED', customerId, contacts: [], identifiers: {}, merged: [] };
export const merged: Customer = { ...customer, mergedInto: survivorId };
export const tiers = [
  { name: 'Bronze', minSpent: 0, pointFor: 1_00 },
  { name: 'Gold', minSpent: 1000_00, pointFor: 50 },
];
export const programme = {
  exists: true,
  programmeId,
  name: 'Friends',
  currency: 'EUR',
  tiers,
} as const satisfies Programme;
export const noOrder: Order = { exists: false };
export const none: Member = {};
export const of = (order: Order = noOrder, terms: Programme = programme, who: Customer = customer, survivor = none) => ({
  order,
  programme: terms,
  customer: who,
  survivor,
});

const currency = 'EUR';
type Past = Fact | readonly [Fact, Moment];
/** An order after what is named, on day 0 if nothing else is said. */
export const orderOf = (...past: Past[]): Order =>
  past.reduce<Order>((before, one) => {
    const [fact, occurredAt] = 'type' in one ? [one, now] : one;
    return evolved(order, before, fact, occurredAt) as Order;
  }, order.initial);
/** The order after it was placed and invoiced in full, and then what is named. */
export const ordered = (...then: Past[]): Order => orderOf(placed(), invoiced(100_50), ...then);
export const placed = (code = currency) =>
  OrderPlaced({
    orderId,
    customerId,
    channel: 'DIRECT',
    currency: code,
    amount: 100_50,
    paymentTermDays: 30,
    lines: [{ lineId, description: 'Chair', quantity: 1, unitPrice: 100_50, amount: 100_50 }],
  });
export const invoiced = (amount: number, id = invoiceId, code = currency) =>
  OrderInvoiced({
    orderId,
    customerId,
    invoiceId: id,
    amount,
    currency: code,
    dueAt: day(30),
    reminderAts: [],
    lines: [{ lineId, quantity: 1, amount }],
  });
export const paid = (amount: number, open = 0, id = invoiceId, paymentId = derivedId('payment', id)) =>
  PaymentReceived({ orderId, invoiceId: id, paymentId, amount, currency, open });
export const credited = (amount: number, creditId = derivedId('credit')) =>
  OrderCredited({ orderId, invoiceId, creditId, amount, currency, open: 0, refundable: amount, reason: 'returned' });
export const reversed = (amount: number) =>
  PaymentReversed({
    orderId,
    customerId,
    invoiceId,
    paymentId: derivedId('payment', invoiceId),
    amount,
    currency,
    open: amount,
    reason: 'bounced',
    invoice: { amount, invoicedAt: now, dueAt: day(30), overdue: false, aged: 0 },
  });

const about = { customerId, programmeId };
export const enrolled = facts.MemberEnrolled({ ...about, currency, tier: 'Bronze' });
interface After {
  readonly balance: number;
  readonly owed?: number;
  readonly spent: number;
  readonly pointFor?: number;
  readonly expiresAt?: Moment;
}
export const earned = (
  { amount, counted = amount, points }: { amount: number; counted?: number; points: number },
  { pointFor = 1_00, owed = 0, ...after }: After,
  id = orderId,
) => facts.PointsEarned({ ...about, orderId: id, currency, amount, counted, pointFor, points, owed, ...after });
export const takenBack = (
  { amount, counted, points, expired = 0 }: { amount: number; counted: number; points: number; expired?: number },
  { balance, owed = 0, spent }: After,
) => facts.PointsTakenBack({ ...about, orderId, currency, amount, counted, points, expired, balance, owed, spent });
export const redeemed = (points: number, balance: number) => facts.PointsRedeemed({ ...about, points, currency, balance });
export const expired = (points: number, expiredAt: Moment, balance: number) =>
  facts.PointsExpired({ ...about, points, expiredAt, balance });
export const adjusted = (points: number, balance: number, expiresAt?: Moment) =>
  facts.PointsAdjusted({ ...about, points, reason: 'sorry', balance, owed: 0, ...(expiresAt && { expiresAt }) });
export const tierChanged = (from: string, to: string, spent: number) =>
  facts.TierChanged({ ...about, from, to, spent, currency });
export const ended = (points: number, owed = 0) => facts.MembershipEnded({ ...about, reason: 'as asked', points, owed });
export const passedOn = facts.OrderPassedOn({ customerId, survivorId, orderId });
