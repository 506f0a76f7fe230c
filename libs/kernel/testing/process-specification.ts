import { expect } from '@jest/globals';
import type { Recorded } from '../envelope.js';
import type { AnyProcess, Step } from '../process.js';

/** givenProcess(leadConversion).when(recorded(fact)).sends(send(RegisterCustomer, { … }), …) */
export const givenProcess = (subject: AnyProcess) => ({
  when: (fact: Recorded) => ({
    sends: (...steps: Step[]) => expect(subject.react[fact.type]?.(fact)).toEqual(steps),
    sendsNothing: () => expect(subject.react[fact.type]?.(fact)).toEqual([]),
  }),
});
