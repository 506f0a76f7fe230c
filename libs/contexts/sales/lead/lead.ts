import { aggregate, refuse, type Sealed } from '#kernel';
import { type Customer, customer, refuseUnknownCustomer } from '../../customers/contract.js';
import { mustExplainOther } from '../notes.js';
import {
  mustBeDefinedPipeline,
  type PipelineDefinition,
  pipelineDefinition,
} from '../pipeline-definition/pipeline-definition.js';
import {
  AssignLead,
  CompleteLeadConversion,
  ConvertLead,
  CreateLead,
  DisqualifyLead,
  EraseLead,
  QualifyLead,
  RecycleLead,
} from './commands.js';
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
import type { LeadStatus } from './words.js';

interface Known {
  readonly leadId: string;
  readonly personId: string;
  readonly name: Sealed<string>;
  readonly email?: Sealed<string>;
  readonly phone?: Sealed<string>;
  readonly companyName?: Sealed<string>;
  readonly campaign?: string;
  readonly customerId?: string;
  readonly ownerId?: string;
  /** Set once a conversion was started: from then on the lead only goes forward, to CONVERTED. */
  readonly conversion?: { readonly customerId: string; readonly contactId: string; readonly opportunityId: string };
  readonly erased?: boolean;
}
export type Lead = { readonly status: 'NONE' } | ({ readonly status: LeadStatus } & Known);

/** What the decisions read beside their own stream: whom and what a conversion will add to, so that none gets stuck half way. */
interface References {
  readonly customer: Customer;
  readonly pipeline: PipelineDefinition;
}

export const lead = aggregate<Lead, References>()({
  name: 'lead',
  description: 'Somebody who showed interest, from the first word until there is business or none.',
  id: 'leadId',
  commands: {
    CreateLead,
    AssignLead,
    QualifyLead,
    DisqualifyLead,
    RecycleLead,
    ConvertLead,
    CompleteLeadConversion,
    EraseLead,
  },
  facts: {
    LeadCreated,
    LeadAssigned,
    LeadQualified,
    LeadDisqualified,
    LeadRecycled,
    LeadConversionStarted,
    LeadConverted,
    LeadErased,
  },
  initial: { status: 'NONE' },
  refs: (lead) =>
    lead.status === 'NONE'
      ? {}
      : {
          lead: lead.leadId,
          customer: lead.conversion?.customerId ?? lead.customerId,
          opportunity: lead.conversion?.opportunityId,
          owner: lead.ownerId,
        },
  references: {
    customer: { aggregate: customer, id: (command: Partial<ConvertLead>, lead) => command.customerId ?? customerOf(lead) },
    pipeline: { aggregate: pipelineDefinition, id: (command: Partial<ConvertLead>) => command.pipelineId },
  },

  decide: {
    CreateLead: (command, lead, { customer }) => {
      if (lead.status !== 'NONE') refuseAgain();
      if (command.customerId !== undefined) mustExist(customer);
      return LeadCreated({ ...command });
    },

    AssignLead: ({ leadId, ownerId }, lead) => {
      const { status, ownerId: previousOwnerId } = whileOpen(lead);
      if (ownerId === previousOwnerId && status !== 'RECYCLED') return [];
      return LeadAssigned({ leadId, ownerId, previousOwnerId });
    },

    QualifyLead: ({ leadId }, lead) => {
      const { status } = whileOpen(lead);
      if (status === 'IN_PROCESS') return [];
      if (status !== 'ASSIGNED') refuse('lead-not-assigned', `This lead is ${status}; assign it first.`);
      return LeadQualified({ leadId });
    },

    DisqualifyLead: ({ leadId, reason, notes }, lead) => {
      const { personId } = whileOpen(lead);
      mustExplainOther(reason, notes);
      return LeadDisqualified({ leadId, personId, reason, notes });
    },

    RecycleLead: ({ leadId }, lead) => {
      const { status } = whileOpen(lead);
      if (status === 'RECYCLED') return [];
      if (status === 'NEW') refuse('lead-not-assigned', 'A new lead has nobody who could put it back; assign or disqualify it.');
      return LeadRecycled({ leadId });
    },

    ConvertLead: ({ leadId, ...wanted }, lead, { customer, pipeline, newId }) => {
      const { status, personId, name, email, phone, companyName, campaign, ownerId, customerId } = whileOpen(lead);
      if (status !== 'IN_PROCESS')
        refuse('lead-not-in-process', `This lead is ${status}; assign it, unless it is ASSIGNED, and qualify it first.`);
      mustBeDefinedPipeline(wanted.pipelineId, pipeline);
      const existing = wanted.customerId ?? customerId;
      if (existing !== undefined) mustExist(customer);
      return LeadConversionStarted({
        ...wanted,
        leadId,
        personId,
        customerId: existing ?? newId('customer'),
        registersCustomer: existing === undefined,
        // The same person under the same key: erasing the customer forgets the lead too.
        contactId: personId,
        opportunityId: newId('opportunity'),
        name,
        email,
        phone,
        companyName,
        campaign,
        ownerId,
      });
    },

    CompleteLeadConversion: ({ leadId }, lead) => {
      // What was erased while its conversion went on stays dead: there is no customer any more.
      if (lead.status === 'CONVERTED' || lead.status === 'DEAD') return [];
      if (lead.status === 'NONE' || !lead.conversion)
        refuse('conversion-not-started', 'No conversion of this lead was started; convert the lead first.');
      return LeadConverted({ leadId, ...lead.conversion });
    },

    EraseLead: ({ leadId }, lead, { customer }) => {
      const { status, personId, conversion, erased } = known(lead);
      if (erased) return [];
      // A conversion that its customer's erasure overtook comes to no end, and the person to no customer.
      const overtaken = status !== 'CONVERTED' && customer.status === 'ERASED';
      if (conversion && !overtaken)
        refuse('lead-is-customer', `This lead has become the customer ${conversion.customerId}; erase the customer.`);
      return LeadErased({ leadId, persons: [personId] });
    },
  },

  evolve: {
    LeadCreated: (_, { leadId, personId, name, email, phone, companyName, campaign, customerId }) => ({
      status: 'NEW',
      leadId,
      personId,
      name,
      email,
      phone,
      companyName,
      campaign,
      customerId,
    }),
    LeadAssigned: (lead, { ownerId }) => ({
      ...known(lead),
      status: known(lead).status === 'IN_PROCESS' ? 'IN_PROCESS' : 'ASSIGNED',
      ownerId,
    }),
    LeadQualified: (lead) => ({ ...known(lead), status: 'IN_PROCESS' }),
    LeadDisqualified: (lead) => ({ ...known(lead), status: 'DEAD' }),
    LeadRecycled: (lead) => ({ ...known(lead), status: 'RECYCLED' }),
    LeadConversionStarted: (lead, { customerId, contactId, opportunityId }) => ({
      ...known(lead),
      conversion: { customerId, contactId, opportunityId },
    }),
    LeadConverted: (lead) => ({ ...known(lead), status: 'CONVERTED' }),
    LeadErased: (lead) => ({ ...known(lead), status: 'DEAD', erased: true }),
  },
});

function known(lead: Lead) {
  return lead.status === 'NONE'
    ? refuse('lead-unknown', 'There is no such lead; check leadId, or create the lead first.', 'leadId')
    : lead;
}

function refuseAgain(): never {
  refuse(
    'lead-exists',
    'This lead was created before; send another leadId for another one. A retry takes the same Idempotency-Key.',
    'leadId',
  );
}

const customerOf = (lead: Lead) => (lead.status === 'NONE' ? undefined : (lead.conversion?.customerId ?? lead.customerId));

function mustExist({ status }: Customer): void {
  if (status === 'NONE') refuseUnknownCustomer();
  if (status === 'ERASED')
    refuse(
      'customer-unknown',
      'There is no such customer any more; send the customerId of one that is not erased.',
      'customerId',
    );
}

/** The lead as long as it may still become business or die. */
function whileOpen(lead: Lead) {
  const { status, conversion } = known(lead);
  if (status === 'CONVERTED' || status === 'DEAD')
    refuse('lead-closed', `This lead is ${status} for good; create another one for a new interest.`);
  if (conversion)
    refuse(
      'lead-being-converted',
      `This lead is being converted; go on with the opportunity ${conversion.opportunityId}, once that is open.`,
    );
  return known(lead);
}
