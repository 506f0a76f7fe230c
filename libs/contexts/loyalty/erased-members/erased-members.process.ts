import { process, send } from '#kernel';
import { CustomerErased } from '../../customers/contract.js';
import { EndMembership } from '../member/commands.js';

/** Optional: few customers are members, and one who is none has nothing to end. */
export const erasedMembers = process({
  name: 'erased-members',
  description: 'Ends the membership of a customer who was erased.',
  capabilities: ['MKT-16', 'CID-10'],
  startsFrom: 'zero',
  facts: { CustomerErased },
  react: {
    CustomerErased: ({ data: { customerId } }) => [
      send(EndMembership, { customerId, reason: 'customer erased' }, { optional: true, alsoImported: true }),
    ],
  },
});
