import { refuse } from '#kernel';
import type { Customer } from '../../customers/contract.js';
import { formed, type Team } from '../team/team.js';
import { known, type OpenedTicket, type Ticket } from './ticket-state.js';

/** The ticket if something can still be done about it. */
export function alive(ticket: Ticket): OpenedTicket {
  const it = notMerged(ticket);
  return it.status === 'CLOSED' ? refuse('ticket-closed', 'This ticket is closed; open another one that follows it.') : it;
}

export function notMerged(ticket: Ticket): OpenedTicket {
  const it = known(ticket);
  return it.status === 'MERGED' ? refuse('ticket-merged', `This ticket goes on in ${it.mergedInto}; do that there.`) : it;
}

export function atWork(ticket: Ticket): OpenedTicket {
  const it = alive(ticket);
  return it.status === 'RESOLVED' ? refuse('ticket-resolved', 'This ticket is resolved; reopen it first.') : it;
}

/** What is said is kept under the key of the customer, which an erasure destroys. */
export function mayBeTold(customer: Customer, field?: string): void {
  if (customer.status === 'ERASED')
    refuse('customer-erased', 'This customer is erased, so no words are kept any more; resolve the ticket without text.', field);
}

export function mustExist(teamId: string | undefined, team: Team): void {
  if (teamId !== undefined) formed(team);
}

export function mustBeUnopened({ status }: Ticket): void {
  if (status !== 'NONE')
    refuse(
      'ticket-exists',
      'This ticket was opened before; send another ticketId for another one. A retry takes the same Idempotency-Key.',
      'ticketId',
    );
}

/** Another ticket that `field` of a command names. */
export function mustBeTicket(ticketId: string, ticket: Ticket, field: string): OpenedTicket {
  return ticket.status === 'NONE'
    ? refuse('other-ticket-unknown', `There is no ticket ${ticketId}; check ${field}, or open the ticket first.`, field)
    : ticket;
}

/** A ticket in which another one may go on, whose customer may be another still. */
export function mustGoOn(intoTicketId: string, other: Ticket, ticketId: string): OpenedTicket {
  if (intoTicketId === ticketId)
    refuse('merge-with-itself', 'A ticket cannot go on in itself; send another intoTicketId.', 'intoTicketId');
  const into = mustBeTicket(intoTicketId, other, 'intoTicketId');
  if (into.status === 'CLOSED')
    refuse(
      'other-ticket-closed',
      `The ticket ${intoTicketId} is closed for good; send the intoTicketId of one that is not.`,
      'intoTicketId',
    );
  if (into.status === 'MERGED')
    refuse('other-ticket-merged', `The ticket ${intoTicketId} goes on in ${into.mergedInto}; send that one.`, 'intoTicketId');
  return into;
}
