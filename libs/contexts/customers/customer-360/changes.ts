import type { Recorded } from '#kernel';
import { openAmount } from '../../orders/contract.js';
import type { Customer360, InvoicePiece, OpportunityPiece, OrderPiece, TicketPiece } from './document.js';
import { eventOf, ofInvoices, ofOpportunities, ofOrders, ofTickets, unbilled, withPiece } from './pieces.js';

export const trace = (recorded: Recorded) => ({ since: recorded.occurredAt, event: eventOf(recorded) });

export function owned(customer: Customer360, ownerId: string, recorded: Recorded): Customer360 {
  const former = customer.owners.map((ownership) =>
    ownership.until === undefined ? { ...ownership, until: recorded.occurredAt } : ownership,
  );
  return { ...customer, ownerId, owners: [...former, { ownerId, ...trace(recorded) }] };
}

/** A correction may have occurred before the opening of its opportunity: as of a day in between there is nothing to correct. */
export function pursued<D extends { readonly opportunityId: string }>(
  customer: Customer360,
  recorded: Recorded<D>,
  change: (data: D, opportunity: OpportunityPiece) => Partial<OpportunityPiece>,
): Customer360 {
  const { data } = recorded;
  const opportunities = customer.opportunities.map((opportunity) =>
    opportunity.opportunityId === data.opportunityId
      ? { ...opportunity, ...change(data, opportunity), event: eventOf(recorded) }
      : opportunity,
  );
  return { ...customer, ...ofOpportunities(opportunities) };
}

export function progressed<D extends { readonly orderId: string }>(
  customer: Customer360,
  recorded: Recorded<D>,
  change: (data: D, order: OrderPiece) => Partial<OrderPiece>,
): Customer360 {
  const { data } = recorded;
  const orders = customer.orders.map((order) =>
    order.orderId === data.orderId ? { ...order, ...change(data, order), event: eventOf(recorded) } : order,
  );
  return { ...customer, ...ofOrders(orders) };
}

export const billed = <D extends { readonly orderId: string; readonly invoiceId: string }>(
  customer: Customer360,
  recorded: Recorded<D>,
  change: (data: D, invoice: InvoicePiece) => Partial<InvoicePiece>,
): Customer360 =>
  progressed(customer, recorded, (data, { invoices }) => {
    const { invoiceId } = data;
    const before = invoices.find((invoice) => invoice.invoiceId === invoiceId) ?? { invoiceId, ...unbilled, ...trace(recorded) };
    const after = { ...before, ...change(data, before), event: eventOf(recorded) };
    const open = openAmount({ ...after, amount: after.invoiced, refunded: 0 });
    return ofInvoices(withPiece(invoices, 'invoiceId', { ...after, open }));
  });

export function served<D extends { readonly ticketId: string }>(
  customer: Customer360,
  recorded: Recorded<D>,
  change: (data: D, ticket: TicketPiece) => { readonly [K in keyof TicketPiece]?: TicketPiece[K] | undefined },
): Customer360 {
  const { data } = recorded;
  const tickets = customer.tickets.map((ticket) => {
    if (ticket.ticketId !== data.ticketId) return ticket;
    const { agentId, ...changed } = { ...ticket, ...change(data, ticket), event: eventOf(recorded) } as TicketPiece;
    return agentId === undefined ? changed : { ...changed, agentId };
  });
  return { ...customer, ...ofTickets(tickets) };
}

export const bought = (lines: readonly { productId?: string; description: string; quantity: number }[]): OrderPiece['bought'] =>
  lines.map(({ productId, description, quantity }) =>
    productId === undefined ? { description, quantity } : { productId, description, quantity },
  );
