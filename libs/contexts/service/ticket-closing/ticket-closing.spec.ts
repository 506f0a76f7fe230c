import { describe, it } from '@jest/globals';
import { addDays, at, type Fact, send } from '#kernel';
import { given, givenProcess, recorded } from '#kernel/testing';
import { TicketClosed, TicketReopened, TicketResolved } from '../ticket/events.js';
import { CloseResolvedTicket } from '../ticket/process-commands.js';
import { attached, customerId, fulfilled, now, opened, surroundings, ticketId, verdict } from '../ticket/testing/samples.js';
import { ticket } from '../ticket/ticket.js';
import { ticketClosing } from './ticket-closing.process.js';

const closesAt = addDays(now, 7);
const resolved = TicketResolved({ ticketId, customerId, priority: 'MEDIUM', outcome: 'SOLVED', resolutions: 1, closesAt });
const reopened = TicketReopened({ ticketId, customerId, priority: 'MEDIUM', by: 'CUSTOMER' });
const kept = [fulfilled(verdict('FIRST_RESPONSE', 0)), fulfilled(verdict('RESOLUTION', 0))];
const sample = (...more: Fact[]) => given(ticket, surroundings, opened(), attached({ closesAfterDays: 7 }), ...more);

describe('SRV-01 a resolved ticket', () => {
  it('says when it closes by itself', () =>
    sample()
      .when('ResolveTicket', { ticketId, outcome: 'SOLVED' })
      .then(resolved, ...kept));
  it('never does where the policy names no days', () =>
    given(ticket, surroundings, opened(), attached())
      .when('ResolveTicket', { ticketId, outcome: 'SOLVED' })
      .then(TicketResolved({ ...resolved.data, closesAt: undefined }), ...kept));
  it('has a timer for it', () => {
    givenProcess(ticketClosing)
      .when(recorded(resolved))
      .sends(at(closesAt, send(CloseResolvedTicket, { ticketId, closesAt })));
    givenProcess(ticketClosing)
      .when(recorded(TicketResolved({ ...resolved.data, closesAt: undefined })))
      .sendsNothing();
  });
  it('closes at that moment, which the fact carries however late the timer is', () =>
    sample(resolved)
      .when('CloseResolvedTicket', { ticketId, closesAt }, { now: addDays(closesAt, 3) })
      .then(TicketClosed({ ticketId, customerId, closedAt: closesAt })));
  it('does not close before', () =>
    sample(resolved)
      .when('CloseResolvedTicket', { ticketId, closesAt }, { now: addDays(closesAt, -1) })
      .changesNothing());
  it('does not close if it was reopened', () =>
    sample(resolved, reopened).when('CloseResolvedTicket', { ticketId, closesAt }, { now: closesAt }).changesNothing());
  it('closes by its last solution only', () => {
    const again = TicketResolved({ ...resolved.data, resolutions: 2, closesAt: addDays(closesAt, 1) });
    sample(resolved, reopened, again).when('CloseResolvedTicket', { ticketId, closesAt }, { now: closesAt }).changesNothing();
  });
  it('that somebody closed stays closed as it was', () =>
    sample(resolved, TicketClosed({ ticketId, customerId }))
      .when('CloseResolvedTicket', { ticketId, closesAt }, { now: closesAt })
      .changesNothing());
});
