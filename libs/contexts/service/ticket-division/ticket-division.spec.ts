import { describe, it } from '@jest/globals';
import { derivedId, send } from '#kernel';
import { carried, givenProcess, recorded } from '#kernel/testing';
import { OpenTicket } from '../ticket/commands.js';
import { TicketMerged, TicketSplit } from '../ticket/events.js';
import { AbsorbTicket } from '../ticket/process-commands.js';
import { customerId, otherId, ticketId } from '../ticket/testing/samples.js';
import { ticketMerge } from './ticket-merge.process.js';
import { ticketSplit } from './ticket-split.process.js';

const newTicketId = derivedId('sample', 'new');
const part = { customerId, channel: 'EMAIL', subject: carried('The invoice is wrong.'), priority: 'LOW' } as const;

describe('SRV-01 a ticket about two things', () => {
  it('becomes two tickets', () =>
    givenProcess(ticketSplit)
      .when(recorded(TicketSplit({ ticketId, newTicketId, language: 'de', ...part })))
      .sends(send(OpenTicket, { ...part, language: 'de', ticketId: newTicketId, splitFrom: ticketId }, { optional: true })));
  it('does not pass on as its language what was recorded and is none', () =>
    givenProcess(ticketSplit)
      .when(recorded(TicketSplit({ ticketId, newTicketId, language: 'not a language!!', ...part })))
      .sends(send(OpenTicket, { ...part, ticketId: newTicketId, splitFrom: ticketId }, { optional: true })));
});

describe('SRV-01 two tickets about one thing', () => {
  it('know each other', () =>
    givenProcess(ticketMerge)
      .when(recorded(TicketMerged({ ticketId, customerId, intoTicketId: otherId })))
      .sends(send(AbsorbTicket, { ticketId: otherId, mergedTicketId: ticketId })));
});
