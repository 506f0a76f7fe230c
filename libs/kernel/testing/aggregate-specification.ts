import { expect } from '@jest/globals';
import { type Aggregate, type Circumstances, decisionOf, evolved } from '../aggregate.js';
import { commandFields } from '../commands.js';
import type { Imported } from '../envelope.js';
import type { Fact } from '../facts.js';
import { derivedId } from '../ids.js';
import { Refused } from '../refusal.js';
import type { Moment } from '../time.js';

type Parts<A> = A extends Aggregate<infer S, infer C, infer _F, infer R> ? { state: S; commands: C; references: R } : never;
type CommandOf<A, K extends keyof Parts<A>['commands']> = InstanceType<Parts<A>['commands'][K]>;

/** A fact of the history, at the default moment or `[fact, moment]`, with how it was imported if it was. */
type Past = Fact | readonly [Fact, Moment, Imported?];

const circumstances: Circumstances = {
  now: '2026-01-05T09:00:00.000Z',
  actor: { kind: 'user', id: 'tester' },
  tenant: 'main',
  newId: (label) => derivedId('specification', label),
  reservations: [],
};

/** given(opportunity, { pipeline }, opened).when('AdvanceOpportunity', { … }).then(OpportunityAdvanced({ … })) */
// biome-ignore lint/suspicious/noExplicitAny: an aggregate of any shape
export const given = <A extends Aggregate<any, any, any, any>>(
  subject: A,
  references: Parts<A>['references'],
  ...history: Past[]
) => {
  const state = history.reduce((before, past) => {
    const [fact, occurredAt, imported] = Array.isArray(past)
      ? (past as readonly [Fact, Moment, Imported?])
      : [past as Fact, circumstances.now];
    return evolved(subject, before, fact, occurredAt, imported);
  }, subject.initial);
  return {
    state: state as Parts<A>['state'],
    when: <K extends keyof Parts<A>['commands'] & string>(
      name: K,
      command: CommandOf<A, K>,
      when: Partial<Circumstances> = {},
    ) => {
      const decide = () =>
        [decisionOf(subject, name)(command, state, { ...circumstances, ...(references as object), ...when })].flat() as Fact[];
      return {
        then: (...facts: Fact[]) => expect(decide()).toEqual(facts),
        changesNothing: () => expect(decide()).toEqual([]),
        /** With that code; if the refusal names a field, or has to, it is that one, and one of the command's. */
        isRefused: (code: Refused['code'], field?: string) => {
          const refusal = refusalOf(decide);
          expect(refusal).toMatchObject(field === undefined ? { code } : { code, field });
          if (refusal.field !== undefined)
            expect([...commandFields(subject.commands[name]).keys()]).toContain(refusal.field.split(/[.[]/)[0]);
        },
      };
    },
  };
};

function refusalOf(decide: () => unknown): Refused {
  try {
    decide();
  } catch (error) {
    if (error instanceof Refused) return error;
    throw error;
  }
  throw new Error('Nothing was refused.');
}
