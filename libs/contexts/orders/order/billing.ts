import { addDays, refuse } from '#kernel';
import { seriesNumberIn } from '../series/numbers.js';
import type { Series } from '../series/series.js';
import { AgeInvoice, CreditOrder, InvoiceOrder, MarkInvoiceOverdue, RemindPayment } from './billing-commands.js';
import { creditedByClaims } from './claimed.js';
import { InvoiceAged, InvoiceBecameOverdue, OrderCredited, OrderInvoiced, PaymentReminded } from './events.js';
import { amountOf, lineOf, openTo, upToOpen } from './order-lines.js';
import { type DecisionsOf, type Invoice, invoiceOf, type PlacedOrder, placed, recorded, released } from './order-state.js';
import type { References } from './ordering.js';
import { less, type Move } from './quantities.js';
import { openAmount, refundableAmount, reminderDays } from './receivables.js';

export const billingCommands = {
  InvoiceOrder,
  CreditOrder,
  MarkInvoiceOverdue,
  AgeInvoice,
  RemindPayment,
};

/** Decisions on the invoices of an order. */
export const billing = {
  InvoiceOrder: ({ orderId, invoiceId, invoiceNumber, series, lines: wanted, ...billed }, order, { now, newId, series: its }) => {
    const known = released(order);
    const { customerId, currency } = known;
    mustBeNew(known, invoiceId);
    if (invoiceNumber !== undefined) mustBeOfNoSeries(invoiceNumber, series, its);
    const moves = upToOpen(known.lines, wanted, openTo('invoiced', known), {
      nothing: () =>
        refuse(
          'nothing-to-invoice',
          'Nothing is left to invoice; place another order, or credit an invoice in full to issue it anew.',
        ),
      beyond: ({ lineId, quantity, left, field }) =>
        refuse(
          'invoiced-beyond-ordered',
          `${quantity} is more than the ${left} of line ${lineId} that are left to invoice; lower quantity, or leave the line out.`,
          field,
        ),
    });
    const lines = moves.map(({ lineId, quantity }) => ({
      lineId,
      quantity,
      amount: quantity * lineOf(known.lines, lineId).unitPrice,
    }));
    const dueAt = addDays(now, known.paymentTermDays);
    return OrderInvoiced({
      orderId,
      customerId,
      invoiceId: invoiceId ?? newId('invoice'),
      ...(invoiceNumber === undefined ? { series: series ?? 'INV' } : { invoiceNumber }),
      lines,
      billingName: billed.billingName,
      billingAddress: billed.billingAddress,
      amount: amountOf(lines),
      currency,
      dueAt,
      reminderAts: reminderDays.map((days) => addDays(dueAt, days)),
    });
  },

  CreditOrder: (
    { orderId, invoiceId, creditId, amount, reason, evenIfPaid = false, forGood = false, series },
    order,
    { newId },
  ) => {
    const known = placed(order);
    const credit = { id: creditId ?? newId('credit'), invoiceId, amount };
    const before = recorded(known.credits, credit);
    if (before === 'OTHER')
      refuse('credit-exists', 'A credit note of this id has other data; another one needs another creditId.', 'creditId');
    if (before === 'SAME') return [];
    const invoice = invoiceOf(known, invoiceId);
    mustBeLeftToCredit(invoice, amount, known.currency);
    if (!evenIfPaid) mustBeOpen(invoice, amount, known.currency);
    const reopened = forGood || invoice.credited + amount < invoice.amount ? [] : toInvoiceAgain(known, invoice);
    return OrderCredited({
      orderId,
      creditId: credit.id,
      reason,
      series: series ?? 'CN',
      ...creditOf(known, invoice, amount),
      ...(reopened.length > 0 && { reopened }),
    });
  },

  MarkInvoiceOverdue: ({ orderId, invoiceId }, order, { now }) => {
    const { currency, invoices } = placed(order);
    return invoices
      .filter((invoice) => invoice.invoiceId === invoiceId && !invoice.overdue && openAmount(invoice) > 0 && invoice.dueAt <= now)
      .map((invoice) => InvoiceBecameOverdue({ orderId, invoiceId, dueAt: invoice.dueAt, open: openAmount(invoice), currency }));
  },

  AgeInvoice: ({ orderId, invoiceId, days }, order, { now }) => {
    const { currency, invoices } = placed(order);
    return invoices
      .filter((invoice) => invoice.invoiceId === invoiceId && invoice.aged < days && openAmount(invoice) > 0)
      .filter(({ dueAt }) => addDays(dueAt, days) <= now)
      .map((invoice) => InvoiceAged({ orderId, invoiceId, days, dueAt: invoice.dueAt, open: openAmount(invoice), currency }));
  },

  RemindPayment: ({ orderId, invoiceId, level }, order, { now }) => {
    const { currency, invoices } = placed(order);
    const invoice = invoices.find((invoice) => invoice.invoiceId === invoiceId && openAmount(invoice) > 0);
    if (!invoice || (level !== undefined && invoice.reminded >= level)) return [];
    const reminderAt = level === undefined ? now : invoice.reminderAts[level - 1];
    if (reminderAt === undefined || reminderAt > now) return [];
    return PaymentReminded({
      orderId,
      invoiceId,
      level: level ?? invoice.reminded + 1,
      dueAt: invoice.dueAt,
      reminderAt,
      open: openAmount(invoice),
      currency,
    });
  },
} satisfies DecisionsOf<typeof billingCommands, Pick<References, 'series'>>;

function mustBeNew({ invoices }: PlacedOrder, invoiceId: string | undefined): void {
  if (invoices.some((invoice) => invoice.invoiceId === invoiceId))
    refuse(
      'invoice-exists',
      'This invoice was issued before; another one needs another invoiceId, and a retry the same Idempotency-Key.',
      'invoiceId',
    );
}

function mustBeOfNoSeries(invoiceNumber: string, series: string | undefined, { elsewhere }: Series): void {
  if (series !== undefined)
    refuse('number-and-series', 'An invoice has a number of its own or one of a series; leave invoiceNumber or series out.');
  if ((seriesNumberIn(invoiceNumber)?.count ?? 0) > elsewhere)
    refuse(
      'number-of-a-series',
      `${invoiceNumber} has the form of a series; leave it out, or say with ContinueSeries that it was given elsewhere before.`,
      'invoiceNumber',
    );
}

/** No more of an invoice is credited than it asks for. */
export function mustBeLeftToCredit({ amount: asked, credited }: Invoice, amount: number, currency: string): void {
  const left = asked - credited;
  if (amount > left)
    refuse(
      'credit-above-open',
      `${amount} is more than the ${left} ${currency} (minor units) of the invoice that are not credited; lower amount, or credit another invoice.`,
      'amount',
    );
}

function mustBeOpen(invoice: Invoice, amount: number, currency: string): void {
  const open = openAmount(invoice);
  if (amount > open)
    refuse(
      'credit-above-open',
      `${amount} is more than the ${open} ${currency} (minor units) that are open; lower amount, or set evenIfPaid.`,
      'amount',
    );
}

/** What a credit note says of its invoice after it; `refundable` only where something is to be paid back. */
export function creditOf({ currency }: PlacedOrder, invoice: Invoice, amount: number) {
  const after = { ...invoice, credited: invoice.credited + amount };
  const refundable = refundableAmount(after);
  const { invoiceId } = invoice;
  return { invoiceId, amount, currency, open: openAmount(after), ...(refundable > 0 && { refundable }) };
}

/** The units of an invoice that is credited in full, but for those that came back or were claimed, and were credited for that. */
function toInvoiceAgain(order: PlacedOrder, { invoiceId, lines }: Invoice): Move[] {
  const { ended, credits, returns } = order;
  if (ended === 'CANCELLED') return [];
  const creditedFor = new Set(credits.map(({ returnId }) => returnId));
  const cameBack = credits.some((credit) => credit.invoiceId === invoiceId && credit.returnId !== undefined)
    ? returns.filter(({ returnId }) => creditedFor.has(returnId)).flatMap((goods) => goods.lines)
    : [];
  return less(lines, [...cameBack, ...creditedByClaims(order, invoiceId)]);
}
