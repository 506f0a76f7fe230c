import type { Recorded } from '#kernel';
import type { Customer360, InvoicePiece, OpportunityPiece, OrderPiece, TicketPiece, TotalPiece } from './document.js';

/** Where a piece came from. */
export const eventOf = ({ stream, revision }: Recorded) => ({ stream, revision });

/** The list with the piece added, or in place of the one with the same `id` field; in the order of time, then of id. */
export function withPiece<I extends string, T extends { readonly since: string } & Record<I, string>>(
  pieces: readonly T[],
  id: I,
  piece: T,
): T[] {
  return inTime([...pieces.filter((other) => other[id] !== piece[id]), piece], id);
}

export const inTime = <I extends string, T extends { readonly since: string } & Record<I, string>>(
  pieces: readonly T[],
  id: I,
): T[] => [...pieces].sort((one, other) => compare(one.since, other.since) || compare(one[id], other[id]));

/** Texts in the order of their UTF-16 code units: the same on every machine. */
export const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

/** The opportunities, and what is counted of them. */
export const ofOpportunities = (opportunities: OpportunityPiece[]): Pick<Customer360, 'opportunities' | 'openOpportunities'> => ({
  opportunities,
  openOpportunities: opportunities.filter(({ status }) => status === 'OPEN').length,
});

/** The orders, and what is counted and added up of them. */
export const ofOrders = (orders: OrderPiece[]): Pick<Customer360, 'orders' | 'orderCount' | 'totals'> => ({
  orders,
  orderCount: orders.length,
  totals: totalsOf(orders),
});

/** The tickets, and what is counted of them. */
export const ofTickets = (tickets: TicketPiece[]): Pick<Customer360, 'tickets' | 'openTickets' | 'ticketCount'> => ({
  tickets,
  openTickets: tickets.filter(({ status }) => atWork.has(status)).length,
  ticketCount: tickets.length,
});

const atWork: ReadonlySet<TicketPiece['status']> = new Set(['OPEN', 'REPLIED', 'ON_HOLD'] as const);

export const unbilled = { invoiced: 0, paid: 0, credited: 0, open: 0 };
type Billed = typeof unbilled;

/** The invoices of an order, and what they come to together. */
export const ofInvoices = (invoices: InvoicePiece[]): Pick<OrderPiece, 'invoices' | keyof Billed> => ({
  invoices,
  ...invoices.reduce(added, unbilled),
});

const added = (one: Billed, other: Billed): Billed => ({
  invoiced: one.invoiced + other.invoiced,
  paid: one.paid + other.paid,
  credited: one.credited + other.credited,
  open: one.open + other.open,
});

function totalsOf(orders: readonly OrderPiece[]): TotalPiece[] {
  const totals = new Map<string, TotalPiece>();
  for (const order of orders) {
    const { currency } = order;
    const before = totals.get(currency) ?? { currency, ordered: 0, ...unbilled };
    totals.set(currency, { currency, ordered: before.ordered + order.ordered, ...added(before, order) });
  }
  return [...totals.values()].sort((one, other) => compare(one.currency, other.currency));
}

/** The later of two interactions; of two at the same moment the one with the greater id. */
export function latestOf(
  one: Customer360['lastInteraction'],
  other: Customer360['lastInteraction'],
): Pick<Customer360, 'lastInteraction' | 'lastInteractionAt'> {
  const latest =
    !one || (other && (compare(one.occurredAt, other.occurredAt) || compare(one.interactionId, other.interactionId)) < 0)
      ? other
      : one;
  return latest ? { lastInteraction: latest, lastInteractionAt: latest.occurredAt } : {};
}
