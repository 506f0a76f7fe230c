import { process, send } from '#kernel';
import { CustomerErased } from '../../customers/contract.js';
import { ForgetLeads, NoteLead } from '../customer-leads/commands.js';
import { LeadsForgotten } from '../customer-leads/events.js';
import { EraseLead } from '../lead/commands.js';
import { LeadCreated } from '../lead/events.js';

const also = { alsoImported: true };

/** Erasing a customer reaches the persons of its leads, who are no contacts of it yet. */
export const leadErasure = process({
  name: 'lead-erasure',
  description: 'Notes which leads a customer has, and erases them with it.',
  capabilities: ['CID-10', 'SAL-02'],
  startsFrom: 'zero',
  facts: { LeadCreated, CustomerErased, LeadsForgotten },
  react: {
    LeadCreated: ({ data: { leadId, customerId } }) =>
      customerId === undefined ? [] : [send(NoteLead, { customerId, leadId }, also)],
    CustomerErased: ({ data: { customerId } }) => [send(ForgetLeads, { customerId }, also)],
    // Optional, for the person of a converted lead is a contact, who is erased with the customer.
    LeadsForgotten: ({ data: { leads } }) => leads.map((leadId) => send(EraseLead, { leadId }, { optional: true, ...also })),
  },
});
