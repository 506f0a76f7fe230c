import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { derivedId, evolved, type Fact } from '#kernel';
import { given } from '#kernel/testing';
import type { Priority } from '../words.js';
import {
  AgentLeft,
  AgentProfiled,
  AgentStatusChanged,
  type Candidate,
  TeamFormed,
  TicketQueued,
  TicketRanked,
  TicketReleased,
  TicketRouted,
  TicketTaken,
} from './events.js';
import { choiceOf } from './routing.js';
import { type Team, team } from './team.js';

const teamId = derivedId('team');
const customerId = derivedId('acme');
/** In the order of their ids. */
const [anna, bert, cleo] = [derivedId('a'), derivedId('b'), derivedId('c')].sort() as [string, string, string];
const [one, two, three] = ['1', '2', '3'].map((name) => derivedId('ticket', name)) as [string, string, string];
const now = '2026-01-05T09:00:00.000Z';

const formed = TeamFormed({ teamId, name: 'First line' });
const agent = (agentId: string, more: { skills?: string[]; languages?: string[]; tiers?: string[]; capacity?: number } = {}) =>
  AgentProfiled({ teamId, agentId, skills: [], languages: [], tiers: [], capacity: 10, ...more });
const request = (ticketId: string, more: { priority?: Priority; skill?: string; language?: string; tier?: string } = {}) => ({
  ticketId,
  customerId,
  priority: 'MEDIUM' as const,
  ...more,
});
const candidate = (agentId: string, fitness: Candidate['fitness'] = 'FITS', load = 0, turn = 0, capacity = 10): Candidate => ({
  agentId,
  fitness,
  load,
  capacity,
  turn,
});
const taken = (ticketId: string, agentId: string) => TicketTaken({ teamId, ...request(ticketId), agentId });
const away = (agentId: string) => AgentStatusChanged({ teamId, agentId, from: 'ACTIVE', to: 'AWAY' });
const profile = {};

describe('SRV-02 a ticket goes to', () => {
  const routing = (wanted: ReturnType<typeof request>, ...history: Fact[]) =>
    given(team, { profile }, formed, ...history).when('RouteTicket', { teamId, ...wanted });

  it('the only agent', () =>
    routing(request(one), agent(anna)).then(
      TicketRouted({ teamId, ...request(one), agentId: anna, rule: 'ONLY_CANDIDATE', candidates: [candidate(anna)] }),
    ));
  it('one with the skill that it needs', () =>
    routing(request(one, { skill: 'BILLING' }), agent(anna), agent(bert, { skills: ['BILLING'] })).then(
      TicketRouted({
        teamId,
        ...request(one, { skill: 'BILLING' }),
        agentId: bert,
        rule: 'ONLY_CANDIDATE',
        candidates: [candidate(anna, 'SKILL_MISSING'), candidate(bert)],
      }),
    ));
  it('one who speaks the language of the customer', () =>
    routing(request(one, { language: 'fr' }), agent(anna, { languages: ['de'] }), agent(bert, { languages: ['fr'] })).then(
      TicketRouted({
        teamId,
        ...request(one, { language: 'fr' }),
        agentId: bert,
        rule: 'ONLY_CANDIDATE',
        candidates: [candidate(anna, 'LANGUAGE_MISSING'), candidate(bert)],
      }),
    ));
  it('one who speaks a dialect of that language, however its tag was written', () => {
    for (const [language, spoken] of [
      ['en', 'en-GB'],
      ['en-gb', 'en-GB'],
      ['EN', 'en'],
      ['zh-Hant', 'zh-hant-TW'],
      ['he', 'iw'],
    ] as const)
      routing(request(one, { language }), agent(anna, { languages: ['de', spoken] })).then(
        TicketRouted({
          teamId,
          ...request(one, { language }),
          agentId: anna,
          rule: 'ONLY_CANDIDATE',
          candidates: [candidate(anna)],
        }),
      );
  });
  it('nobody who speaks the language, but not the dialect that it needs, or another one that begins alike', () => {
    for (const [language, spoken] of [
      ['en-GB', 'en'],
      ['en-GB', 'en-US'],
      ['en', 'enm'],
      ['en', 'not a language!!'],
    ] as const)
      routing(request(one, { language }), agent(anna, { languages: [spoken] })).then(
        TicketQueued({ teamId, ...request(one, { language }), candidates: [candidate(anna, 'LANGUAGE_MISSING')] }),
      );
  });
  it('one who serves the tier of the customer', () =>
    routing(request(one, { tier: 'GOLD' }), agent(anna, { tiers: ['BASIC'] }), agent(bert)).then(
      TicketRouted({
        teamId,
        ...request(one, { tier: 'GOLD' }),
        agentId: bert,
        rule: 'ONLY_CANDIDATE',
        candidates: [candidate(anna, 'TIER_NOT_SERVED'), candidate(bert)],
      }),
    ));
  it('one who is there', () =>
    routing(request(one), agent(anna), agent(bert), away(anna)).then(
      TicketRouted({
        teamId,
        ...request(one),
        agentId: bert,
        rule: 'ONLY_CANDIDATE',
        candidates: [candidate(anna, 'NOT_ACTIVE'), candidate(bert)],
      }),
    ));
  it('the one with fewest tickets', () =>
    routing(request(two), agent(anna), agent(bert), taken(one, anna)).then(
      TicketRouted({
        teamId,
        ...request(two),
        agentId: bert,
        rule: 'LEAST_LOAD',
        candidates: [candidate(anna, 'FITS', 1), candidate(bert)],
      }),
    ));
  it('the one who served the customer last, even if others have fewer', () =>
    given(team, { profile: { lastAgentId: anna } }, formed, agent(anna), agent(bert), taken(one, anna))
      .when('RouteTicket', { teamId, ...request(two) })
      .then(
        TicketRouted({
          teamId,
          ...request(two),
          lastAgentId: anna,
          agentId: anna,
          rule: 'LAST_AGENT',
          candidates: [candidate(anna, 'FITS', 1), candidate(bert)],
        }),
      ));
  it('another one where the one who served the customer last has too many', () =>
    given(team, { profile: { lastAgentId: anna } }, formed, agent(anna, { capacity: 1 }), agent(bert), taken(one, anna))
      .when('RouteTicket', { teamId, ...request(two) })
      .then(
        TicketRouted({
          teamId,
          ...request(two),
          lastAgentId: anna,
          agentId: bert,
          rule: 'ONLY_CANDIDATE',
          candidates: [candidate(anna, 'FULL', 1, 0, 1), candidate(bert)],
        }),
      ));
  it('each in turn where all have as many', () => {
    const routed = TicketRouted({ teamId, ...request(one), agentId: anna, rule: 'SMALLEST_ID', candidates: [] });
    return routing(request(two), agent(anna), agent(bert), routed, TicketReleased({ teamId, ticketId: one })).then(
      TicketRouted({
        teamId,
        ...request(two),
        agentId: bert,
        rule: 'LONGEST_WITHOUT',
        candidates: [candidate(anna, 'FITS', 0, 1), candidate(bert)],
      }),
    );
  });
  it('an agent once', () => routing(request(one), agent(anna), taken(one, anna)).changesNothing());
  it('nobody in a team that does not exist', () =>
    given(team, { profile })
      .when('RouteTicket', { teamId, ...request(one) })
      .isRefused('team-unknown', 'teamId'));
});

describe('SRV-02 a ticket that nobody can take', () => {
  const full = agent(anna, { capacity: 1 });
  const waiting = (ticketId: string, priority: Priority = 'MEDIUM') =>
    TicketQueued({ teamId, ...request(ticketId, { priority }), candidates: [candidate(anna, 'FULL', 1, 0, 1)] });

  it('waits', () =>
    given(team, { profile }, formed, full, taken(one, anna))
      .when('RouteTicket', { teamId, ...request(two) })
      .then(waiting(two)));
  it('waits once', () =>
    given(team, { profile }, formed, full, taken(one, anna), waiting(two))
      .when('RouteTicket', { teamId, ...request(two) })
      .changesNothing());
  it('is routed when an agent has room again, the most urgent first', () =>
    given(team, { profile }, formed, full, taken(one, anna), waiting(two), waiting(three, 'URGENT'))
      .when('ReleaseTicket', { teamId, ticketId: one })
      .then(
        TicketReleased({ teamId, ticketId: one }),
        TicketRouted({
          teamId,
          ...request(three, { priority: 'URGENT' }),
          agentId: anna,
          rule: 'ONLY_CANDIDATE',
          candidates: [candidate(anna, 'FITS', 0, 0, 1)],
        }),
      ));
  it('is routed when somebody comes back', () =>
    given(team, { profile }, formed, agent(anna), away(anna), waiting(two))
      .when('SetAgentStatus', { teamId, agentId: anna, status: 'ACTIVE' })
      .then(
        AgentStatusChanged({ teamId, agentId: anna, from: 'AWAY', to: 'ACTIVE' }),
        TicketRouted({ teamId, ...request(two), agentId: anna, rule: 'ONLY_CANDIDATE', candidates: [candidate(anna)] }),
      ));
  it('is routed when somebody joins who can', () =>
    given(team, { profile }, formed, full, taken(one, anna), waiting(two))
      .when('ProfileAgent', { teamId, agentId: bert })
      .then(
        agent(bert),
        TicketRouted({
          teamId,
          ...request(two),
          agentId: bert,
          rule: 'ONLY_CANDIDATE',
          candidates: [candidate(anna, 'FULL', 1, 0, 1), candidate(bert)],
        }),
      ));
  it('waits no more once somebody took it by hand', () =>
    given(team, { profile }, formed, full, taken(one, anna), waiting(two), taken(two, cleo))
      .when('ReleaseTicket', { teamId, ticketId: one })
      .then(TicketReleased({ teamId, ticketId: one })));
});

describe('SRV-02 an agent who leaves', () => {
  const [smaller, greater] = [one, two].sort() as [string, string];
  it('leaves tickets to the others', () =>
    given(team, { profile }, formed, agent(anna), agent(bert), taken(one, anna))
      .when('RemoveAgent', { teamId, agentId: anna })
      .then(
        AgentLeft({ teamId, agentId: anna }),
        TicketRouted({
          teamId,
          ...request(one),
          agentId: bert,
          rule: 'ONLY_CANDIDATE',
          leftBy: anna,
          candidates: [candidate(bert)],
        }),
      ));
  it('is not named by what the next one has to hand on', () => {
    const again = { ...request(one), agentId: bert, rule: 'ONLY_CANDIDATE', leftBy: anna } as const;
    given(team, { profile }, formed, agent(bert), TicketRouted({ teamId, ...again, candidates: [candidate(bert)] }))
      .when('RemoveAgent', { teamId, agentId: bert })
      .then(AgentLeft({ teamId, agentId: bert }), TicketQueued({ teamId, ...request(one), leftBy: bert, candidates: [] }));
  });
  it('leaves them waiting where there are no others', () =>
    given(team, { profile }, formed, agent(anna), taken(one, anna))
      .when('RemoveAgent', { teamId, agentId: anna })
      .then(AgentLeft({ teamId, agentId: anna }), TicketQueued({ teamId, ...request(one), leftBy: anna, candidates: [] })));
  it('leaves waiting what the others have no room for, as they are once they have the rest', () =>
    given(team, { profile }, formed, agent(anna), agent(bert, { capacity: 1 }), taken(one, anna), taken(two, anna))
      .when('RemoveAgent', { teamId, agentId: anna })
      .then(
        AgentLeft({ teamId, agentId: anna }),
        TicketRouted({
          teamId,
          ...request(smaller),
          agentId: bert,
          rule: 'ONLY_CANDIDATE',
          leftBy: anna,
          candidates: [candidate(bert, 'FITS', 0, 0, 1)],
        }),
        TicketQueued({ teamId, ...request(greater), leftBy: anna, candidates: [candidate(bert, 'FULL', 1, 1, 1)] }),
      ));
  it('does not get back a ticket of before that is reopened: it is routed anew, or waits', () => {
    const left = AgentLeft({ teamId, agentId: anna });
    const again = { teamId, ...request(one), agentId: anna };
    given(team, { profile: { lastAgentId: anna } }, formed, agent(anna), agent(bert), left)
      .when('TakeTicketAgain', again)
      .then(
        TicketRouted({
          teamId,
          ...request(one),
          lastAgentId: anna,
          agentId: bert,
          rule: 'ONLY_CANDIDATE',
          leftBy: anna,
          candidates: [candidate(bert)],
        }),
      );
    given(team, { profile }, formed, agent(anna), left)
      .when('TakeTicketAgain', again)
      .then(TicketQueued({ teamId, ...request(one), leftBy: anna, candidates: [] }));
  });
  it('gets it back once back in the team; and so does somebody who never was in it', () => {
    const left = AgentLeft({ teamId, agentId: anna });
    given(team, { profile }, formed, agent(anna), left, agent(anna))
      .when('TakeTicketAgain', { teamId, ...request(one), agentId: anna })
      .then(taken(one, anna));
    given(team, { profile }, formed, agent(anna), left)
      .when('TakeTicketAgain', { teamId, ...request(one), agentId: cleo })
      .then(taken(one, cleo));
  });
  it('may have tickets by hand all the same', () =>
    given(team, { profile }, formed, agent(anna), AgentLeft({ teamId, agentId: anna }))
      .when('TakeTicket', { teamId, ...request(one), agentId: anna })
      .then(taken(one, anna)));
  it('is one of at most 100', () => {
    const many = Array.from({ length: 100 }, (_, n) => agent(derivedId(`agent ${n}`)));
    given(team, { profile }, formed, ...many)
      .when('ProfileAgent', { teamId, agentId: anna })
      .isRefused('team-full');
  });
  it('was in the team', () =>
    given(team, { profile }, formed).when('RemoveAgent', { teamId, agentId: anna }).isRefused('agent-unknown', 'agentId'));
});

describe('SRV-01 a team', () => {
  it('is formed', () => given(team, { profile }).when('FormTeam', { teamId, name: 'First line' }).then(formed));
  it('is renamed', () =>
    given(team, { profile }, formed)
      .when('FormTeam', { teamId, name: 'Second line' })
      .then(TeamFormed({ teamId, name: 'Second line' })));
  it('records the languages of its agents in one form, each once', () =>
    given(team, { profile }, formed)
      .when('ProfileAgent', { teamId, agentId: anna, languages: ['en-gb', 'DE', 'en-GB'] })
      .then(agent(anna, { languages: ['de', 'en-GB'] })));
  it('is not changed by what it is', () => {
    given(team, { profile }, formed).when('FormTeam', { teamId, name: 'First line' }).changesNothing();
    given(team, { profile }, formed, agent(anna)).when('ProfileAgent', { teamId, agentId: anna }).changesNothing();
    given(team, { profile }, formed, agent(anna))
      .when('SetAgentStatus', { teamId, agentId: anna, status: 'ACTIVE' })
      .changesNothing();
    given(team, { profile }, formed).when('ReleaseTicket', { teamId, ticketId: one }).changesNothing();
  });
});

describe('SRV-02 routing', () => {
  const agentId = fc.constantFrom(anna, bert, cleo);
  const ticketId = fc.integer({ min: 1, max: 12 }).map((number) => derivedId('ticket', String(number)));
  const skill = fc.option(fc.constantFrom('BILLING', 'HARDWARE'), { nil: undefined });
  const priority = fc.constantFrom<Priority>('URGENT', 'MEDIUM');
  const call = fc.oneof(
    { weight: 3, arbitrary: fc.record({ name: fc.constant('RouteTicket' as const), ticketId, skill, priority }) },
    { weight: 2, arbitrary: fc.record({ name: fc.constant('ReleaseTicket' as const), ticketId }) },
    { weight: 1, arbitrary: fc.record({ name: fc.constant('TakeTicket' as const), ticketId, agentId, priority }) },
    { weight: 1, arbitrary: fc.record({ name: fc.constant('TakeTicketAgain' as const), ticketId, agentId, priority }) },
    { weight: 1, arbitrary: fc.record({ name: fc.constant('RankTicket' as const), ticketId, priority }) },
    { weight: 1, arbitrary: fc.record({ name: fc.constant('RemoveAgent' as const), agentId }) },
    {
      weight: 2,
      arbitrary: fc.record({
        name: fc.constant('ProfileAgent' as const),
        agentId,
        skills: fc.subarray(['BILLING', 'HARDWARE']),
        capacity: fc.integer({ min: 1, max: 3 }),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        name: fc.constant('SetAgentStatus' as const),
        agentId,
        status: fc.constantFrom('ACTIVE' as const, 'AWAY' as const),
      }),
    },
  );

  it('overloads nobody, leaves nobody waiting who could be served, and can be checked from its fact alone', () =>
    fc.assert(
      fc.property(fc.array(call, { maxLength: 60, size: 'max' }), (calls) => {
        let state: Team = evolved(team, team.initial, formed, now) as Team;
        for (const { name, ...fields } of calls) {
          const command = { teamId, customerId, ...fields };
          let facts: readonly Fact[] = [];
          try {
            const decide = team.decide[name] as (command: unknown, state: Team, given: unknown) => Fact | readonly Fact[];
            facts = [decide(command, state, { now, profile: {} })].flat() as Fact[];
          } catch (error) {
            expect(error).toMatchObject({ code: 'agent-unknown' });
          }
          for (const fact of facts) {
            if (fact.type === 'TicketQueued') {
              const { candidates, lastAgentId } = (fact as ReturnType<typeof TicketQueued>).data;
              expect(choiceOf(candidates, lastAgentId)).toBeUndefined();
            }
            if (fact.type === 'TicketRouted') {
              const { candidates, agentId, rule, lastAgentId } = (fact as ReturnType<typeof TicketRouted>).data;
              expect(choiceOf(candidates, lastAgentId)).toEqual({ agentId, rule });
              for (const { fitness, load, capacity } of candidates) if (fitness === 'FITS') expect(load).toBeLessThan(capacity);
            }
            state = evolved(team, state, fact, now) as Team;
          }
          if (state.status !== 'FORMED') continue;
          const { agents, inHand, waiting } = state;
          for (const { request } of waiting)
            for (const { agentId, status, skills, capacity } of Object.values(agents)) {
              const load = Object.values(inHand).filter((held) => held.agentId === agentId).length;
              const fits = status === 'ACTIVE' && load < capacity && (!request.skill || skills.includes(request.skill));
              expect(fits).toBe(false);
            }
        }
      }),
      { numRuns: 200 },
    ));
});

describe('SRV-02 a ticket whose priority changes', () => {
  const queued = (ticketId: string) =>
    TicketQueued({ teamId, ...request(ticketId), candidates: [candidate(anna, 'FULL', 1, 0, 1)] });
  const ranked = (ticketId: string, priority: Priority) => TicketRanked({ teamId, ticketId, priority });
  const waiting = [formed, agent(anna, { capacity: 1 }), taken(one, anna), queued(two), queued(three)];

  it('is served by its new priority once there is room', () =>
    given(team, { profile }, ...waiting, ranked(three, 'URGENT'))
      .when('ReleaseTicket', { teamId, ticketId: one })
      .then(
        TicketReleased({ teamId, ticketId: one }),
        TicketRouted({
          teamId,
          ...request(three, { priority: 'URGENT' }),
          agentId: anna,
          rule: 'ONLY_CANDIDATE',
          candidates: [candidate(anna, 'FITS', 0, 0, 1)],
        }),
      ));
  it('takes it along when it has to be routed again', () =>
    given(team, { profile }, formed, agent(anna), agent(bert), taken(one, anna), ranked(one, 'URGENT'))
      .when('RemoveAgent', { teamId, agentId: anna })
      .then(
        AgentLeft({ teamId, agentId: anna }),
        TicketRouted({
          teamId,
          ...request(one, { priority: 'URGENT' }),
          agentId: bert,
          rule: 'ONLY_CANDIDATE',
          leftBy: anna,
          candidates: [candidate(bert)],
        }),
      ));
  it('is noted once', () => {
    given(team, { profile }, ...waiting)
      .when('RankTicket', { teamId, ticketId: two, priority: 'URGENT' })
      .then(ranked(two, 'URGENT'));
    given(team, { profile }, ...waiting, ranked(two, 'URGENT'))
      .when('RankTicket', { teamId, ticketId: two, priority: 'URGENT' })
      .changesNothing();
  });
  it('is no concern of a team that does not have it', () =>
    given(team, { profile }, formed).when('RankTicket', { teamId, ticketId: one, priority: 'URGENT' }).changesNothing());
});
