import { context } from '#kernel';
import { churn } from './churn/churn.view.js';
import { mergedSigns } from './merged-signs/merged-signs.process.js';
import { relationship } from './relationship/relationship.js';
import { relationshipClock } from './relationship-clock/relationship-clock.process.js';
import { relationships } from './relationships/relationships.view.js';
import { retentionActions } from './retention-actions/retention-actions.view.js';
import { signsOfLife } from './signs-of-life/signs-of-life.process.js';
import { silence } from './silence/silence.js';
import { silenceReview } from './silence-review/silence-review.process.js';
import { silenceRoll } from './silence-roll/silence-roll.js';

export const retention = context({
  name: 'retention',
  description: 'Keeping customers: contracts, purchases, who was lost and why, and what is done about it.',
  aggregates: [relationship, silence, silenceRoll],
  views: [relationships, churn, retentionActions],
  processes: [relationshipClock, signsOfLife, silenceReview, mergedSigns],
});
