import { aggregate } from '#kernel';
import { ForgetLeads, NoteLead } from './commands.js';
import { LeadNoted, LeadsForgotten } from './events.js';

export interface CustomerLeads {
  readonly leads: readonly string[];
  /** The customer was erased. */
  readonly forgotten: boolean;
}

/** A customer knows nothing of its leads, and a lead does not see that its customer was erased. */
export const customerLeads = aggregate<CustomerLeads>()({
  name: 'customerLeads',
  description: 'The leads of one customer, so that they are erased with it.',
  id: 'customerId',
  commands: { NoteLead, ForgetLeads },
  facts: { LeadNoted, LeadsForgotten },
  initial: { leads: [], forgotten: false },
  decide: {
    NoteLead: ({ customerId, leadId }, { leads, forgotten }) => {
      if (leads.includes(leadId)) return [];
      // A lead that was created while its customer was being erased: the erasure reaches the newcomer too.
      return forgotten ? LeadsForgotten({ customerId, leads: [leadId] }) : LeadNoted({ customerId, leadId });
    },
    ForgetLeads: ({ customerId }, { leads, forgotten }) => (forgotten ? [] : LeadsForgotten({ customerId, leads: [...leads] })),
  },
  evolve: {
    LeadNoted: ({ leads, forgotten }, { leadId }) => ({ leads: [...leads, leadId], forgotten }),
    LeadsForgotten: ({ leads }, { leads: added }) => ({ leads: [...new Set([...leads, ...added])], forgotten: true }),
  },
});
