/** What other contexts may use of sales: its facts, the commands that they may send, and the opportunity as a reference of their decisions. */

export { CreateLead } from './lead/commands.js';
export {
  LeadAssigned,
  LeadConversionStarted,
  LeadConverted,
  LeadCreated,
  LeadDisqualified,
  LeadErased,
  LeadQualified,
  LeadRecycled,
} from './lead/events.js';
export { OpenOpportunity } from './opportunity/commands.js';
export {
  OpportunityAdvanced,
  OpportunityAssigned,
  OpportunityCorrected,
  OpportunityLost,
  OpportunityOpened,
  OpportunityRegressed,
  OpportunityReopened,
  OpportunityStalled,
  OpportunityWon,
} from './opportunity/events.js';
export { type Opportunity, opportunity } from './opportunity/opportunity.js';
export { PipelineDefined } from './pipeline-definition/events.js';
