import type { DataOf, Moment } from '#kernel';
import type { ReplyToTicket } from './commands.js';
import * as events from './events.js';
import { breaches, pausing, resuming, verdicts } from './promise-facts.js';
import type { OpenedTicket } from './ticket-state.js';

type Assignment = Pick<DataOf<typeof events.TicketAssigned>, 'teamId' | 'agentId' | 'rule'>;

/** The ticket as its assignment says it, for the team and the agent who had it and who have it now. */
export const assigned = (before: OpenedTicket, ticketId: string, to: Assignment) => {
  const { customerId, priority, skill, language, tier, teamId: previousTeamId, agentId: previousAgentId } = before;
  return events.TicketAssigned({
    ticketId,
    customerId,
    priority,
    skill,
    language,
    tier,
    ...to,
    previousTeamId,
    previousAgentId,
  });
};

/** The agent's turn is over, unless nothing is awaited of the customer. */
export function answered(
  before: OpenedTicket,
  { ticketId, text, awaitsCustomer: awaits = true, agentId }: ReplyToTicket,
  now: Moment,
) {
  const waits = awaits && before.status === 'OPEN';
  return [
    ...breaches(before, now),
    events.TicketReplied({
      ticketId,
      customerId: before.customerId,
      from: 'AGENT',
      agentId: agentId ?? before.agentId,
      awaitsCustomer: awaits,
      text,
    }),
    ...verdicts({ ...before, agentId: agentId ?? before.agentId }, ['FIRST_RESPONSE'], now),
    ...(waits ? pausing(before) : []),
  ];
}

/** It is the agent's turn again, on a solved ticket too. */
export function heardOf(before: OpenedTicket, { ticketId, text }: ReplyToTicket, now: Moment) {
  const { customerId, status } = before;
  const replied = events.TicketReplied({ ticketId, customerId, from: 'CUSTOMER', awaitsCustomer: false, text });
  if (status === 'RESOLVED') return [replied, ...reopening(before, 'CUSTOMER', now)];
  if (status === 'OPEN') return [...breaches(before, now), replied];
  return [...breaches(before, now), replied, events.TicketResumed({ ticketId, by: 'CUSTOMER' }), ...resuming(before, now)];
}

export const reopening = (before: OpenedTicket, by: (typeof events.sides)[number], now: Moment) => {
  const { ticketId, customerId, teamId, agentId, priority, skill, language, tier } = before;
  return [
    events.TicketReopened({ ticketId, customerId, teamId, agentId, priority, skill, language, tier, by }),
    ...resuming(before, now),
  ];
};

/** Its time goes on, and its team, which let go of it when it was merged, has it again. */
export const reinstating = (before: OpenedTicket, mergedTicketId: string, now: Moment) => {
  const { ticketId, teamId, agentId } = before;
  return [
    events.TicketReinstated({ ticketId, mergedTicketId }),
    ...resuming(before, now),
    ...(teamId === undefined ? [] : [assigned(before, ticketId, { teamId, agentId })]),
  ];
};
