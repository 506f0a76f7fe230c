import { Type } from 'typebox';
import { Choice, Count, fact, Id, MomentField, personal, Text } from '#kernel';
import { channels } from '../../customers/contract.js';
import { priorities, routingRules } from '../words.js';

/** OPEN: we are at it. REPLIED: we wait for the customer. ON_HOLD: we wait for something else. */
export const ticketStates = ['OPEN', 'REPLIED', 'ON_HOLD', 'RESOLVED', 'CLOSED', 'MERGED'] as const;
export type TicketStatus = (typeof ticketStates)[number];

export const sides = ['AGENT', 'CUSTOMER'] as const;
export const holdReasons = ['SUPPLIER', 'OTHER_TEAM', 'CUSTOMER', 'PARTS', 'OTHER'] as const;
export const outcomes = ['SOLVED', 'WORKAROUND', 'NOT_A_FAULT', 'DUPLICATE', 'NO_ANSWER', 'OTHER'] as const;

const ticketId = Id('the ticket');
const customerId = Id('the customer');
const agentId = Type.Optional(Id('the agent who has it'));
const teamId = Type.Optional(Id('the team that it belongs to'));
const category = Type.Optional(Text('code of what it is about', 60));
const subject = personal('customerId', 'contact', Text('what it is about', 500));
const text = (description: string) => personal('customerId', 'contact', Text(description, 10_000));
const side = (description: string) => Choice(sides, description);

/** What of a ticket decides who can take it. */
const needs = {
  priority: Choice(priorities, 'how urgent it is'),
  skill: Type.Optional(Text('the skill that it needs', 60)),
  language: Type.Optional(Text('the language that it needs, a BCP 47 tag', 35)),
  tier: Type.Optional(Text('the service tier of the customer when it was opened', 60)),
};

export const TicketOpened = fact('TicketOpened', 'A customer needs something.', {
  ticketId,
  customerId,
  contactId: Type.Optional(Id('the contact who speaks for the customer')),
  channel: Choice(channels, 'how it reached us'),
  subject,
  text: Type.Optional(text('what the customer says')),
  category,
  ...needs,
  teamId,
  orderId: Type.Optional(Id('the order that it is about')),
  splitFrom: Type.Optional(Id('the ticket that it was a part of')),
  follows: Type.Optional(Id('the closed ticket that it follows')),
});

export const TicketCategorised = fact('TicketCategorised', 'It turned out what it is about.', {
  ticketId,
  category: Text('code of what it is about', 60),
  previous: Type.Optional(Text('what it was before', 60)),
});

export const TicketPrioritised = fact('TicketPrioritised', 'It is more or less urgent than it was.', {
  ticketId,
  from: Choice(priorities, 'how urgent it was'),
  to: Choice(priorities, 'how urgent it is'),
});

export const TicketAssigned = fact('TicketAssigned', 'Another agent has it from now on, or another team.', {
  ticketId,
  customerId,
  ...needs,
  teamId,
  agentId: Type.Optional(Id('the agent who has it; left out: the team finds one')),
  previousTeamId: Type.Optional(Id('the team that it belonged to')),
  previousAgentId: Type.Optional(Id('the agent who had it')),
  rule: Type.Optional(Choice(routingRules, 'of a routed one: why this agent; left out: by hand')),
});

export const TicketReplied = fact('TicketReplied', 'One of the two sides said something.', {
  ticketId,
  customerId,
  from: side('who said it'),
  agentId: Type.Optional(Id('of a reply to the customer: who wrote it, where that is known')),
  awaitsCustomer: Type.Boolean({ description: 'whether it is the turn of the customer now' }),
  text: text('what was said'),
});

export const TicketHeld = fact('TicketHeld', 'Nothing can be done for now.', {
  ticketId,
  reason: Choice(holdReasons, 'what we wait for'),
});

export const TicketResumed = fact('TicketResumed', 'It is our turn again.', {
  ticketId,
  by: side('who saw to it: an agent, or the customer by a reply'),
});

export const TicketResolved = fact('TicketResolved', 'There is a solution; the customer can still disagree.', {
  ticketId,
  customerId,
  teamId,
  agentId,
  category,
  priority: needs.priority,
  outcome: Choice(outcomes, 'how it ended'),
  text: Type.Optional(text('the solution, in words')),
  resolutions: Count('how often it has been resolved, with this time: more than 1 if it was reopened in between'),
  closesAt: Type.Optional(MomentField('when it closes by itself unless it is reopened; left out: only somebody closes it')),
});

export const TicketReopened = fact('TicketReopened', 'It was not resolved after all.', {
  ticketId,
  customerId,
  teamId,
  agentId,
  ...needs,
  by: side('who saw to it: an agent, or the customer by a reply'),
});

export const TicketClosed = fact('TicketClosed', 'It is over: what comes now is another ticket.', {
  ticketId,
  customerId,
  agentId,
  closedAt: Type.Optional(MomentField('by the clock: when it was due; left out: somebody closed it')),
});

export const TicketSplit = fact('TicketSplit', 'It was about two things: one of them is a ticket of its own from now on.', {
  ticketId,
  customerId,
  newTicketId: Id('the new ticket'),
  channel: Choice(channels, 'how it reached us'),
  subject,
  text: Type.Optional(text('what the customer says of it')),
  category,
  priority: needs.priority,
  skill: needs.skill,
  language: needs.language,
  teamId,
  policyId: Type.Optional(Id('the SLA policy of the new ticket; left out: the default one')),
});

export const TicketMerged = fact('TicketMerged', 'It is about the same as another ticket, and goes on there.', {
  ticketId,
  customerId,
  intoTicketId: Id('the ticket in which it goes on'),
  teamId,
  agentId,
});

export const TicketAbsorbed = fact('TicketAbsorbed', 'Another ticket goes on in this one.', {
  ticketId,
  mergedTicketId: Id('the ticket that was merged into it'),
  circle: Type.Optional(
    Type.Array(Id('a ticket'), {
      description:
        'where several were merged in a circle at the same time: all of them, each of which goes on in the next, from this one on',
    }),
  ),
});

export const TicketReinstated = fact(
  'TicketReinstated',
  'It was merged into a ticket that was merged into it at the same time: it goes on after all.',
  { ticketId, mergedTicketId: Id('the other ticket, which goes on in this one') },
);
