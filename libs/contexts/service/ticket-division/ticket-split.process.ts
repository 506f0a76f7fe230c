import { languageTag, process, send } from '#kernel';
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
    TicketSplit: ({ data: { ticketId, newTicketId, language, ...part } }) => [
      send(
        OpenTicket,
        { ...part, ...(isLanguage(language) && { language }), ticketId: newTicketId, splitFrom: ticketId },
        { optional: true },
      ),
    ],
  },
});

/** What was recorded before tags were checked may be none. */
const isLanguage = (language: string | undefined) => languageTag(language) !== undefined;
