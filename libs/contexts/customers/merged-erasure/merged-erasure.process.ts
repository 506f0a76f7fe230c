import { process, send } from '#kernel';
import { CustomerErased, CustomersMerged, CustomersUnmerged } from '../customer/events.js';
import { AcceptMerge, EndMerge, EraseMergedCustomer } from '../customer/process-commands.js';

/** A customer does not see from its own stream who is merged into it: it is told, so that erasing it erases all that it is, wherever the facts came from. */
export const mergedErasure = process({
  name: 'merged-erasure',
  description: 'Tells a customer who is merged into it, and erases those with it.',
  capabilities: ['CID-04', 'CID-10'],
  startsFrom: 'zero',
  facts: { CustomersMerged, CustomersUnmerged, CustomerErased },
  react: {
    CustomersMerged: ({ data: { customerId, survivorId } }) => [
      send(AcceptMerge, { customerId: survivorId, mergedId: customerId }, { alsoImported: true }),
    ],
    CustomersUnmerged: ({ data: { customerId, survivorId } }) => [
      send(EndMerge, { customerId: survivorId, mergedId: customerId }, { alsoImported: true }),
    ],
    CustomerErased: ({ data: { customerId: survivorId, merged = [] } }) =>
      merged.map((customerId) => send(EraseMergedCustomer, { customerId, survivorId }, { alsoImported: true })),
  },
});
