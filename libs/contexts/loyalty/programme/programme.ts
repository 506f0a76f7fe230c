import { aggregate, canonicalJson, type Moment, refuse } from '#kernel';
import { CloseLoyaltyProgramme, DefineLoyaltyProgramme, type ProgrammeTier, ReviseLoyaltyProgramme } from './commands.js';
import { LoyaltyProgrammeClosed, LoyaltyProgrammeDefined, LoyaltyProgrammeRevised } from './events.js';
import type { Tier } from './tiers.js';

interface Terms {
  readonly name: string;
  readonly tiers: readonly Tier[];
  /** Days of 24 hours; left out: points never expire. */
  readonly expiresAfterDays?: number;
  /** Minor units that a redeemed point is worth. */
  readonly pointWorth?: number;
}
export interface DefinedProgramme extends Terms {
  readonly exists: true;
  readonly programmeId: string;
  readonly currency: string;
  /** What is paid from then on earns nothing. */
  readonly closedAt?: Moment;
}
export type Programme = { readonly exists: false } | DefinedProgramme;

/** What members of a programme earn, by their tier, and what becomes of it. */
export const programme = aggregate<Programme>()({
  name: 'loyaltyProgramme',
  description: 'The terms of a loyalty programme: its tiers, what earns a point, what a point is worth and when it expires.',
  id: 'programmeId',
  commands: { DefineLoyaltyProgramme, ReviseLoyaltyProgramme, CloseLoyaltyProgramme },
  facts: { LoyaltyProgrammeDefined, LoyaltyProgrammeRevised, LoyaltyProgrammeClosed },
  initial: { exists: false },
  refs: (programme) => (programme.exists ? { programme: programme.programmeId } : {}),

  decide: {
    DefineLoyaltyProgramme: ({ programmeId, currency, ...wanted }, programme, { newId }) => {
      if (programme.exists) refuseAgain();
      return LoyaltyProgrammeDefined({ programmeId: programmeId ?? newId('programme'), currency, ...termsOf(wanted) });
    },

    ReviseLoyaltyProgramme: ({ programmeId, name, ...wanted }, programme) => {
      const known = open(programme);
      const terms = termsOf({ ...wanted, name: name ?? known.name });
      return canonicalJson(terms) === canonicalJson(termsOf(known)) ? [] : LoyaltyProgrammeRevised({ programmeId, ...terms });
    },

    CloseLoyaltyProgramme: ({ programmeId }, programme) =>
      defined(programme).closedAt === undefined ? LoyaltyProgrammeClosed({ programmeId }) : [],
  },

  evolve: {
    LoyaltyProgrammeDefined: (_, data) => ({ exists: true, ...data }),
    LoyaltyProgrammeRevised: (programme, { programmeId, ...terms }) => {
      const { currency } = defined(programme);
      return { exists: true, programmeId, currency, ...terms };
    },
    LoyaltyProgrammeClosed: (programme, _, { occurredAt: closedAt }) => ({ ...defined(programme), closedAt }),
  },
});

export const defined = (programme: Programme): DefinedProgramme =>
  programme.exists
    ? programme
    : refuse('programme-unknown', 'There is no such loyalty programme; check programmeId, or define it first.', 'programmeId');

/** A programme that takes members and gives points. `field`: which field of a command chose it. */
export function open(programme: Programme, field?: string): DefinedProgramme {
  const known = defined(programme);
  return known.closedAt === undefined
    ? known
    : refuse('programme-closed', `This loyalty programme was closed at ${known.closedAt}; take or define another one.`, field);
}

function refuseAgain(): never {
  refuse(
    'programme-exists',
    'This programme was defined before; revise it, or send another programmeId for another one. A retry takes the same Idempotency-Key.',
    'programmeId',
  );
}

function termsOf({ name, tiers, expiresAfterDays, pointWorth }: Omit<Terms, 'tiers'> & { tiers: readonly ProgrammeTier[] }) {
  check(tiers);
  return {
    name,
    tiers: tiers.map(({ name, minSpent, pointFor }) => ({ name, minSpent, pointFor })),
    ...(expiresAfterDays !== undefined && { expiresAfterDays }),
    ...(pointWorth !== undefined && { pointWorth }),
  };
}

function check(tiers: readonly ProgrammeTier[]): void {
  if (tiers[0]?.minSpent !== 0)
    refuse(
      'lowest-tier-above-zero',
      'The first of tiers is for members who spent nothing yet; send 0 as its minSpent.',
      'tiers[0].minSpent',
    );
  for (const [index, { name, minSpent }] of tiers.entries()) {
    const before = tiers[index - 1];
    if (before && before.minSpent >= minSpent)
      refuse(
        'tiers-not-ascending',
        `${minSpent} (minor units) for ${name} is not above the ${before.minSpent} for ${before.name}; send the tiers from the lowest on.`,
        `tiers[${index}].minSpent`,
      );
    if (tiers.findIndex((tier) => tier.name === name) < index)
      refuse('tier-named-twice', `Two of tiers have the name ${name}; give each its own.`, `tiers[${index}].name`);
  }
}
