import { type Static, Type } from 'typebox';
import { Choice, Count, Id, type Moment, MomentField, personal, Text, view } from '#kernel';
import { channels } from '../../customers/contract.js';
import {
  holdReasons,
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
  type TicketStatus,
  ticketStates,
} from '../ticket/events.js';
import {
  SlaAttached,
  SlaBreached,
  SlaEscalated,
  SlaFailed,
  SlaFulfilled,
  SlaPaused,
  SlaResumed,
  SlaRetargeted,
} from '../ticket/sla-events.js';
import { type Priority, priorities, routingRules } from '../words.js';

/** How a ticket stands with its promises; of those that hold the first, in this order. */
export const slaStates = ['PAUSED', 'FAILED', 'FIRST_RESPONSE_DUE', 'RESOLUTION_DUE', 'FULFILLED'] as const;

const document = Type.Object({
  ticketId: Id('the ticket'),
  customerId: Id('the customer'),
  subject: personal('customerId', 'contact', Text('what it is about', 500)),
  channel: Choice(channels, 'how it reached us'),
  status: Choice(ticketStates, 'whose turn it is, or how it ended'),
  state: Choice(['OPEN', 'PAUSED', 'RESOLVED'], 'OPEN: our turn; PAUSED: we wait; RESOLVED: nobody has to do anything'),
  holdReason: Type.Optional(Choice(holdReasons, 'of one on hold: what we wait for')),
  priority: Choice(priorities, 'how urgent it is'),
  rank: Type.Integer({ minimum: 1, maximum: 4, description: 'number of the priority, to sort by: 1 for URGENT to 4 for LOW' }),
  category: Type.Optional(Text('code of what it is about', 60)),
  skill: Type.Optional(Text('the skill that it needs', 60)),
  language: Type.Optional(Text('the language that it needs', 35)),
  tier: Type.Optional(Text('the service tier of the customer when it was opened', 60)),
  teamId: Type.Optional(Id('the team that it belongs to')),
  agentId: Type.Optional(Id('the agent who has it; left out: nobody yet')),
  assigned: Type.Boolean({ description: 'whether an agent has it' }),
  rule: Type.Optional(Choice(routingRules, 'of a routed one: why this agent')),
  openedAt: MomentField('when it was opened'),
  since: MomentField('since when it has its status'),
  closesAt: Type.Optional(MomentField('of a resolved one: when it closes by itself')),
  lastReplyAt: Type.Optional(MomentField('when one of the two sides said something last')),
  lastReplyFrom: Type.Optional(Choice(['AGENT', 'CUSTOMER'], 'who that was')),
  replies: Count('number of replies'),
  reopened: Count('how often it was reopened'),
  mergedInto: Type.Optional(Id('the ticket in which it goes on')),
  sla: Type.Optional(Choice(slaStates, 'how it stands with its promises; gone for one that goes on in another')),
  policyId: Type.Optional(Id('the SLA policy')),
  firstResponseDueAt: Type.Optional(MomentField('until when it is to be answered; gone once it is')),
  resolutionDueAt: Type.Optional(MomentField('until when it is to be solved; gone while time stands still, and once it is')),
  dueAt: Type.Optional(MomentField('the earlier of the two; gone for one that goes on in another')),
  escalated: Type.Boolean({ description: 'whether one of its promises was escalated' }),
  breached: Type.Boolean({ description: 'whether one of its promises was broken' }),
  breachedAt: Type.Optional(MomentField('when the first was broken')),
  absorbed: Type.Array(Id('a ticket'), { description: 'the tickets that go on in it' }),
});
export type QueueEntry = Static<typeof document>;

export const ticketQueue = view({
  name: 'ticket-queue',
  description: 'One entry for each ticket, open or closed: whose turn it is, who has it, how urgent it is and when it is due.',
  version: 2,
  capabilities: ['SRV-01', 'SRV-02', 'SRV-03', 'SRV-04', 'SRV-06'],
  roles: ['care', 'analyst', 'auditor'],
  document,
  facts: {
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
  },
  key: ({ data }) => data.ticketId,
  filters: [
    'ticketId',
    'customerId',
    'channel',
    'status',
    'state',
    'holdReason',
    'priority',
    'rank',
    'category',
    'skill',
    'language',
    'tier',
    'teamId',
    'agentId',
    'assigned',
    'rule',
    'openedAt',
    'since',
    'closesAt',
    'lastReplyAt',
    'lastReplyFrom',
    'reopened',
    'mergedInto',
    'sla',
    'policyId',
    'firstResponseDueAt',
    'resolutionDueAt',
    'dueAt',
    'escalated',
    'breached',
    'breachedAt',
  ],
  sums: { replies: null, reopened: null },
  sort: 'rank',
  customer: 'customerId',

  initial: (ticketId): QueueEntry => ({
    ticketId,
    customerId: '',
    subject: {},
    channel: 'EMAIL',
    status: 'OPEN',
    state: 'OPEN',
    priority: 'MEDIUM',
    rank: 3,
    assigned: false,
    openedAt: '',
    since: '',
    replies: 0,
    reopened: 0,
    sla: 'FIRST_RESPONSE_DUE',
    escalated: false,
    breached: false,
    absorbed: [],
  }),

  apply: {
    TicketOpened: (entry, { data, occurredAt }) => {
      const { contactId: _, text: __, orderId: ___, splitFrom: ____, follows: _____, ...opened } = data;
      return { ...entry, ...opened, rank: rankOf(data.priority), openedAt: occurredAt, since: occurredAt };
    },
    TicketCategorised: (entry, { data: { category } }) => ({ ...entry, category }),
    TicketPrioritised: (entry, { data: { to } }) => ({ ...entry, priority: to, rank: rankOf(to) }),
    TicketAssigned: ({ agentId: _, teamId: __, rule: ___, ...entry }, { data: { agentId, teamId, rule } }) => ({
      ...entry,
      ...(agentId !== undefined && { agentId }),
      ...(teamId !== undefined && { teamId }),
      ...(rule !== undefined && { rule }),
      assigned: agentId !== undefined,
    }),
    TicketReplied: (entry, { data: { from, awaitsCustomer }, occurredAt }) => {
      const replied = { ...entry, replies: entry.replies + 1, lastReplyAt: occurredAt, lastReplyFrom: from };
      return awaitsCustomer && entry.status === 'OPEN' ? inStatus(replied, 'REPLIED', occurredAt) : replied;
    },
    TicketHeld: (entry, { data: { reason }, occurredAt }) => ({
      ...inStatus(entry, 'ON_HOLD', occurredAt),
      holdReason: reason,
    }),
    TicketResumed: (entry, { occurredAt }) => inStatus(entry, 'OPEN', occurredAt),
    TicketResolved: (entry, { data: { closesAt }, occurredAt }) => ({
      ...inStatus(entry, 'RESOLVED', occurredAt),
      ...(closesAt !== undefined && { closesAt }),
    }),
    TicketReopened: (entry, { occurredAt }) => ({
      ...inStatus(entry, 'OPEN', occurredAt),
      reopened: entry.reopened + 1,
    }),
    TicketClosed: (entry, { occurredAt }) => inStatus(entry, 'CLOSED', occurredAt),
    TicketMerged: (entry, { data: { intoTicketId }, occurredAt }) => {
      const { dueAt: _, sla: __, ...merged } = inStatus(entry, 'MERGED', occurredAt);
      return { ...merged, mergedInto: intoTicketId };
    },
    TicketAbsorbed: (entry, { data: { mergedTicketId } }) => ({
      ...entry,
      absorbed: [...new Set([...entry.absorbed, mergedTicketId])],
    }),
    TicketReinstated: ({ mergedInto: _, ...entry }, { occurredAt }) => due(inStatus(entry, 'OPEN', occurredAt)),

    SlaAttached: (entry, { data: { policyId, firstResponse, resolution } }) =>
      due({ ...entry, policyId, firstResponseDueAt: firstResponse.dueAt, resolutionDueAt: resolution.dueAt }),
    SlaRetargeted: (entry, { data: { firstResponse, resolution, paused } }) =>
      due({
        ...entry,
        ...(firstResponse && { firstResponseDueAt: firstResponse.dueAt }),
        ...(resolution && !paused && { resolutionDueAt: resolution.dueAt }),
      }),
    SlaPaused: ({ resolutionDueAt: _, ...entry }) => due(entry),
    SlaResumed: (entry, { data: { resolution } }) => due({ ...entry, resolutionDueAt: resolution.dueAt }),
    SlaEscalated: (entry) => ({ ...entry, escalated: true }),
    SlaBreached: (entry, { data: { dueAt } }) => due({ ...entry, breached: true, breachedAt: entry.breachedAt ?? dueAt }),
    SlaFulfilled: (entry, { data: { target } }) => kept(entry, target),
    SlaFailed: (entry, { data: { target } }) => kept(entry, target),
  },
});

const rankOf = (priority: Priority) => priorities.indexOf(priority) + 1;

const states = {
  OPEN: 'OPEN',
  REPLIED: 'PAUSED',
  ON_HOLD: 'PAUSED',
  RESOLVED: 'RESOLVED',
  CLOSED: 'RESOLVED',
  MERGED: 'RESOLVED',
} as const;

const inStatus = ({ holdReason: _, closesAt: __, ...entry }: QueueEntry, status: TicketStatus, since: Moment): QueueEntry =>
  standing({ ...entry, status, state: states[status], since });

const kept = (entry: QueueEntry, target: 'FIRST_RESPONSE' | 'RESOLUTION'): QueueEntry => {
  const { firstResponseDueAt: _, ...answered } = entry;
  const { resolutionDueAt: __, ...solved } = entry;
  return due(target === 'FIRST_RESPONSE' ? answered : solved);
};

function due({ dueAt: _, ...entry }: QueueEntry): QueueEntry {
  const [dueAt] = [entry.firstResponseDueAt, entry.resolutionDueAt].filter((moment) => moment !== undefined).sort();
  return standing(dueAt === undefined ? entry : { ...entry, dueAt });
}

/** The precedence is that of frappe/helpdesk: paused, failed, first response due, resolution due, fulfilled. */
function standing(entry: QueueEntry): QueueEntry {
  const { state, breached, firstResponseDueAt } = entry;
  const sla =
    state === 'PAUSED'
      ? 'PAUSED'
      : breached
        ? 'FAILED'
        : firstResponseDueAt !== undefined
          ? 'FIRST_RESPONSE_DUE'
          : state === 'RESOLVED'
            ? 'FULFILLED'
            : 'RESOLUTION_DUE';
  return { ...entry, sla };
}
