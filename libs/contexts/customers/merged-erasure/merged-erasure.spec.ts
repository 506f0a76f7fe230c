import { describe, it } from '@jest/globals';
import { derivedId, send } from '#kernel';
import { givenProcess, recorded } from '#kernel/testing';
import { CustomerErased, CustomersMerged, CustomersUnmerged } from '../customer/events.js';
import { AcceptMerge, EndMerge, EraseMergedCustomer } from '../customer/process-commands.js';
import { mergedErasure } from './merged-erasure.process.js';

const customerId = derivedId('acme');
const survivorId = derivedId('acme corporation');

describe('the erasure of merged customers (CID-10)', () => {
  it('is prepared when one is merged into another', () =>
    givenProcess(mergedErasure)
      .when(recorded(CustomersMerged({ customerId, survivorId })))
      .sends(send(AcceptMerge, { customerId: survivorId, mergedId: customerId }, { alsoImported: true })));

  it('is called off when it is on its own again', () =>
    givenProcess(mergedErasure)
      .when(recorded(CustomersUnmerged({ customerId, survivorId })))
      .sends(send(EndMerge, { customerId: survivorId, mergedId: customerId }, { alsoImported: true })));

  it('follows the erasure of the survivor', () =>
    givenProcess(mergedErasure)
      .when(recorded(CustomerErased({ customerId: survivorId, persons: [survivorId], merged: [customerId] })))
      .sends(send(EraseMergedCustomer, { customerId, survivorId }, { alsoImported: true })));

  it('reaches nobody else', () =>
    givenProcess(mergedErasure)
      .when(recorded(CustomerErased({ customerId, persons: [customerId] })))
      .sendsNothing());
});
