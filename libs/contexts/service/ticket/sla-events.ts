import { type Static, Type } from 'typebox';
import { Choice, fact, Id, MomentField, Text } from '#kernel';
import { priorities, targets } from '../words.js';
import { workingTimeFields } from '../working-calendar/events.js';

const ticketId = Id('the ticket');
const customerId = Id('the customer');
const target = Choice(targets, 'which of the two promises');
const Seconds = (description: string) =>
  Type.Number({ minimum: 0, description: `${description}, in seconds of working time, to 1/1000 second` });

const Due = Type.Object(
  {
    targetSeconds: Seconds('what was promised'),
    dueAt: MomentField('when that time is over'),
    escalatesAt: MomentField('when as much of it is over as the policy allows before somebody else is told'),
  },
  { additionalProperties: false, description: 'a promise, and when it ends' },
);
export type Due = Readonly<Static<typeof Due>>;

const PromisedAt = Type.Object(
  {
    priority: Choice(priorities, 'while the ticket has this priority'),
    firstResponseMinutes: Type.Integer({ minimum: 1, description: 'until the first answer, in minutes of working time' }),
    resolutionMinutes: Type.Integer({ minimum: 1, description: 'until the solution, in minutes of working time' }),
  },
  { additionalProperties: false, description: 'what is promised at a priority' },
);

/** The terms of a policy and of its calendar, as they were when the ticket was opened. */
const terms = {
  policyId: Id('the policy'),
  policyName: Text('name of the policy', 100),
  tier: Type.Optional(Text('the service tier for which the promises were made', 60)),
  promises: Type.Array(PromisedAt, { description: 'what is promised, by priority' }),
  escalationPercent: Type.Integer({
    minimum: 1,
    maximum: 99,
    description: 'how much of a promise may be used before it is escalated, in percent',
  }),
  escalatesTo: Type.Optional(Id('the employee to whom escalations go')),
  closesAfterDays: Type.Optional(
    Type.Integer({
      minimum: 1,
      description: 'after how long a resolved ticket closes by itself, in days of 24 hours; left out: never',
    }),
  ),
  ...workingTimeFields,
};

export const SlaAttached = fact(
  'SlaAttached',
  'The ticket was promised this, with all it takes to measure it: what is defined later makes no difference to it.',
  { ticketId, customerId, ...terms, firstResponse: Due, resolution: Due },
);

export const SlaRetargeted = fact('SlaRetargeted', 'With another priority the ticket has other promises, of the same terms.', {
  ticketId,
  priority: Choice(priorities, 'the new priority'),
  firstResponse: Type.Optional(Due),
  resolution: Type.Optional(Due),
  paused: Type.Boolean({ description: 'whether the time to the solution stands still, so that it ends later than it says here' }),
});

export const SlaPaused = fact('SlaPaused', 'The time to the solution stands still.', { ticketId });

export const SlaResumed = fact(
  'SlaResumed',
  'The time to the solution goes on: it ends later by as much working time as it stood still.',
  {
    ticketId,
    pausedSeconds: Seconds('how long it has stood still so far'),
    resolution: Due,
  },
);

export const SlaEscalated = fact('SlaEscalated', 'Much of the time is used up, and the promise is not kept yet.', {
  ticketId,
  customerId,
  target,
  escalatedAt: MomentField('when that was so'),
  dueAt: MomentField('when the time is over'),
  agentId: Type.Optional(Id('the agent who has the ticket')),
  escalatesTo: Type.Optional(Id('the employee who should know')),
});

export const SlaBreached = fact('SlaBreached', 'The time is over, and the promise was not kept; said once for each promise.', {
  ticketId,
  customerId,
  target,
  dueAt: MomentField('when the time was over'),
  agentId: Type.Optional(Id('the agent who had the ticket')),
  escalatesTo: Type.Optional(Id('the employee who should know')),
});

const verdict = {
  ticketId,
  customerId,
  target,
  policyId: Id('the policy'),
  priority: Choice(priorities, 'the priority of the ticket'),
  tier: Type.Optional(Text('the service tier for which the promise was made', 60)),
  category: Type.Optional(Text('code of what the ticket is about', 60)),
  teamId: Type.Optional(Id('the team of the ticket')),
  agentId: Type.Optional(Id('the agent who kept it or did not')),
  targetSeconds: Seconds('what was promised'),
  takenSeconds: Seconds('what it took, without the time it stood still'),
  marginSeconds: Type.Number({
    description: 'what was left; of a late one what it was late by, negative; in seconds of working time, to 1/1000 second',
  }),
  pausedSeconds: Seconds('how long it stood still'),
  dueAt: MomentField('when the time was over, or would have been'),
};

export const SlaFulfilled = fact('SlaFulfilled', 'A promise was kept.', verdict);

export const SlaFailed = fact(
  'SlaFailed',
  'What was promised came too late. By 0 seconds if it came after the time was over, but before anybody worked again.',
  verdict,
);
