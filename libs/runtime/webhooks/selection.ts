import type { Recorded } from '#kernel';
import { type Leaving, leaves } from '../leaving.js';
import type { Subscription } from '../system/webhook/webhook.js';

/** Which facts leave the system to a webhook: history that was imported only where it asked for it. */
export const leavingTo = ({ imported = false }: Subscription): Leaving => ({ history: imported });

/** Whether a fact is one that the webhook subscribed to, and that nobody skipped. */
export const isFor = (fact: Recorded, webhook: Subscription): boolean =>
  leaves(fact, leavingTo(webhook)) && isAsked(fact, webhook) && !webhook.skipped.includes(fact.id);

const isAsked = ({ type }: Recorded, { types }: Subscription) => types === undefined || types.includes(type);
