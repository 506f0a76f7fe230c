import { context } from '#kernel';
import { customerLeads } from './customer-leads/customer-leads.js';
import { lead } from './lead/lead.js';
import { leadConversion } from './lead-conversion/lead-conversion.process.js';
import { leadErasure } from './lead-erasure/lead-erasure.process.js';
import { leads } from './leads/leads.view.js';
import { opportunity } from './opportunity/opportunity.js';
import { pipeline } from './pipeline/pipeline.view.js';
import { pipelineDefinition } from './pipeline-definition/pipeline-definition.js';
import { stalledOpportunities } from './stalled-opportunities/stalled-opportunities.process.js';
import { wonOpportunity } from './won-opportunity/won-opportunity.process.js';

export const sales = context({
  name: 'sales',
  description:
    'From the first interest to the customer saying yes or no: leads, opportunities and the pipelines they go through.',
  aggregates: [lead, customerLeads, opportunity, pipelineDefinition],
  views: [leads, pipeline],
  processes: [leadConversion, leadErasure, stalledOpportunities, wonOpportunity],
});
