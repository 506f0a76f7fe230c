import type { DataOf, Moment } from '#kernel';
import type { InvoiceEntry } from '../invoices/invoice-entry.js';
import type { OrderAmended } from '../order/events.js';
import { waitingNoMore } from '../order/quantities.js';
import type { OrderToCash } from './document.js';
import { reckoned } from './reckoning.js';

type SaidTerms = Pick<DataOf<typeof OrderAmended>, 'carrier' | 'window' | 'shippingAddress' | 'preference'>;

/** The terms of the shipment after somebody said some of them. */
export function withTerms(order: OrderToCash, said: SaidTerms): OrderToCash {
  const { carrier, window, shippingAddress, preference } = said;
  const parts = { carrier, window, address: shippingAddress };
  const unsaid = (part: keyof typeof parts) => parts[part] === undefined;
  return {
    ...order,
    carrier: carrier ?? order.carrier,
    window: window ?? order.window,
    shippingAddress: shippingAddress ?? order.shippingAddress,
    asPreferred: [...order.asPreferred.filter(unsaid), ...(preference?.applied ?? [])],
    notAsPreferred: [...order.notAsPreferred.filter(unsaid), ...(preference?.overridden ?? [])],
    overrideReason: preference?.reason ?? order.overrideReason,
  };
}

export const goingOn = (order: OrderToCash): OrderToCash => ({ ...order, heldSince: undefined, holdReason: undefined });

export const ended = (order: OrderToCash): OrderToCash => ({ ...goingOn(order), lines: waitingNoMore(order.lines) });

export const earlierOf = (one: Moment | undefined, other: Moment) => (one !== undefined && one < other ? one : other);

/** A package may name an order that was never placed: older ones did not look. */
export const isKnown = ({ customerId }: OrderToCash): boolean => customerId !== '';

export const numbered = (order: OrderToCash, invoiceId: string, after: (entry: InvoiceEntry) => InvoiceEntry): OrderToCash => ({
  ...order,
  invoices: order.invoices.map((entry) => (entry.invoiceId === invoiceId ? after(entry) : entry)),
});

interface AboutInvoice {
  readonly data: { readonly invoiceId: string };
  readonly occurredAt: string;
}

export function withInvoice(
  order: OrderToCash,
  { data, occurredAt }: AboutInvoice,
  after: (entry: InvoiceEntry) => InvoiceEntry,
): OrderToCash {
  const invoices = order.invoices.map((entry) => (entry.invoiceId === data.invoiceId ? after(entry) : entry));
  return reckoned({ ...order, invoices }, occurredAt);
}
