import { aggregate, canonicalJson, derivedId, type Moment, refuse } from '#kernel';
import { type Priority, priorities } from '../words.js';
import { defaultCalendarId, type WorkingCalendar, workingCalendar } from '../working-calendar/working-calendar.js';
import { reachedAfter } from '../working-time/working-time.js';
import { DefineSlaPolicy } from './commands.js';
import { type Promised, SlaPolicyDefined, type TierPriority } from './events.js';

export interface SlaPolicy {
  /** Whether somebody defined it; the default policy holds where nobody did. */
  readonly defined: boolean;
  readonly name: string;
  /** The calendar in which it is measured; left out: the default one. */
  readonly calendarId?: string;
  readonly promises: readonly Promised[];
  readonly tierPriorities: readonly TierPriority[];
  readonly escalationPercent: number;
  readonly escalatesTo?: string;
  /** Days of 24 hours after which a resolved ticket closes by itself; left out: never. */
  readonly closesAfterDays?: number;
}

const promise = (priority: Priority, hours: number, days: number): Promised => ({
  priority,
  firstResponseMinutes: hours * 60,
  resolutionMinutes: days * 8 * 60,
});

/** Hours of working time to the first answer: 1, 2, 4, 8; working days of 8 hours to the solution: 1, 2, 5, 10. */
export const defaultPolicy: SlaPolicy = {
  defined: false,
  name: 'Default',
  promises: [promise('URGENT', 1, 1), promise('HIGH', 2, 2), promise('MEDIUM', 4, 5), promise('LOW', 8, 10)],
  tierPriorities: [],
  escalationPercent: 80,
};

/** The id under which a tenant may define its own default policy. */
export const defaultPolicyId = (tenant: string): string => derivedId('slaPolicy', tenant);

/** What a decision reads beside its own stream: the calendar that the policy is measured in. */
interface References {
  readonly calendar: WorkingCalendar;
}

export const slaPolicy = aggregate<SlaPolicy, References>()({
  name: 'slaPolicy',
  description: 'What tickets are promised, by priority and service tier: until when they are answered and solved.',
  id: 'policyId',
  commands: { DefineSlaPolicy },
  facts: { SlaPolicyDefined },
  initial: defaultPolicy,
  references: {
    calendar: {
      aggregate: workingCalendar,
      id: ({ calendarId }: DefineSlaPolicy, _, { tenant }) => calendarId ?? defaultCalendarId(tenant),
    },
  },

  decide: {
    DefineSlaPolicy: ({ policyId, ...wanted }, { defined, ...present }, { calendar, tenant, now }) => {
      const { name, calendarId, escalationPercent = defaultPolicy.escalationPercent, escalatesTo, closesAfterDays } = wanted;
      if (calendarId !== undefined && calendarId !== defaultCalendarId(tenant) && !calendar.defined)
        refuse(
          'calendar-unknown',
          `There is no working calendar ${calendarId}; define it first, or leave calendarId out.`,
          'calendarId',
        );
      const promises = wanted.promises.map((promised) => ({ ...promised }));
      const tierPriorities = (wanted.tierPriorities ?? []).map(({ tier, priority }) => ({ tier, priority }));
      check(promises, tierPriorities);
      mustBeWithinReach(promises, calendar, now);
      const definition = { name, calendarId, promises, tierPriorities, escalationPercent, escalatesTo, closesAfterDays };
      return defined && canonicalJson(definition) === canonicalJson(present) ? [] : SlaPolicyDefined({ policyId, ...definition });
    },
  },

  evolve: {
    SlaPolicyDefined: (_, { policyId: __, ...definition }) => ({ defined: true, ...definition }),
  },
});

/** What the policy promises to tickets of that priority of customers of that tier. */
export function promiseFor({ promises }: Pick<SlaPolicy, 'promises'>, priority: Priority, tier?: string): Promised {
  const ofPriority = promises.filter((promised) => promised.priority === priority);
  const promised = ofPriority.find((one) => one.tier === tier) ?? ofPriority.find((one) => one.tier === undefined);
  if (!promised) throw new Error(`The policy promises nothing for ${priority}.`);
  return promised;
}

/** The priority of a ticket for which nobody chose one. */
export const priorityFor = ({ tierPriorities }: SlaPolicy, tier?: string): Priority =>
  tierPriorities.find((entry) => entry.tier === tier)?.priority ?? 'MEDIUM';

function check(promises: readonly Promised[], tierPriorities: readonly TierPriority[]): void {
  for (const priority of priorities)
    if (!promises.some((promised) => promised.priority === priority && promised.tier === undefined))
      refuse(
        'promise-missing',
        `Nothing is promised for ${priority} to all tiers; add a promise for it without a tier.`,
        'promises',
      );
  const kinds = promises.map(({ priority, tier }) => canonicalJson([priority, tier]));
  for (const [index, kind] of kinds.entries())
    if (kinds.indexOf(kind) < index)
      refuse(
        'promises-not-unique',
        'Two promises are for the same priority and tier; leave one of them out.',
        `promises[${index}]`,
      );
  for (const [index, { tier }] of tierPriorities.entries())
    if (tierPriorities.findIndex((one) => one.tier === tier) < index)
      refuse('tiers-not-unique', `The tier ${tier} has two priorities; leave one of them out.`, `tierPriorities[${index}].tier`);
  for (const [index, { priority, firstResponseMinutes, resolutionMinutes }] of promises.entries())
    if (firstResponseMinutes > resolutionMinutes)
      refuse(
        'response-after-resolution',
        `The first answer to ${priority} is promised within ${firstResponseMinutes} minutes; send at most the ${resolutionMinutes} of the solution.`,
        `promises[${index}].firstResponseMinutes`,
      );
}

function mustBeWithinReach(promises: readonly Promised[], calendar: WorkingCalendar, now: Moment): void {
  const minutes = promises.map(({ resolutionMinutes }) => resolutionMinutes);
  const longest = Math.max(...minutes);
  if (reachedAfter(calendar, now, longest * 60_000) === undefined)
    refuse(
      'promise-out-of-reach',
      `The calendar has less than ${longest} minutes of working time in ten years; promise less, or give it more hours.`,
      `promises[${minutes.indexOf(longest)}].resolutionMinutes`,
    );
}
