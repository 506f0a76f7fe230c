import { process, send } from '#kernel';
import { TicketMerged } from '../ticket/events.js';
import { AbsorbTicket } from '../ticket/process-commands.js';

/** A ticket does not see from its own stream which others go on in it: it is told. */
export const ticketMerge = process({
  name: 'ticket-merge',
  description: 'Tells a ticket which other one goes on in it.',
  capabilities: ['SRV-01'],
  startsFrom: 'now',
  facts: { TicketMerged },
  react: {
    TicketMerged: ({ data: { ticketId, intoTicketId } }) => [
      send(AbsorbTicket, { ticketId: intoTicketId, mergedTicketId: ticketId }),
    ],
  },
});
