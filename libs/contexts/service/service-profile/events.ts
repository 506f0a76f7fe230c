import { Type } from 'typebox';
import { fact, Id, Text } from '#kernel';

const customerId = Id('the customer');

export const ServiceTierAssigned = fact(
  'ServiceTierAssigned',
  'New tickets of the customer are served as those of this tier; tickets that are open already are not.',
  {
    customerId,
    tier: Text('the service tier', 60),
    previousTier: Type.Optional(Text('the tier before', 60)),
    reason: Type.Optional(Text('why', 500)),
  },
);

export const CustomerServed = fact('CustomerServed', 'Another agent than the last time solved a ticket of the customer.', {
  customerId,
  agentId: Id('the agent'),
});
