import { at, process, send } from '#kernel';
import { TicketResolved } from '../ticket/events.js';
import { CloseResolvedTicket } from '../ticket/process-commands.js';

/** A timer for each solution. A ticket that was reopened is no concern of it: the command then decides that nothing happened. */
export const ticketClosing = process({
  name: 'ticket-closing',
  description: 'Closes resolved tickets that nobody reopened, after as many days as their policy says.',
  capabilities: ['SRV-01'],
  startsFrom: 'zero',
  facts: { TicketResolved },
  react: {
    TicketResolved: ({ data: { ticketId, closesAt } }) =>
      closesAt === undefined ? [] : [at(closesAt, send(CloseResolvedTicket, { ticketId, closesAt }))],
  },
});
