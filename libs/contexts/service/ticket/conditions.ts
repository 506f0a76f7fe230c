import { refuse } from '#kernel';
import type { Customer } from '../../customers/contract.js';
import type { Order } from '../../orders/contract.js';
import type { Team } from '../team/team.js';
import type { OpenTicket } from './commands.js';
import { isContactOf, isOrderOf } from './one-customer.js';
import { known, type OpenedTicket, type Ticket } from './ticket-state.js';

/** The ticket if something can still be done about it. */
export function alive(ticket: Ticket): OpenedTicket {
  const it = notMerged(ticket);
  return it.status === 'CLOSED' ? refuse('ticket-closed', 'This ticket is closed; open another one that follows it.') : it;
}

export function notMerged(ticket: Ticket): OpenedTicket {
  const it = known(ticket);
  return it.status === 'MERGED' ? refuse('ticket-merged', `This ticket goes on in ${it.mergedInto}.`) : it;
}

export function atWork(ticket: Ticket): OpenedTicket {
  const it = alive(ticket);
  return it.status === 'RESOLVED' ? refuse('ticket-resolved', 'This ticket is resolved; reopen it first.') : it;
}

/** What is said is kept under the key of the customer, which an erasure destroys. */
export function mayBeTold(customer: Customer): void {
  if (customer.status === 'ERASED') refuse('customer-erased', 'This customer is erased.');
}

export function mustExist(teamId: string | undefined, team: Team): void {
  if (teamId !== undefined && team.status === 'NONE') refuse('team-unknown', 'There is no such team.');
}

/** The order that a new ticket is about, and the tickets that it comes from. */
export function mustBeAboutWhatExists(
  { orderId, follows, splitFrom }: OpenTicket,
  { order, followed, whole }: { readonly order: Order; readonly followed: Ticket; readonly whole: Ticket },
): void {
  if (orderId !== undefined && !order.exists) refuse('order-unknown', 'There is no such order.');
  if (follows !== undefined && followed.status === 'NONE')
    refuse('other-ticket-unknown', 'The ticket that it follows does not exist.');
  if (splitFrom !== undefined && whole.status === 'NONE')
    refuse('other-ticket-unknown', 'The ticket that it was a part of does not exist.');
}

/** Those who were merged are one customer. */
export function mustBeOfTheCustomer(opening: OpenTicket, read: Parameters<typeof isContactOf>[1]): void {
  const { contactId, orderId } = opening;
  if (contactId !== undefined && !isContactOf(opening, read))
    refuse('contact-of-other-customer', `contactId: ${contactId} is no contact of the customer.`);
  if (orderId !== undefined && !isOrderOf(opening, read))
    refuse('order-of-other-customer', `orderId: ${orderId} is an order of another customer.`);
}
