import { at, process, send } from '#kernel';
import { CustomerErased, CustomersMerged, CustomersUnmerged } from '../../customers/contract.js';
import { HearOfMember } from '../relationship/commands.js';
import { SignOfLifePassedOn } from '../relationship/events.js';

/** What is imported is told too: a survivor is watched by all its signs of life from the day on which silence is defined. */
export const mergedSigns = process({
  name: 'merged-signs',
  description: 'Lets the survivor of a merge hear of what may keep it: of signs of life of those who are shown under it.',
  capabilities: ['ANA-02', 'CID-04'],
  startsFrom: 'zero',
  facts: { CustomersMerged, CustomersUnmerged, CustomerErased, SignOfLifePassedOn },
  react: {
    CustomersMerged: ({ data, occurredAt }) => [changed(data, occurredAt)],
    CustomersUnmerged: ({ data, occurredAt }) => [changed(data, occurredAt)],
    CustomerErased: ({ data: { customerId, survivorId }, occurredAt }) =>
      survivorId === undefined ? [] : [changed({ customerId, survivorId }, occurredAt)],
    // By a timer that is due at once, as signs of life are; imported history has no timers before its cut-over.
    SignOfLifePassedOn: ({ data: { customerId: memberId, survivorId: customerId, sign, at: when }, occurredAt, imported }) => {
      const heard = send(HearOfMember, { customerId, memberId, sign, at: when }, { alsoImported: true });
      return [imported === undefined ? at(occurredAt, heard) : heard];
    },
  },
});

const changed = (
  { customerId: memberId, survivorId: customerId }: { readonly customerId: string; readonly survivorId: string },
  at: HearOfMember['at'],
) => send(HearOfMember, { customerId, memberId, sign: 'CHANGE', at }, { alsoImported: true });
