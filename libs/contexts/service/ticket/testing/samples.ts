import { type DataOf, derivedId, type Fact, type Moment } from '#kernel';
import { carried, given } from '#kernel/testing';
import { type Customer, type Kin, kin } from '../../../customers/contract.js';
import type { Order } from '../../../orders/contract.js';
import { defaultPolicy, defaultPolicyId } from '../../sla-policy/sla-policy.js';
import type { Team } from '../../team/team.js';
import { defaultCalendar } from '../../working-calendar/working-calendar.js';
import { steps, type Way } from '../circle.js';
import * as facts from '../events.js';
import * as sla from '../sla-events.js';
import { ticket } from '../ticket.js';

/** Facts of one ticket, for specifications: MEDIUM, so 4 hours to the first answer, 5 days of 8 hours to the solution. */
export const ticketId = derivedId('sample', 'ticket');
export const otherId = derivedId('sample', 'other-ticket');
export const customerId = derivedId('sample', 'customer');
export const teamId = derivedId('sample', 'team');
export const anna = derivedId('sample', 'anna');
export const bert = derivedId('sample', 'bert');
export const policyId = defaultPolicyId('main');

/** Monday, 09:00: work begins. */
export const now = '2026-01-05T09:00:00.000Z';
/** A time of that week's Monday. */
export const monday = (time: string): Moment => `2026-01-05T${time}:00.000Z`;
export const tuesday = (time: string): Moment => `2026-01-06T${time}:00.000Z`;

export const firstResponse: sla.Due = {
  targetSeconds: 4 * 3600,
  dueAt: monday('13:00'),
  escalatesAt: monday('12:12'),
};
export const resolution: sla.Due = {
  targetSeconds: 40 * 3600,
  dueAt: '2026-01-09T17:00:00.000Z',
  escalatesAt: '2026-01-08T17:00:00.000Z',
};

export const customer: Customer = { status: 'REGISTERED', customerId, contacts: [], identifiers: {}, merged: [] };
export const erased: Customer = { status: 'ERASED', customerId };
const nobody: Customer = { status: 'NONE' };
export const someTeam: Extract<Team, { status: 'FORMED' }> = {
  status: 'FORMED',
  teamId,
  name: 'First line',
  agents: {},
  left: [],
  inHand: {},
  waiting: [],
  turns: 0,
};
export const surroundings = {
  customer,
  profile: {},
  policy: defaultPolicy,
  calendar: defaultCalendar,
  team: { status: 'NONE' } as Team,
  order: { exists: false } as Order,
  buyer: nobody,
  followed: ticket.initial,
  followedCustomer: nobody,
  whole: ticket.initial,
  wholeCustomer: nobody,
  other: ticket.initial,
  otherCustomer: customer,
  survivor: nobody,
  otherSurvivor: nobody,
  ...(Object.fromEntries(kin.map((name) => [name, nobody])) as unknown as Kin),
  ...(Object.fromEntries(steps.map((step) => [step, ticket.initial])) as unknown as Way),
};

/** As they are while the team has given the ticket to an agent. */
export const inHandOf = (agentId: string): typeof surroundings => ({
  ...surroundings,
  team: { ...someTeam, inHand: { [ticketId]: { agentId, request: { ticketId, customerId, priority: 'MEDIUM' } } } },
});

export const opening = { ticketId, customerId, channel: 'EMAIL', subject: carried('It stays dark.') } as const;
export const opened = (more: Partial<DataOf<typeof facts.TicketOpened>> = {}) =>
  facts.TicketOpened({ ...opening, priority: 'MEDIUM', ...more });
export const attached = (more: Partial<DataOf<typeof sla.SlaAttached>> = {}) =>
  sla.SlaAttached({
    ticketId,
    customerId,
    policyId,
    policyName: 'Default',
    promises: defaultPolicy.promises.map((promise) => ({ ...promise })),
    escalationPercent: 80,
    timeZone: 'UTC',
    hours: defaultCalendar.hours.map((open) => ({ ...open })),
    holidays: [],
    firstResponse,
    resolution,
    ...more,
  });

export const text = carried('Try again.');
export const reply = (from: 'AGENT' | 'CUSTOMER', more: Partial<DataOf<typeof facts.TicketReplied>> = {}) =>
  facts.TicketReplied({ ticketId, customerId, from, awaitsCustomer: from === 'AGENT', text, ...more });
export const held = facts.TicketHeld({ ticketId, reason: 'SUPPLIER' });
export const paused = sla.SlaPaused({ ticketId });
export const resumed = (pausedSeconds: number, dueAt: Moment, escalatesAt: Moment) =>
  sla.SlaResumed({ ticketId, pausedSeconds, resolution: { targetSeconds: 40 * 3600, dueAt, escalatesAt } });
export const verdict = (target: 'FIRST_RESPONSE' | 'RESOLUTION', takenSeconds: number, more: object = {}) => {
  const due = target === 'FIRST_RESPONSE' ? firstResponse : resolution;
  return {
    ticketId,
    customerId,
    target,
    policyId,
    priority: 'MEDIUM' as const,
    targetSeconds: due.targetSeconds,
    takenSeconds,
    marginSeconds: due.targetSeconds - takenSeconds,
    pausedSeconds: 0,
    dueAt: due.dueAt,
    ...more,
  };
};
export const resolved = (resolutions = 1) =>
  facts.TicketResolved({ ticketId, customerId, priority: 'MEDIUM', outcome: 'SOLVED', resolutions });
export const fulfilled = sla.SlaFulfilled;
export const failed = sla.SlaFailed;

/** The ticket after its opening on Monday at 09:00 and more. */
export const sample = (...history: (Fact | readonly [Fact, Moment])[]) =>
  given(ticket, surroundings, opened(), attached(), ...history);
