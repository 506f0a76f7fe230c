import { describe, it } from '@jest/globals';
import { derivedId, send } from '#kernel';
import { givenProcess, recorded } from '#kernel/testing';
import { NoteService } from '../service-profile/commands.js';
import { RankTicket, ReleaseTicket, RouteTicket, TakeTicket, TakeTicketAgain } from '../team/commands.js';
import { TicketQueued, TicketRouted } from '../team/events.js';
import { TicketAssigned, TicketMerged, TicketPrioritised, TicketReopened, TicketResolved } from '../ticket/events.js';
import { AcceptRouting, UnassignTicket } from '../ticket/process-commands.js';
import { anna, customerId, opened, otherId, teamId, ticketId } from '../ticket/testing/samples.js';
import { ticketRouting } from './ticket-routing.process.js';

const otherTeam = derivedId('sample', 'other-team');
const needs = { ticketId, customerId, priority: 'MEDIUM' as const, skill: 'HARDWARE' };
const routing = givenProcess(ticketRouting);
const resolved = { ticketId, customerId, priority: 'MEDIUM', outcome: 'SOLVED', resolutions: 1 } as const;

describe('SRV-02 the team of a ticket', () => {
  it('finds an agent for a new ticket', () =>
    routing
      .when(recorded(opened({ teamId, skill: 'HARDWARE', language: 'de', tier: 'GOLD' })))
      .sends(send(RouteTicket, { teamId, ...needs, language: 'de', tier: 'GOLD' })));
  it('is not asked where there is none', () => routing.when(recorded(opened())).sendsNothing());
  it('has the agent take it', () =>
    routing
      .when(recorded(TicketRouted({ teamId, ...needs, agentId: anna, rule: 'LEAST_LOAD', candidates: [] })))
      .sends(send(AcceptRouting, { ticketId, teamId, agentId: anna, rule: 'LEAST_LOAD' }, { optional: true })));
  it('has another agent take it from one who left', () =>
    routing
      .when(recorded(TicketRouted({ teamId, ...needs, agentId: anna, rule: 'LEAST_LOAD', leftBy: otherId, candidates: [] })))
      .sends(send(AcceptRouting, { ticketId, teamId, agentId: anna, rule: 'LEAST_LOAD', leftBy: otherId }, { optional: true })));
  it('takes it from an agent who left, where nobody else can have it yet', () => {
    routing
      .when(recorded(TicketQueued({ teamId, ...needs, leftBy: anna, candidates: [] })))
      .sends(send(UnassignTicket, { ticketId, teamId, agentId: anna }, { optional: true }));
    routing.when(recorded(TicketQueued({ teamId, ...needs, candidates: [] }))).sendsNothing();
  });
  it('learns who got it by hand', () =>
    routing
      .when(recorded(TicketAssigned({ ...needs, teamId, agentId: anna })))
      .sends(send(TakeTicket, { teamId, ...needs, agentId: anna })));
  it('learns nothing new of what it routed itself', () =>
    routing.when(recorded(TicketAssigned({ ...needs, teamId, agentId: anna, rule: 'LEAST_LOAD' }))).sendsNothing());
  it('hands it over to another team', () =>
    routing
      .when(recorded(TicketAssigned({ ...needs, teamId, previousTeamId: otherTeam })))
      .sends(send(ReleaseTicket, { teamId: otherTeam, ticketId }), send(RouteTicket, { teamId, ...needs })));
  it('learns that it is more urgent than it was', () => {
    const prioritised = TicketPrioritised({ ticketId, from: 'LOW', to: 'URGENT' });
    routing
      .when(recorded(prioritised, { refs: { ticket: ticketId, team: teamId } }))
      .sends(send(RankTicket, { teamId, ticketId, priority: 'URGENT' }));
    routing.when(recorded(prioritised, { refs: { ticket: ticketId } })).sendsNothing();
  });
  it('is rid of it once it is resolved, and the agent is who served the customer last', () =>
    routing
      .when(recorded(TicketResolved({ ...resolved, teamId, agentId: anna })))
      .sends(send(ReleaseTicket, { teamId, ticketId }), send(NoteService, { customerId, agentId: anna })));
  it('has it again once it is reopened, with the same agent unless that one left', () =>
    routing
      .when(recorded(TicketReopened({ ...needs, by: 'CUSTOMER', teamId, agentId: anna })))
      .sends(send(TakeTicketAgain, { teamId, ...needs, agentId: anna })));
  it('finds an agent for a reopened one that had none', () =>
    routing.when(recorded(TicketReopened({ ...needs, by: 'CUSTOMER', teamId }))).sends(send(RouteTicket, { teamId, ...needs })));
  it('is rid of it once it goes on elsewhere', () =>
    routing
      .when(recorded(TicketMerged({ ticketId, customerId, intoTicketId: otherId, teamId })))
      .sends(send(ReleaseTicket, { teamId, ticketId })));
});
