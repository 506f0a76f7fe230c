/** What other contexts may use of sales: its facts, and the commands that they may send. */

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
export { PipelineDefined } from './pipeline-definition/events.js';
