import { type DataOf, languageTag } from '#kernel';
import { type AgentStatus, priorities, type RoutingRule } from '../words.js';
import type { Candidate, TicketQueued } from './events.js';

/** A ticket, as far as routing is concerned. */
export type Request = Omit<DataOf<typeof TicketQueued>, 'teamId' | 'candidates'>;

/** An agent, as far as routing is concerned. */
export interface Standing {
  readonly agentId: string;
  readonly status: AgentStatus;
  readonly skills: readonly string[];
  readonly languages: readonly string[];
  /** Empty: all. */
  readonly tiers: readonly string[];
  readonly capacity: number;
  /** Tickets in hand. */
  readonly load: number;
  /** Number of the routing by which the agent got a ticket last; 0 for none. */
  readonly turn: number;
}

/** Every agent with whether it fits, in the order of ids. */
export const candidatesFor = (request: Request, agents: readonly Standing[]): Candidate[] =>
  [...agents]
    .sort((one, other) => (one.agentId < other.agentId ? -1 : 1))
    .map((agent) => ({
      agentId: agent.agentId,
      fitness: fitnessOf(request, agent),
      load: agent.load,
      capacity: agent.capacity,
      turn: agent.turn,
    }));

/**
 * The candidate who gets the ticket, and why: of those that fit, who served the customer last, else who has fewest tickets, else
 * who waited longest for one. Reads nothing but what the fact of the decision records, so that anybody can check it.
 */
export function choiceOf(
  candidates: readonly Candidate[],
  lastAgentId: string | undefined,
): { readonly agentId: string; readonly rule: RoutingRule } | undefined {
  const fitting = candidates.filter(({ fitness }) => fitness === 'FITS').sort(byPreference);
  const [first, second] = fitting;
  if (!first) return undefined;
  if (fitting.some(({ agentId }) => agentId === lastAgentId) && lastAgentId !== undefined)
    return { agentId: lastAgentId, rule: 'LAST_AGENT' };
  const { agentId } = first;
  if (!second) return { agentId, rule: 'ONLY_CANDIDATE' };
  if (first.load < second.load) return { agentId, rule: 'LEAST_LOAD' };
  return { agentId, rule: first.turn < second.turn ? 'LONGEST_WITHOUT' : 'SMALLEST_ID' };
}

/** Who is served first of those that wait: the most urgent, then who has waited longest. */
export const byUrgency = (
  one: { readonly request: Request; readonly since: string },
  other: { readonly request: Request; readonly since: string },
): number =>
  priorities.indexOf(one.request.priority) - priorities.indexOf(other.request.priority) ||
  (one.since < other.since ? -1 : one.since > other.since ? 1 : one.request.ticketId < other.request.ticketId ? -1 : 1);

function fitnessOf({ skill, language, tier }: Request, agent: Standing): Candidate['fitness'] {
  if (agent.status !== 'ACTIVE') return 'NOT_ACTIVE';
  if (skill !== undefined && !agent.skills.includes(skill)) return 'SKILL_MISSING';
  if (language !== undefined && !agent.languages.some((tag) => isOf(tag, language))) return 'LANGUAGE_MISSING';
  if (tier !== undefined && agent.tiers.length > 0 && !agent.tiers.includes(tier)) return 'TIER_NOT_SERVED';
  return agent.load >= agent.capacity ? 'FULL' : 'FITS';
}

/**
 * Basic filtering of RFC 4647: `en-GB` is of the range `en`, and not the other way round. Case tells no tags apart, nor do the forms
 * in which they were recorded.
 */
function isOf(tag: string, range: string): boolean {
  const [of, wanted] = [canonical(tag), canonical(range)];
  return of === wanted || of.startsWith(`${wanted}-`);
}

const canonical = (tag: string): string => (languageTag(tag) ?? tag).toLowerCase();

const byPreference = (one: Candidate, other: Candidate): number =>
  one.load - other.load || one.turn - other.turn || (one.agentId < other.agentId ? -1 : 1);
