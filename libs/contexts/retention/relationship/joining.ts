import { daysBetween, type Moment } from '#kernel';
import { type Silence, silentAfter } from '../silence/silence.js';
import type { Bond } from '../words.js';
import { CustomerWonBack, RelationshipBegan } from './events.js';
import { silentFrom } from './members.js';
import { heardOf, type KnownRelationship, type Relationship } from './relationship-state.js';

export interface Joining {
  readonly customerId: string;
  readonly bond: Bond;
  readonly segment: string | undefined;
}

/** A contract or a purchase makes somebody a customer, wins back one who was lost, and leaves another one what it is. */
export function joining<F>(relationship: Relationship, { customerId, bond, segment }: Joining, at: Moment, fact: F) {
  if (relationship.status === 'NONE') return [RelationshipBegan({ customerId, bond, segment, since: at }), fact];
  const { churnedAt, actions } = relationship;
  if (churnedAt === undefined) return [fact];
  // A sign that is learnt of late may be from before the loss.
  if (at < churnedAt) return [fact];
  const actionId = actions.findLast(({ judged, had }) => !judged && had === 'CHURNED')?.actionId;
  return [fact, CustomerWonBack({ customerId, bond, segment, churnedAt, days: daysBetween(churnedAt, at), actionId })];
}

/** When the customer counts as silent, if this is a sign of life and nothing but purchases holds it. */
export function watched(relationship: Relationship, at: Moment, silence: Silence): Moment | undefined {
  if (relationship.status === 'NONE') return silentAfter(silence, at);
  return isBeforeLoss(relationship, at) ? undefined : silentFrom(heardOf(relationship, at), silence);
}

const isBeforeLoss = ({ churnedAt }: KnownRelationship, at: Moment) => churnedAt !== undefined && at < churnedAt;
