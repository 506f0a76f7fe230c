import { context } from '#kernel';
import { customer } from './customer/customer.js';
import { customer360 } from './customer-360/customer-360.view.js';
import { interaction } from './interaction/interaction.js';
import { keptRecords } from './kept-records/kept-records.process.js';
import { mergedErasure } from './merged-erasure/merged-erasure.process.js';
import { timeline } from './timeline/timeline.view.js';
import { touchpoint } from './touchpoint/touchpoint.js';

export const customers = context({
  name: 'customers',
  description: 'Who our customers are, who looks after them, and what happened between them and us.',
  aggregates: [customer, interaction, touchpoint],
  views: [customer360, timeline],
  processes: [mergedErasure, keptRecords],
});
