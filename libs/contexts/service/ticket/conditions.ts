import { refuse } from '#kernel';
import type { Customer } from '../../customers/contract.js';
import type { Team } from '../team/team.js';
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
