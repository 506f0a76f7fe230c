import { describe, expect, it } from '@jest/globals';
import { derivedId } from '#kernel';
import { given } from '#kernel/testing';
import { LoyaltyProgrammeClosed, LoyaltyProgrammeDefined, LoyaltyProgrammeRevised } from './events.js';
import { programme } from './programme.js';
import { tierOf } from './tiers.js';

const programmeId = derivedId('programme');
const bronze = { name: 'Bronze', minSpent: 0, pointFor: 1_00 };
const gold = { name: 'Gold', minSpent: 1000_00, pointFor: 50 };
const terms = { name: 'Friends', tiers: [bronze, gold], expiresAfterDays: 730, pointWorth: 1 };
const defined = LoyaltyProgrammeDefined({ programmeId, currency: 'EUR', ...terms });
const closed = LoyaltyProgrammeClosed({ programmeId });
const defining = (tiers: readonly (typeof bronze)[]) =>
  given(programme, {}).when('DefineLoyaltyProgramme', { programmeId, name: 'Friends', currency: 'EUR', tiers });

describe('MKT-16 a loyalty programme', () => {
  it('is defined with its tiers', () => {
    given(programme, {})
      .when('DefineLoyaltyProgramme', { programmeId, currency: 'EUR', ...terms })
      .then(defined);
    defining([bronze]).then(LoyaltyProgrammeDefined({ programmeId, name: 'Friends', currency: 'EUR', tiers: [bronze] }));
  });
  it('is defined once', () =>
    given(programme, {}, defined)
      .when('DefineLoyaltyProgramme', { programmeId, currency: 'EUR', ...terms })
      .isRefused('programme-exists', 'programmeId'));
  it('begins with a tier that asks for nothing', () => defining([gold]).isRefused('lowest-tier-above-zero', 'tiers[0].minSpent'));
  it('has tiers that ask for more and more', () =>
    defining([bronze, gold, { ...gold, name: 'Silver' }]).isRefused('tiers-not-ascending', 'tiers[2].minSpent'));
  it('has no two tiers of a name', () =>
    defining([bronze, { ...gold, name: 'Bronze' }]).isRefused('tier-named-twice', 'tiers[1].name'));

  it('is revised to other terms, all of them', () =>
    given(programme, {}, defined)
      .when('ReviseLoyaltyProgramme', { programmeId, tiers: [bronze] })
      .then(LoyaltyProgrammeRevised({ programmeId, name: 'Friends', tiers: [bronze] })));
  it('is not revised to what it is', () =>
    given(programme, {}, defined)
      .when('ReviseLoyaltyProgramme', { programmeId, ...terms })
      .changesNothing());
  it('keeps its currency', () =>
    expect(given(programme, {}, defined, LoyaltyProgrammeRevised({ programmeId, name: 'F', tiers: [bronze] })).state).toEqual({
      exists: true,
      programmeId,
      currency: 'EUR',
      name: 'F',
      tiers: [bronze],
    }));
  it('that nobody defined cannot be revised', () =>
    given(programme, {})
      .when('ReviseLoyaltyProgramme', { programmeId, tiers: [bronze] })
      .isRefused('programme-unknown', 'programmeId'));

  it('is closed once, and not revised after that', () => {
    given(programme, {}, defined).when('CloseLoyaltyProgramme', { programmeId }).then(closed);
    given(programme, {}, defined, closed).when('CloseLoyaltyProgramme', { programmeId }).changesNothing();
    given(programme, {}, defined, closed)
      .when('ReviseLoyaltyProgramme', { programmeId, ...terms })
      .isRefused('programme-closed');
  });
});

describe('MKT-16 the tier of a member', () => {
  it.each([
    [0, 'Bronze'],
    [999_99, 'Bronze'],
    [1000_00, 'Gold'],
    [5000_00, 'Gold'],
  ])('who spent %i is %s', (spent, name) => expect(tierOf([bronze, gold], spent).name).toBe(name));
});
