import { process, send } from '#kernel';
import { AddContact, LinkIdentifier, RegisterCustomer } from '../../customers/contract.js';
import { NoteLead } from '../customer-leads/commands.js';
import { CompleteLeadConversion } from '../lead/commands.js';
import { LeadConversionStarted } from '../lead/events.js';
import { OpenOpportunity } from '../opportunity/commands.js';

/**
 * The fact names every id before anything is made, so each step may be sent again and none makes a second thing.
 * E-mail address and phone number are linked apart: if another customer has them, the conversion still goes through.
 */
export const leadConversion = process({
  name: 'lead-conversion',
  description: 'Makes of a lead a customer, a contact and an opportunity, and only then calls the lead converted.',
  capabilities: ['SAL-04'],
  startsFrom: 'zero',
  facts: { LeadConversionStarted },

  react: {
    LeadConversionStarted: ({ data }) => {
      const { leadId, customerId, contactId, opportunityId, name, email, phone, companyName } = data;
      const { ownerId, campaign, productId, pipelineId, amount, currency, expectedClose } = data;
      const linked = { optional: true };
      // Erased meanwhile: the lead is erased with it, as one that became known too late.
      const overBy = { code: 'customer-erased', instead: send(NoteLead, { customerId, leadId }) };
      return [
        ...(data.registersCustomer
          ? [send(RegisterCustomer, { customerId, kind: companyName ? 'ORGANISATION' : 'PERSON', name: companyName ?? name })]
          : []),
        send(AddContact, { customerId, contactId, name, email, phone }, { overBy }),
        ...(email ? [send(LinkIdentifier, { customerId, kind: 'EMAIL', value: email }, linked)] : []),
        ...(phone ? [send(LinkIdentifier, { customerId, kind: 'PHONE', value: phone }, linked)] : []),
        send(
          OpenOpportunity,
          {
            opportunityId,
            customerId,
            ownerId,
            productId,
            leadId,
            campaign,
            pipelineId,
            amount,
            currency,
            expectedClose,
          },
          { overBy },
        ),
        send(CompleteLeadConversion, { leadId }),
      ];
    },
  },
});
