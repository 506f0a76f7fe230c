import { daysBetween, laterOf, type Moment } from '#kernel';
import type { Movement } from '../invoices/invoice-entry.js';
import type { Ended } from '../order/quantities.js';
import { isFullyDelivered, isFullyInvoiced, isFullyPicked, isFullyShipped, worth } from '../order/quantities.js';
import { total } from '../order/receivables.js';
import { nextStep, orderStatus } from '../order/status.js';
import type { OrderToCash } from './document.js';
import { serviceOf } from './service.js';

/** Everything in the document that follows from the rest of it, after a fact that occurred `at`. */
export function reckoned(document: OrderToCash, at: Moment): OrderToCash {
  const { confirmedAt, heldSince, lines, invoices, requestedBy } = document;
  const progress = { confirmed: confirmedAt !== undefined, held: heldSince !== undefined, ended: endOf(document), lines };
  const amounts = amountsOf(document);
  const step = nextStep(progress, amounts.openAmount);
  const earliestDueAt = invoices
    .filter(({ open }) => open > 0)
    .map(({ dueAt }) => dueAt)
    .sort()[0];
  const milestones = milestonesOf(document, progress, amounts, at);
  return {
    ...document,
    ...amounts,
    ...milestones,
    ...daysOf({ ...document, ...milestones }),
    ...serviceOf(document, progress),
    status: orderStatus(progress),
    nextStep: step,
    expectedBy:
      step === 'PAY' ? earliestDueAt : step === 'CONFIRM' || step === 'SHIP' || step === 'DELIVER' ? requestedBy : undefined,
    earliestDueAt,
    overdueAmount: total(
      invoices.filter(({ status }) => status === 'OVERDUE'),
      'open',
    ),
    allocatedUnits: total(lines, 'allocated'),
    pickedUnits: total(lines, 'picked'),
    asPromised: keptPromise(document.promisedAt, milestones.fullyShippedAt),
    backorderedUnits: total(lines, 'backordered'),
    backorderExpectedAt: lines.some(({ backordered }) => backordered > 0) ? document.backorderExpectedAt : undefined,
    returnedUnits: total(lines, 'returned'),
    reminders: total(invoices, 'reminders'),
    lastChangeAt: laterOf(document.lastChangeAt ?? at, at),
  };
}

const endOf = ({ cancelledAt, closedAt }: OrderToCash): Ended | undefined =>
  cancelledAt ? 'CANCELLED' : closedAt ? 'CLOSED' : undefined;

const amountsOf = ({ lines, invoices }: OrderToCash) => ({
  orderedAmount: worth(lines, 'quantity'),
  shippedAmount: worth(lines, 'shipped'),
  deliveredAmount: worth(lines, 'delivered'),
  invoicedAmount: total(invoices, 'amount'),
  paidAmount: total(invoices, 'paid'),
  creditedAmount: total(invoices, 'credited'),
  refundedAmount: total(invoices, 'refunded'),
  refundableAmount: total(invoices, 'refundable'),
  openAmount: total(invoices, 'open'),
});

/** A `fully…` milestone goes away when an amendment adds something, and comes again when that is done too. */
function milestonesOf(
  document: OrderToCash,
  progress: Parameters<typeof orderStatus>[0],
  amounts: ReturnType<typeof amountsOf>,
  at: Moment,
) {
  const { shipments, invoices } = document;
  const since = (reached: boolean, before: Moment | undefined, noEarlierThan = at) =>
    reached ? (before ?? laterOf(at, noEarlierThan)) : undefined;
  const fullyInvoicedAt = since(isFullyInvoiced(progress), document.fullyInvoicedAt);
  const payments = invoices.flatMap(({ movements }) => movements.filter((one) => standsAsPaid(one, movements)));
  return {
    // Goods of one order travel in several packages, whose facts may come in any order.
    fullyPickedAt: since(isFullyPicked(progress), document.fullyPickedAt),
    fullyShippedAt: since(isFullyShipped(progress), document.fullyShippedAt, lastOf(shipments.map(({ shippedAt }) => shippedAt))),
    fullyDeliveredAt: since(
      isFullyDelivered(progress),
      document.fullyDeliveredAt,
      lastOf(shipments.map(({ lastDeliveredAt = '' }) => lastDeliveredAt)),
    ),
    firstInvoicedAt: document.firstInvoicedAt ?? since(invoices.length > 0, undefined),
    fullyInvoicedAt,
    // Payments may be entered late, in any order.
    firstPaidAt: firstOf(payments.map((payment) => payment.at)),
    fullyPaidAt:
      fullyInvoicedAt !== undefined && amounts.paidAmount > 0 && amounts.openAmount === 0
        ? lastOf([fullyInvoicedAt, ...invoices.map(({ settledAt = '' }) => settledAt)])
        : undefined,
  };
}

const standsAsPaid = ({ kind, id }: Movement, movements: readonly Movement[]): boolean =>
  kind === 'PAYMENT' && !movements.some((other) => other.kind === 'REVERSAL' && other.id === id);

const keptPromise = (promisedAt: Moment | undefined, shippedAt: Moment | undefined) =>
  promisedAt === undefined || shippedAt === undefined ? null : shippedAt <= promisedAt;

const lastOf = (moments: readonly Moment[]) => moments.reduce(laterOf, '');

const firstOf = (moments: readonly Moment[]): Moment | undefined => [...moments].sort()[0];

const daysOf = (document: OrderToCash) => ({
  daysToConfirm: days(document.placedAt, document.confirmedAt),
  daysToShip: days(document.confirmedAt, document.fullyShippedAt),
  daysToDeliver: days(document.fullyShippedAt, document.fullyDeliveredAt),
  daysToInvoice: days(document.fullyDeliveredAt, document.fullyInvoicedAt),
  daysToPay: days(document.fullyInvoicedAt, document.fullyPaidAt),
  daysOrderToCash: days(document.placedAt, document.fullyPaidAt),
});

const days = (from: Moment | undefined, to: Moment | undefined) =>
  from === undefined || to === undefined ? undefined : daysBetween(from, to);
