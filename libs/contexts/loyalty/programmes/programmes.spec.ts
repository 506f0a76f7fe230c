import { describe, expect, it } from '@jest/globals';
import { type Fact } from '#kernel';
import { givenView, recorded } from '#kernel/testing';
import * as s from '../member/member.samples.js';
import { LoyaltyProgrammeClosed, LoyaltyProgrammeDefined, LoyaltyProgrammeRevised } from '../programme/events.js';
import { programmes } from './programmes.view.js';

const { programmeId, tiers } = s;
const defined = LoyaltyProgrammeDefined({
  programmeId,
  name: 'Friends',
  currency: 'EUR',
  tiers,
  expiresAfterDays: 365,
  pointWorth: 1,
});
const shown = (...facts: Fact[]) =>
  givenView(programmes)
    .facts(...facts.map((fact) => recorded(fact)))
    .document(programmeId);

describe('MKT-16 the view of programmes', () => {
  it('shows the terms, and how many members there are', () =>
    expect(shown(defined, s.enrolled, s.enrolled, s.ended(0))).toEqual({
      programmeId,
      name: 'Friends',
      status: 'OPEN',
      currency: 'EUR',
      tiers,
      expiresAfterDays: 365,
      pointWorth: 1,
      members: 1,
      definedAt: s.now,
    }));
  it('shows other terms, all of them, and the end', () => {
    const revised = LoyaltyProgrammeRevised({ programmeId, name: 'Fans', tiers });
    const entry = shown(defined, s.enrolled, revised, LoyaltyProgrammeClosed({ programmeId }));
    expect(entry).toMatchObject({
      name: 'Fans',
      currency: 'EUR',
      status: 'CLOSED',
      members: 1,
      revisedAt: s.now,
      closedAt: s.now,
    });
    expect(entry).not.toHaveProperty('expiresAfterDays');
    expect(entry).not.toHaveProperty('pointWorth');
  });
});
