import { at, type Moment, process, send } from '#kernel';
import { MarkStalled } from '../opportunity/commands.js';
import { OpportunityAdvanced, OpportunityOpened, OpportunityRegressed, OpportunityReopened } from '../opportunity/events.js';

/** Sets a timer for each stay in a phase. One that moved on in time is no concern: the command then decides that nothing happened. */
export const stalledOpportunities = process({
  name: 'stalled-opportunities',
  description: 'Watches how long opportunities stay in a phase and has those that stay too long marked as stalled.',
  capabilities: ['SAL-09'],
  startsFrom: 'zero',
  facts: { OpportunityOpened, OpportunityAdvanced, OpportunityRegressed, OpportunityReopened },

  react: {
    OpportunityOpened: ({ data }) => timer(data),
    OpportunityAdvanced: ({ data }) => timer(data),
    OpportunityRegressed: ({ data }) => timer(data),
    OpportunityReopened: ({ data }) => timer(data),
  },
});

const timer = ({ opportunityId, stallsAt }: { readonly opportunityId: string; readonly stallsAt?: Moment }) =>
  stallsAt === undefined ? [] : [at(stallsAt, send(MarkStalled, { opportunityId, stallsAt }))];
