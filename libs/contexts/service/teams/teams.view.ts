import { type Static, Type } from 'typebox';
import { Choice, Count, Id, MomentField, Text, view } from '#kernel';
import { team } from '../team/team.js';
import { agentStates, priorities } from '../words.js';

const Codes = (description: string) => Type.Array(Text('a code', 60), { description });
const Ticket = Type.Object(
  {
    ticketId: Id('the ticket'),
    priority: Choice(priorities, 'how urgent it is'),
    skill: Type.Optional(Text('the skill that it needs', 60)),
    since: MomentField('since when the agent has it, or it waits'),
  },
  { description: 'a ticket that is not solved' },
);
const Agent = Type.Object(
  {
    agentId: Id('the agent'),
    status: Choice(agentStates, 'whether the agent takes tickets'),
    skills: Codes('the skills of the agent'),
    languages: Codes('the languages of the agent, BCP 47 tags'),
    tiers: Codes('the service tiers that the agent serves; an empty list: all'),
    capacity: Count('how many tickets the agent takes at most at a time'),
    load: Count('how many tickets the agent has in hand'),
    tickets: Type.Array(Ticket, { description: 'the tickets in hand, in the order of their ids' }),
  },
  { description: 'an agent of the team' },
);
const document = Type.Object({
  teamId: Id('the team'),
  name: Text('name of the team', 100),
  agents: Type.Array(Agent, { description: 'its agents, in the order of their ids' }),
  agentCount: Count('number of its agents'),
  active: Count('number of its agents who take tickets'),
  capacity: Count('how many tickets those take at most at a time'),
  outside: Type.Array(
    Type.Object(
      { agentId: Id('the agent'), ...Ticket.properties },
      { description: 'a ticket of the team that an agent of no or another team has' },
    ),
    { description: 'what was given by hand to agents who do not belong to the team, in the order of the ids' },
  ),
  inHand: Count('number of its tickets that an agent has, of the team or not'),
  room: Count('how many tickets its agents could take now, whatever these need'),
  waiting: Type.Array(Ticket, { description: 'its tickets that wait for an agent, in the order of their ids' }),
  waitingCount: Count('number of its tickets that wait for an agent'),
  waitingSince: Type.Optional(MomentField('since when the one waits that has waited longest')),
});
export type TeamEntry = Static<typeof document>;
type Agent = Static<typeof Agent>;
type Ticket = Static<typeof Ticket>;

export const teams = view({
  name: 'teams',
  description: 'The teams with their agents: what each can take and has in hand, how much room there is, and what waits.',
  version: 1,
  capabilities: ['SRV-01', 'SRV-02'],
  roles: ['care', 'analyst', 'auditor'],
  document,
  facts: team.facts,
  key: ({ data }) => data.teamId,
  filters: ['teamId', 'name', 'agentCount', 'active', 'capacity', 'inHand', 'room', 'waitingCount', 'waitingSince'],
  sums: { agentCount: null, active: null, capacity: null, inHand: null, room: null, waitingCount: null },
  sort: 'name',
  initial: (teamId): TeamEntry => ({
    teamId,
    name: '',
    agents: [],
    agentCount: 0,
    active: 0,
    capacity: 0,
    inHand: 0,
    room: 0,
    outside: [],
    waiting: [],
    waitingCount: 0,
  }),

  apply: {
    TeamFormed: (team, { data: { name } }) => ({ ...team, name }),
    AgentProfiled: (team, { data: { agentId, skills, languages, tiers, capacity } }) => {
      const before = team.agents.find((agent) => agent.agentId === agentId) ?? NEW;
      const own = team.outside.filter((ticket) => ticket.agentId === agentId).map(({ agentId: _, ...ticket }) => ticket);
      const tickets = [...before.tickets, ...own];
      return counted(team, {
        agents: [...others(team, agentId), { ...before, agentId, skills, languages, tiers, capacity, tickets }],
        outside: team.outside.filter((ticket) => ticket.agentId !== agentId),
      });
    },
    AgentStatusChanged: (team, { data: { agentId, to } }) =>
      counted(team, { agents: team.agents.map((agent) => (agent.agentId === agentId ? { ...agent, status: to } : agent)) }),
    AgentLeft: (team, { data: { agentId }, occurredAt: since }) => {
      const left = team.agents.find((agent) => agent.agentId === agentId)?.tickets ?? [];
      return counted(team, {
        agents: others(team, agentId),
        waiting: [...team.waiting, ...left.map((ticket) => ({ ...ticket, since }))],
      });
    },
    TicketRouted: (team, { data, occurredAt }) => taken(team, data.agentId, ticketOf(data, occurredAt)),
    TicketTaken: (team, { data, occurredAt }) => taken(team, data.agentId, ticketOf(data, occurredAt)),
    TicketQueued: (team, { data, occurredAt }) => {
      const before = without(team, data.ticketId);
      return counted(team, { ...before, waiting: [...before.waiting, ticketOf(data, occurredAt)] });
    },
    TicketRanked: (team, { data: { ticketId, priority } }) => {
      const ranked = (ticket: Ticket) => (ticket.ticketId === ticketId ? { ...ticket, priority } : ticket);
      return counted(team, {
        agents: team.agents.map((agent) => ({ ...agent, tickets: agent.tickets.map(ranked) })),
        outside: team.outside.map((ticket) => ({ ...ticket, ...ranked(ticket) })),
        waiting: team.waiting.map(ranked),
      });
    },
    TicketReleased: (team, { data: { ticketId } }) => counted(team, without(team, ticketId)),
  },
});

const NEW: Omit<Agent, 'agentId' | 'skills' | 'languages' | 'tiers' | 'capacity'> = { status: 'ACTIVE', load: 0, tickets: [] };

type Parts = Pick<TeamEntry, 'agents' | 'outside' | 'waiting'>;

const others = ({ agents }: TeamEntry, agentId: string) => agents.filter((agent) => agent.agentId !== agentId);

const ticketOf = ({ ticketId, priority, skill }: Pick<Ticket, 'ticketId' | 'priority' | 'skill'>, since: string): Ticket => ({
  ticketId,
  priority,
  ...(skill !== undefined && { skill }),
  since,
});

const without = ({ agents, outside, waiting }: TeamEntry, ticketId: string): Parts => {
  const rest = <T extends Ticket>(tickets: readonly T[]) => tickets.filter((ticket) => ticket.ticketId !== ticketId);
  return {
    agents: agents.map((agent) => ({ ...agent, tickets: rest(agent.tickets) })),
    outside: rest(outside),
    waiting: rest(waiting),
  };
};

/** Nobody else has it then. By hand it may go to somebody who does not belong to the team. */
function taken(team: TeamEntry, agentId: string, ticket: Ticket): TeamEntry {
  const { agents, outside, waiting } = without(team, ticket.ticketId);
  const isOurs = agents.some((agent) => agent.agentId === agentId);
  return counted(team, {
    agents: agents.map((agent) => (agent.agentId === agentId ? { ...agent, tickets: [...agent.tickets, ticket] } : agent)),
    outside: isOurs ? outside : [...outside, { agentId, ...ticket }],
    waiting,
  });
}

function counted(team: TeamEntry, parts: Partial<Parts>): TeamEntry {
  const { waitingSince: _, ...before } = team;
  const agents = [...(parts.agents ?? team.agents)]
    .map((agent) => ({ ...agent, load: agent.tickets.length, tickets: [...agent.tickets].sort(byTicket) }))
    .sort((one, other) => (one.agentId < other.agentId ? -1 : 1));
  const outside = [...(parts.outside ?? team.outside)].sort(byTicket);
  const waiting = [...(parts.waiting ?? team.waiting)].sort(byTicket);
  const [waitingSince] = waiting.map(({ since }) => since).sort();
  const active = agents.filter(({ status }) => status === 'ACTIVE');
  return {
    ...before,
    agents,
    agentCount: agents.length,
    active: active.length,
    capacity: total(active.map(({ capacity }) => capacity)),
    outside,
    inHand: total(agents.map(({ load }) => load)) + outside.length,
    room: total(active.map(({ capacity, load }) => Math.max(0, capacity - load))),
    waiting,
    waitingCount: waiting.length,
    ...(waitingSince !== undefined && { waitingSince }),
  };
}

const byTicket = (one: Ticket, other: Ticket) => (one.ticketId < other.ticketId ? -1 : 1);
const total = (numbers: readonly number[]) => numbers.reduce((sum, number) => sum + number, 0);
