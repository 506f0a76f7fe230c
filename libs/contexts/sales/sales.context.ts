import { context } from '#kernel';
import { lead } from './lead/lead.js';
import { leadConversion } from './lead-conversion/lead-conversion.process.js';
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
  aggregates: [lead, opportunity, pipelineDefinition],
  views: [leads, pipeline],
  processes: [leadConversion, stalledOpportunities, wonOpportunity],
});
