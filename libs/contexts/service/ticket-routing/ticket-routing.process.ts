import { process, send } from '#kernel';
import { NoteService } from '../service-profile/commands.js';
import { RankTicket, ReleaseTicket, RouteTicket, TakeTicket, TakeTicketAgain } from '../team/commands.js';
import { TicketQueued, TicketRouted } from '../team/events.js';
import {
  TicketAssigned,
  TicketMerged,
  TicketOpened,
  TicketPrioritised,
  TicketReopened,
  TicketResolved,
} from '../ticket/events.js';
import { AcceptRouting, UnassignTicket } from '../ticket/process-commands.js';
import type { Priority } from '../words.js';

/** Between a ticket and its team: the team says who gets it, and learns what its agents have in hand. */
export const ticketRouting = process({
  name: 'ticket-routing',
  description: 'Has the team of a ticket find an agent for it, and tells the team when the agent has room again.',
  capabilities: ['SRV-02'],
  startsFrom: 'now',
  facts: {
    TicketOpened,
    TicketAssigned,
    TicketPrioritised,
    TicketRouted,
    TicketQueued,
    TicketResolved,
    TicketReopened,
    TicketMerged,
  },

  react: {
    TicketOpened: ({ data }) => (data.teamId === undefined ? [] : [send(RouteTicket, requestOf(data, data.teamId))]),
    TicketRouted: ({ data: { teamId, ticketId, agentId, rule, leftBy } }) => [
      // Optional, for meanwhile it may have been closed or merged.
      send(AcceptRouting, { ticketId, teamId, agentId, rule, ...(leftBy !== undefined && { leftBy }) }, { optional: true }),
    ],
    // Who left has it no more, though nobody else can take it yet.
    TicketQueued: ({ data: { teamId, ticketId, leftBy } }) =>
      leftBy === undefined ? [] : [send(UnassignTicket, { ticketId, teamId, agentId: leftBy }, { optional: true })],
    TicketAssigned: ({ data }) => {
      const { ticketId, teamId, agentId, previousTeamId, rule } = data;
      if (rule !== undefined) return [];
      const moved = previousTeamId !== undefined && previousTeamId !== teamId;
      return [
        ...(moved ? [send(ReleaseTicket, { teamId: previousTeamId, ticketId })] : []),
        ...(teamId === undefined ? [] : [inHand(data, teamId, agentId)]),
      ];
    },
    TicketPrioritised: ({ data: { ticketId, to }, refs: { team: teamId } }) =>
      teamId === undefined ? [] : [send(RankTicket, { teamId, ticketId, priority: to })],
    TicketResolved: ({ data: { ticketId, teamId, customerId, agentId } }) => [
      ...(teamId === undefined ? [] : [send(ReleaseTicket, { teamId, ticketId })]),
      ...(agentId === undefined ? [] : [send(NoteService, { customerId, agentId })]),
    ],
    // Who solved it may have left since.
    TicketReopened: ({ data }) => (data.teamId === undefined ? [] : [inHand(data, data.teamId, data.agentId, TakeTicketAgain)]),
    TicketMerged: ({ data: { ticketId, teamId } }) => (teamId === undefined ? [] : [send(ReleaseTicket, { teamId, ticketId })]),
  },
});

interface Routable {
  readonly ticketId: string;
  readonly customerId: string;
  readonly priority: Priority;
  readonly skill?: string;
  readonly language?: string;
  readonly tier?: string;
}

const requestOf = ({ ticketId, customerId, priority, skill, language, tier }: Routable, teamId: string) => ({
  teamId,
  ticketId,
  customerId,
  priority,
  ...(skill !== undefined && { skill }),
  ...(language !== undefined && { language }),
  ...(tier !== undefined && { tier }),
});

const inHand = (ticket: Routable, teamId: string, agentId: string | undefined, take: typeof TakeTicket = TakeTicket) =>
  agentId === undefined ? send(RouteTicket, requestOf(ticket, teamId)) : send(take, { ...requestOf(ticket, teamId), agentId });
