import { type Static, Type } from 'typebox';
import { Choice, fact, Id, Text } from '#kernel';
import { priorities } from '../words.js';

const Minutes = (description: string) => Type.Integer({ minimum: 1, description: `${description}, in minutes of working time` });

const Promised = Type.Object(
  {
    priority: Choice(priorities, 'for tickets of this priority'),
    tier: Type.Optional(Text('for customers of this service tier; left out: for all others', 60)),
    firstResponseMinutes: Minutes('until the first answer of an agent'),
    resolutionMinutes: Minutes('until the solution'),
  },
  { additionalProperties: false, description: 'what is promised to tickets of one kind' },
);
export type Promised = Readonly<Static<typeof Promised>>;

const TierPriority = Type.Object(
  { tier: Text('a service tier', 60), priority: Choice(priorities, 'the priority of its tickets') },
  { additionalProperties: false, description: 'the priority of the tickets of a tier' },
);
export type TierPriority = Readonly<Static<typeof TierPriority>>;

export const SlaPolicyDefined = fact(
  'SlaPolicyDefined',
  'New tickets are promised this from now on; tickets that were opened before keep what they were promised.',
  {
    policyId: Id('the policy'),
    name: Text('name of the policy', 100),
    calendarId: Type.Optional(Id('the calendar in which targets are measured; left out: the default one')),
    promises: Type.Array(Promised, { description: 'what is promised, by priority and tier' }),
    tierPriorities: Type.Array(TierPriority, { description: 'priorities of tickets that were opened without one, by tier' }),
    escalationPercent: Type.Integer({
      minimum: 1,
      maximum: 99,
      description: 'how much of a target may be used before it is escalated, in percent',
    }),
    escalatesTo: Type.Optional(Id('the employee to whom escalations go')),
    closesAfterDays: Type.Optional(
      Type.Integer({
        minimum: 1,
        description: 'after how long a resolved ticket closes by itself, in days of 24 hours; left out: never',
      }),
    ),
  },
);
