import { describe, expect, it } from '@jest/globals';
import { derivedId } from '#kernel';
import { carried, given } from '#kernel/testing';
import { type Customer, CustomerRegistered, customer } from '../../customers/contract.js';
import { defaultPipeline } from '../pipeline-definition/pipeline-definition.js';
import {
  LeadAssigned,
  LeadConversionStarted,
  LeadConverted,
  LeadCreated,
  LeadDisqualified,
  LeadErased,
  LeadQualified,
  LeadRecycled,
} from './events.js';
import { lead } from './lead.js';

const [leadId, personId, customerId, ada, bob] = ['lead', 'person', 'customer', 'ada', 'bob'].map((label) =>
  derivedId(label),
) as [string, string, string, string, string];
const nobody: Customer = { status: 'NONE' };
const somebody = given(
  customer,
  { survivor: nobody },
  CustomerRegistered({ customerId, kind: 'PERSON', name: carried('Grace') }),
).state;
const references = { customer: nobody, pipeline: defaultPipeline };

const person = { name: carried('Grace'), email: carried('grace@acme.example'), phone: carried('+49 30 1') };
const notes = carried('moved abroad');
const created = LeadCreated({ leadId, personId, ...person, source: 'TRADE_SHOW', campaign: 'fair' });
const assigned = LeadAssigned({ leadId, ownerId: ada });
const qualified = LeadQualified({ leadId });
const recycled = LeadRecycled({ leadId });
const dead = LeadDisqualified({ leadId, personId, reason: 'NO_BUDGET' });

const conversion = {
  customerId: derivedId('specification', 'customer'),
  contactId: personId,
  opportunityId: derivedId('specification', 'opportunity'),
};
const deal = { amount: 550_00, currency: 'EUR' };
const started = LeadConversionStarted({
  leadId,
  personId,
  ...conversion,
  registersCustomer: true,
  ...person,
  campaign: 'fair',
  ownerId: ada,
  ...deal,
});
const converted = LeadConverted({ leadId, ...conversion });

describe('SAL-02 a lead', () => {
  it('is created new', () =>
    given(lead, references)
      .when('CreateLead', { leadId, personId, ...person, source: 'TRADE_SHOW', campaign: 'fair' })
      .then(created));
  it('is created once', () =>
    given(lead, references, created)
      .when('CreateLead', { leadId, personId, ...person, source: 'OTHER' })
      .isRefused('lead-exists', 'leadId'));
  it('may be a new interest of an existing customer', () =>
    given(lead, { ...references, customer: somebody })
      .when('CreateLead', { leadId, personId, name: person.name, source: 'EXISTING_CUSTOMER', customerId })
      .then(LeadCreated({ leadId, personId, name: person.name, source: 'EXISTING_CUSTOMER', customerId })));
  it('names no customer that does not exist', () =>
    given(lead, references)
      .when('CreateLead', { leadId, personId, name: person.name, source: 'EXISTING_CUSTOMER', customerId })
      .isRefused('customer-unknown', 'customerId'));
  it('belongs to its agent, and to the customer and the opportunity that come of it', () => {
    const { customerId, opportunityId } = conversion;
    expect(lead.refs?.(given(lead, references).state)).toEqual({});
    expect(lead.refs?.(given(lead, references, created, assigned, started).state)).toEqual({
      lead: leadId,
      owner: ada,
      customer: customerId,
      opportunity: opportunityId,
    });
  });
  it('is assigned', () => given(lead, references, created).when('AssignLead', { leadId, ownerId: ada }).then(assigned));
  it('is not assigned again to the same agent', () =>
    given(lead, references, created, assigned).when('AssignLead', { leadId, ownerId: ada }).changesNothing());
  it('is handed to another agent', () =>
    given(lead, references, created, assigned)
      .when('AssignLead', { leadId, ownerId: bob })
      .then(LeadAssigned({ leadId, ownerId: bob, previousOwnerId: ada })));
  it('stays in process when it is handed over', () =>
    given(lead, references, created, assigned, qualified, LeadAssigned({ leadId, ownerId: bob, previousOwnerId: ada }))
      .when('QualifyLead', { leadId })
      .changesNothing());
  it('is qualified once it is assigned', () =>
    given(lead, references, created, assigned).when('QualifyLead', { leadId }).then(qualified));
  it('is not qualified while it is new', () =>
    given(lead, references, created).when('QualifyLead', { leadId }).isRefused('lead-not-assigned'));
  it('is not qualified while it is recycled', () =>
    given(lead, references, created, assigned, recycled).when('QualifyLead', { leadId }).isRefused('lead-not-assigned'));
  it('is recycled once it is assigned', () =>
    given(lead, references, created, assigned).when('RecycleLead', { leadId }).then(recycled));
  it('is recycled out of process', () =>
    given(lead, references, created, assigned, qualified).when('RecycleLead', { leadId }).then(recycled));
  it('is not recycled while it is new', () =>
    given(lead, references, created).when('RecycleLead', { leadId }).isRefused('lead-not-assigned'));
  it('is recycled once', () =>
    given(lead, references, created, assigned, recycled).when('RecycleLead', { leadId }).changesNothing());
  it('is taken up again when it is assigned, even to the same agent', () =>
    given(lead, references, created, assigned, recycled)
      .when('AssignLead', { leadId, ownerId: ada })
      .then(LeadAssigned({ leadId, ownerId: ada, previousOwnerId: ada })));
  it('is disqualified for a reason', () =>
    given(lead, references, created).when('DisqualifyLead', { leadId, reason: 'NO_BUDGET' }).then(dead));
  it('needs notes for the reason OTHER', () =>
    given(lead, references, created).when('DisqualifyLead', { leadId, reason: 'OTHER' }).isRefused('notes-required', 'notes'));
  it('is disqualified for another reason with notes', () =>
    given(lead, references, created)
      .when('DisqualifyLead', { leadId, reason: 'OTHER', notes })
      .then(LeadDisqualified({ leadId, personId, reason: 'OTHER', notes })));
  it('stays dead', () =>
    given(lead, references, created, dead).when('AssignLead', { leadId, ownerId: ada }).isRefused('lead-closed'));
  it('that nobody created cannot be assigned', () =>
    given(lead, references).when('AssignLead', { leadId, ownerId: ada }).isRefused('lead-unknown', 'leadId'));
});

describe('SAL-04 the conversion of a lead', () => {
  const inProcess = given(lead, references, created, assigned, qualified);

  it('starts with all ids in one fact', () => inProcess.when('ConvertLead', { leadId, ...deal }).then(started));
  it('makes the person the contact, so that both are forgotten together', () =>
    inProcess.when('ConvertLead', { leadId, ...deal }).then(LeadConversionStarted({ ...started.data, contactId: personId })));
  it('may name an existing customer', () =>
    given(lead, { ...references, customer: somebody }, created, assigned, qualified)
      .when('ConvertLead', { leadId, customerId, ...deal })
      .then(LeadConversionStarted({ ...started.data, customerId, registersCustomer: false })));
  it('goes to the customer whose new interest it is', () =>
    given(lead, { ...references, customer: somebody }, LeadCreated({ ...created.data, customerId }), assigned, qualified)
      .when('ConvertLead', { leadId, ...deal })
      .then(LeadConversionStarted({ ...started.data, customerId, registersCustomer: false })));
  it('goes to no customer that does not exist', () =>
    inProcess.when('ConvertLead', { leadId, customerId, ...deal }).isRefused('customer-unknown', 'customerId'));
  it('goes to no customer that was erased', () =>
    given(lead, { ...references, customer: { status: 'ERASED', customerId } }, created, assigned, qualified)
      .when('ConvertLead', { leadId, customerId, ...deal })
      .isRefused('customer-unknown', 'customerId'));
  it('goes through no pipeline that does not exist', () =>
    inProcess.when('ConvertLead', { leadId, pipelineId: bob, ...deal }).isRefused('pipeline-unknown', 'pipelineId'));
  it('needs a lead in process', () =>
    given(lead, references, created, assigned)
      .when('ConvertLead', { leadId, ...deal })
      .isRefused('lead-not-in-process'));
  it('starts once', () =>
    given(lead, references, created, assigned, qualified, started)
      .when('ConvertLead', { leadId, ...deal })
      .isRefused('lead-being-converted'));
  it('only goes forward', () =>
    given(lead, references, created, assigned, qualified, started)
      .when('RecycleLead', { leadId })
      .isRefused('lead-being-converted'));
  it('ends with the lead converted', () =>
    given(lead, references, created, assigned, qualified, started).when('CompleteLeadConversion', { leadId }).then(converted));
  it('ends once', () =>
    given(lead, references, created, assigned, qualified, started, converted)
      .when('CompleteLeadConversion', { leadId })
      .changesNothing());
  it('does not end before it started', () =>
    inProcess.when('CompleteLeadConversion', { leadId }).isRefused('conversion-not-started'));
  it('cannot be repeated', () =>
    given(lead, references, created, assigned, qualified, started, converted)
      .when('ConvertLead', { leadId, ...deal })
      .isRefused('lead-closed'));
});

describe('CID-10 the person behind a lead', () => {
  const erased = LeadErased({ leadId, persons: [personId] });

  it('is forgotten on request', () => given(lead, references, created).when('EraseLead', { leadId }).then(erased));
  it('is forgotten when the lead is dead, too', () =>
    given(lead, references, created, dead).when('EraseLead', { leadId }).then(erased));
  it('is forgotten where the erasure of its customer overtook its conversion', () => {
    const gone: Customer = { status: 'ERASED', customerId: conversion.customerId };
    const converting = given(lead, { ...references, customer: gone }, created, assigned, qualified, started);
    converting.when('EraseLead', { leadId }).then(erased);
    expect(lead.references?.customer.id({ leadId }, converting.state, { tenant: 'main', read: {} })).toBe(conversion.customerId);
    given(lead, { ...references, customer: gone }, created, assigned, qualified, started, converted)
      .when('EraseLead', { leadId })
      .isRefused('lead-is-customer');
  });
  it('is not converted after all where its customer was erased while the conversion went on', () =>
    given(lead, references, created, assigned, qualified, started, erased)
      .when('CompleteLeadConversion', { leadId })
      .changesNothing());
  it('is forgotten once', () => given(lead, references, created, erased).when('EraseLead', { leadId }).changesNothing());
  it('is forgotten with the customer it became', () =>
    given(lead, references, created, assigned, qualified, started).when('EraseLead', { leadId }).isRefused('lead-is-customer'));
  it('is not pursued any more', () =>
    given(lead, references, created, erased).when('AssignLead', { leadId, ownerId: ada }).isRefused('lead-closed'));
});
