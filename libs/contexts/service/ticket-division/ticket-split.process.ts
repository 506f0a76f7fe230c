import { process, send } from '#kernel';
import { OpenTicket } from '../ticket/commands.js';
import { TicketSplit } from '../ticket/events.js';

/** Optional, for the customer may have been erased meanwhile: then there is nobody to open a ticket for. */
export const ticketSplit = process({
  name: 'ticket-split',
  description: 'Opens the ticket that was split off another one.',
  capabilities: ['SRV-01'],
  startsFrom: 'now',
  facts: { TicketSplit },
  react: {
    TicketSplit: ({ data: { ticketId, newTicketId, ...part } }) => [
      send(OpenTicket, { ...part, ticketId: newTicketId, splitFrom: ticketId }, { optional: true }),
    ],
  },
});
