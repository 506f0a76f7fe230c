import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decisionOf, derivedId, evolved, type Fact, Refused } from '#kernel';
import { givenView, recorded } from '#kernel/testing';
import * as facts from '../team/events.js';
import { type Team, team } from '../team/team.js';
import { priorities } from '../words.js';
import { teams } from './teams.view.js';

const teamId = derivedId('team');
const customerId = derivedId('acme');
const [anna, bert] = [derivedId('a'), derivedId('b')].sort() as [string, string];
const [one, two] = [derivedId('1'), derivedId('2')].sort() as [string, string];
const nine = '2026-01-05T09:00:00.000Z';
const ten = '2026-01-05T10:00:00.000Z';

const formed = facts.TeamFormed({ teamId, name: 'First line' });
const agent = (agentId: string, capacity = 10, skills: string[] = []) =>
  facts.AgentProfiled({ teamId, agentId, skills, languages: [], tiers: [], capacity });
const request = (ticketId: string) => ({ ticketId, customerId, priority: 'MEDIUM' as const });
const taken = (ticketId: string, agentId: string) => facts.TicketTaken({ teamId, ...request(ticketId), agentId });
const routed = (ticketId: string, agentId: string) =>
  facts.TicketRouted({ teamId, ...request(ticketId), agentId, rule: 'LEAST_LOAD', candidates: [] });
const queued = (ticketId: string) => facts.TicketQueued({ teamId, ...request(ticketId), candidates: [] });
const away = (agentId: string) => facts.AgentStatusChanged({ teamId, agentId, from: 'ACTIVE', to: 'AWAY' });
const view = (...history: (Fact | readonly [Fact, string])[]) =>
  givenView(teams).facts(
    ...[formed, ...history].map((past) =>
      Array.isArray(past) ? recorded(past[0], { occurredAt: past[1] }) : recorded(past as Fact, { occurredAt: nine }),
    ),
  );
const ticket = (ticketId: string, since = nine) => ({ ticketId, priority: 'MEDIUM' as const, since });

describe('SRV-02 the teams', () => {
  it('show who can take what, and how much room there is', () =>
    view(agent(bert, 3), agent(anna, 5, ['HARDWARE']), away(bert)).then(teamId, {
      name: 'First line',
      agents: [
        { agentId: anna, status: 'ACTIVE', skills: ['HARDWARE'], languages: [], tiers: [], capacity: 5, load: 0, tickets: [] },
        { agentId: bert, status: 'AWAY', skills: [], languages: [], tiers: [], capacity: 3, load: 0, tickets: [] },
      ],
      agentCount: 2,
      active: 1,
      capacity: 5,
      room: 5,
    }));
  it('show what each has in hand, and what waits', () =>
    view(agent(anna, 1), [routed(two, anna), ten], queued(one)).then(teamId, {
      agents: [expect.objectContaining({ agentId: anna, load: 1, tickets: [ticket(two, ten)] })] as never,
      inHand: 1,
      room: 0,
      waiting: [ticket(one)],
      waitingCount: 1,
      waitingSince: nine,
    }));
  it('show a ticket with one agent only, and with none once it is solved', () => {
    view(agent(anna), agent(bert), taken(one, anna), taken(one, bert)).then(teamId, { inHand: 1 });
    const solved = view(agent(anna), queued(one), routed(one, anna), facts.TicketReleased({ teamId, ticketId: one }));
    solved.then(teamId, { inHand: 0, waitingCount: 0, room: 10 });
    expect(solved.document(teamId)).not.toHaveProperty('waitingSince');
  });
  it('show the priority that it has now', () =>
    view(agent(anna), taken(one, anna), facts.TicketRanked({ teamId, ticketId: one, priority: 'URGENT' })).then(teamId, {
      agents: [expect.objectContaining({ tickets: [{ ...ticket(one), priority: 'URGENT' }] })] as never,
    }));
  it('show the skill that a ticket needs', () =>
    view(facts.TicketQueued({ teamId, ...request(one), skill: 'HARDWARE', candidates: [] })).then(teamId, {
      waiting: [{ ...ticket(one), skill: 'HARDWARE' }],
    }));
  it('keep what was given to somebody of another team, who may join', () => {
    view(taken(one, anna)).then(teamId, { outside: [{ agentId: anna, ...ticket(one) }], inHand: 1, agents: [] });
    view(taken(one, anna), agent(anna)).then(teamId, {
      outside: [],
      agents: [expect.objectContaining({ load: 1 })] as never,
      inHand: 1,
    });
  });
  it('let the tickets of an agent who left wait', () =>
    view(agent(anna), taken(one, anna), [facts.AgentLeft({ teamId, agentId: anna }), ten]).then(teamId, {
      agents: [],
      inHand: 0,
      waiting: [ticket(one, ten)],
    }));

  it('say what the team knows when it decides, whatever happened', () => {
    const [agents, tickets] = [
      [anna, bert],
      [one, two, derivedId('3')],
    ];
    const anAgent = fc.constantFrom(...(agents as string[]));
    const aTicket = fc.constantFrom(...(tickets as string[]));
    const aPriority = fc.constantFrom(...priorities);
    const command = fc.oneof(
      fc.tuple(fc.constant('ProfileAgent'), fc.record({ agentId: anAgent, capacity: fc.integer({ min: 1, max: 2 }) })),
      fc.tuple(fc.constant('SetAgentStatus'), fc.record({ agentId: anAgent, status: fc.constantFrom('ACTIVE', 'AWAY') })),
      fc.tuple(fc.constant('RemoveAgent'), fc.record({ agentId: anAgent })),
      fc.tuple(
        fc.constant('RouteTicket'),
        fc.record({ ticketId: aTicket, customerId: fc.constant(customerId), priority: aPriority }),
      ),
      fc.tuple(
        fc.constantFrom('TakeTicket', 'TakeTicketAgain'),
        fc.record({ ticketId: aTicket, customerId: fc.constant(customerId), priority: aPriority, agentId: anAgent }),
      ),
      fc.tuple(fc.constant('RankTicket'), fc.record({ ticketId: aTicket, priority: aPriority })),
      fc.tuple(fc.constant('ReleaseTicket'), fc.record({ ticketId: aTicket })),
    );
    fc.assert(
      fc.property(fc.array(command, { maxLength: 30 }), (commands) => {
        const history: Fact[] = [formed];
        let state = evolved(team, team.initial, formed, nine) as Exclude<Team, { status: 'NONE' }>;
        for (const [name, payload] of commands) {
          const given = { profile: {}, now: nine, tenant: 'main', actor: { kind: 'user', id: 'x' } };
          for (const fact of decided(name, { teamId, ...payload }, state, given)) {
            history.push(fact);
            state = evolved(team, state, fact, nine) as typeof state;
          }
        }
        const shown = givenView(teams)
          .facts(...history.map((fact) => recorded(fact, { occurredAt: nine })))
          .document(teamId);
        const hands = [
          ...(shown?.agents ?? []).flatMap(({ agentId, tickets }) =>
            tickets.map((held) => [held.ticketId, agentId, held.priority]),
          ),
          ...(shown?.outside ?? []).map(({ ticketId, agentId, priority }) => [ticketId, agentId, priority]),
        ];
        const expected = Object.values(state.inHand).map(({ agentId, request }) => [request.ticketId, agentId, request.priority]);
        expect(hands.sort()).toEqual(expected.sort());
        expect(shown?.inHand).toBe(expected.length);
        expect(shown?.waiting.map(({ ticketId, priority }) => [ticketId, priority])).toEqual(
          state.waiting.map(({ request }) => [request.ticketId, request.priority]).sort(),
        );
        expect(shown?.agents.map(({ agentId, status, capacity }) => [agentId, status, capacity])).toEqual(
          Object.values(state.agents)
            .map(({ agentId, status, capacity }) => [agentId, status, capacity])
            .sort(),
        );
      }),
    );
  });
});

function decided(name: string, payload: object, state: Team, given: object): readonly Fact[] {
  try {
    return [decisionOf(team, name)(payload, state, given as never)].flat() as Fact[];
  } catch (error) {
    if (error instanceof Refused) return [];
    throw error;
  }
}
