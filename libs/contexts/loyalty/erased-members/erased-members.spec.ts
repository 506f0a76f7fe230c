import { describe, it } from '@jest/globals';
import { send } from '#kernel';
import { givenProcess, recorded } from '#kernel/testing';
import { CustomerErased } from '../../customers/contract.js';
import { EndMembership } from '../member/commands.js';
import { customerId } from '../member/member.samples.js';
import { erasedMembers } from './erased-members.process.js';

describe('MKT-16, CID-10 a customer who was erased', () => {
  it('is no member any more, if it was one', () =>
    givenProcess(erasedMembers)
      .when(recorded(CustomerErased({ customerId, persons: [customerId] })))
      .sends(send(EndMembership, { customerId, reason: 'customer erased' }, { optional: true, alsoImported: true })));
});
