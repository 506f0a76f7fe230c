import { type Aggregate, type DataOf, type Moment, refuse } from '#kernel';
import type { Priority } from '../words.js';
import {
  TicketAbsorbed,
  TicketAssigned,
  TicketCategorised,
  TicketClosed,
  TicketHeld,
  TicketMerged,
  TicketOpened,
  TicketPrioritised,
  TicketReinstated,
  TicketReopened,
  TicketReplied,
  TicketResolved,
  TicketResumed,
  TicketSplit,
  type TicketStatus,
} from './events.js';
import { attached, paused, promised, type Sla, withPromise } from './sla.js';
import {
  SlaAttached,
  SlaBreached,
  SlaEscalated,
  SlaFailed,
  SlaFulfilled,
  SlaPaused,
  SlaResumed,
  SlaRetargeted,
} from './sla-events.js';

export const facts = {
  TicketOpened,
  TicketCategorised,
  TicketPrioritised,
  TicketAssigned,
  TicketReplied,
  TicketHeld,
  TicketResumed,
  TicketResolved,
  TicketReopened,
  TicketClosed,
  TicketSplit,
  TicketMerged,
  TicketAbsorbed,
  TicketReinstated,
  SlaAttached,
  SlaRetargeted,
  SlaPaused,
  SlaResumed,
  SlaEscalated,
  SlaBreached,
  SlaFulfilled,
  SlaFailed,
};

export interface OpenedTicket {
  readonly status: TicketStatus;
  readonly ticketId: string;
  readonly customerId: string;
  readonly channel: DataOf<typeof TicketOpened>['channel'];
  readonly priority: Priority;
  readonly category?: string | undefined;
  readonly skill?: string | undefined;
  readonly language?: string | undefined;
  readonly tier?: string | undefined;
  readonly teamId?: string | undefined;
  readonly agentId?: string | undefined;
  /** Whether somebody gave it to this agent, and not its team. */
  readonly byHand?: boolean;
  readonly orderId?: string | undefined;
  readonly openedAt: Moment;
  readonly resolutions: number;
  /** Of a resolved one: when it closes by itself. */
  readonly closesAt?: Moment | undefined;
  /** The ticket in which it goes on. */
  readonly mergedInto?: string | undefined;
  /** The tickets that go on in it. */
  readonly absorbed: readonly string[];
  /** Attached by the fact after the opening. */
  readonly sla?: Sla | undefined;
}
export type Ticket = { readonly status: 'NONE' } | OpenedTicket;

// biome-ignore lint/suspicious/noExplicitAny: of its own aggregate only the facts matter here
export const evolve: Aggregate<Ticket, any, typeof facts>['evolve'] = {
  TicketOpened: (_, opened, { occurredAt }) => ({
    status: 'OPEN',
    ticketId: opened.ticketId,
    customerId: opened.customerId,
    channel: opened.channel,
    priority: opened.priority,
    category: opened.category,
    skill: opened.skill,
    language: opened.language,
    tier: opened.tier,
    teamId: opened.teamId,
    orderId: opened.orderId,
    openedAt: occurredAt,
    resolutions: 0,
    absorbed: [],
  }),
  TicketCategorised: (ticket, { category }) => ({ ...known(ticket), category }),
  TicketPrioritised: (ticket, { to }) => ({ ...known(ticket), priority: to }),
  TicketAssigned: (ticket, { teamId, agentId, rule }) => ({
    ...known(ticket),
    teamId,
    agentId,
    byHand: agentId !== undefined && rule === undefined,
  }),
  TicketReplied: (ticket, { awaitsCustomer }) => {
    const before = known(ticket);
    return awaitsCustomer && before.status === 'OPEN' ? { ...before, status: 'REPLIED' } : before;
  },
  TicketHeld: (ticket) => ({ ...known(ticket), status: 'ON_HOLD' }),
  TicketResumed: (ticket) => ({ ...known(ticket), status: 'OPEN' }),
  TicketResolved: (ticket, { resolutions, closesAt }) => ({ ...known(ticket), status: 'RESOLVED', resolutions, closesAt }),
  TicketReopened: (ticket) => ({ ...known(ticket), status: 'OPEN' }),
  TicketClosed: (ticket) => ({ ...known(ticket), status: 'CLOSED' }),
  TicketSplit: (ticket) => ticket,
  TicketMerged: (ticket, { intoTicketId }) => ({ ...known(ticket), status: 'MERGED', mergedInto: intoTicketId }),
  TicketAbsorbed: (ticket, { mergedTicketId }) => {
    const before = known(ticket);
    return { ...before, absorbed: [...new Set([...before.absorbed, mergedTicketId])] };
  },
  TicketReinstated: (ticket) => ({ ...known(ticket), status: 'OPEN', mergedInto: undefined }),

  SlaAttached: (ticket, data, { occurredAt }) => ({ ...known(ticket), sla: attached(data, occurredAt) }),
  SlaRetargeted: (ticket, { firstResponse, resolution }) =>
    measured(ticket, (sla) => {
      const after = {
        ...sla,
        ...(firstResponse && { firstResponse: promised(firstResponse, sla.firstResponse) }),
        ...(resolution && { resolution: promised(resolution, sla.resolution) }),
      };
      // While the time stands still there is no moment at which it is over: that comes when it goes on.
      return sla.pausedSince === undefined ? after : paused(after, sla.pausedSince);
    }),
  SlaPaused: (ticket, _, { occurredAt }) => measured(ticket, (sla) => paused(sla, occurredAt)),
  SlaResumed: (ticket, { pausedSeconds, resolution }) =>
    measured(ticket, ({ pausedSince: _, ...sla }) => ({
      ...sla,
      pausedSeconds,
      resolution: promised(resolution, sla.resolution),
    })),
  SlaEscalated: (ticket, { target }) => measured(ticket, (sla) => withPromise(sla, target, { escalated: true })),
  SlaBreached: (ticket, { target }) => measured(ticket, (sla) => withPromise(sla, target, { breached: true })),
  SlaFulfilled: (ticket, { target }, { occurredAt }) => judged(ticket, target, occurredAt),
  SlaFailed: (ticket, { target }, { occurredAt }) => judged(ticket, target, occurredAt),
};

export function known(ticket: Ticket): OpenedTicket {
  return ticket.status === 'NONE'
    ? refuse('ticket-unknown', 'There is no such ticket; check ticketId, or open the ticket first.', 'ticketId')
    : ticket;
}

const measured = (ticket: Ticket, change: (sla: Sla) => Sla): OpenedTicket => {
  const before = known(ticket);
  return before.sla ? { ...before, sla: change(before.sla) } : before;
};

/** A solution stops the time: should it not be one, it goes on from there. */
const judged = (ticket: Ticket, target: DataOf<typeof SlaFulfilled>['target'], at: Moment) =>
  measured(ticket, (sla) => {
    const after = withPromise(sla, target, { judged: true });
    return target === 'RESOLUTION' ? paused(after, at) : after;
  });
