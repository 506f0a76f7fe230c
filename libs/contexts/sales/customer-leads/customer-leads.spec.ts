import { describe, it } from '@jest/globals';
import { derivedId } from '#kernel';
import { given } from '#kernel/testing';
import { customerLeads } from './customer-leads.js';
import { LeadNoted, LeadsForgotten } from './events.js';

const customerId = derivedId('customer');
const [leadId, other] = [derivedId('lead'), derivedId('other lead')];
const noted = LeadNoted({ customerId, leadId });
const forgotten = LeadsForgotten({ customerId, leads: [leadId] });
const none = LeadsForgotten({ customerId, leads: [] });

describe('CID-10 the leads of a customer', () => {
  it('are noted, each once', () => {
    given(customerLeads, {}).when('NoteLead', { customerId, leadId }).then(noted);
    given(customerLeads, {}, noted).when('NoteLead', { customerId, leadId }).changesNothing();
  });
  it('are forgotten with it, once', () => {
    given(customerLeads, {}, noted).when('ForgetLeads', { customerId }).then(forgotten);
    given(customerLeads, {}, noted, forgotten).when('ForgetLeads', { customerId }).changesNothing();
    given(customerLeads, {}).when('ForgetLeads', { customerId }).then(none);
  });
  it('are forgotten too where they become known when it is erased already', () => {
    given(customerLeads, {}, none).when('NoteLead', { customerId, leadId }).then(forgotten);
    given(customerLeads, {}, none, forgotten).when('NoteLead', { customerId, leadId }).changesNothing();
    given(customerLeads, {}, noted, forgotten)
      .when('NoteLead', { customerId, leadId: other })
      .then(LeadsForgotten({ customerId, leads: [other] }));
  });
});
