import { aggregate } from '#kernel';
import { type Customer, customer, refuseUnknownCustomer } from '../../customers/contract.js';
import { AssignServiceTier, NoteService } from './commands.js';
import { CustomerServed, ServiceTierAssigned } from './events.js';

export interface ServiceProfile {
  readonly customerId?: string;
  readonly tier?: string;
  readonly lastAgentId?: string;
}

interface References {
  readonly customer: Customer;
}

export const serviceProfile = aggregate<ServiceProfile, References>()({
  name: 'serviceProfile',
  description: 'How a customer is served: its service tier, and who served it last.',
  id: 'customerId',
  commands: { AssignServiceTier, NoteService },
  facts: { ServiceTierAssigned, CustomerServed },
  initial: {},
  refs: ({ customerId }) => ({ customer: customerId }),
  references: { customer: { aggregate: customer, id: ({ customerId }: AssignServiceTier | NoteService) => customerId } },

  decide: {
    AssignServiceTier: ({ customerId, tier, reason }, { tier: previousTier }, { customer }) => {
      if (customer.status === 'NONE') refuseUnknownCustomer();
      return tier === previousTier ? [] : ServiceTierAssigned({ customerId, tier, previousTier, reason });
    },
    NoteService: ({ customerId, agentId }, { lastAgentId }) =>
      agentId === lastAgentId ? [] : CustomerServed({ customerId, agentId }),
  },

  evolve: {
    ServiceTierAssigned: (profile, { customerId, tier }) => ({ ...profile, customerId, tier }),
    CustomerServed: (profile, { customerId, agentId }) => ({ ...profile, customerId, lastAgentId: agentId }),
  },
});
