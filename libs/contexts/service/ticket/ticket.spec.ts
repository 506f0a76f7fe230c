import { describe, expect, it } from '@jest/globals';
import { derivedId } from '#kernel';
import { carried, given } from '#kernel/testing';
import type { Customer } from '../../customers/contract.js';
import type { Order } from '../../orders/contract.js';
import { defaultPolicy } from '../sla-policy/sla-policy.js';
import * as facts from './events.js';
import { SlaBreached, SlaPaused, SlaResumed } from './sla-events.js';
import {
  anna,
  attached,
  bert,
  customerId,
  erased,
  firstResponse,
  fulfilled,
  held,
  inHandOf,
  monday,
  now,
  opened,
  opening,
  otherId,
  paused,
  policyId,
  reply,
  resolved,
  resumed,
  sample,
  someTeam,
  surroundings,
  teamId,
  text,
  ticketId,
  verdict,
} from './testing/samples.js';
import { ticket } from './ticket.js';

const answeredAtOnce = fulfilled(verdict('FIRST_RESPONSE', 0));
const solvedAtOnce = fulfilled(verdict('RESOLUTION', 0));
const solved = [resolved(), answeredAtOnce, solvedAtOnce];
const closed = facts.TicketClosed({ ticketId, customerId });
const merged = facts.TicketMerged({ ticketId, customerId, intoTicketId: otherId });
const reopened = (by: 'AGENT' | 'CUSTOMER') => facts.TicketReopened({ ticketId, customerId, priority: 'MEDIUM', by });
const fridayEvening = ['2026-01-09T17:00:00.000Z', '2026-01-08T17:00:00.000Z'] as const;

describe('SRV-01 a ticket is opened', () => {
  it('with its promises', () => given(ticket, surroundings).when('OpenTicket', opening).then(opened(), attached()));
  it('with the one form of the tag of its language', () =>
    given(ticket, surroundings)
      .when('OpenTicket', { ...opening, language: 'DE-at' })
      .then(opened({ language: 'de-AT' }), attached()));
  it('once', () => sample().when('OpenTicket', opening).isRefused('ticket-exists', 'ticketId'));
  it('for a customer', () =>
    given(ticket, { ...surroundings, customer: { status: 'NONE' } })
      .when('OpenTicket', opening)
      .isRefused('customer-unknown', 'customerId'));
  it('for a customer that is not erased', () =>
    given(ticket, { ...surroundings, customer: erased })
      .when('OpenTicket', opening)
      .isRefused('customer-erased', 'customerId'));
  it('for a team that exists', () =>
    given(ticket, surroundings)
      .when('OpenTicket', { ...opening, teamId })
      .isRefused('team-unknown', 'teamId'));
  it('about an order that exists', () => {
    const about = { ...opening, orderId: derivedId('order') };
    given(ticket, surroundings).when('OpenTicket', about).isRefused('order-unknown', 'orderId');
    given(ticket, { ...surroundings, order: { exists: true, customerId } as Order })
      .when('OpenTicket', about)
      .then(opened({ orderId: about.orderId }), attached());
  });
  it('after, or as a part of, a ticket that exists', () => {
    const before = given(ticket, surroundings, opened({ ticketId: otherId })).state;
    for (const [field, reference] of [
      ['follows', 'followed'],
      ['splitFrom', 'whole'],
    ] as const) {
      const onward = { ...opening, [field]: otherId };
      given(ticket, surroundings).when('OpenTicket', onward).isRefused('other-ticket-unknown', field);
      given(ticket, { ...surroundings, [reference]: before })
        .when('OpenTicket', onward)
        .then(opened({ [field]: otherId }), attached());
    }
  });
  it('under a policy that exists', () =>
    given(ticket, surroundings)
      .when('OpenTicket', { ...opening, policyId: derivedId('nothing') })
      .isRefused('policy-unknown', 'policyId'));
  it('under the default policy, by its id too', () =>
    given(ticket, surroundings)
      .when('OpenTicket', { ...opening, policyId })
      .then(opened(), attached()));
  it('and belongs to its customer, its agent and its team', () =>
    expect(
      ticket.refs?.(sample(facts.TicketAssigned({ ticketId, customerId, priority: 'MEDIUM', teamId, agentId: anna })).state),
    ).toMatchObject({ ticket: ticketId, customer: customerId, owner: anna, team: teamId }));
});

describe('SRV-07 a customer with a service tier', () => {
  const policy = {
    ...defaultPolicy,
    defined: true,
    promises: [
      ...defaultPolicy.promises,
      { priority: 'HIGH' as const, tier: 'GOLD', firstResponseMinutes: 30, resolutionMinutes: 60 },
    ],
    tierPriorities: [{ tier: 'GOLD', priority: 'HIGH' as const }],
  };
  it('gets the priority and the promises of the tier', () =>
    given(ticket, { ...surroundings, policy, profile: { customerId, tier: 'GOLD' } })
      .when('OpenTicket', opening)
      .then(
        opened({ priority: 'HIGH', tier: 'GOLD' }),
        attached({
          tier: 'GOLD',
          promises: defaultPolicy.promises.map((promise) =>
            promise.priority === 'HIGH' ? { priority: 'HIGH', firstResponseMinutes: 30, resolutionMinutes: 60 } : promise,
          ),
          firstResponse: { targetSeconds: 1800, dueAt: monday('09:30'), escalatesAt: monday('09:24') },
          resolution: { targetSeconds: 3600, dueAt: monday('10:00'), escalatesAt: monday('09:48') },
        }),
      ));
  it('keeps a priority that somebody chose', () =>
    expect(
      [
        ticket.decide.OpenTicket({ ...opening, priority: 'LOW' }, ticket.initial, {
          ...surroundings,
          policy,
          profile: { tier: 'GOLD' },
          now,
          actor: { kind: 'user', id: 'tester' },
          tenant: 'main',
          newId: () => '',
          reservations: [],
        }),
      ].flat()[0]?.data,
    ).toMatchObject({ priority: 'LOW', tier: 'GOLD' }));
});

describe('SRV-01 a reply', () => {
  it('to the customer makes it the turn of the customer', () =>
    sample().when('ReplyToTicket', { ticketId, from: 'AGENT', text }).then(reply('AGENT'), answeredAtOnce, paused));
  it('to the customer may leave it our turn', () =>
    sample()
      .when('ReplyToTicket', { ticketId, from: 'AGENT', text, awaitsCustomer: false })
      .then(reply('AGENT', { awaitsCustomer: false }), answeredAtOnce));
  it('names who wrote it', () =>
    sample()
      .when('ReplyToTicket', { ticketId, from: 'AGENT', text, awaitsCustomer: false, agentId: bert })
      .then(
        reply('AGENT', { awaitsCustomer: false, agentId: bert }),
        fulfilled(verdict('FIRST_RESPONSE', 0, { agentId: bert })),
      ));
  it('of the customer makes it our turn again', () =>
    sample(reply('AGENT'), answeredAtOnce, paused)
      .when('ReplyToTicket', { ticketId, from: 'CUSTOMER', text })
      .then(reply('CUSTOMER'), facts.TicketResumed({ ticketId, by: 'CUSTOMER' }), resumed(0, ...fridayEvening)));
  it('of the customer answers a hold', () =>
    sample(held, paused)
      .when('ReplyToTicket', { ticketId, from: 'CUSTOMER', text })
      .then(reply('CUSTOMER'), facts.TicketResumed({ ticketId, by: 'CUSTOMER' }), resumed(0, ...fridayEvening)));
  it('of the customer reopens what was resolved', () =>
    sample(...solved)
      .when('ReplyToTicket', { ticketId, from: 'CUSTOMER', text })
      .then(reply('CUSTOMER'), reopened('CUSTOMER'), resumed(0, ...fridayEvening)));
  it('of the customer changes nothing more while we are at it', () =>
    sample().when('ReplyToTicket', { ticketId, from: 'CUSTOMER', text }).then(reply('CUSTOMER')));
  it('to the customer does not end a hold', () =>
    sample(held, paused).when('ReplyToTicket', { ticketId, from: 'AGENT', text }).then(reply('AGENT'), answeredAtOnce));
  it('is refused once the ticket is closed', () =>
    sample(...solved, closed)
      .when('ReplyToTicket', { ticketId, from: 'CUSTOMER', text })
      .isRefused('ticket-closed'));
  it('is refused once the ticket goes on elsewhere', () =>
    sample(merged).when('ReplyToTicket', { ticketId, from: 'CUSTOMER', text }).isRefused('ticket-merged'));
  it('is refused once the customer is erased', () =>
    given(ticket, { ...surroundings, customer: erased }, opened(), attached())
      .when('ReplyToTicket', { ticketId, from: 'AGENT', text })
      .isRefused('customer-erased'));
});

describe('SRV-01 a ticket', () => {
  it('is put on hold', () => sample().when('HoldTicket', { ticketId, reason: 'SUPPLIER' }).then(held, paused));
  it('is put on hold while it waits for the customer: time stands still already', () =>
    sample(reply('AGENT'), answeredAtOnce, paused).when('HoldTicket', { ticketId, reason: 'SUPPLIER' }).then(held));
  it('is put on hold once', () => sample(held, paused).when('HoldTicket', { ticketId, reason: 'OTHER' }).changesNothing());
  it('goes on', () =>
    sample(held, paused)
      .when('ResumeTicket', { ticketId })
      .then(facts.TicketResumed({ ticketId, by: 'AGENT' }), resumed(0, ...fridayEvening)));
  it('goes on once', () => sample().when('ResumeTicket', { ticketId }).changesNothing());
  it('is resolved, which answers it too', () =>
    sample()
      .when('ResolveTicket', { ticketId, outcome: 'SOLVED' })
      .then(...solved));
  it('is resolved once', () =>
    sample(...solved)
      .when('ResolveTicket', { ticketId, outcome: 'SOLVED' })
      .changesNothing());
  it('of an erased customer can be resolved, without words', () => {
    const ofErased = given(ticket, { ...surroundings, customer: erased }, opened(), attached());
    ofErased.when('ResolveTicket', { ticketId, outcome: 'SOLVED' }).then(...solved);
    ofErased.when('ResolveTicket', { ticketId, outcome: 'SOLVED', text }).isRefused('customer-erased', 'text');
  });
  it('is reopened', () =>
    sample(...solved)
      .when('ReopenTicket', { ticketId })
      .then(reopened('AGENT'), resumed(0, ...fridayEvening)));
  it('is reopened only if it is resolved', () => sample().when('ReopenTicket', { ticketId }).changesNothing());
  it('is resolved again after it was reopened', () =>
    sample(...solved, reopened('AGENT'), resumed(0, ...fridayEvening))
      .when('ResolveTicket', { ticketId, outcome: 'SOLVED' })
      .then(resolved(2), solvedAtOnce));
  it('is closed', () =>
    sample(...solved)
      .when('CloseTicket', { ticketId })
      .then(closed));
  it('is closed once', () =>
    sample(...solved, closed)
      .when('CloseTicket', { ticketId })
      .changesNothing());
  it('is closed only if it is resolved', () => sample().when('CloseTicket', { ticketId }).isRefused('ticket-not-resolved'));
  it('that is closed is not reopened', () =>
    sample(...solved, closed)
      .when('ReopenTicket', { ticketId })
      .isRefused('ticket-closed'));
  it('that is resolved is not put on hold', () =>
    sample(...solved)
      .when('HoldTicket', { ticketId, reason: 'OTHER' })
      .isRefused('ticket-resolved'));
  it('that nobody opened is unknown', () =>
    given(ticket, surroundings).when('ResolveTicket', { ticketId, outcome: 'SOLVED' }).isRefused('ticket-unknown', 'ticketId'));
});

describe('SRV-04 what a ticket is about', () => {
  const hardware = facts.TicketCategorised({ ticketId, category: 'HARDWARE' });
  it('is said', () => sample().when('CategoriseTicket', { ticketId, category: 'HARDWARE' }).then(hardware));
  it('is said once', () => sample(hardware).when('CategoriseTicket', { ticketId, category: 'HARDWARE' }).changesNothing());
  it('can turn out to be something else, even later', () =>
    sample(hardware, ...solved, closed)
      .when('CategoriseTicket', { ticketId, category: 'BILLING' })
      .then(facts.TicketCategorised({ ticketId, category: 'BILLING', previous: 'HARDWARE' })));
});

describe('SRV-01 a ticket is assigned', () => {
  const needs = { ticketId, customerId, priority: 'MEDIUM' as const };
  const toAnna = facts.TicketAssigned({ ...needs, agentId: anna });
  const inTeam = given(ticket, inHandOf(anna), opened({ teamId }), attached());

  it('to an agent', () => sample().when('AssignTicket', { ticketId, agentId: anna }).then(toAnna));
  it('to an agent once', () => sample(toAnna).when('AssignTicket', { ticketId, agentId: anna }).changesNothing());
  it('to another agent', () =>
    sample(toAnna)
      .when('AssignTicket', { ticketId, agentId: bert })
      .then(facts.TicketAssigned({ ...needs, agentId: bert, previousAgentId: anna })));
  it('to a team, which finds an agent', () =>
    given(ticket, { ...surroundings, team: someTeam }, opened(), attached(), toAnna)
      .when('AssignTicket', { ticketId, teamId })
      .then(facts.TicketAssigned({ ...needs, teamId, previousAgentId: anna })));
  it('to a team that exists', () => sample().when('AssignTicket', { ticketId, teamId }).isRefused('team-unknown', 'teamId'));
  it('while it is at work: a team would count one that is resolved as in hand for ever', () =>
    sample(...solved)
      .when('AssignTicket', { ticketId, agentId: anna })
      .isRefused('ticket-resolved'));
  it('to somebody', () => sample().when('AssignTicket', { ticketId }).isRefused('assignee-missing'));
  it('SRV-02 to the agent to whom its team routed it', () =>
    inTeam
      .when('AcceptRouting', { ticketId, teamId, agentId: anna, rule: 'LEAST_LOAD' })
      .then(facts.TicketAssigned({ ...needs, teamId, previousTeamId: teamId, agentId: anna, rule: 'LEAST_LOAD' })));
  it('SRV-02 not to an agent who left the team meanwhile, or has it no more', () => {
    for (const team of [someTeam, inHandOf(bert).team])
      given(ticket, { ...surroundings, team }, opened({ teamId }), attached())
        .when('AcceptRouting', { ticketId, teamId, agentId: anna, rule: 'LEAST_LOAD' })
        .changesNothing();
  });
  describe('SRV-02 by hand after its team routed it', () => {
    const routed = { ticketId, teamId, agentId: anna, rule: 'LEAST_LOAD' } as const;
    const byHand = facts.TicketAssigned({ ...needs, teamId, previousTeamId: teamId, agentId: bert });
    const inHand = given(ticket, inHandOf(anna), opened({ teamId }), attached(), byHand);

    it('to who got it by hand', () => inHand.when('AcceptRouting', routed).changesNothing());
    it('to another one again once that agent has left the team', () => {
      const again = { teamId, previousTeamId: teamId, agentId: anna, previousAgentId: bert, rule: 'LEAST_LOAD' } as const;
      inHand.when('AcceptRouting', { ...routed, leftBy: bert }).then(facts.TicketAssigned({ ...needs, ...again }));
      inHand.when('AcceptRouting', { ...routed, leftBy: otherId }).changesNothing();
    });
    it('to whom the team finds next, if the team gave it before', () => {
      const byTeam = facts.TicketAssigned({ ...needs, teamId, previousTeamId: teamId, agentId: bert, rule: 'LEAST_LOAD' });
      const again = { teamId, previousTeamId: teamId, agentId: anna, previousAgentId: bert, rule: 'LEAST_LOAD' } as const;
      given(ticket, inHandOf(anna), opened({ teamId }), attached(), byHand, byTeam)
        .when('AcceptRouting', routed)
        .then(facts.TicketAssigned({ ...needs, ...again }));
    });
  });
  it('SRV-02 not by an agent who left the team, until somebody else can have it', () => {
    const leaving = { ticketId, teamId, agentId: anna };
    const hers = sample(facts.TicketAssigned({ ...needs, teamId, agentId: anna }));
    hers
      .when('UnassignTicket', leaving)
      .then(facts.TicketAssigned({ ...needs, teamId, previousTeamId: teamId, previousAgentId: anna }));
    hers.when('UnassignTicket', { ...leaving, agentId: otherId }).changesNothing();
    hers.when('UnassignTicket', { ...leaving, teamId: otherId }).changesNothing();
  });
  it('SRV-02 not by a team that it does not belong to any more', () =>
    inTeam.when('AcceptRouting', { ticketId, teamId: otherId, agentId: anna, rule: 'LEAST_LOAD' }).changesNothing());
});

describe('SRV-01 a ticket about two things', () => {
  const subject = carried('The invoice is wrong.');
  const newTicketId = derivedId('specification', 'ticket');
  const split = { ticketId, customerId, newTicketId, channel: 'EMAIL', subject, priority: 'MEDIUM', policyId } as const;
  it('is split', () => sample().when('SplitTicket', { ticketId, subject }).then(facts.TicketSplit(split)));
  it('is split for another team, with another urgency', () =>
    given(ticket, { ...surroundings, team: someTeam }, opened(), attached())
      .when('SplitTicket', { ticketId, subject, teamId, priority: 'LOW', skill: 'BILLING' })
      .then(facts.TicketSplit({ ...split, teamId, priority: 'LOW', skill: 'BILLING' })));
  it('is not split once it is closed', () =>
    sample(...solved, closed)
      .when('SplitTicket', { ticketId, subject })
      .isRefused('ticket-closed'));
});

describe('SRV-01 two tickets about one thing', () => {
  const other = given(ticket, surroundings, opened({ ticketId: otherId })).state;
  const merging = (into: typeof other, intoTicketId = otherId) =>
    given(ticket, { ...surroundings, other: into }, opened(), attached()).when('MergeTicket', { ticketId, intoTicketId });
  const known = other.status === 'NONE' ? undefined : other;

  it('are merged', () => merging(other).then(merged));
  it('say first what was broken by then, though the timer is late', () =>
    given(ticket, { ...surroundings, other }, opened(), attached())
      .when('MergeTicket', { ticketId, intoTicketId: otherId }, { now: '2026-01-05T14:00:00.000Z' })
      .then(SlaBreached({ ticketId, customerId, target: 'FIRST_RESPONSE', dueAt: firstResponse.dueAt }), merged));
  it('are merged once', () => sample(merged).when('MergeTicket', { ticketId, intoTicketId: otherId }).changesNothing());
  it('are two', () => merging(other, ticketId).isRefused('merge-with-itself', 'intoTicketId'));
  it('exist', () => merging(ticket.initial).isRefused('other-ticket-unknown', 'intoTicketId'));
  it('are of the same customer', () =>
    merging(known ? { ...known, customerId: otherId } : other).isRefused('ticket-of-other-customer', 'intoTicketId'));
  it('are of the same customer where one was merged into the other, or both into a third', () => {
    const [one, two, three] = ['one', 'two', 'three'].map((name) => derivedId('customer', name)) as [string, string, string];
    const whose = (customerId: string, mergedInto?: string): Customer => ({
      status: 'REGISTERED',
      customerId,
      contacts: [],
      identifiers: {},
      merged: [],
      ...(mergedInto !== undefined && { mergedInto }),
    });
    const nobody: Customer = { status: 'NONE' };
    const into = given(ticket, surroundings, opened({ ticketId: otherId, customerId: two })).state;
    const asked = (...[customer, survivor, otherCustomer, otherSurvivor]: [Customer, Customer, Customer, Customer]) =>
      given(
        ticket,
        { ...surroundings, customer, survivor, otherCustomer, otherSurvivor, other: into },
        opened({ customerId: one }),
        attached(),
      ).when('MergeTicket', { ticketId, intoTicketId: otherId });
    const fact = facts.TicketMerged({ ticketId, customerId: one, intoTicketId: otherId });
    asked(whose(one, two), whose(two), whose(two), nobody).then(fact);
    asked(whose(one), nobody, whose(two, one), whose(one)).then(fact);
    asked(whose(one, three), whose(three), whose(two, three), whose(three)).then(fact);
    asked(whose(one, three), whose(three, two), whose(two), nobody).then(fact);
    asked(whose(one, three), whose(three), whose(two), nobody).isRefused('ticket-of-other-customer', 'intoTicketId');
  });
  it('do not go on in one that is closed', () =>
    merging(known ? { ...known, status: 'CLOSED' } : other).isRefused('other-ticket-closed', 'intoTicketId'));
  it('do not go on in one that goes on elsewhere', () =>
    merging(known ? { ...known, status: 'MERGED' } : other).isRefused('other-ticket-merged', 'intoTicketId'));
  it('know each other', () =>
    sample()
      .when('AbsorbTicket', { ticketId, mergedTicketId: otherId })
      .then(facts.TicketAbsorbed({ ticketId, mergedTicketId: otherId })));
  it('go on in the one with the smaller id if they were merged into each other at once', () => {
    const [smaller, greater] = [ticketId, otherId].sort() as [string, string];
    const crossed = (id: string, into: string) =>
      given(
        ticket,
        surroundings,
        opened({ ticketId: id }),
        facts.TicketMerged({ ticketId: id, customerId, intoTicketId: into }),
      ).when('AbsorbTicket', { ticketId: id, mergedTicketId: into });
    crossed(smaller, greater).then(
      facts.TicketReinstated({ ticketId: smaller, mergedTicketId: greater }),
      facts.TicketAbsorbed({ ticketId: smaller, mergedTicketId: greater }),
    );
    crossed(greater, smaller).then(facts.TicketAbsorbed({ ticketId: greater, mergedTicketId: smaller }));
  });
  it('go on with their time, and in the queue of their team, if they were merged into each other at once', () => {
    const [id, into] = [ticketId, otherId].sort() as [string, string];
    const toAnna = { ticketId: id, customerId, priority: 'MEDIUM' as const, teamId, previousTeamId: teamId, agentId: anna };
    given(
      ticket,
      surroundings,
      opened({ ticketId: id, teamId }),
      attached({ ticketId: id }),
      facts.TicketAssigned(toAnna),
      facts.TicketHeld({ ticketId: id, reason: 'SUPPLIER' }),
      SlaPaused({ ticketId: id }),
      facts.TicketMerged({ ticketId: id, customerId, intoTicketId: into, teamId, agentId: anna }),
    )
      .when('AbsorbTicket', { ticketId: id, mergedTicketId: into })
      .then(
        facts.TicketReinstated({ ticketId: id, mergedTicketId: into }),
        SlaResumed({ ...resumed(0, ...fridayEvening).data, ticketId: id }),
        facts.TicketAssigned({ ...toAnna, previousAgentId: anna }),
        facts.TicketAbsorbed({ ticketId: id, mergedTicketId: into }),
      );
  });
});
