/** The most urgent first. */
export const priorities = ['URGENT', 'HIGH', 'MEDIUM', 'LOW'] as const;
export type Priority = (typeof priorities)[number];

/** What an SLA promises: the first answer of an agent, and the solution. */
export const targets = ['FIRST_RESPONSE', 'RESOLUTION'] as const;
export type Target = (typeof targets)[number];

/** Whether an agent takes tickets. */
export const agentStates = ['ACTIVE', 'AWAY', 'UNAVAILABLE'] as const;
export type AgentStatus = (typeof agentStates)[number];

/** Why an agent got a ticket. */
export const routingRules = ['LAST_AGENT', 'ONLY_CANDIDATE', 'LEAST_LOAD', 'LONGEST_WITHOUT', 'SMALLEST_ID'] as const;
export type RoutingRule = (typeof routingRules)[number];
