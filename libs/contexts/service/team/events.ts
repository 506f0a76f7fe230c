import { type Static, Type } from 'typebox';
import { Choice, Count, fact, Id, Text } from '#kernel';
import { agentStates, priorities, routingRules } from '../words.js';

const teamId = Id('the team');
const agentId = Id('the agent');
const Codes = (description: string) => Type.Array(Text('a code', 60), { description });

/** What of a ticket matters to who gets it. */
export const requestFields = {
  ticketId: Id('the ticket'),
  customerId: Id('the customer'),
  priority: Choice(priorities, 'how urgent it is'),
  skill: Type.Optional(Text('the skill that it needs', 60)),
  language: Type.Optional(Text('the language that it needs, a BCP 47 tag', 35)),
  tier: Type.Optional(Text('the service tier of the customer', 60)),
  lastAgentId: Type.Optional(Id('the agent who served the customer last')),
};

/** Why an agent can take a ticket, or cannot. The first that holds. */
export const fitness = ['NOT_ACTIVE', 'SKILL_MISSING', 'LANGUAGE_MISSING', 'TIER_NOT_SERVED', 'FULL', 'FITS'] as const;

const Candidate = Type.Object(
  {
    agentId,
    fitness: Choice(fitness, 'FITS, or why not'),
    load: Count('how many tickets the agent had, in this team'),
    capacity: Count('how many tickets the agent takes at most'),
    turn: Count('number of the routing, in this team, by which the agent got a ticket last; 0 for none'),
  },
  { additionalProperties: false, description: 'an agent of the team, as the decision saw it' },
);
export type Candidate = Readonly<Static<typeof Candidate>>;

const leftBy = Type.Optional(Id('the agent who had it and left the team'));
const candidates = Type.Array(Candidate, { description: 'all agents of the team, in the order of their ids' });

export const TeamFormed = fact('TeamFormed', 'There is a team that tickets can be routed to, under this name from now on.', {
  teamId,
  name: Text('name of the team', 100),
});

export const AgentProfiled = fact('AgentProfiled', 'An agent belongs to the team, and can take these tickets from now on.', {
  teamId,
  agentId,
  skills: Codes('the skills of the agent'),
  languages: Codes('the languages of the agent, BCP 47 tags'),
  tiers: Codes('the service tiers that the agent serves; an empty list: all'),
  capacity: Count('how many tickets the agent takes at most at a time'),
});

export const AgentStatusChanged = fact('AgentStatusChanged', 'An agent takes tickets from now on, or does not.', {
  teamId,
  agentId,
  from: Choice(agentStates, 'what it was'),
  to: Choice(agentStates, 'what it is'),
});

export const AgentLeft = fact('AgentLeft', 'An agent does not belong to the team any more.', { teamId, agentId });

export const TicketRouted = fact('TicketRouted', 'An agent of the team gets a ticket, and this is why.', {
  teamId,
  ...requestFields,
  agentId,
  rule: Choice(
    routingRules,
    'why this one of those that fit: served the customer last, was the only one, had fewest tickets, waited longest for one, has the smallest id',
  ),
  leftBy,
  candidates,
});

export const TicketQueued = fact('TicketQueued', 'No agent of the team can take a ticket now: it waits until one can.', {
  teamId,
  ...requestFields,
  leftBy,
  candidates,
});

export const TicketTaken = fact(
  'TicketTaken',
  'An agent got a ticket of the team by hand.',
  { teamId, ...requestFields, agentId },
  { visibility: 'internal' },
);

export const TicketRanked = fact(
  'TicketRanked',
  'A ticket of the team, in hand or waiting, is more or less urgent than it was.',
  { teamId, ticketId: Id('the ticket'), priority: Choice(priorities, 'how urgent it is') },
  { visibility: 'internal' },
);

export const TicketReleased = fact(
  'TicketReleased',
  'A ticket is no concern of the team any more: its agent has room for another one.',
  { teamId, ticketId: Id('the ticket') },
  { visibility: 'internal' },
);
