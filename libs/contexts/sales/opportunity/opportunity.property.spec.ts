import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { TSchema } from 'typebox';
import { Errors } from 'typebox/value';
import { addDays, daysBetween, derivedId, type Fact, type Moment, Refused } from '#kernel';
import { carried, recorded } from '#kernel/testing';
import { pipeline as view } from '../pipeline/pipeline.view.js';
import { defaultPipeline, phaseNamed } from '../pipeline-definition/pipeline-definition.js';
import { lossReasons } from './events.js';
import { type Opportunity, opportunity } from './opportunity.js';

const opportunityId = derivedId('opportunity');
const amount = fc.integer({ min: 0, max: 90_000_000_000_000 });
/** Few phases, so that histories return to them. */
const phase = fc.constantFrom('PROSPECTING', 'QUALIFICATION', 'PROPOSAL', 'CLOSED_WON', 'CLOSED_LOST');

type Call = readonly [keyof typeof opportunity.commands, Readonly<Record<string, unknown>>];
const call = (name: Call[0], fields: Record<string, fc.Arbitrary<unknown>> = {}): fc.Arbitrary<Call> =>
  fc.record(fields).map((command) => [name, { opportunityId, ...command }] as const);
const maybe = <T>(value: fc.Arbitrary<T>) => fc.oneof(fc.constant(undefined), value);

const anyCall = fc.oneof(
  {
    weight: 1,
    arbitrary: call('OpenOpportunity', {
      amount,
      currency: fc.constant('EUR'),
      phase: maybe(phase),
      customerId: maybe(fc.constant(derivedId('c'))),
    }),
  },
  { weight: 2, arbitrary: call('AdvanceOpportunity', { to: phase }) },
  { weight: 2, arbitrary: call('RegressOpportunity', { to: phase }) },
  { weight: 1, arbitrary: call('WinOpportunity', { amount: maybe(amount), phase: maybe(phase) }) },
  {
    weight: 1,
    arbitrary: call('LoseOpportunity', {
      reason: fc.constantFrom(...lossReasons),
      notes: maybe(fc.constant(carried('so'))),
      phase: maybe(phase),
    }),
  },
  { weight: 2, arbitrary: call('ReopenOpportunity') },
  { weight: 1, arbitrary: call('AssignOpportunity', { ownerId: fc.constantFrom(derivedId('ada'), derivedId('bob')) }) },
  { weight: 1, arbitrary: call('CorrectOpportunity', { amount: maybe(amount) }) },
);
/** A command, hours after the one before; timers that are due by then go off first. */
const history = fc.array(fc.tuple(fc.integer({ min: 0, max: 60 * 24 }), anyCall), { maxLength: 40, size: 'max' });

interface Past {
  readonly state: Opportunity;
  readonly facts: readonly ReturnType<typeof recorded>[];
  readonly now: Moment;
}

const step = ({ state, facts }: Past, now: Moment, [name, command]: Call): Past => {
  const given = {
    now,
    tenant: 'main',
    reservations: [],
    pipeline: defaultPipeline,
    customer: { status: 'REGISTERED', customerId: derivedId('c'), contacts: [], identifiers: {}, merged: [] } as const,
    actor: { kind: 'user' as const, id: 'tester' },
    newId: (label: string) => derivedId(label),
  };
  let decided: readonly Fact[];
  try {
    decided = [opportunity.decide[name](command as never, state, given)].flat();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    decided = [];
  }
  const evolve = opportunity.evolve as Record<
    string,
    (state: Opportunity, data: unknown, when: { occurredAt: Moment }) => Opportunity
  >;
  return {
    state: decided.reduce((before, { type, data }) => evolve[type]?.(before, data, { occurredAt: now }) ?? before, state),
    facts: [...facts, ...decided.map((fact) => recorded(fact, { occurredAt: now }))],
    now,
  };
};

const timers = (past: Past, now: Moment): Past => {
  const { state } = past;
  if (state.status === 'NONE' || state.stallsAt === undefined || state.stallsAt > now) return past;
  return step(past, state.stallsAt, ['MarkStalled', { opportunityId, stallsAt: state.stallsAt }]);
};

const live = (calls: readonly (readonly [number, Call])[], each: (past: Past) => void): Past =>
  calls.reduce<Past>(
    (past, [hours, sent]) => {
      const now = addDays(past.now, hours / 24);
      const next = step(timers(past, now), now, sent);
      each(next);
      return next;
    },
    { state: opportunity.initial, facts: [], now: '2026-01-01T00:00:00.000Z' },
  );

type Entry = ReturnType<typeof view.initial>;
const fold = (facts: Past['facts']): Entry | undefined =>
  facts.reduce<Entry | undefined>((entry, past) => {
    const apply = view.apply as Record<string, (entry: Entry, past: unknown, key: string) => Entry | null>;
    return apply[past.type]?.(entry ?? view.initial(opportunityId), past, opportunityId) ?? undefined;
  }, undefined);

/** What of the stored form does not fit the schema; personal values are left to their seal. */
const faults = (schema: TSchema | undefined, value: unknown) =>
  schema ? Errors(schema, JSON.parse(JSON.stringify(value))) : ['a fact of another aggregate'];

describe('SAL-05 SAL-10 whatever happens to an opportunity', () => {
  it('it is in a phase of the kind of its status, and its last open phase is open', () =>
    fc.assert(
      fc.property(history, (calls) => {
        live(calls, ({ state }) => {
          if (state.status === 'NONE') return;
          expect(phaseNamed(defaultPipeline, state.phase)?.kind).toBe(state.status);
          expect(phaseNamed(defaultPipeline, state.lastOpenPhase)?.kind).toBe('OPEN');
          if (state.status === 'OPEN') expect(state.lastOpenPhase).toBe(state.phase);
          else expect(state.stallsAt).toBeUndefined();
        });
      }),
    ));

  it('the pipeline shows what its decisions know', () =>
    fc.assert(
      fc.property(history, (calls) => {
        const { state, facts } = live(calls, () => undefined);
        const entry = fold(facts);
        if (state.status === 'NONE') return expect(entry).toBeUndefined();
        const { status, phase, amount, phaseSince, openedAt, lastOpenPhase, ownerId } = state;
        expect(entry).toMatchObject({ status, phase, amount, phaseSince, openedAt, lastOpenPhase });
        expect(entry?.ownerId).toBe(ownerId);
      }),
    ));

  it('its facts and its entry in the pipeline fit their schemas', () =>
    fc.assert(
      fc.property(history, (calls) => {
        const { facts } = live(calls, () => undefined);
        const schemas = opportunity.facts as Readonly<Record<string, { readonly schema: TSchema }>>;
        for (const { type, data } of facts)
          expect(faults(schemas[type]?.schema, { ...(data as object), notes: undefined })).toEqual([]);
        const entry = fold(facts);
        if (entry) expect(faults(view.document, entry)).toEqual([]);
      }),
    ));

  it('it never weighs more than its amount, all of it when won, nothing when lost', () =>
    fc.assert(
      fc.property(history, (calls) => {
        const entry = fold(live(calls, () => undefined).facts);
        if (!entry) return;
        expect(Number.isSafeInteger(entry.weighted)).toBe(true);
        expect(entry.weighted).toBeGreaterThanOrEqual(0);
        expect(entry.weighted).toBeLessThanOrEqual(entry.amount);
        if (entry.status === 'WON') expect(entry.weighted).toBe(entry.amount);
        if (entry.status === 'LOST') expect(entry.weighted).toBe(0);
      }),
    ));

  it('its days in phases add up to the time from its opening to its last move', () =>
    fc.assert(
      fc.property(history, (calls) => {
        const entry = fold(live(calls, () => undefined).facts);
        if (!entry) return;
        const days = Object.values(entry.daysIn).reduce((sum, stay) => sum + stay, 0);
        // Each stay is rounded to 1/100 day.
        expect(Math.abs(days - daysBetween(entry.openedAt, entry.phaseSince))).toBeLessThanOrEqual(0.005 * calls.length + 0.01);
      }),
    ));

  it('only what is closed has a closing, and only what is lost a reason', () =>
    fc.assert(
      fc.property(history, (calls) => {
        const entry = fold(live(calls, () => undefined).facts);
        if (!entry) return;
        expect(entry.closedAt !== undefined).toBe(entry.status !== 'OPEN');
        expect(entry.cycleDays !== undefined).toBe(entry.status === 'WON');
        expect(entry.lossReason !== undefined).toBe(entry.status === 'LOST');
      }),
    ));
});

describe('SAL-09 whatever happens to an opportunity', () => {
  it('it stalls at most once in a stay, and no earlier than the pipeline allows', () =>
    fc.assert(
      fc.property(history, (calls) => {
        let stalledInStay = 0;
        for (const { type, data } of live(calls, () => undefined).facts) {
          if (['OpportunityAdvanced', 'OpportunityRegressed', 'OpportunityReopened'].includes(type)) stalledInStay = 0;
          if (type !== 'OpportunityStalled') continue;
          stalledInStay += 1;
          expect(stalledInStay).toBe(1);
          expect((data as { days: number }).days).toBe(30);
        }
      }),
    ));
});
