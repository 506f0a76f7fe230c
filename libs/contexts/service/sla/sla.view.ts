import { type Static, Type } from 'typebox';
import { Choice, Id, type Moment, MomentField, Text, view } from '#kernel';
import {
  TicketAssigned,
  TicketCategorised,
  TicketMerged,
  TicketOpened,
  TicketPrioritised,
  TicketReinstated,
} from '../ticket/events.js';
import {
  type Due,
  SlaAttached,
  SlaBreached,
  SlaEscalated,
  SlaFailed,
  SlaFulfilled,
  SlaPaused,
  SlaResumed,
  SlaRetargeted,
} from '../ticket/sla-events.js';
import { priorities, type Target, targets } from '../words.js';
import { durationFields, durationSums, durationsOf, withoutDurations } from './durations.js';

const Seconds = (description: string, minimum?: number) =>
  Type.Integer({ ...(minimum === undefined ? {} : { minimum }), description: `${description}, in seconds of working time` });

const document = Type.Object({
  ticketId: Id('the ticket'),
  target: Choice(targets, 'which of the two promises: the first answer, or the solution'),
  customerId: Id('the customer'),
  policyId: Id('the SLA policy'),
  policyName: Text('name of the policy when the ticket was opened', 100),
  priority: Choice(priorities, 'the priority of the ticket, when it was judged'),
  tier: Type.Optional(Text('the service tier for which the promise was made', 60)),
  category: Type.Optional(Text('code of what the ticket is about; of a judged one, of what it was about when it was judged', 60)),
  laterCategory: Type.Optional(Text('code of what it turned out to be about after the verdict', 60)),
  teamId: Type.Optional(Id('the team of the ticket')),
  agentId: Type.Optional(Id('the agent who kept it or did not; of a pending one, who has the ticket')),
  verdict: Choice(
    ['PENDING', 'FULFILLED', 'FAILED', 'WITHDRAWN'],
    'whether it was kept; WITHDRAWN: the ticket goes on in another one, and so does the promise',
  ),
  breached: Type.Boolean({ description: 'whether its time ran out before it was kept' }),
  breachedAt: Type.Optional(MomentField('when its time ran out')),
  escalatedAt: Type.Optional(MomentField('when it was escalated')),
  startedAt: MomentField('from when on it was measured'),
  dueAt: Type.Optional(MomentField('when its time is over; gone while it stands still')),
  judgedAt: Type.Optional(MomentField('when it was kept, in time or not')),
  targetSeconds: Seconds('what was promised', 0),
  takenSeconds: Type.Optional(Seconds('what it took, without the time it stood still', 0)),
  marginSeconds: Type.Optional(Seconds('what was left; of a late one what it was late by, negative')),
  pausedSeconds: Seconds('how long it stood still', 0),
  earlier: Type.Optional(
    Type.Array(
      Type.Object({
        verdict: Choice(['FULFILLED', 'FAILED'], 'whether it was kept in time'),
        judgedAt: MomentField('when it was kept, in time or not'),
        takenSeconds: Seconds('what it took', 0),
        marginSeconds: Seconds('what was left; negative: what it was late by'),
        agentId: Type.Optional(Id('the agent who kept it or did not')),
      }),
      {
        description:
          'of a ticket that was reopened: the verdicts on its solutions before, in their order; each is an entry of its own too',
      },
    ),
  ),
  earlierFulfilled: Type.Integer({
    minimum: 0,
    description: 'number of those that were kept in time; not to be added to fulfilled, which counts them in their own entries',
  }),
  earlierFailed: Type.Integer({
    minimum: 0,
    description: 'number of those that were not; counted by failed in their own entries',
  }),
  solution: Type.Integer({
    minimum: 1,
    description: 'number of the solution that it is about: more than 1 if the ticket was reopened',
  }),
  fulfilled: Type.Integer({
    minimum: 0,
    maximum: 1,
    description: '1 if it was kept in time, to be added up as a number of promises',
  }),
  failed: Type.Integer({ minimum: 0, maximum: 1, description: '1 if it was not, to be added up as a number of promises' }),
  ...durationFields,
});
export type SlaEntry = Static<typeof document>;

export const sla = view({
  name: 'sla',
  description:
    'Two entries for each ticket, its first answer and its solution: what was promised, and whether it was kept. A reopened ticket has one more for each solution before, with its verdict.',
  version: 5,
  capabilities: ['SRV-05', 'SRV-06', 'SRV-07'],
  roles: ['care', 'analyst', 'auditor'],
  document,
  facts: {
    SlaAttached,
    SlaRetargeted,
    SlaPaused,
    SlaResumed,
    SlaEscalated,
    SlaBreached,
    SlaFulfilled,
    SlaFailed,
    TicketOpened,
    TicketAssigned,
    TicketCategorised,
    TicketPrioritised,
    TicketMerged,
    TicketReinstated,
  },
  key: ({ data }) => {
    if ('target' in data) return keyOf(data.ticketId, data.target);
    return targets.map((target) => keyOf(data.ticketId, target));
  },
  filters: [
    'ticketId',
    'target',
    'customerId',
    'policyId',
    'policyName',
    'priority',
    'tier',
    'category',
    'laterCategory',
    'teamId',
    'agentId',
    'verdict',
    'breached',
    'breachedAt',
    'escalatedAt',
    'startedAt',
    'dueAt',
    'judgedAt',
    'takenSeconds',
    'marginSeconds',
    'solution',
  ],
  sums: {
    earlierFulfilled: null,
    earlierFailed: null,
    fulfilled: null,
    failed: null,
    takenSeconds: null,
    marginSeconds: null,
    pausedSeconds: null,
    ...durationSums,
  },
  sort: '-startedAt',
  customer: 'customerId',
  leaves: (entry, { type }, key) =>
    type === 'SlaResumed' && targetOf(key) === 'RESOLUTION' && isJudged(entry) ? { [`${key}.${entry.solution}`]: entry } : {},
  initial: (key): SlaEntry => ({
    ticketId: key.slice(0, key.indexOf('.')),
    target: targetOf(key),
    customerId: '',
    policyId: '',
    policyName: '',
    priority: 'MEDIUM',
    verdict: 'PENDING',
    breached: false,
    startedAt: '',
    targetSeconds: 0,
    pausedSeconds: 0,
    earlierFulfilled: 0,
    earlierFailed: 0,
    solution: 1,
    fulfilled: 0,
    failed: 0,
  }),

  apply: {
    SlaAttached: (entry, { data, occurredAt }, key) => {
      const { customerId, policyId, policyName, tier, firstResponse, resolution } = data;
      return promised(
        { ...entry, customerId, policyId, policyName, ...(tier !== undefined && { tier }), startedAt: occurredAt },
        targetOf(key) === 'RESOLUTION' ? resolution : firstResponse,
      );
    },
    SlaRetargeted: (entry, { data: { firstResponse, resolution, paused } }, key) => {
      const due = targetOf(key) === 'RESOLUTION' ? resolution : firstResponse;
      if (!due) return entry;
      const { dueAt, ...retargeted } = promised(entry, due);
      return paused && targetOf(key) === 'RESOLUTION' ? retargeted : { ...retargeted, ...(dueAt !== undefined && { dueAt }) };
    },
    SlaPaused: ({ dueAt, ...entry }, _, key) =>
      targetOf(key) === 'RESOLUTION' || dueAt === undefined ? entry : { ...entry, dueAt },
    SlaResumed: (entry, { data: { pausedSeconds, resolution } }, key) => {
      if (targetOf(key) !== 'RESOLUTION') return entry;
      // What was solved once and was not solved after all has no verdict until it is solved again; the one that it had is left behind.
      const { judgedAt: _, takenSeconds: __, marginSeconds: ___, laterCategory, ...open } = withoutDurations(withEarlier(entry));
      const category = laterCategory ?? entry.category;
      const solution = isJudged(entry) ? entry.solution + 1 : entry.solution;
      const pending = {
        ...open,
        ...(category !== undefined && { category }),
        solution,
        verdict: 'PENDING' as const,
        fulfilled: 0,
        failed: 0,
      };
      return promised({ ...pending, pausedSeconds: Math.round(pausedSeconds) }, resolution);
    },
    SlaEscalated: (entry, { data: { escalatedAt } }) => ({ ...entry, escalatedAt }),
    SlaBreached: (entry, { data: { dueAt } }) => ({ ...entry, breached: true, breachedAt: dueAt }),
    SlaFulfilled: (entry, recorded) => judged(entry, 'FULFILLED', recorded),
    SlaFailed: (entry, recorded) => judged(entry, 'FAILED', recorded),

    TicketOpened: (entry, { data: { customerId, priority, category, teamId } }) => ({
      ...entry,
      customerId,
      priority,
      ...(category !== undefined && { category }),
      ...(teamId !== undefined && { teamId }),
    }),
    TicketAssigned: (entry, { data }) => {
      if (entry.verdict !== 'PENDING') return entry;
      const { agentId: _, teamId: __, ...open } = entry;
      return {
        ...open,
        ...(data.agentId !== undefined && { agentId: data.agentId }),
        ...(data.teamId !== undefined && { teamId: data.teamId }),
      };
    },
    // A verdict is about what the ticket was when it was given.
    TicketCategorised: (entry, { data: { category } }) =>
      isJudged(entry) ? { ...entry, laterCategory: category } : { ...entry, category },
    TicketPrioritised: (entry, { data: { to } }) => (entry.verdict === 'PENDING' ? { ...entry, priority: to } : entry),
    // A verdict that was given stays.
    TicketMerged: (entry): SlaEntry => (entry.verdict === 'PENDING' ? { ...entry, verdict: 'WITHDRAWN' } : entry),
    TicketReinstated: (entry): SlaEntry => (entry.verdict === 'WITHDRAWN' ? { ...entry, verdict: 'PENDING' } : entry),
  },
});

const keyOf = (ticketId: string, target: Target) => `${ticketId}.${target}`;
const targetOf = (key: string) => key.slice(key.indexOf('.') + 1) as Target;

const isJudged = (entry: SlaEntry): entry is SlaEntry & { readonly verdict: 'FULFILLED' | 'FAILED' } =>
  entry.verdict === 'FULFILLED' || entry.verdict === 'FAILED';

function withEarlier(entry: SlaEntry): SlaEntry {
  if (!isJudged(entry) || entry.judgedAt === undefined) return entry;
  const { verdict, judgedAt, takenSeconds, marginSeconds, agentId, earlier = [] } = entry;
  const judgement = { verdict, judgedAt, takenSeconds: takenSeconds ?? 0, marginSeconds: marginSeconds ?? 0 };
  return {
    ...entry,
    earlier: [...earlier, { ...judgement, ...(agentId !== undefined && { agentId }) }],
    earlierFulfilled: entry.earlierFulfilled + entry.fulfilled,
    earlierFailed: entry.earlierFailed + entry.failed,
  };
}

const promised = (entry: SlaEntry, { targetSeconds, dueAt }: Due): SlaEntry => ({ ...entry, targetSeconds, dueAt });

function judged(
  entry: SlaEntry,
  verdict: 'FULFILLED' | 'FAILED',
  { data, occurredAt }: { readonly data: ReturnType<typeof SlaFulfilled>['data']; readonly occurredAt: Moment },
): SlaEntry {
  const { agentId: _, teamId: __, tier: ___, category: ____, ...pending } = entry;
  const { takenSeconds, marginSeconds, pausedSeconds, ...said } = data;
  return {
    ...pending,
    ...said,
    takenSeconds: Math.round(takenSeconds),
    ...durationsOf(takenSeconds),
    // Never -0, which no store keeps.
    marginSeconds: Math.round(marginSeconds) + 0,
    pausedSeconds: Math.round(pausedSeconds),
    verdict,
    judgedAt: occurredAt,
    fulfilled: verdict === 'FULFILLED' ? 1 : 0,
    failed: verdict === 'FAILED' ? 1 : 0,
  };
}
