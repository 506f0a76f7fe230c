import { describe, expect, it } from '@jest/globals';
import { at, type Fact, send } from '#kernel';
import { givenProcess, recorded } from '#kernel/testing';
import { CustomerErased, CustomersMerged, CustomersUnmerged } from '../../customers/contract.js';
import { HearOfMember } from '../relationship/commands.js';
import { SignOfLifePassedOn } from '../relationship/events.js';
import { customerId, now, otherId as survivorId } from '../relationship/relationship.samples.js';
import { mergedSigns } from './merged-signs.process.js';

const told = SignOfLifePassedOn({ customerId, survivorId, sign: 'PURCHASE', at: now });
const hear = (sign: 'PURCHASE' | 'CHANGE') =>
  send(HearOfMember, { customerId: survivorId, memberId: customerId, sign, at: now }, { alsoImported: true });

describe('ANA-02 the survivor of a merge hears (CID-04)', () => {
  it.each<[string, Fact]>([
    ['when one is merged into it', CustomersMerged({ customerId, survivorId })],
    ['when that one is on its own again', CustomersUnmerged({ customerId, survivorId })],
    ['when that one is erased by itself', CustomerErased({ customerId, persons: [customerId], survivorId })],
  ])('%s', (_, fact) => givenProcess(mergedSigns).when(recorded(fact)).sends(hear('CHANGE')));
  it('of nobody’s erasure but of those who are shown under it', () =>
    givenProcess(mergedSigns)
      .when(recorded(CustomerErased({ customerId, persons: [customerId] })))
      .sendsNothing());
  it('of its signs of life', () =>
    givenProcess(mergedSigns)
      .when(recorded(told))
      .sends(at(now, hear('PURCHASE'))));
  it('of imported ones too, without the clock', () => {
    const imported = recorded(told, { imported: { cutOver: '2026-02-01T00:00:00.000Z', clock: false } });
    expect(mergedSigns.react.SignOfLifePassedOn(imported as never)).toEqual([hear('PURCHASE')]);
  });
});
