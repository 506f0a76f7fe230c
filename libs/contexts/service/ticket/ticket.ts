import { addDays, aggregate, languageTag, refuse } from '#kernel';
import { registered, shownAs } from '../../customers/contract.js';
import { defaultPolicyId, priorityFor } from '../sla-policy/sla-policy.js';
import { hasInHand } from '../team/team.js';
import { circleOf, wayOut } from './circle.js';
import * as ticketCommands from './commands.js';
import { alive, atWork, mayBeTold, mustBeUnopened, mustExist, mustGoOn, notMerged } from './conditions.js';
import * as events from './events.js';
import { mustBeAboutWhatExists, mustBeOfTheCustomer } from './origin.js';
import * as processCommands from './process-commands.js';
import { breach, breaches, pausing, resuming, retargeted, verdicts } from './promise-facts.js';
import { duesOf, promisedBy, termsOf } from './sla.js';
import * as slaEvents from './sla-events.js';
import { type References, references } from './ticket-references.js';
import { evolve, facts, known, type Ticket } from './ticket-state.js';
import { answered, assigned, heardOf, reinstating, reopening } from './turn-facts.js';

const commands = { ...ticketCommands, ...processCommands };

export const ticket = aggregate<Ticket, References>()({
  name: 'ticket',
  description: 'Something that a customer needs, from its opening until it is closed, and what was promised about it.',
  id: 'ticketId',
  commands,
  facts,
  stateVersion: 2,
  initial: { status: 'NONE' },
  refs: (ticket) =>
    ticket.status === 'NONE'
      ? {}
      : {
          ticket: ticket.ticketId,
          customer: ticket.customerId,
          owner: ticket.agentId,
          team: ticket.teamId,
          order: ticket.orderId,
        },

  references,

  decide: {
    OpenTicket: (
      { policyId: wanted, ...opening },
      ticket,
      { customer, profile, policy, calendar, team, tenant, now, ...about },
    ) => {
      mustBeUnopened(ticket);
      registered(customer);
      const policyId = wanted ?? defaultPolicyId(tenant);
      if (policyId !== defaultPolicyId(tenant) && !policy.defined)
        refuse('policy-unknown', `There is no SLA policy ${policyId}; define it first, or leave policyId out.`, 'policyId');
      mustExist(opening.teamId, team);
      mustBeAboutWhatExists(opening, about);
      mustBeOfTheCustomer(opening, { customer, ...about });
      const { ticketId, customerId } = opening;
      const { tier } = profile;
      const priority = opening.priority ?? priorityFor(policy, tier);
      const terms = termsOf(policy, policyId, calendar, tier, now);
      return [
        events.TicketOpened({ ...opening, language: languageTag(opening.language), priority, tier }),
        slaEvents.SlaAttached({ ticketId, customerId, ...terms, ...duesOf(terms, priority, now) }),
      ];
    },

    CategoriseTicket: ({ ticketId, category }, ticket) => {
      const { category: previous } = notMerged(ticket);
      return category === previous ? [] : events.TicketCategorised({ ticketId, category, previous });
    },

    PrioritiseTicket: ({ ticketId, priority }, ticket, { now }) => {
      const before = atWork(ticket);
      if (before.priority === priority) return [];
      const prioritised = events.TicketPrioritised({ ticketId, from: before.priority, to: priority });
      const late = breaches(before, now);
      return [...late, prioritised, ...retargeted(before, priority, late, now)];
    },

    AssignTicket: ({ ticketId, agentId, teamId }, ticket, { team }) => {
      const before = atWork(ticket);
      mustExist(teamId, team);
      const newTeam = teamId !== undefined && teamId !== before.teamId;
      if (agentId === undefined && teamId === undefined)
        refuse('assignee-missing', 'A ticket is assigned to an agent, to a team, or to both; send agentId or teamId.');
      if (agentId === before.agentId && !newTeam) return [];
      if (agentId === undefined && !newTeam) return [];
      return assigned(before, ticketId, { teamId: teamId ?? before.teamId, agentId });
    },

    AcceptRouting: ({ ticketId, teamId, agentId, rule, leftBy }, ticket, { team }) => {
      const before = alive(ticket);
      // Meanwhile the agent left the team, and what the team decided then is on its way.
      if (!hasInHand(team, agentId, ticketId)) return [];
      // Meanwhile somebody moved it to another team, which will find an agent of its own, or solved it.
      if (before.teamId !== teamId || before.agentId === agentId || before.status === 'RESOLVED') return [];
      // Or gave it to an agent of whom the team did not know yet when it routed it.
      if (before.byHand && before.agentId !== leftBy) return [];
      return assigned(before, ticketId, { teamId, agentId, rule });
    },

    UnassignTicket: ({ ticketId, teamId, agentId }, ticket) => {
      const before = alive(ticket);
      // Meanwhile it may have been given to somebody else, or be solved: who solved it stays known.
      if (before.teamId !== teamId || before.agentId !== agentId || before.status === 'RESOLVED') return [];
      return assigned(before, ticketId, { teamId });
    },

    ReplyToTicket: (reply, ticket, { customer, now }) => {
      const before = alive(ticket);
      mayBeTold(customer);
      return reply.from === 'AGENT' ? answered(before, reply, now) : heardOf(before, reply, now);
    },

    HoldTicket: ({ ticketId, reason }, ticket, { now }) => {
      const before = atWork(ticket);
      if (before.status === 'ON_HOLD') return [];
      return [...breaches(before, now), events.TicketHeld({ ticketId, reason }), ...pausing(before)];
    },

    ResumeTicket: ({ ticketId }, ticket, { now }) => {
      const before = atWork(ticket);
      if (before.status === 'OPEN') return [];
      return [...breaches(before, now), events.TicketResumed({ ticketId, by: 'AGENT' }), ...resuming(before, now)];
    },

    ResolveTicket: ({ ticketId, outcome, text }, ticket, { customer, now }) => {
      if (ticket.status === 'RESOLVED') return [];
      const before = atWork(ticket);
      if (text !== undefined) mayBeTold(customer, 'text');
      const { customerId, teamId, agentId, category, priority, sla } = before;
      const resolutions = before.resolutions + 1;
      const days = sla?.terms.closesAfterDays;
      const closesAt = days === undefined ? undefined : addDays(now, days);
      return [
        ...breaches(before, now),
        events.TicketResolved({
          ticketId,
          customerId,
          teamId,
          agentId,
          category,
          priority,
          outcome,
          text,
          resolutions,
          closesAt,
        }),
        ...verdicts(before, ['FIRST_RESPONSE', 'RESOLUTION'], now),
      ];
    },

    ReopenTicket: (_, ticket, { now }) => {
      const before = alive(ticket);
      return before.status === 'RESOLVED' ? reopening(before, 'AGENT', now) : [];
    },

    CloseTicket: ({ ticketId }, ticket) => {
      const { status, customerId, agentId } = notMerged(ticket);
      if (status === 'CLOSED') return [];
      if (status !== 'RESOLVED') refuse('ticket-not-resolved', `This ticket is ${status}; resolve it first.`);
      return events.TicketClosed({ ticketId, customerId, agentId });
    },

    CloseResolvedTicket: ({ ticketId, closesAt }, ticket, { now }) => {
      const { status, customerId, agentId, ...before } = known(ticket);
      // One that was reopened and resolved again has another moment.
      if (status !== 'RESOLVED' || before.closesAt !== closesAt || now < closesAt) return [];
      return events.TicketClosed({ ticketId, customerId, agentId, closedAt: closesAt });
    },

    SplitTicket: (part, ticket, { customer, team, newId }) => {
      const { customerId, channel, language, priority, teamId, sla } = alive(ticket);
      mayBeTold(customer);
      mustExist(part.teamId, team);
      return events.TicketSplit({
        ...part,
        priority: part.priority ?? priority,
        teamId: part.teamId ?? teamId,
        language,
        customerId,
        channel,
        policyId: sla?.terms.policyId,
        newTicketId: newId('ticket'),
      });
    },

    MergeTicket: ({ ticketId, intoTicketId }, ticket, { customer, survivor, other, otherCustomer, otherSurvivor, now }) => {
      const before = known(ticket);
      if (before.mergedInto === intoTicketId) return [];
      const { customerId, teamId, agentId } = alive(before);
      const into = mustGoOn(intoTicketId, other, ticketId);
      // Those who were merged are one customer.
      if (shownAs(customerId, customer, survivor) !== shownAs(into.customerId, otherCustomer, otherSurvivor))
        refuse(
          'ticket-of-other-customer',
          `${intoTicketId} is a ticket of another customer; send one of this customer, or merge the two customers first.`,
          'intoTicketId',
        );
      return [...breaches(before, now), events.TicketMerged({ ticketId, customerId, intoTicketId, teamId, agentId })];
    },

    AbsorbTicket: ({ ticketId, mergedTicketId }, ticket, { now, ...way }) => {
      const before = known(ticket);
      const accepted = before.absorbed.includes(mergedTicketId) ? [] : [events.TicketAbsorbed({ ticketId, mergedTicketId })];
      // Merged into each other at once, or in a circle: the one with the smallest id goes on.
      const circle = circleOf(before, mergedTicketId, way);
      if (!circle) return accepted;
      if (wayOut(circle).ticketId === ticketId) return [...reinstating(before, mergedTicketId, now), ...accepted];
      // Of two, the other one sees it too. Of more it may have looked before the circle was closed, and has to be told.
      return circle.length === 2 ? accepted : [events.TicketAbsorbed({ ticketId, mergedTicketId, circle: [...circle] })];
    },

    ReinstateTicket: ({ mergedTicketId, intoTicketId }, ticket, { now }) => {
      const before = known(ticket);
      const goesOnThere = before.status === 'MERGED' && before.mergedInto === intoTicketId;
      return goesOnThere ? reinstating(before, mergedTicketId, now) : [];
    },

    EscalateSla: ({ ticketId, target, escalatesAt }, ticket, { now }) => {
      const { customerId, agentId, status, sla } = known(ticket);
      if (!sla || status === 'MERGED' || now < escalatesAt) return [];
      const { judged, breached, escalated, dueAt, ...promised } = promisedBy(sla, target);
      if (promised.escalatesAt !== escalatesAt || dueAt === undefined || judged || breached || escalated) return [];
      const { escalatesTo } = sla.terms;
      return slaEvents.SlaEscalated({ ticketId, customerId, target, escalatedAt: escalatesAt, dueAt, agentId, escalatesTo });
    },

    MarkSlaBreached: ({ target, dueAt }, ticket, { now }) => {
      const before = known(ticket);
      if (!before.sla || before.status === 'MERGED' || now < dueAt) return [];
      const promised = promisedBy(before.sla, target);
      return promised.dueAt !== dueAt || promised.judged || promised.breached ? [] : breach(before, before.sla, target, dueAt);
    },
  },

  evolve,
});
