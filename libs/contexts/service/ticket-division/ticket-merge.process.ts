import { process, send } from '#kernel';
import { wayOut } from '../ticket/circle.js';
import { TicketAbsorbed, TicketMerged } from '../ticket/events.js';
import { AbsorbTicket, ReinstateTicket } from '../ticket/process-commands.js';

/** A ticket does not see from its own stream which others go on in it: it is told. */
export const ticketMerge = process({
  name: 'ticket-merge',
  description:
    'Tells a ticket which other one goes on in it, and one of those that were merged in a circle that it goes on after all.',
  capabilities: ['SRV-01'],
  startsFrom: 'now',
  facts: { TicketMerged, TicketAbsorbed },
  react: {
    TicketMerged: ({ data: { ticketId, intoTicketId } }) => [
      send(AbsorbTicket, { ticketId: intoTicketId, mergedTicketId: ticketId }),
    ],
    TicketAbsorbed: ({ data: { circle } }) => (circle === undefined ? [] : [send(ReinstateTicket, wayOut(circle))]),
  },
});
