import { describe, it } from '@jest/globals';
import { derivedId, send } from '#kernel';
import { carried, givenProcess, recorded } from '#kernel/testing';
import { CustomerErased } from '../../customers/contract.js';
import { ForgetLeads, NoteLead } from '../customer-leads/commands.js';
import { LeadsForgotten } from '../customer-leads/events.js';
import { EraseLead } from '../lead/commands.js';
import { LeadCreated } from '../lead/events.js';
import { leadErasure } from './lead-erasure.process.js';

const [leadId, personId, customerId] = [derivedId('lead'), derivedId('person'), derivedId('customer')];
const also = { alsoImported: true };
const created = { leadId, personId, name: carried('Grace'), source: 'TRADE_SHOW' as const };

describe('CID-10 the erasure of leads', () => {
  it('is prepared when an existing customer shows a new interest', () =>
    givenProcess(leadErasure)
      .when(recorded(LeadCreated({ ...created, customerId })))
      .sends(send(NoteLead, { customerId, leadId }, also)));
  it('has nothing to prepare for a lead that is nobody else', () =>
    givenProcess(leadErasure)
      .when(recorded(LeadCreated(created)))
      .sendsNothing());
  it('follows that of the customer', () => {
    givenProcess(leadErasure)
      .when(recorded(CustomerErased({ customerId, persons: [customerId] })))
      .sends(send(ForgetLeads, { customerId }, also));
    givenProcess(leadErasure)
      .when(recorded(LeadsForgotten({ customerId, leads: [leadId] })))
      .sends(send(EraseLead, { leadId }, { optional: true, ...also }));
  });
});
