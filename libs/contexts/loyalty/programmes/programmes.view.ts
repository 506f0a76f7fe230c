import { type Static, Type } from 'typebox';
import { Choice, Count, Currency, Id, MinorUnits, MomentField, Text, view } from '#kernel';
import { MemberEnrolled, MembershipEnded } from '../member/events.js';
import { LoyaltyProgrammeClosed, LoyaltyProgrammeDefined, LoyaltyProgrammeRevised } from '../programme/events.js';

const document = Type.Object({
  programmeId: Id('the programme'),
  name: Text('its name', 100),
  status: Choice(['OPEN', 'CLOSED'], 'whether it takes members and gives points'),
  currency: Currency(),
  tiers: Type.Array(
    Type.Object({
      name: Text('name of the tier', 60),
      minSpent: MinorUnits('what a member has to have spent to be in it'),
      pointFor: MinorUnits('what earns one point'),
    }),
    { description: 'its tiers, from the lowest to the highest' },
  ),
  expiresAfterDays: Type.Optional(Type.Integer({ description: 'after how long points expire, in days of 24 hours' })),
  pointWorth: Type.Optional(MinorUnits('what one point is worth when it is redeemed')),
  members: Count('number of its members'),
  definedAt: MomentField('when it was defined'),
  revisedAt: Type.Optional(MomentField('when it was last revised')),
  closedAt: Type.Optional(MomentField('when it was closed')),
});
export type ProgrammeEntry = Static<typeof document>;

export const programmes = view({
  name: 'loyalty-programmes',
  description: 'The loyalty programmes: their terms, and how many members they have.',
  version: 1,
  capabilities: ['MKT-16'],
  roles: ['sales', 'care', 'orders', 'analyst', 'auditor'],
  document,
  facts: { LoyaltyProgrammeDefined, LoyaltyProgrammeRevised, LoyaltyProgrammeClosed, MemberEnrolled, MembershipEnded },
  key: ({ data }) => data.programmeId,
  filters: ['programmeId', 'name', 'status', 'currency', 'members', 'definedAt', 'revisedAt', 'closedAt'],
  sums: { members: null },
  sort: 'name',

  initial: (programmeId): ProgrammeEntry => ({
    ...{ programmeId, name: '', status: 'OPEN', currency: '', tiers: [], members: 0, definedAt: '' },
  }),

  apply: {
    LoyaltyProgrammeDefined: (entry, { data, occurredAt }) => ({ ...entry, ...data, definedAt: occurredAt }),
    LoyaltyProgrammeRevised: ({ expiresAfterDays: _, pointWorth: __, ...entry }, { data, occurredAt }) => ({
      ...entry,
      ...data,
      revisedAt: occurredAt,
    }),
    LoyaltyProgrammeClosed: (entry, { occurredAt }): ProgrammeEntry => ({ ...entry, status: 'CLOSED', closedAt: occurredAt }),
    MemberEnrolled: (entry) => ({ ...entry, members: entry.members + 1 }),
    MembershipEnded: (entry) => ({ ...entry, members: entry.members - 1 }),
  },
});
