import { aggregate, canonicalJson, type DataOf, languageTag, type Moment, refuse } from '#kernel';
import { type ServiceProfile, serviceProfile } from '../service-profile/service-profile.js';
import {
  FormTeam,
  ProfileAgent,
  RankTicket,
  ReleaseTicket,
  RemoveAgent,
  RouteTicket,
  SetAgentStatus,
  TakeTicket,
  TakeTicketAgain,
} from './commands.js';
import {
  AgentLeft,
  AgentProfiled,
  AgentStatusChanged,
  TeamFormed,
  TicketQueued,
  TicketRanked,
  TicketReleased,
  TicketRouted,
  TicketTaken,
} from './events.js';
import { byUrgency, candidatesFor, choiceOf, type Request, type Standing } from './routing.js';

type Agent = Omit<Standing, 'load'>;

interface Waiting {
  readonly request: Request;
  readonly since: Moment;
}

interface Formed {
  readonly status: 'FORMED';
  readonly teamId: string;
  readonly name: string;
  readonly agents: Readonly<Record<string, Agent>>;
  /** Agents who left and did not come back. */
  readonly left: readonly string[];
  /** Ticket id → who has it, and what it needs should it have to be routed again. */
  readonly inHand: Readonly<Record<string, { readonly agentId: string; readonly request: Request }>>;
  readonly waiting: readonly Waiting[];
  /** Number of routings so far. */
  readonly turns: number;
}
export type Team = { readonly status: 'NONE' } | Formed;

/** What a decision reads beside its own stream: how the customer of the ticket is served. */
interface References {
  readonly profile: ServiceProfile;
}

const MOST_AGENTS = 100;

/** Whether the team has given a ticket to an agent; who leaves has none in hand. */
export const hasInHand = (team: Team, agentId: string, ticketId: string): boolean =>
  team.status === 'FORMED' && team.inHand[ticketId]?.agentId === agentId;

export const team = aggregate<Team, References>()({
  name: 'team',
  description: 'Agents who share a queue of tickets: what each can take, what each has in hand, and who gets the next one.',
  id: 'teamId',
  commands: {
    FormTeam,
    ProfileAgent,
    SetAgentStatus,
    RemoveAgent,
    RouteTicket,
    TakeTicket,
    TakeTicketAgain,
    RankTicket,
    ReleaseTicket,
  },
  facts: {
    TeamFormed,
    AgentProfiled,
    AgentStatusChanged,
    AgentLeft,
    TicketRouted,
    TicketQueued,
    TicketTaken,
    TicketRanked,
    TicketReleased,
  },
  stateVersion: 2,
  initial: { status: 'NONE' },
  refs: (team) => (team.status === 'NONE' ? {} : { team: team.teamId }),
  references: {
    profile: { aggregate: serviceProfile, id: ({ customerId }: Partial<RouteTicket>) => customerId },
  },

  decide: {
    FormTeam: ({ teamId, name }, team) => (team.status === 'FORMED' && team.name === name ? [] : TeamFormed({ teamId, name })),

    ProfileAgent: ({ teamId, agentId, skills = [], languages = [], tiers = [], capacity = 10 }, team) => {
      const before = formed(team);
      const present = before.agents[agentId];
      if (!present && Object.keys(before.agents).length >= MOST_AGENTS)
        refuse('team-full', `A team has at most ${MOST_AGENTS} agents; form another team, or remove an agent first.`);
      const profile = {
        skills: [...skills].sort(),
        languages: [...new Set(languages.map((tag) => languageTag(tag) ?? tag))].sort(),
        tiers: [...tiers].sort(),
        capacity,
      };
      if (present && canonicalJson(profile) === canonicalJson(profileOf(present))) return [];
      const profiled = AgentProfiled({ teamId, agentId, ...profile });
      return [profiled, ...routed(withProfile(before, profiled.data)).facts];
    },

    SetAgentStatus: ({ teamId, agentId, status }, team) => {
      const before = formed(team);
      const { status: from } = agentOf(before, agentId);
      if (from === status) return [];
      const changed = AgentStatusChanged({ teamId, agentId, from, to: status });
      return [changed, ...routed(withStatus(before, changed.data)).facts];
    },

    RemoveAgent: ({ teamId, agentId }, team, { now }) => {
      const before = formed(team);
      agentOf(before, agentId);
      const left = AgentLeft({ teamId, agentId });
      const { facts, after } = routed(without(before, agentId, now));
      const stranded = after.waiting.filter(({ request: { ticketId } }) => !isWaiting(before, ticketId));
      return [left, ...facts, ...stranded.map(({ request }) => queued(after, request))];
    },

    RouteTicket: ({ teamId: _, ...wanted }, team, { profile, now }) =>
      routing(formed(team), { ...wanted, lastAgentId: profile.lastAgentId }, now),

    TakeTicket: (wanted, team) => taking(formed(team), wanted),

    TakeTicketAgain: ({ teamId, agentId, ...wanted }, team, { profile, now }) => {
      const before = formed(team);
      return before.left.includes(agentId)
        ? routing(before, { ...wanted, lastAgentId: profile.lastAgentId, leftBy: agentId }, now)
        : taking(before, { teamId, agentId, ...wanted });
    },

    RankTicket: ({ teamId, ticketId, priority }, team) => {
      const before = formed(team);
      const request = before.inHand[ticketId]?.request ?? waitingFor(before, ticketId)?.request;
      return request === undefined || request.priority === priority ? [] : TicketRanked({ teamId, ticketId, priority });
    },

    ReleaseTicket: ({ teamId, ticketId }, team) => {
      const before = formed(team);
      if (!before.inHand[ticketId] && !isWaiting(before, ticketId)) return [];
      return [TicketReleased({ teamId, ticketId }), ...routed(released(before, ticketId)).facts];
    },
  },

  evolve: {
    TeamFormed: (team, { teamId, name }) =>
      team.status === 'FORMED'
        ? { ...team, name }
        : { status: 'FORMED', teamId, name, agents: {}, left: [], inHand: {}, waiting: [], turns: 0 },
    AgentProfiled: (team, data) => withProfile(formed(team), data),
    AgentStatusChanged: (team, data) => withStatus(formed(team), data),
    AgentLeft: (team, { agentId }, { occurredAt }) => without(formed(team), agentId, occurredAt),
    TicketRouted: (team, data) => routedTo(formed(team), data),
    TicketQueued: (team, { teamId: _, candidates: __, leftBy: ___, ...request }, { occurredAt }) => {
      const before = released(formed(team), request.ticketId);
      return { ...before, waiting: [...before.waiting, { request, since: occurredAt }] };
    },
    TicketTaken: (team, data) => inHandOf(formed(team), data),
    TicketRanked: (team, { ticketId, priority }) => ranked(formed(team), ticketId, priority),
    TicketReleased: (team, { ticketId }) => released(formed(team), ticketId),
  },
});

function routing(team: Formed, request: Request, now: Moment) {
  if (team.inHand[request.ticketId] || isWaiting(team, request.ticketId)) return [];
  const { facts, after } = routed({ ...team, waiting: [{ request, since: now }] });
  return facts.length > 0 ? facts : queued(after, request);
}

function taking(team: Formed, { agentId, ...wanted }: TakeTicket) {
  if (hasInHand(team, agentId, wanted.ticketId)) return [];
  const taken = TicketTaken({ ...wanted, agentId });
  return [taken, ...routed(inHandOf(team, taken.data)).facts];
}

/** Routes of what waits all that somebody can take now, in order; and the team after it. */
function routed(team: Formed) {
  const facts: ReturnType<typeof TicketRouted>[] = [];
  let after = team;
  for (const { request } of [...team.waiting].sort(byUrgency)) {
    const candidates = candidatesFor(request, standingsOf(after));
    const choice = choiceOf(candidates, request.lastAgentId);
    if (!choice) continue;
    const fact = TicketRouted({ teamId: team.teamId, ...request, ...choice, candidates });
    facts.push(fact);
    after = routedTo(after, fact.data);
  }
  return { facts, after };
}

const queued = (team: Formed, request: Request) =>
  TicketQueued({ teamId: team.teamId, ...request, candidates: candidatesFor(request, standingsOf(team)) });

function standingsOf({ agents, inHand }: Formed): Standing[] {
  const loads = new Map<string, number>();
  for (const { agentId } of Object.values(inHand)) loads.set(agentId, (loads.get(agentId) ?? 0) + 1);
  return Object.values(agents).map((agent) => ({ ...agent, load: loads.get(agent.agentId) ?? 0 }));
}

export function formed(team: Team): Formed {
  return team.status === 'NONE'
    ? refuse('team-unknown', 'There is no such team; check teamId, or form the team first.', 'teamId')
    : team;
}

const agentOf = ({ agents }: Formed, agentId: string): Agent =>
  agents[agentId] ??
  refuse('agent-unknown', 'The team has no such agent; check agentId, or give the agent a profile in it first.', 'agentId');

const profileOf = ({ skills, languages, tiers, capacity }: Agent) => ({ skills, languages, tiers, capacity });

const waitingFor = ({ waiting }: Formed, ticketId: string) => waiting.find(({ request }) => request.ticketId === ticketId);

const isWaiting = (team: Formed, ticketId: string) => waitingFor(team, ticketId) !== undefined;

// ---- the team after a fact ----

function withProfile(team: Formed, { teamId: _, agentId, ...profile }: DataOf<typeof AgentProfiled>): Formed {
  const { status, turn } = team.agents[agentId] ?? { status: 'ACTIVE', turn: 0 };
  const left = team.left.filter((former) => former !== agentId);
  return { ...team, left, agents: { ...team.agents, [agentId]: { agentId, status, turn, ...profile } } };
}

const withStatus = (team: Formed, { agentId, to }: DataOf<typeof AgentStatusChanged>): Formed => ({
  ...team,
  agents: { ...team.agents, [agentId]: { ...agentOf(team, agentId), status: to } },
});

/** What the agent had in hand waits, from then on. */
function without(team: Formed, leaving: string, since: Moment): Formed {
  const { [leaving]: _, ...agents } = team.agents;
  const entries = Object.entries(team.inHand);
  const left = entries.filter(([, { agentId }]) => agentId === leaving);
  return {
    ...team,
    agents,
    left: [...team.left, leaving],
    inHand: Object.fromEntries(entries.filter(([, { agentId }]) => agentId !== leaving)),
    waiting: [...team.waiting, ...left.map(([, { request }]) => ({ request: { ...request, leftBy: leaving }, since }))],
  };
}

function routedTo(
  team: Formed,
  { teamId: _, rule: __, candidates: ___, leftBy: ____, agentId, ...request }: DataOf<typeof TicketRouted>,
): Formed {
  const before = inHandOf(team, { teamId: team.teamId, agentId, ...request });
  const turns = team.turns + 1;
  return { ...before, turns, agents: { ...team.agents, [agentId]: { ...agentOf(team, agentId), turn: turns } } };
}

function inHandOf(team: Formed, { teamId: _, agentId, ...request }: DataOf<typeof TicketTaken>): Formed {
  const { inHand, waiting } = released(team, request.ticketId);
  return { ...team, waiting, inHand: { ...inHand, [request.ticketId]: { agentId, request } } };
}

function released(team: Formed, ticketId: string): Formed {
  const { [ticketId]: _, ...inHand } = team.inHand;
  return { ...team, inHand, waiting: team.waiting.filter(({ request }) => request.ticketId !== ticketId) };
}

function ranked(team: Formed, ticketId: string, priority: Request['priority']): Formed {
  const held = team.inHand[ticketId];
  return {
    ...team,
    inHand: held ? { ...team.inHand, [ticketId]: { ...held, request: { ...held.request, priority } } } : team.inHand,
    waiting: team.waiting.map((waiting) =>
      waiting.request.ticketId === ticketId ? { ...waiting, request: { ...waiting.request, priority } } : waiting,
    ),
  };
}
